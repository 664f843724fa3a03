"""The fields of `pac`: a class and its size, and all but one of N, ε, δ and |H|."""

from __future__ import annotations

from mlcalc.files import problem
from mlcalc.files.document import Entries
from mlcalc.files.fields import Numbers, Quantity, Structure, Switch, Word, Words
from mlcalc.learning.bounds.named import spread
from mlcalc.learning.bounds.theorems import BOUNDS, GROWTH_MEANINGS
from mlcalc.learning.hypotheses import Size
from mlcalc.learning.hypothesis_class import NamedClass

SETTINGS = {
    "realizable": "the target is in the class: some hypothesis makes no error",
    "agnostic": "the target may lie outside the class",
}

SETTING = Word(
    SETTINGS,
    {"realisable": "realizable", "consistent": "realizable", "separable": "realizable",
     "noiseless": "realizable", "noise-free": "realizable", "noisy": "agnostic",
     "inconsistent": "agnostic", "not-realizable": "agnostic", "unrealizable": "agnostic",
     "unrealisable": "agnostic", "non-realizable": "agnostic", "non-realisable": "agnostic"},
    ("pac learning", "pac", "learning", "setting", "case"),
)  # fmt: skip

MEANINGS = {bound.name: bound.title for bound in BOUNDS} | {"all": "all that apply, compared"}

# Bounds are computed exactly, or by logarithms.
SIZE = Quantity(least=1, whole=True, most=None)
DIMENSION = Quantity(least=0, most=None)
RATE = Quantity(most=None)


class SampleQuestion(problem.Problem):
    @classmethod
    def placed(cls, given: Entries) -> Entries:
        """Quantities with their names, |H| = 1000, δ = 0.05, fill the fields of these names."""
        return spread(given, cls.hypothesis_class, cls.spellings)

    hypothesis_class = problem.optional(
        NamedClass(),
        "the class by name, such as conjunctions or linear",
        positional=True,
        aliases=("class",),
    )
    dimension = problem.optional(
        SIZE, "number of attributes, or dimension of the points", aliases=("attributes", "dim")
    )
    hypotheses = problem.optional(
        Size(), "size of the class, such as 3^10, or a list of it", aliases=("H", "class_size")
    )
    vc_dimension = problem.optional(
        DIMENSION, "VC dimension of the class", aliases=("vc", "vc_dim", "d_vc", "d")
    )
    description_length = problem.optional(SIZE, "bits of a hypothesis's description (occam)")
    grid = problem.optional(SIZE, "points on each axis: makes the class of boxes finite")
    weights = problem.optional(
        Numbers(), "values of a linear classifier's weights over 0/1 attributes: -1, 0, 1"
    )
    repeats = problem.default(
        Switch(), "false", "whether a path of a decision tree may test an attribute again"
    )
    samples = problem.optional(
        SIZE, "number N of examples", aliases=("N", "m", "examples", "sample_size")
    )
    epsilon = problem.optional(
        RATE, "the error, or gap, that is allowed", aliases=("eps", "error", "tolerance")
    )
    accuracy = problem.optional(RATE, "1 − epsilon, such as 99%")
    delta = problem.optional(RATE, "probability of failure", aliases=("failure",))
    confidence = problem.optional(RATE, "1 − delta, such as 95%")
    setting = problem.optional(SETTING, "whether the target is in the class")
    data = problem.optional(Structure(), "examples: rows as mappings, or a CSV file with a header")
    label = problem.optional(Words(), "the column of the data that is the class")
    bound = problem.optional(
        Word(
            MEANINGS,
            {word: bound.name for bound in BOUNDS for word in bound.synonyms},
            ("bound", "inequality"),
        ),
        "the inequality, such as vc or blumer; all compares [the theorem of the case]",
    )
    growth = problem.default(
        Word(GROWTH_MEANINGS), "polynomial", "how the growth function is bounded"
    )
