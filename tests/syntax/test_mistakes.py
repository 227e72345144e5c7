"""Messages, whole: what is wrong, the text as typed with a caret span, where shapes come from, and fixes that can be read."""

import pytest

import matcalc.operations  # noqa: F401 - fills the table
from matcalc.errors import MatcalcError
from matcalc.syntax import read

W = "A: (m, n); B: (n, p); C: (m, n); S: (n, n); x: n; y: m; g: scalar; f: elementwise function; Z: (l, m, n)"

MISTAKES = [
    (
        "",
        {},
        [
            "error[syntax]: there is nothing to read: the text is empty",
        ],
    ),
    (
        "   ",
        {},
        [
            "error[syntax]: there is nothing to read: the text is empty",
        ],
    ),
    (
        "sum(abs(P)",
        {},
        [
            "error[syntax]: '(' is never closed",
            "  sum(abs(P)",
            "     ^",
            "help: did you mean  sum(abs(P))  ?",
        ],
    ),
    (
        "a + b)",
        {},
        [
            "error[syntax]: ')' closes nothing",
            "  a + b)",
            "       ^",
            "help: did you mean  a + b  ?",
        ],
    ),
    (
        "f(x]",
        {},
        [
            "error[syntax]: '(' is closed by ']'",
            "  f(x]",
            "   ^^^",
        ],
    ),
    (
        "2x + 1",
        {},
        [
            "error[syntax]: an operator is missing between '2' and 'x'",
            "  2x + 1",
            "  ^^",
            "help: did you mean  2*x + 1  ?",
        ],
    ),
    (
        "A x",
        {},
        [
            "error[syntax]: an operator is missing between 'A' and 'x'",
            "  A x",
            "  ^^^",
            "help: did you mean  A @ x  or  A * x  ?",
        ],
    ),
    (
        "(a)(b)",
        {},
        [
            "error[syntax]: an operator is missing between ')' and '('",
            "  (a)(b)",
            "    ^^",
            "help: did you mean  (a)@(b)  or  (a)*(b)  ?",
        ],
    ),
    (
        "a +",
        {},
        [
            "error[syntax]: the text ends after '+', where an operand is wanted",
            "  a +",
            "    ^",
        ],
    ),
    (
        "a == b",
        {},
        [
            "error[syntax]: an expression is wanted, not an equation: '=='",
            "  a == b",
            "    ^^",
        ],
    ),
    (
        "f = A@x",
        {},
        [
            "error[syntax]: an expression is wanted, not an equation: '='",
            "  f = A@x",
            "    ^",
            "help: did you mean  A@x  ?",
        ],
    ),
    (
        "x '",
        {},
        [
            "error[syntax]: ' transposes right after a name or a bracket; a text in quotes can only be an argument, as in norm(X, 'fro')",
            "  x '",
            "    ^",
        ],
    ),
    (
        "1j*x",
        {},
        [
            "error[unsupported]: complex numbers are not supported yet",
            "  1j*x",
            "  ^^",
        ],
    ),
    (
        "a, b",
        {},
        [
            "error[syntax]: a comma stands only between the arguments of a function",
            "  a, b",
            "   ^",
        ],
    ),
    (
        "X.t",
        {},
        [
            "error[syntax]: after '.' only T is read, as in X.T",
            "  X.t",
            "   ^",
        ],
    ),
    (
        "()",
        {},
        [
            "error[syntax]: there is nothing inside these brackets",
            "  ()",
            "   ^",
        ],
    ),
    (
        "tr(x,)",
        {},
        [
            "error[syntax]: something is wanted between ',' and ')'",
            "  tr(x,)",
            "       ^",
        ],
    ),
    (
        "*x",
        {},
        [
            "error[syntax]: '*' has no operand on its left",
            "  *x",
            "  ^",
        ],
    ),
    (
        "a*/b",
        {},
        [
            "error[syntax]: an operand is wanted between '*' and '/'",
            "  a*/b",
            "    ^",
        ],
    ),
    (
        "X[",
        {},
        [
            "error[syntax]: '[' is never closed",
            "  X[",
            "   ^",
        ],
    ),
    (
        "‖x",
        {},
        [
            "error[syntax]: '‖' has no partner",
            "  ‖x",
            "  ^",
        ],
    ),
    (
        "А@x",
        {},
        [
            "error[syntax]: 'А' (U+0410 CYRILLIC CAPITAL LETTER A) is not a character of the language; it looks like 'A'",
            "  А@x",
            "  ^",
            "help: did you mean  A@x  ?",
        ],
    ),
    (
        "µ*x",
        {},
        [
            "error[syntax]: 'µ' (U+00B5 MICRO SIGN) is not a character of the language; it looks like 'μ'",
            "  µ*x",
            "  ^",
            "help: did you mean  μ*x  ?",
        ],
    ),
    (
        "a\\b",
        {},
        [
            "error[syntax]: '\\' (U+005C REVERSE SOLIDUS) is not a character of the language",
            "  a\\b",
            "   ^",
            "  LaTeX is read with --from latex",
        ],
    ),
    (
        "x where y",
        {},
        [
            "error[syntax]: the text ends after 'y', where '=' is wanted",
            "  x where y",
            "          ^",
        ],
    ),
    (
        "A@B where",
        {},
        [
            "error[syntax]: the text ends after 'where', where a definition NAME = EXPR is wanted",
            "  A@B where",
            "      ^^^^^",
        ],
    ),
    (
        "x where (y) where z = 1",
        {},
        [
            "error[syntax]: after 'where' a definition NAME = EXPR is wanted",
            "  x where (y) where z = 1",
            "          ^",
        ],
    ),
    (
        "n!",
        {},
        [
            "error[syntax]: '!' is not expected here",
            "  n!",
            "   ^",
        ],
    ),
    (
        "a\x1bb",
        {},
        [
            "error[syntax]: U+001B is not a character of the language",
            "  a\\x1bb",
            "   ^^^^",
        ],
    ),
    (
        "nrom(x)",
        {},
        [
            "error[name]: 'nrom' is not a function that matcalc knows; the nearest is 'norm'",
            "  nrom(x)",
            "  ^^^^",
            "help: did you mean  norm(x)  ?",
        ],
    ),
    (
        "g/nrom(v)*v + sigm(v)",
        {},
        [
            "error[name]: 'nrom' is not a function that matcalc knows; the nearest is 'norm'",
            "  g/nrom(v)*v + sigm(v)",
            "    ^^^^",
        ],
    ),
    (
        "g(x)",
        {"where": W},
        [
            "error[name]: g is a variable here, not a function",
            "  g(x)",
            "  ^^^^",
            "help: did you mean  g*(x)  ?",
        ],
    ),
    (
        "norm + x",
        {},
        [
            "error[name]: norm is a function, and lacks its arguments",
            "  norm + x",
            "  ^^^^",
        ],
    ),
    (
        "x@x",
        {"wrt": "Q"},
        [
            "error[name]: there is no variable Q here; the variables are x",
        ],
    ),
    (
        "norm(r)**2/n",
        {"where": "r: n", "wrt": "n"},
        [
            "error[name]: n is a size; the variables are r",
        ],
    ),
    (
        "x where x = 1, x = 2",
        {},
        [
            "error[name]: x is defined twice",
            "  x where x = 1, x = 2",
            "                     ^",
        ],
    ),
    (
        "X where X = Y@X",
        {},
        [
            "error[name]: X is used before it is defined",
            "  X where X = Y@X",
            "                ^",
        ],
    ),
    (
        "x",
        {"where": "w: n; w: m"},
        [
            "error[name]: w is declared twice",
            "  w: n; w: m",
            "        ^^^^",
        ],
    ),
    (
        "x",
        {"where": "w: n positve"},
        [
            "error[name]: 'positve' is not a property",
            "  w: n positve",
            "       ^^^^^^^",
            "  the properties are symmetric pd psd diagonal skew orthogonal upper lower invertible positive nonneg probability integer",
            "help: did you mean  w: n positive  ?",
        ],
    ),
    (
        "x@x",
        {"wrt": "a b"},
        [
            "error[name]: 'a b' is not a name: a letter, then letters, digits and _",
            "  a b",
            "  ^^^",
        ],
    ),
    (
        "x",
        {"let": {"x y": "z"}},
        [
            "error[name]: 'x y' is not a name: a letter, then letters, digits and _",
            "  x y",
            "  ^^^",
        ],
    ),
    (
        "sum((A@x - b)**2)",
        {"where": "A: (m, n); x: m"},
        [
            "error[shape]: A and x cannot be multiplied: the inner sizes n and m differ",
            "  sum((A@x - b)**2)",
            "       ^^^",
            "  A is m×n  (declared)",
            "  x is a vector of length m  (declared)",
            "help: did you mean  sum((A.T@x - b)**2)  ?",
        ],
    ),
    (
        "sum((A@x - b)**2)",
        {"where": "A: (m, n); b: n"},
        [
            "error[shape]: A@x and b cannot be subtracted: one is a vector of length m, the other a vector of length n",
            "  sum((A@x - b)**2)",
            "      ^^^^^^^^^",
            "  A@x is a vector of length m",
            "  A is m×n  (declared)",
            "  x is a vector of length n  (from A@x)",
            "  b is a vector of length n  (declared)",
        ],
    ),
    (
        "A@y + x",
        {"where": W},
        [
            "error[shape]: A and y cannot be multiplied: the inner sizes n and m differ",
            "  A@y + x",
            "  ^^^",
            "  A is m×n  (declared)",
            "  y is a vector of length m  (declared)",
            "help: did you mean  A.T@y + x  ?",
        ],
    ),
    (
        "A+B",
        {"where": W},
        [
            "error[shape]: A and B cannot be added: one is m×n, the other n×p",
            "  A+B",
            "  ^^^",
            "  A is m×n  (declared)",
            "  B is n×p  (declared)",
        ],
    ),
    (
        "A + x",
        {"where": W},
        [
            "error[shape]: a matrix and a vector cannot be added: neither is repeated to fit",
            "  A + x",
            "  ^^^^^",
            "  A is m×n  (declared)",
            "  x is a vector of length n  (declared)",
            "help: did you mean  A + ones(m) @ x.T  ?",
        ],
    ),
    (
        "y - A",
        {"where": W},
        [
            "error[shape]: a matrix and a vector cannot be subtracted: neither is repeated to fit",
            "  y - A",
            "  ^^^^^",
            "  y is a vector of length m  (declared)",
            "  A is m×n  (declared)",
            "help: did you mean  y @ ones(n).T - A  ?",
        ],
    ),
    (
        "A*B",
        {"where": W},
        [
            "error[shape]: A and B cannot be multiplied entry by entry: one is m×n, the other n×p",
            "  A*B",
            "  ^^^",
            "  A is m×n  (declared)",
            "  B is n×p  (declared)",
            "help: did you mean  A@B  ?",
        ],
    ),
    (
        "A*x",
        {"where": W},
        [
            "error[shape]: A and x cannot be multiplied entry by entry: one is m×n, the other a vector of length n",
            "  A*x",
            "  ^^^",
            "  A is m×n  (declared)",
            "  x is a vector of length n  (declared)",
            "help: did you mean  A@x  ?",
        ],
    ),
    (
        "A/x",
        {"where": W},
        [
            "error[shape]: A cannot be divided entry by entry by x: one is m×n, the other a vector of length n",
            "  A/x",
            "  ^^^",
            "  A is m×n  (declared)",
            "  x is a vector of length n  (declared)",
        ],
    ),
    (
        "x@y",
        {"where": W},
        [
            "error[shape]: x and y cannot be multiplied: the inner sizes n and m differ",
            "  x@y",
            "  ^^^",
            "  x is a vector of length n  (declared)",
            "  y is a vector of length m  (declared)",
            "help: did you mean  x@y.T  ?",
        ],
    ),
    (
        "A.T@x",
        {"where": W},
        [
            "error[shape]: A.T and x cannot be multiplied: the inner sizes m and n differ",
            "  A.T@x",
            "  ^^^^^",
            "  A.T is n×m",
            "  A is m×n  (declared)",
            "  x is a vector of length n  (declared)",
            "help: did you mean  A@x  ?",
        ],
    ),
    (
        "x.T + x",
        {"where": W},
        [
            "error[shape]: x.T and x cannot be added: one is a row of length n, the other a vector of length n",
            "  x.T + x",
            "  ^^^^^^^",
            "  x.T is a row of length n",
            "  x is a vector of length n  (declared)",
            "help: did you mean  x + x  or  x.T + x.T  ?",
        ],
    ),
    (
        "B@A",
        {"where": W},
        [
            "error[shape]: B and A cannot be multiplied: the inner sizes p and m differ",
            "  B@A",
            "  ^^^",
            "  B is n×p  (declared)",
            "  A is m×n  (declared)",
            "help: did you mean  A@B  ?",
        ],
    ),
    (
        "(A + B)@x",
        {"where": W},
        [
            "error[shape]: A and B cannot be added: one is m×n, the other n×p",
            "  (A + B)@x",
            "  ^^^^^^^",
            "  A is m×n  (declared)",
            "  B is n×p  (declared)",
        ],
    ),
    (
        "2*(A @ y)*g",
        {"where": W},
        [
            "error[shape]: A and y cannot be multiplied: the inner sizes n and m differ",
            "  2*(A @ y)*g",
            "    ^^^^^^^",
            "  A is m×n  (declared)",
            "  y is a vector of length m  (declared)",
            "help: did you mean  2*(A.T @ y)*g  ?",
        ],
    ),
    (
        "A @ B",
        {"where": "A: (2, 3); B: (4, 5)"},
        [
            "error[shape]: A and B cannot be multiplied: the inner sizes 3 and 4 differ",
            "  A @ B",
            "  ^^^^^",
            "  A is 2×3  (declared)",
            "  B is 4×5  (declared)",
        ],
    ),
    (
        "eye(3)@x + y",
        {"where": "y: 4"},
        [
            "error[shape]: eye(3)@x and y cannot be added: one is a vector of length 3, the other a vector of length 4",
            "  eye(3)@x + y",
            "  ^^^^^^^^^^^^",
            "  eye(3)@x is a vector of length 3",
            "  x is a vector of length 3  (from eye(3)@x)",
            "  y is a vector of length 4  (declared)",
        ],
    ),
    (
        "x@w",
        {"where": "A: (m, n); z: m", "let": {"w": "A@z + q"}},
        [
            "error[shape]: A and z cannot be multiplied: the inner sizes n and m differ",
            "  A@z + q",
            "  ^^^",
            "  A is m×n  (declared)",
            "  z is a vector of length m  (declared)",
            "help: did you mean  A.T@z + q  ?",
        ],
    ),
    (
        "sum(w) where w = A@y",
        {"where": W},
        [
            "error[shape]: A and y cannot be multiplied: the inner sizes n and m differ",
            "  sum(w) where w = A@y",
            "                   ^^^",
            "  A is m×n  (declared)",
            "  y is a vector of length m  (declared)",
            "help: did you mean  sum(w) where w = A.T@y  ?",
        ],
    ),
    (
        "sum(w - y)",
        {"where": W, "let": {"w": "A.T@y"}},
        [
            "error[shape]: w and y cannot be subtracted: one is a vector of length n, the other a vector of length m",
            "  sum(w - y)",
            "      ^^^^^",
            "  w is a vector of length n  (w = A.T@y)",
            "  y is a vector of length m  (declared)",
        ],
    ),
    (
        "T@x + A^T",
        {"where": "T: (n, n)"},
        [
            "error[unsupported]: a matrix as exponent is not supported yet",
            "  T@x + A^T",
            "        ^^^",
            "  A is m×p  (by its letter)",
            "  T is n×n  (declared)",
        ],
    ),
    (
        "A@g",
        {"where": W},
        [
            "error[rank]: @ multiplies matrices and vectors, and g is a scalar",
            "  A@g",
            "  ^^^",
            "  A is m×n  (declared)",
            "  g is a scalar  (declared)",
            "help: did you mean  A*g  ?",
        ],
    ),
    (
        "tr(x)",
        {"where": W},
        [
            "error[rank]: tr wants a square matrix, and x is a vector of length n",
            "  tr(x)",
            "  ^^^^^",
            "  x is a vector of length n  (declared)",
        ],
    ),
    (
        "tr(A)",
        {"where": W},
        [
            "error[domain]: tr wants a square matrix, and A is m×n",
            "  tr(A)",
            "  ^^^^^",
            "  A is m×n  (declared)",
        ],
    ),
    (
        "inv(A)",
        {"where": W},
        [
            "error[domain]: inv wants a square matrix, and A is m×n",
            "  inv(A)",
            "  ^^^^^^",
            "  A is m×n  (declared)",
        ],
    ),
    (
        "A^-1",
        {"where": W},
        [
            "error[domain]: only a square matrix has an inverse, and A is m×n",
            "  A^-1",
            "  ^^^^",
            "  A is m×n  (declared)",
        ],
    ),
    (
        "diag(A)",
        {"where": W},
        [
            "error[domain]: diag wants a square matrix, and A is m×n",
            "  diag(A)",
            "  ^^^^^^^",
            "  A is m×n  (declared)",
        ],
    ),
    (
        "softmax(A)",
        {"where": W},
        [
            "error[rank]: softmax wants a vector, and A is m×n",
            "  softmax(A)",
            "  ^^^^^^^^^^",
            "  A is m×n  (declared)",
        ],
    ),
    (
        "outer(A, x)",
        {"where": W},
        [
            "error[rank]: outer wants vectors, and A is m×n and x is a vector of length n",
            "  outer(A, x)",
            "  ^^^^^^^^^^^",
            "  A is m×n  (declared)",
            "  x is a vector of length n  (declared)",
        ],
    ),
    (
        "inner(A, B)",
        {"where": W},
        [
            "error[shape]: inner wants operands that fit, and A is m×n and B is n×p",
            "  inner(A, B)",
            "  ^^^^^^^^^^^",
            "  A is m×n  (declared)",
            "  B is n×p  (declared)",
        ],
    ),
    (
        "dot(x, y)",
        {"where": W},
        [
            "error[shape]: dot wants operands that fit, and x is a vector of length n and y is a vector of length m",
            "  dot(x, y)",
            "  ^^^^^^^^^",
            "  x is a vector of length n  (declared)",
            "  y is a vector of length m  (declared)",
        ],
    ),
    (
        "I + g",
        {"where": W},
        [
            "error[rank]: g is a scalar and I is not: a multiple of I is meant, or of ones?",
            "  I + g",
            "  ^^^^^",
            "  I is q×q",
            "  g is a scalar  (declared)",
            "help: did you mean  I + g*I  or  I + g*ones(q, q)  ?",
        ],
    ),
    (
        "A^2",
        {},
        [
            "error[ambiguous]: A^2 of a matrix may mean two things",
            "  A^2",
            "  ^^^",
            "  A**2 raises every entry; A@A multiplies the matrix by itself",
            "help: did you mean  A**2  or  A@A  ?",
        ],
    ),
    (
        "ones(x)",
        {"where": W},
        [
            "error[rank]: a size is wanted here, and x is a variable",
            "  ones(x)",
            "       ^",
        ],
    ),
    (
        "x",
        {"where": "w: (n, m) symmetric"},
        [
            "error[shape]: a matrix that is symmetric is square, and w has n rows and m columns",
            "  w: (n, m) symmetric",
            "  ^^^^^^^^^^^^^^^^^^^",
        ],
    ),
    (
        "x",
        {"where": "w: n symmetric"},
        [
            "error[rank]: symmetric is a property of a matrix; say w: (n, n) symmetric",
            "  w: n symmetric",
            "  ^^^^^^^^^^^^^^",
        ],
    ),
    (
        "x",
        {"where": "w: 0"},
        [
            "error[shape]: a size is at least 1, and this one is 0",
            "  w: 0",
            "     ^",
        ],
    ),
    (
        "x",
        {"where": "w: x.T"},
        [
            "error[syntax]: a size is made of names, integers, + - and *",
            "  w: x.T",
            "     ^^^",
        ],
    ),
    (
        "x[0:2]",
        {"where": W},
        [
            "error[unsupported]: subscripts such as x[0:2] are not supported yet",
            "  x[0:2]",
            "  ^^^^^^",
        ],
    ),
    (
        "sum(i, x)",
        {"where": W},
        [
            "error[unsupported]: index sums are not supported yet",
            "  sum(i, x)",
            "  ^^^^^^^^^",
        ],
    ),
    (
        "sum(A, axis=2)",
        {"where": W},
        [
            "error[domain]: sum has no such axis 2: it may be 0 or 1",
            "  sum(A, axis=2)",
            "         ^^^^^^",
        ],
    ),
    (
        "norm(x, 0)",
        {"where": W},
        [
            "error[domain]: a norm of order 0 has no derivative",
            "  norm(x, 0)",
            "  ^^^^^^^^^^",
        ],
    ),
    (
        "x < y",
        {"where": W},
        [
            "error[shape]: x and y cannot be compared entry by entry: one is a vector of length n, the other a vector of length m",
            "  x < y",
            "  ^^^^^",
            "  x is a vector of length n  (declared)",
            "  y is a vector of length m  (declared)",
        ],
    ),
    (
        "Z@x",
        {"where": W},
        [
            "error[unsupported]: Z is an array of order 3, and those are not supported yet",
            "  Z@x",
            "  ^",
        ],
    ),
    (
        "x**y",
        {"where": W},
        [
            "error[unsupported]: a vector as exponent is not supported yet",
            "  x**y",
            "  ^^^^",
            "  x is a vector of length n  (declared)",
            "  y is a vector of length m  (declared)",
        ],
    ),
    (
        "conj(x)",
        {"where": W},
        [
            "error[unsupported]: conj is not supported yet",
            "  conj(x)",
            "  ^^^^",
        ],
    ),
    (
        "e(k, 3)",
        {"where": W},
        [
            "error[unsupported]: e(i, n) with a position that is not an integer is not supported yet",
            "  e(k, 3)",
            "    ^",
        ],
    ),
    (
        "f + x",
        {"where": W},
        [
            "error[rank]: f is declared as a function, and lacks its arguments",
            "  f + x",
            "  ^",
        ],
    ),
    (
        "tr(A, B)",
        {},
        [
            "error[syntax]: tr takes 1 argument, and here are 2",
            "  tr(A, B)",
            "  ^^^^^^^^",
        ],
    ),
    (
        "eye(2, 3)",
        {},
        [
            "error[syntax]: eye takes 1 argument, and here are 2",
            "  eye(2, 3)",
            "  ^^^^^^^^^",
        ],
    ),
    (
        "ones()",
        {},
        [
            "error[syntax]: ones takes 1 or 2 arguments, and here are none",
            "  ones()",
            "  ^^^^^^",
        ],
    ),
    (
        "x",
        {"wrt": "X[0,:]"},
        [
            "error[unsupported]: derivatives with respect to a slice are not supported yet",
            "  X[0,:]",
            "  ^^^^^^",
        ],
    ),
]


@pytest.mark.parametrize(("typed", "options", "message"), MISTAKES)
def test_a_mistake_has_its_message(typed: str, options: dict[str, object], message: list[str]) -> None:
    with pytest.raises(MatcalcError) as caught:
        read(typed, **options)  # type: ignore[arg-type]
    assert str(caught.value).split("\n") == message
    assert len(caught.value.fixes) <= 2


@pytest.mark.parametrize(("typed", "options", "message"), MISTAKES)
def test_every_fix_can_be_read(typed: str, options: dict[str, object], message: list[str]) -> None:
    with pytest.raises(MatcalcError) as caught:
        read(typed, **options)  # type: ignore[arg-type]
    error = caught.value
    for fix in error.fixes:
        assert error.span is not None
        if error.span.text == typed:
            read(fix, **options)  # type: ignore[arg-type]
        elif error.span.text == options.get("where"):
            read(typed, **(options | {"where": fix}))  # type: ignore[arg-type]
        else:
            read(typed, **(options | {"let": dict.fromkeys(options["let"], fix)}))  # type: ignore[arg-type, call-overload]
