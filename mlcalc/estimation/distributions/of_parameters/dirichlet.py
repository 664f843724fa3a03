"""The Dirichlet distribution: a prior for the probabilities of categories, one number for each."""

from mlcalc.estimation.family import Family

FAMILY = Family(abbreviations=("dir",), heading="Dirichlet")
