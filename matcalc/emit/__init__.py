"""Emitters: an expression as one line of Unicode, as LaTeX, as a NumPy program.

They print what is there, in the order in which it is there; the form that a person would write is made before them.
"""
