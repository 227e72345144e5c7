"""Inputs that nobody would type: token soup, byte noise, and good sentences with something changed.

`python tests/soup.py --count 100000 --seed 0` reads each of them; what can be read is written and read again, and some are
differentiated.  Counted are the outcomes; told are tracebacks, messages with raw control characters, texts that read back as
something else, and whatever takes longer than two seconds.
"""

from __future__ import annotations

import argparse
import json
import random
import re
import sys
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from tables import table

import matcalc as mc
from matcalc.emit.latex import latex
from matcalc.emit.pretty import pretty
from matcalc.syntax import read, text

SECONDS = 2.0
HERE = Path(__file__).parent
TOKENS = r"""x y z v w a b c g A B C X Y Z P S I n m k i j T e pi beta_1 Phi λ Σ α 0 1 2 3 10 0.5 2. .5 1e3 1e-400 99999999999
+ - * / ** @ ^ .T ' ⁻¹ ᵀ ² ³ ⊙ .* ./ .^ − ( ) ( ) ( ) [ ] , , : ; = == < > <= >= != ≤ ‖ ‖ ₁ _F where and or not if for lambda import
tr( det( logdet( inv( pinv( solve( diag( vec( unvec( kron( hadamard( outer( dot( cross( norm( sum( mean( prod( max( min( abs( sign(
exp( log( sqrt( sin( tanh( sigmoid( softplus( relu( softmax( logsumexp( expm( logm( sqrtm( matpow( chol( eigvals( tril( triu( toeplitz(
hstack( where( grad( f( L( ones( zeros( eye( e( ones(n) eye(n) ones(m,n) 'fro' 'nuc' "fro" inf axis=0 axis=1 axis=2 p=3 x.T A.T [0] [:,1]
[0,1] [1:2] [i] [-1] sum(i, sum(i,0,n-1, \frac { } \ $ | ! % & # ~ ` “ ” ’ × · √ ∑ ∂ А µ ｘ é __import__('os') 1j conj(x) NaN inf None True
_x x_ x' x'y A'x |x| 2x x^2 A^T A^-1 A^{-1} x^{2} (x)(y) np.sum(x) A.inv() I_n"""
WORDS = TOKENS.split()


def good_sentences() -> list[str]:
    """Sentences of the table `accepts.md` and of real problems."""
    sentences = table("accepts.md").read_text(encoding="utf-8")
    problems = [json.loads(line) for line in (HERE / "syntax" / "problems.jsonl").read_text(encoding="utf-8").splitlines()]
    found = re.findall(r"^> (.*)$", sentences, re.MULTILINE)
    return found + [p["expr"] for p in problems] + [body for p in problems for body in (p.get("let") or {}).values()]


def soups(chance: random.Random) -> Iterator[str]:
    """Endless inputs of the three sorts."""
    good = good_sentences()
    while True:
        yield chance.choice((_soup, _noise, _changed, _changed, _changed))(chance, good)


def _soup(chance: random.Random, good: list[str]) -> str:
    return chance.choice(("", " ")).join(chance.choice(WORDS) for _ in range(chance.randint(1, chance.choice((4, 8, 16, 40)))))


def _noise(chance: random.Random, good: list[str]) -> str:
    ranges = chance.choice((((0, 127),), ((0, 0x2FFF),), ((0, 0xD7FF), (0xE000, 0x10FFFF)), ((0x20, 0x7E), (0x3B1, 0x3C9))))
    return "".join(chr(chance.randint(*chance.choice(ranges))) for _ in range(chance.randint(1, 60)))


def _changed(chance: random.Random, good: list[str]) -> str:
    """A sentence with a few pieces taken out, put in or doubled."""
    typed = chance.choice(good)
    for _ in range(chance.choice((1, 1, 1, 2, 3, 8))):
        start = chance.randint(0, len(typed))
        end = min(len(typed), start + chance.randint(1, chance.choice((1, 1, 6))))
        other = chance.choice(good)
        at = chance.randint(0, len(other))
        put = chance.choice(("", chance.choice(WORDS), typed[start:end] * 2, other[at : at + chance.randint(1, 20)], chance.choice("()[]+-*/@.'x2A,:= ^nij")))
        typed = typed[:start] + put + typed[chance.choice((start, end)) :]
    return typed


def outcome(typed: str, ask: bool = False) -> str:
    """What becomes of an input: "read", "answered" or the code of its error; raises AssertionError for what must not be."""
    try:
        found = read(typed)
        written = text(found.expr)
        assert read(written, known=found.symbols).expr is found.expr, f"{typed!r} is written {written!r}, which is something else"
        pretty(found.expr)
        latex(found.expr)
        if not ask or not found.symbols:
            return "read"
        str((mc.grad if found.expr.is_scalar else mc.pullback)(typed, next(iter(found.symbols))))
        return "answered"
    except mc.MatcalcError as error:
        message = str(error)
        assert all(c.isprintable() or c == "\n" for c in message), f"{typed!r}: {message!r}"
        assert error.code != "bug", f"{typed!r}: {message}"
        return error.code


def main(arguments: list[str] | None = None) -> int:
    """Run the campaign and tell what was found; exit status 1 where something was."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--count", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--ask", type=float, default=0.1, help="the share that is differentiated")
    options = parser.parse_args(arguments)
    chance = random.Random(options.seed)
    outcomes: Counter[str] = Counter()
    longest = 0.0
    for typed, _ in zip(soups(chance), range(options.count)):
        start = time.process_time()
        try:
            found = outcome(typed, chance.random() < options.ask)
        except Exception as error:
            found = "WRONG"
            print(f"{type(error).__name__} for {typed!r}: {error}")
        elapsed = time.process_time() - start
        longest = max(longest, elapsed)
        if elapsed > SECONDS:
            found = "LATE"
            print(f"{elapsed:.1f} s for {typed!r}")
        outcomes[found] += 1
    print(f"{options.count} inputs, seed {options.seed}: {dict(outcomes.most_common())}; the longest took {longest:.2f} s")
    return int(bool(outcomes["WRONG"] + outcomes["LATE"]))


if __name__ == "__main__":
    sys.exit(main())
