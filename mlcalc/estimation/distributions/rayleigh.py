"""The Rayleigh distribution: the length of a vector with two normal entries."""

from mlcalc.estimation.family import ABOVE_ZERO, POSITIVE, Family, Quantity, own

FAMILY = Family(
    density="x/sigma^2*exp(-x^2/(2*sigma^2))",
    parameters={"sigma": POSITIVE},
    support=ABOVE_ZERO,
    above="exp(-x^2/(2*sigma^2))",
    quantities=(
        own("sigma", "scale", "mode"),
        Quantity(("sigma2",), "sigma^2", "sigma", "sqrt(t)", density="x/t*exp(-x^2/(2*t))"),
        Quantity(("mean",), "sigma*sqrt(pi/2)", "sigma", "t/sqrt(pi/2)"),
        Quantity(("median",), "sigma*sqrt(2*log(2))", "sigma", "t/sqrt(2*log(2))"),
        Quantity(("variance", "var"), "(2 - pi/2)*sigma^2", "sigma", "sqrt(t/(2 - pi/2))"),
        Quantity(
            ("sd", "std", "standard_deviation"), "sqrt(2 - pi/2)*sigma", "sigma",
            "t/sqrt(2 - pi/2)",
        ),
    ),
    doubtful={"mu": "the mean"},
    orders=(("sigma",), ("sigma2",)),
    heading="Rayleigh",
)  # fmt: skip
