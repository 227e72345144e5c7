"""The laws that the glue applies by itself, as equations: they are shown as reasons and tested like the rest."""
