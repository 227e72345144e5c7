"""From a question to what is said about it: results, steps, checks of answers, other derivatives, the catalogue.

This is where parser, engine, emitters and oracle meet; the doors are `matcalc.api` and `matcalc.cli`.
"""
