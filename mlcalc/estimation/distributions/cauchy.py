"""The Cauchy distribution of scale 1, which has no mean."""

from mlcalc.estimation.family import REAL, Family, own

FAMILY = Family(
    density="1/(pi*(1 + (x - mu)^2))",
    parameters={"mu": REAL},
    method="by_search",
    quantities=(own("mu", "location", "loc", "median", "mode"),),
    doubtful={
        "mean": "a mean, which a cauchy density does not have",
        "gamma": "the scale, which is 1 here",
        "sigma": "the scale, which is 1 here",
    },
    heading="Cauchy",
)
