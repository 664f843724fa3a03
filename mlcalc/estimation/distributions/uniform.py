"""The uniform distribution from 0 to θ, or from a to b."""

from mlcalc.estimation.family import FROM_ZERO, POSITIVE, REAL, Family, Prior, Quantity, own, spread

FAMILY = Family(
    density="1/theta",
    parameters={"theta": POSITIVE},
    support=FROM_ZERO,
    ends=("0", "theta"),
    method="by_support",
    quantities=(
        own("theta", "maximum", "upper", "high"),
        Quantity(("mean", "median"), "theta/2"),
        *spread("theta^2/12", "theta/sqrt(12)"),
    ),
    doubtful={"mu": "the mean"},
    orders=(("a", "b"), ("low", "high")),
    abbreviations=("unif", "u", "uni", "continuous_uniform"),
    others=(
        Family(
            variant="a, b",
            density="1/(b - a)",
            parameters={"a": REAL, "b": REAL},
            ends=("a", "b"),
            method="by_support",
            quantities=(
                own("a", "minimum", "lower", "low"),
                own("b", "maximum", "upper", "high"),
                Quantity(("mean", "median"), "(a + b)/2", range=REAL),
                Quantity(("width", "length"), "b - a"),
                *spread("(b - a)^2/12", "(b - a)/sqrt(12)"),
            ),
            doubtful={"mu": "the mean"},
            prior=Prior(
                letters={"low": "low", "high": "high"}, domain=("low", "high"), in_order=True
            ),
        ),
    ),
)
