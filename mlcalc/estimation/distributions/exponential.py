"""The exponential distribution: waiting times at a constant rate."""

from mlcalc.estimation.family import FROM_ZERO, POSITIVE, SD, VARIANCE, Family, Prior, Quantity, own

FAMILY = Family(
    density="lambda*exp(-lambda*x)",
    parameters={"lambda": POSITIVE},
    support=FROM_ZERO,
    note="λ is a rate: the mean is 1/λ",
    above="exp(-lambda*x)",
    quantities=(
        own("lambda", "rate"),
        Quantity(
            ("scale", "mean", *SD), "1/lambda", "lambda", "1/t",
            density="exp(-x/t)/t", above="exp(-x/t)",
        ),
        Quantity(("median",), "log(2)/lambda", "lambda", "log(2)/t"),
        Quantity(VARIANCE, "1/lambda^2", "lambda", "1/sqrt(t)"),
    ),
    doubtful={
        "mu": "the mean or the rate",
        "tau": "the scale",
        "beta": "a scale or the rate",
        "eta": "the natural parameter",
    },
    orders=(("rate",), ("scale",)),
    abbreviations=("exp", "expon", "expo", "negative_exponential"),
    prior=Prior(
        letters={"rate": "beta"},
        spellings={("scale",): {"rate": "1/scale"}, ("mean",): {"rate": "1/mean"}},
        note=(
            "gamma.rate",
            "β is a rate, and a scale is 1/β: books differ on which of the two they write",
        ),
    ),
)  # fmt: skip
