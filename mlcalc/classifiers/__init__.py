"""Naive Bayes: rows or documents, what is counted in them, and the scores of the classes."""
