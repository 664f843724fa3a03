"""The beta distribution."""

from mlcalc.estimation.family import POSITIVE, UNIT, Family, Prior, Quantity, Support, own, spread

FAMILY = Family(
    density="x^(alpha - 1)*(1 - x)^(beta - 1)/beta_function(alpha, beta)",
    parameters={"alpha": POSITIVE, "beta": POSITIVE},
    support=Support("numbers between 0 and 1", "0", "1", ends="()"),
    method="beta_both",
    quantities=(
        own("alpha", "a"),
        own("beta", "b"),
        Quantity(("mean",), "alpha/(alpha + beta)", range=UNIT),
        *spread(
            "alpha*beta/((alpha + beta)^2*(alpha + beta + 1))",
            "sqrt(alpha*beta/(alpha + beta + 1))/(alpha + beta)",
        ),
    ),
    doubtful={"mu": "the mean"},
    orders=(("alpha", "beta"), ("a", "b")),
    abbreviations=("be", "b"),
    prior=Prior(
        letters={"alpha": "alpha", "beta": "beta"},
        natural=("log(t)", "log(1 - t)"),
        from_natural={"alpha": "c1 + 1", "beta": "c2 + 1"},
        mode="(alpha - 1)/(alpha + beta - 2)",
        normaliser="beta_function(alpha, beta)",
        in_order=True,
        inside=("alpha - 1", "beta - 1"),
        counts=("alpha - 1", " successes and ", "beta - 1", " failures"),
    ),
)
