"""Gradients on a computational graph: folded from an expression, forward, then backward.

Rumelhart, Hinton and Williams (1986).  An expression becomes operations that read each other's
values; each has a local gradient for what it reads, and the chain rule multiplies it with the
upstream gradient that arrives from its readers.
"""
