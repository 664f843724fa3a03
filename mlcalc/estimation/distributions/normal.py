"""The normal distribution, by its variance."""

from mlcalc.estimation.family import POSITIVE, REAL, SD, Family, Prior, Quantity, own

FAMILY = Family(
    density="exp(-(x - mu)^2/(2*sigma2))/sqrt(2*pi*sigma2)",
    parameters={"mu": REAL, "sigma2": POSITIVE},
    above="erfc((x - mu)/sqrt(2*sigma2))/2",
    below="erfc((mu - x)/sqrt(2*sigma2))/2",
    normal_in="x",
    quantities=(
        own("mu", "mean", "location", "loc", "median", "mode"),
        own("sigma2", "variance", "var"),
        Quantity(
            (*SD, "scale"), "sqrt(sigma2)", "sigma2", "t^2",
            density="exp(-(x - mu)^2/(2*t^2))/(t*sqrt(2*pi))",
            above="erfc((x - mu)/(sqrt(2)*t))/2",
            below="erfc((mu - x)/(sqrt(2)*t))/2",
        ),
        Quantity(
            ("precision",), "1/sigma2", "sigma2", "1/t",
            density="sqrt(t)*exp(-t*(x - mu)^2/2)/sqrt(2*pi)",
        ),
    ),
    doubtful={
        "tau": "the precision or the deviation",
        "beta": "the precision",
        "lambda": "the precision",
        "s": "the deviation",
    },
    orders=(("mu", "sigma2"), ("mu", "sigma")),
    abbreviations=("n", "gaussian", "norm", "gauss"),
    prior=Prior(
        letters={"mu": "mu_0", "sigma2": "sigma2_0"},
        natural=("t", "t^2"),
        from_natural={"mu": "-c1/(2*c2)", "sigma2": "-1/(2*c2)"},
        mode="mu_0",
        normaliser="sqrt(2*pi*sigma2_0)*exp(mu_0^2/(2*sigma2_0))",
        spellings={
            ("mu", "sigma"): {"mu": "mu", "sigma2": "sigma^2"},
            ("mu", "precision"): {"mu": "mu", "sigma2": "1/precision"},
        },
    ),
)  # fmt: skip
