"""A prior over a few values of the parameter: each value is a model of which nothing is unknown."""

from __future__ import annotations

import re
from contextlib import suppress
from fractions import Fraction

from mlcalc.estimation.contenders import models_of, shared
from mlcalc.estimation.family import Family
from mlcalc.estimation.inference import Inference
from mlcalc.estimation.models import compared
from mlcalc.estimation.question import question
from mlcalc.files.document import Entries, Items, Text
from mlcalc.files.errors import Unsolved
from mlcalc.maths.board import Note
from mlcalc.maths.evaluate import exact
from mlcalc.maths.printing import source
from mlcalc.maths.reader import read
from mlcalc.maths.records import replace
from mlcalc.maths.scanner import Unreadable
from mlcalc.maths.tree import Call, Symbol
from mlcalc.showing.derivation import Derivation, number_answer

PERCENT = re.compile(r"([0-9.]+)\s*\\?%")


def among(given: Inference, pairs: list[tuple[Text, Text]]) -> Derivation:
    """The posterior over the values, and the value that is the most probable."""
    asked = question(given)
    unknown, family = asked.model.unknown, asked.model.family
    if given.distribution is None or len(unknown) != 1:
        message = "a prior over a few values is for the one unknown parameter of a distribution"
        raise Unsolved.because(message, given.place_of(Inference.prior))
    names = {Symbol.named(family.known.get(n, n)): n for n in (*family.parameters, *family.known)}
    known = [(names[letter], value) for letter, value in asked.model.known.items()
             if isinstance(letter, Symbol) and letter in names]  # fmt: skip
    models = tuple(
        model_at(Call(family.name, (), (*known, (role_of(family, unknown[0].role), read(v.value)))),
                 v, share)
        for v, share in pairs
    )  # fmt: skip
    place = given.place_of(Inference.prior)
    both = (*shared(given), (Text("models", place), Items(models, place)))
    other = Inference.read(Entries(both, given.place))
    assert isinstance(other, Inference)
    found = compared(models_of(other))
    posterior = found.answer("model_posterior")
    assert posterior is not None and isinstance(posterior.value, tuple)
    shares = [share for share in posterior.value if isinstance(share, Fraction | float)]
    values = [number for v, _ in pairs if (number := exact(read(v.value))) is not None]
    theta = unknown[0].symbol
    mean = sum((v * p for v, p in zip(values, shares, strict=True)), Fraction(0))
    answers = [number_answer("posterior_mean", mean)]
    best = [v for v, p in zip(values, shares, strict=True) if p == max(shares)]
    if len(best) == 1:
        answers.insert(0, number_answer(unknown[0].name, best[0], unknown[0].hat))
    listed = ", ".join(f"M{i} is {theta.spelled} = {v.value}" for i, (v, _) in enumerate(pairs, 1))
    note = Note("prior.values", f"each value of the prior is a model of its own: {listed}")
    return replace(
        found,
        title=f"Most probable of {len(pairs)} values: {family.proper}",
        answers=(*answers, *found.answers),
        notes=(note, *found.notes),
    )


def role_of(family: Family, role: str) -> str:
    return family.word if family.word and role == family.letter else role


def model_at(distribution: Call, value: Text, share: Text) -> Entries:
    """One value as a model: its probability, and the distribution with the value put in."""
    text = PERCENT.sub(r"(\1/100)", share.value)
    with suppress(Unreadable):
        number = exact(read(text))
        text = text if number is None else str(number)
    pairs = (("probability", text), ("distribution", source(distribution)))
    return Entries(
        tuple((Text(k, value.place), replace(share, value=v)) for k, v in pairs), value.place
    )
