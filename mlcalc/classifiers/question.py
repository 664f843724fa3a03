"""The fields of a naive Bayes problem, which each model reads in its own way."""

from __future__ import annotations

import re
from typing import Any

from mlcalc.classifiers.stated import Likelihoods, Priors, apart
from mlcalc.files import problem
from mlcalc.files.document import Entries, Raw, Text
from mlcalc.files.fields import Anything, Quantity, Structure, Switch, Word, Words
from mlcalc.files.problem import Field
from mlcalc.maths.board import Note
from mlcalc.maths.records import replace
from mlcalc.maths.tree import Expr

MODELS = {
    "bernoulli": "each feature is 0 or 1",
    "categorical": "each feature has one of a few values",
    "multinomial": "each feature is a count, such as how often a word occurs",
    "gaussian": "each feature is a number, normal within a class",
    "density": "the densities are given as formulas",
    "all": "multinomial and bernoulli side by side on the same documents",
}

MODEL = Word(
    MODELS,
    {"normal": "gaussian", "binary": "bernoulli", "nominal": "categorical",
     "discrete": "categorical",
     **{f"{word}-nb": word for word in MODELS}},
    ("naive bayes", "naïve bayes", "event model", "model", "classifier"),
)  # fmt: skip


VARIANCE = Word(
    {
        "mle": "the mean square around the mean, with 1/n: the maximum-likelihood estimate",
        "unbiased": "the squares around the mean, with 1/(n − 1): the unbiased estimate",
    },
    {"0": "mle", "biased": "mle", "population": "mle", "ml": "mle", "maximum-likelihood": "mle",
     "n": "mle", "1/n": "mle", "1": "unbiased", "sample": "unbiased", "n-1": "unbiased",
     "n−1": "unbiased", "1/(n-1)": "unbiased", "bessel": "unbiased"},
    ("variance", "estimate", "estimator"),
)  # fmt: skip


class Smoothing(Quantity):
    """A pseudo-count; Laplace's is 1."""

    stands_alone = True

    def read(self, raw: Raw) -> Expr:
        typed = raw.value.strip() if isinstance(raw, Text) else ""
        if isinstance(raw, Text) and (LAPLACE.fullmatch(typed) or NO_SMOOTHING.fullmatch(typed)):
            raw = replace(raw, value="1" if LAPLACE.fullmatch(typed) else "0")
        return super().read(raw)


LAPLACE = re.compile(
    r"(?:true|yes|laplace|add[\s_-]*(?:one|1)|laplacian)(?:[\s_-]*smoothing)?", re.IGNORECASE
)
NO_SMOOTHING = re.compile(r"false|no|none|off", re.IGNORECASE)


class Question(problem.Problem):
    """What every model may be given; `data` or `documents`, or `priors` and `likelihoods`."""

    model = problem.optional(
        MODEL, "how the features of a class are distributed; taken from what is given where plain"
    )
    data = problem.optional(
        Structure(),
        "rows, as mappings in YAML, as the path of a CSV file, or as a table pasted as it is",
        positional=True,
    )
    label = problem.optional(
        Words("COLUMN"),
        "the column of the data that holds the class",
        aliases=("target", "class", "y"),
    )
    features = problem.optional(Anything(), "the columns that count; all others unless given")
    documents = problem.optional(Structure(), "texts with classes: [{label: spam, text: ...}]")
    priors = problem.optional(
        Priors("spam=1/3, ham=2/3"),
        "the probability of each class: spam=1/3, ham=2/3",
        aliases=("prior", "class_prior"),
    )
    likelihoods = problem.optional(
        Likelihoods("{spam: {offer: 0.6}, ham: {offer: 0.1}}"),
        "what is known of each class: {spam: {offer: 0.6}}, P(feature = 1 | class)",
        aliases=("likelihood",),
    )
    support = problem.optional(
        Anything(), "where densities of your own are not zero: 0 < x < 1; also one for each class"
    )
    query = problem.optional(
        Anything(),
        "what to classify: red=1, affordable=0, or a text",
        aliases=("predict", "classify", "test", "x", "instance"),
    )
    smoothing = problem.default(
        Smoothing(least=0),
        "0",
        "the pseudo-count that is added to every count of a likelihood",
        aliases=("alpha", "pseudocount", "laplace"),
    )
    smooth_prior = problem.default(
        Switch(), "false", "add the pseudo-count to the counts of the classes too"
    )

    variance = problem.default(
        VARIANCE,
        "mle",
        "whether variances of rows are taken with 1/n or 1/(n − 1), which are ddof 0 and 1",
        aliases=("ddof",),
    )

    @classmethod
    def placed(cls, given: Entries) -> Entries:
        """Probabilities that stand first are priors and likelihoods, texts are documents."""
        from mlcalc.classifiers.tally import as_documents

        return as_documents(apart(given, cls.data.name))

    def note(self, name: str, text: str) -> None:
        """Says once beside the answer how something was read."""
        if (note := Note(name, text)) not in self.remarks:
            self.remarks = (*self.remarks, note)

    def refuse(self, message: str, *fields: Field[Any]) -> None:
        """Raises `Invalid` for the first of the fields that is given; {} is its name."""
        for field in fields:
            if self.is_given(field):
                raise self.fault(message.format(field.name), field)

    def refuse_columns(self, *fields: Field[Any]) -> None:
        """Refuses what names columns, where there are no data that have them."""
        self.refuse("{} is for columns of data: leave it out", *fields)
