"""The binomial distribution: successes among m trials."""

from mlcalc.estimation.family import UNIT, Family, Quantity, Support, chance, spread

FAMILY = Family(
    density="binomial(m, x)*theta^x*(1 - theta)^(m - x)",
    parameters={"theta": UNIT},
    known={"n": "m"},
    whole=("n",),
    support=Support("whole numbers from 0 to the number of trials", "0", "m", whole=True),
    note="m is the number of trials of one observation",
    quantities=(
        *chance(),
        Quantity(("mean",), "m*theta", "theta", "t/m", ("0", "m")),
        *spread("m*theta*(1 - theta)", "sqrt(m*theta*(1 - theta))"),
    ),
    doubtful={"q": "the probability of failure", "mu": "the mean", "eta": "the log-odds"},
    orders=(("n", "theta"),),
    synonyms={"trials": "n", "m": "n", "size": "n"},
    abbreviations=("bin", "binom", "b"),
)
