"""Which labelings of a point set a class realises: one file for each way to decide it."""
