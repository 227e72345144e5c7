"""The verbs: name, differentiate, move factors across the colon, use facts, identify, factor, arrange, fold back.

The derivation is the trace of these; no second code path explains.  They are given the tables of operations and rules and name
nothing but the glue.
"""
