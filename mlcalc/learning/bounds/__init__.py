"""Sample complexity: the theorems, a record each, and what they are asked."""
