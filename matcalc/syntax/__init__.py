"""Text to expressions and back: parse, infer shapes, elaborate, unparse."""

from matcalc.syntax.reading import Reading, read
from matcalc.syntax.unparse import text, where_text

__all__ = ["Reading", "read", "text", "where_text"]
