"""The normal-inverse-gamma distribution: a prior for mean and variance of a normal at once."""

from mlcalc.estimation.family import Family, Prior

FAMILY = Family(
    prior=Prior(
        letters={"mu": "mu_0", "kappa": "kappa", "shape": "alpha", "scale": "beta"},
        density="sqrt(kappa/(2*pi*v))*exp(-kappa*(t - mu_0)^2/(2*v))"
        "*beta^alpha/gamma_function(alpha)*v^(-alpha - 1)*exp(-beta/v)",
        positive=frozenset({"kappa", "shape", "scale"}),
        joint=True,
    )
)
