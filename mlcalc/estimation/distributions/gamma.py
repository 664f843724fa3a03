"""The gamma distribution, by its rate."""

from mlcalc.estimation.family import ABOVE_ZERO, POSITIVE, Family, Prior, Quantity, own, spread

FAMILY = Family(
    density="rate^shape*x^(shape - 1)*exp(-rate*x)/gamma_function(shape)",
    parameters={"shape": POSITIVE, "rate": POSITIVE},
    support=ABOVE_ZERO,
    method="gamma_shape",
    quantities=(
        own("shape", "alpha", "k", "a", "concentration"),
        own("rate"),
        Quantity(
            ("scale",), "1/rate", "rate", "1/t",
            density="x^(shape - 1)*exp(-x/t)/(gamma_function(shape)*t^shape)",
        ),
        Quantity(("mean",), "shape/rate", "rate", "shape/t"),
        *spread("shape/rate^2", "sqrt(shape)/rate"),
    ),
    doubtful={
        "beta": "the rate or the scale",
        "b": "the rate or the scale",
        "theta": "the scale",
        "mu": "the mean",
        "tau": "the scale or the rate",
    },
    orders=(("shape", "rate"), ("shape", "scale")),
    abbreviations=("ga", "gam"),
    prior=Prior(
        letters={"shape": "alpha", "rate": "beta"},
        natural=("log(t)", "t"),
        from_natural={"shape": "c1 + 1", "rate": "-c2"},
        mode="(alpha - 1)/beta",
        normaliser="gamma_function(alpha)/beta^alpha",
        inside=("alpha - 1",),
        spellings={
            ("shape", "scale"): {"shape": "shape", "rate": "1/scale"},
            ("mean", "sd"): {"shape": "mean^2/sd^2", "rate": "mean/sd^2"},
            ("mean", "variance"): {"shape": "mean^2/variance", "rate": "mean/variance"},
        },
        note=(
            "gamma.rate",
            "β is a rate, and a scale is 1/β: books differ on which of the two they write",
        ),
    ),
)  # fmt: skip
