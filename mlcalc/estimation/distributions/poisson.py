"""The Poisson distribution: counts of what happens at a constant rate."""

from mlcalc.estimation.family import COUNTS, POSITIVE, SD, VARIANCE, Family, Quantity, own

FAMILY = Family(
    density="lambda^x*exp(-lambda)/factorial(x)",
    parameters={"lambda": POSITIVE},
    support=COUNTS,
    quantities=(
        own("lambda", "rate", "mean", "mu", *VARIANCE),
        Quantity(SD, "sqrt(lambda)", "lambda", "t^2"),
    ),
    doubtful={"eta": "the natural parameter"},
    orders=(("lambda",),),
    abbreviations=("pois", "poi", "po"),
    heading="Poisson",
)
