"""A command-line calculator and solver for exam-style machine-learning problems."""

__version__ = "0.1.0"
