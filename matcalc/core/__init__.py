"""What an expression is: nodes, sizes, properties, operations, rules, and the glue between them.

Imports nothing else of ours.
"""
