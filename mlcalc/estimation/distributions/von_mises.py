"""The von Mises distribution of a known concentration: angles around a direction."""

from mlcalc.estimation.family import REAL, Family, own

FAMILY = Family(
    density="exp(kappa*cos(x - mu))/(2*pi*bessel_i0(kappa))",
    parameters={"mu": REAL},
    known={"kappa": "kappa"},
    method="by_direction",
    quantities=(own("mu", "mean", "location", "direction"),),
    orders=(("mu", "kappa"),),
    abbreviations=("vm",),
    doubtful={"kappa": "the concentration"},
    heading="von Mises",
)
