"""The Bernoulli distribution: one trial, 1 for a success and 0 for a failure."""

from mlcalc.estimation.family import UNIT, Family, Support, chance, spread

FAMILY = Family(
    density="theta^x*(1 - theta)^(1 - x)",
    parameters={"theta": UNIT},
    support=Support("0 and 1", "0", "1", whole=True),
    total="k",
    quantities=(*chance("mean"), *spread("theta*(1 - theta)", "sqrt(theta*(1 - theta))")),
    doubtful={"q": "the probability of failure", "eta": "the log-odds"},
    orders=(("theta",),),
    abbreviations=("bern", "ber", "be", "b", "coin"),
    heading="Bernoulli",
)
