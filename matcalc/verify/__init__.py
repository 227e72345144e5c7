"""Checking by evaluation: values and derivatives at random points, exactly modulo a prime or in floating point.

    matrix       small matrices of plain Python numbers
    numbers      what an arithmetic gives; primefield and complexstep are the two
    series       powers, exponentials, logarithms, roots of matrices; systems and spectral the other functions of matrices
    contraction  the value of an index equation
    sampling     random matrices with the declared properties and no others
    evaluate     a point, and the value and tangent of an expression there
    points       the choice of good points for a problem
    compare      equality of values, and the oracle that the rest of the house asks
    likeness     how alike an answer and another expression are; diagnosis, upto, diagnose: what is wrong with an answer
    alterations  slips of the pen in an answer (factors those in products); replacement puts one node for another; wholes slips about
                 all of it; lapses those of differentiation; termwise, by terms
    scales       points far away, where answers differ that agree near by; positions those of indices that stand free
    presumptions under what an answer would be right; counterexample where it fails; parting the line where it leaves ours
    raw          an evaluator of its own for what the parser read

Plain Python throughout: this is on the way to every answer, and NumPy takes longer to load than a problem to check.
"""
