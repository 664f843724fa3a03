"""The Laplace distribution: two exponentials back to back."""

from mlcalc.estimation.family import POSITIVE, REAL, Family, Prior, Quantity, own

FAMILY = Family(
    density="exp(-abs(x - mu)/b)/(2*b)",
    parameters={"mu": REAL, "b": POSITIVE},
    method="by_median",
    quantities=(
        own("mu", "location", "loc", "mean", "median", "mode"),
        own("b", "scale"),
        Quantity(("rate",), "1/b", "b", "1/t"),
        Quantity(("variance", "var"), "2*b^2", "b", "sqrt(t/2)"),
        Quantity(("sd", "std", "standard_deviation"), "sqrt(2)*b", "b", "t/sqrt(2)"),
    ),
    doubtful={
        "sigma": "the scale or the deviation",
        "beta": "the scale or the rate",
        "lambda": "the rate",
        "tau": "the scale or the rate",
    },
    orders=(("mu", "b"),),
    abbreviations=("lap", "double_exponential"),
    heading="Laplace",
    prior=Prior(letters={"mu": "mu_0", "b": "b"}),
)
