"""The lognormal distribution: the logarithm is normal."""

from mlcalc.estimation.family import ABOVE_ZERO, POSITIVE, REAL, Family, Quantity, own

FAMILY = Family(
    density="exp(-(log(x) - mu)^2/(2*sigma2))/(x*sqrt(2*pi*sigma2))",
    parameters={"mu": REAL, "sigma2": POSITIVE},
    support=ABOVE_ZERO,
    note="μ and σ² are the mean and the variance of log x",
    above="erfc((log(x) - mu)/sqrt(2*sigma2))/2",
    below="erfc((mu - log(x))/sqrt(2*sigma2))/2",
    normal_in="log(x)",
    quantities=(
        own("mu", "log_mean"),
        own("sigma2", "log_variance"),
        Quantity(("sigma", "log_sd"), "sqrt(sigma2)", "sigma2", "t^2"),
        Quantity(("precision",), "1/sigma2", "sigma2", "1/t"),
        Quantity(("mean",), "exp(mu + sigma2/2)"),
        Quantity(("median",), "exp(mu)", "mu", "log(t)"),
        Quantity(("mode",), "exp(mu - sigma2)"),
    ),
    orders=(("mu", "sigma2"), ("mu", "sigma")),
    abbreviations=("lognorm",),
    doubtful={
        "sd": "the deviation of x or that of its logarithm",
        "std": "the deviation of x or that of its logarithm",
        "variance": "the variance of x or that of its logarithm",
        "tau": "the precision or the deviation",
        "beta": "the precision",
        "lambda": "the precision",
        "s": "the deviation",
    },
)
