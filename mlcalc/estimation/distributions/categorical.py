"""The categorical distribution: one of a few categories; data are counts of each."""

from mlcalc.estimation.family import Family

FAMILY = Family(method="by_simplex", abbreviations=("cat", "multinoulli"))
