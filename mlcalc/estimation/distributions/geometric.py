"""The geometric distribution: trials up to the first success, or failures before it."""

from mlcalc.estimation.family import COUNTS, UNIT, Family, Quantity, Support, chance, spread

SPREAD = spread("(1 - theta)/theta^2", "sqrt(1 - theta)/theta")
DOUBTFUL = {"q": "the probability of failure", "mu": "the mean"}

FAMILY = Family(
    density="theta*(1 - theta)^(x - 1)",
    parameters={"theta": UNIT},
    support=Support("whole numbers from 1", low="1", whole=True),
    note="x counts the trials up to the first success, so it begins at 1",
    above="(1 - theta)^x",
    quantities=(*chance(), Quantity(("mean",), "1/theta", "theta", "1/t", ("1", "inf")), *SPREAD),
    doubtful=DOUBTFUL,
    orders=(("theta",),),
    abbreviations=("geom", "geo"),
    others=(
        Family(
            variant="support=failures",
            density="theta*(1 - theta)^x",
            parameters={"theta": UNIT},
            support=COUNTS,
            note="x counts the failures before the first success, so it begins at 0",
            above="(1 - theta)^(x + 1)",
            quantities=(
                *chance(),
                Quantity(("mean",), "(1 - theta)/theta", "theta", "1/(1 + t)"),
                *SPREAD,
            ),
            doubtful=DOUBTFUL,
        ),
    ),
)
