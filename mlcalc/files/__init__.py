"""What was asked: documents with places, the fields of a problem, and what is wrong with it."""
