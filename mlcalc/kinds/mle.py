"""Maximum-likelihood estimate of a parameter, derived line by line.

mlcalc mle poisson --data '3, 4, 1'
mlcalc mle 'N(μ, σ²)' --data heights.csv:height
mlcalc mle --density 'f(x|θ) = θ x^(θ−1), 0 < x < 1' --data '0.5, 0.2'
"""

from __future__ import annotations

from mlcalc.estimation.data import Estimation
from mlcalc.estimation.methods import bounded, likelihood_answers, maximised
from mlcalc.estimation.pictures import estimate_picture
from mlcalc.estimation.possible import require_density
from mlcalc.estimation.question import Question, question
from mlcalc.estimation.working import names_of_data
from mlcalc.maths.records import Later
from mlcalc.showing.derivation import Derivation


class Problem(Estimation):
    pass


def solve(given: Problem) -> Derivation:
    """The parameter under which the data are the most probable."""
    return bounded(question(given), derived).apart("log_likelihood")


def derived(asked: Question) -> Derivation:
    working = maximised(asked)
    require_density(asked, working.estimates)
    title = f"Maximum-likelihood estimate: {asked.model.family.proper}"
    answers = likelihood_answers(asked, working)
    pictures = Later(lambda: estimate_picture(asked, working.estimates[0].value))
    names = names_of_data(asked.model)
    found = Derivation(title, working.steps, answers, working.notes, pictures, names=names)
    if not asked.model.wanted:
        return found
    from mlcalc.estimation.invariance import carried

    return carried(asked.model, working, found)
