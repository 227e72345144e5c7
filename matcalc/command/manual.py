"""What `matcalc --help` teaches: examples that the tests run, the language in three lines, the exit status."""

EXAMPLES = """\
examples:
  matcalc grad "sum(abs(P.T@P - I))" wrt P                    a gradient, with every step
  matcalc grad "norm(A@x - b)**2" wrt x --to latex            for a paper; also text, pretty, numpy, markdown, json
  matcalc grad "x@A@x" wrt x --where "A: (n, n) symmetric"    what is known; shapes are found by themselves
  matcalc grad "norm(w)**2" wrt v --let "w = g/norm(v)*v"     with a definition, which is kept
  matcalc grad "\\frac12 \\|Ax - b\\|_2^2" wrt x                 LaTeX is read too
  matcalc grad "sum(i, (y[i] - w@X[i,:])**2)" wrt w           sums over an index, slices
  matcalc jacobian "softmax(A@x)" wrt x                       J[i, j] = ∂fᵢ/∂xⱼ; also hessian, convex
  matcalc pullback "inv(X)" wrt X --upstream G                from an upstream gradient G
  matcalc check "x@A@x" wrt x "2*A@x"                         is my answer right, and what is off?
  matcalc explain shape                                       the page of an error, or of a word such as softmax
  matcalc explain "d norm(v)"                                 an elementary fact, proved
  matcalc                                                     a prompt

language:  @ product   * / ** entry by entry   x.T or x' transpose   inv(A) or A^-1   norm(x) or ‖x‖   x@y is xᵀy
  a vector is a column; I is the identity; capitals are matrices, a to g and Greek names scalars, others vectors,
  unless the text or --where "A: (m, n); x: n positive; c: scalar" says otherwise

exit status:  0 answered   1 a bug of ours   2 the input is wrong   3 not supported   4 a limit   5 not correct (check)
"""
