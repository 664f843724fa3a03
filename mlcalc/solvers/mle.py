"""Maximum-likelihood estimate of a parameter, derived line by line."""

from __future__ import annotations

from mlcalc.derivation import Derivation
from mlcalc.probability.estimation import Estimation
from mlcalc.probability.methods import bounded, likelihood_answers, maximised
from mlcalc.probability.pictures import estimate_picture
from mlcalc.probability.possible import require_density
from mlcalc.probability.question import Question, question
from mlcalc.probability.writing import names_of_data


class Problem(Estimation):
    pass


def solve(given: Problem) -> Derivation:
    """The parameter under which the data are the most probable."""
    return bounded(question(given), derived)


def derived(asked: Question) -> Derivation:
    working = maximised(asked)
    require_density(asked, working.estimates)
    title = f"Maximum-likelihood estimate: {asked.model.family.proper}"
    answers = likelihood_answers(asked, working)
    pictures = estimate_picture(asked, working.estimates[0].value)
    names = names_of_data(asked.model)
    found = Derivation(title, working.steps, answers, working.notes, pictures, names=names)
    if not asked.model.wanted:
        return found
    from mlcalc.probability.invariance import carried

    return carried(asked.model, working, found)
