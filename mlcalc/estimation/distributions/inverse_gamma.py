"""The inverse gamma distribution of a known shape: 1/x is gamma."""

from mlcalc.estimation.family import ABOVE_ZERO, POSITIVE, Family, Prior, Quantity, own

FAMILY = Family(
    density="scale^shape/gamma_function(shape)*x^(-shape - 1)*exp(-scale/x)",
    parameters={"scale": POSITIVE},
    known={"shape": "shape"},
    support=ABOVE_ZERO,
    quantities=(
        own("scale"),
        Quantity(("mean",), "scale/(shape - 1)", finite="shape - 1"),
        Quantity(("mode",), "scale/(shape + 1)", "scale", "t*(shape + 1)"),
        Quantity(("variance", "var"), "scale^2/((shape - 1)^2*(shape - 2))", finite="shape - 2"),
    ),
    doubtful={"rate": "the scale or one over it", "mu": "the mean", "alpha": "the shape"},
    orders=(("shape", "scale"),),
    abbreviations=("inv_gamma", "invgamma", "ig", "inversegamma"),
    synonyms={"alpha": "shape", "a": "shape"},
    prior=Prior(
        letters={"shape": "alpha", "scale": "beta"},
        natural=("log(t)", "1/t"),
        from_natural={"shape": "-c1 - 1", "scale": "-c2"},
        mode="beta/(alpha + 1)",
        normaliser="gamma_function(alpha)/beta^alpha",
    ),
)
