"""The Pareto distribution, whose smallest value is a parameter."""

from mlcalc.estimation.family import POSITIVE, Family, Quantity, Support, own

FAMILY = Family(
    density="alpha*x_m^alpha/x^(alpha + 1)",
    parameters={"x_m": POSITIVE, "alpha": POSITIVE},
    support=Support("numbers from x_m", low="x_m"),
    ends=("x_m", "inf"),
    method="by_support",
    note="xₘ, the smallest value, is also called the scale, and α the shape",
    above="(x_m/x)^alpha",
    quantities=(
        own("x_m", "scale", "minimum"),
        own("alpha", "shape", "index"),
        Quantity(("mean",), "alpha*x_m/(alpha - 1)", finite="alpha - 1"),
        Quantity(("median",), "x_m*2^(1/alpha)"),
    ),
    orders=(("x_m", "alpha"), ("alpha", "x_m")),
    doubtful={"mu": "the mean"},
    heading="Pareto",
)
