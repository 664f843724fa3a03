"""The multivariate normal distribution; data are rows."""

from mlcalc.estimation.family import Family

FAMILY = Family(method="by_vectors", abbreviations=("mvn", "multinormal", "multivariate_gaussian"))
