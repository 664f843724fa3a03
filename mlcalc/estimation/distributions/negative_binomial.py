"""The negative binomial distribution: failures before success number r."""

from mlcalc.estimation.family import COUNTS, UNIT, Family, Quantity, chance, spread

FAMILY = Family(
    density="binomial(x + r - 1, x)*theta^r*(1 - theta)^x",
    parameters={"theta": UNIT},
    known={"r": "r"},
    whole=("r",),
    support=COUNTS,
    note="x counts the failures before success number r",
    quantities=(
        *chance(),
        Quantity(("mean",), "r*(1 - theta)/theta", "theta", "r/(r + t)"),
        *spread("r*(1 - theta)/theta^2", "sqrt(r*(1 - theta))/theta"),
    ),
    orders=(("r", "theta"),),
    synonyms={"n": "r", "size": "r", "successes": "r"},
    abbreviations=("nb", "neg_bin", "neg_binom", "neg_binomial", "nbinom", "nbin", "pascal"),
    doubtful={"q": "the probability of failure", "mu": "the mean"},
)
