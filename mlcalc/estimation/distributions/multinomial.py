"""The multinomial distribution: how often each category was seen in m draws."""

from mlcalc.estimation.family import Family

FAMILY = Family(
    method="by_simplex",
    known={"n": "m"},
    orders=(("n",),),
    whole=("n",),
    synonyms={"trials": "n", "m": "n", "size": "n"},
    abbreviations=("mult", "multi"),
)
