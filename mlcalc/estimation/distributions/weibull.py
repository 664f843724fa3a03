"""The Weibull distribution of a known shape k."""

from mlcalc.estimation.family import ABOVE_ZERO, POSITIVE, Family, Quantity, own

FAMILY = Family(
    density="k/scale*(x/scale)^(k - 1)*exp(-(x/scale)^k)",
    parameters={"scale": POSITIVE},
    known={"k": "k"},
    fill_in=("k",),
    support=ABOVE_ZERO,
    above="exp(-(x/scale)^k)",
    quantities=(
        own("scale"),
        Quantity(("mean",), "scale*gamma_function(1 + 1/k)", "scale", "t/gamma_function(1 + 1/k)"),
        Quantity(("median",), "scale*log(2)^(1/k)", "scale", "t/log(2)^(1/k)"),
    ),
    doubtful={
        "lambda": "the scale or a rate",
        "rate": "one over the scale, or that to the power of k",
        "eta": "the scale",
        "mu": "the mean",
        "beta": "the shape",
        "alpha": "the scale or the shape",
    },
    orders=(("k", "scale"), ("scale", "k")),
    synonyms={"shape": "k", "c": "k"},
    abbreviations=("weib", "weibull_min"),
    heading="Weibull",
)
