"""The multivariate normal distribution; data are rows."""

from mlcalc.probability.family import Family

FAMILY = Family(method="by_vectors")
