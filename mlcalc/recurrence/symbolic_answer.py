"""The answer in letters: each step, each gradient, and the formulas that they come to."""

from __future__ import annotations

from mlcalc.derivation import Answer, Block, Derivation, Note, Result, Step
from mlcalc.maths.tree import (
    Chain,
    Derivative,
    Expr,
    Listing,
    Mul,
    Symbol,
    equals,
    wrap,
)
from mlcalc.networks.activations import slope_notes
from mlcalc.networks.equations import Activation, Affine, at_time
from mlcalc.networks.writing import letters
from mlcalc.recurrence import through_time as blocked
from mlcalc.recurrence.forward_steps import equations_step, start_notes
from mlcalc.recurrence.memory_building import builder_for
from mlcalc.recurrence.question import RecurrentQuestion
from mlcalc.recurrence.symbolic import MOST_STEPS, Costs, Symbolic
from mlcalc.recurrence.wording import MEANINGS, NOUNS, backward_title, cell_notes

Z = Symbol("z")
POSITIVE = Chain(Z, ((">", wrap(0)),))


def solved_in_letters(given: RecurrentQuestion) -> Derivation:
    """The derivation of a question whose network of single numbers has letters in it."""
    refuse_what_needs_numbers(given)
    found = Symbolic(given, builder_for(given, 1, takes_letters=True))
    layout = found.layout
    noun = NOUNS[given.cell]
    steps = [equations_step(layout, MEANINGS[given.cell]), *forward_steps(found)]
    network = layout.network
    answers = [sequence_answer(found, "h")] if network.state != network.output else []
    asides: list[Answer] = []
    notes = [*start_notes(layout), *cell_notes(given)]
    title = f"{noun[0].upper()}{noun[1:]} in letters"
    if network.output is not None:
        answers.append(sequence_answer(found, "y"))
    if given.targets is not None:
        costs = Costs(given, found)
        steps += [costs.step(), *backward_steps(found, costs)]
        answers += [costs.answer(), gradients_answer(found)]
        notes += costs.loss.notes()
        text = (
            "in the formulas h and y of a step stand for what the steps above give them; an "
            "answer that is checked is written in the letters that were typed"
        )
        notes.append(Note("rnn.names", text))
        notes += [blocked.NOTES[given.cell]] if given.cell in blocked.NOTES else []
        title = f"{backward_title(given.cell)}, in letters"
    # In the others a step reads more of the past than the state of the step before.
    if given.cell in ("rnn", "gru"):
        step, answer = jacobian(given, found)
        steps.append(step)
        asides.append(answer)
    words = [e.word for e in network.equations if isinstance(e, Activation)]
    notes += slope_notes(words)
    return Derivation(
        title, tuple(steps), tuple(answers), tuple(notes), asides=tuple(asides), names=found.names()
    )


def refuse_what_needs_numbers(given: RecurrentQuestion) -> None:
    fields = RecurrentQuestion
    steps = given.steps or len(given.x or ())
    if steps > MOST_STEPS:
        raise given.fault(
            f"letters are worked out for at most {MOST_STEPS} steps, and there are {steps}: give "
            "numbers, or a shorter sequence",
            fields.x,
        )
    for field in (fields.layers, fields.backward, fields.truncate, fields.sequence_loss,
                  fields.loss_weights, fields.steps):  # fmt: skip
        if given.is_given(field):
            raise given.fault(f"{field.name} needs numbers: give one for each letter", field)


def forward_steps(found: Symbolic) -> list[Step]:
    """Each equation at each time, with the typed letters put in."""
    steps: list[Step] = []
    for each in found.network.passes:
        for time in each.times(found.layout.steps):
            blocks: list[Block] = []
            for equation in each.at(time):
                target = at_time(equation.target, time)
                in_names = letters(equation, found.layout, time)
                blocks.append(equals(target, in_names, found.forward(equation, time, found.named)))
            steps.append(Step(f"step t = {time}", tuple(blocks)))
    return steps


def backward_steps(found: Symbolic, costs: Costs) -> list[Step]:
    """Each gradient with its parts, and the sums over time."""
    chains = found.backward(costs.seeds())
    steps: list[Step] = []
    recurrent = {equation.target for equation in found.network.equations}
    for time in range(found.layout.steps, 0, -1):
        blocks = [c for (vector, t), c in chains if t == time and vector in recurrent]
        if blocks:
            steps.append(Step(f"go back, t = {time}", tuple(blocks)))
    rest = [c for (vector, t), c in chains if t == 0 or vector not in recurrent]
    if rest:
        steps.append(Step("go on to the initial state and the inputs", tuple(rest)))
    sums = tuple(found.parameter(name)[0] for name in learned(found))
    note = "the same weights are used at every step, so what each step puts in is added up"
    return [*steps, Step("add up the gradients of the weights", sums, note)]


def learned(found: Symbolic) -> list[Symbol]:
    names: list[Symbol] = []
    for equation in found.network.equations:
        if isinstance(equation, Affine):
            names += [weight for weight, _ in equation.products]
            names += [equation.bias] if equation.bias in found.typed and equation.bias else []
    return list(dict.fromkeys(names))


def sequence_answer(found: Symbolic, name: str) -> Answer:
    vector = found.network.state if name == "h" else found.network.output
    assert vector is not None
    times = range(1, found.layout.steps + 1)
    formulas = Listing(tuple(found.full((vector, time)) for time in times))
    return Answer(name, formulas, formulas, vector)


def gradients_answer(found: Symbolic) -> Answer:
    """The gradients by the names of their parameters, written out in what was typed."""
    value: dict[str, Result] = {}
    maths: list[Expr] = []
    for name in learned(found):
        chain, formula = found.parameter(name)
        value[found.builder.owners[name].name] = found.written_out(formula)
        maths.append(equals(chain.first, formula))
    for vector, start in found.network.initial:
        formula = found.adjoints.get((vector, 0), wrap(0))
        value[found.builder.owners[start].name] = found.written_out(formula)
        maths.append(equals(found.network.gradient(vector, 0), formula))
    inputs = [
        found.adjoints.get((found.network.inputs, time), wrap(0))
        for time in range(1, len(found.inputs) + 1)
    ]
    value["x"] = Listing(tuple(map(found.written_out, inputs)))
    for time, formula in enumerate(inputs, 1):
        maths.append(equals(found.network.gradient(found.network.inputs, time), formula))
    return Answer("gradients", value, Listing(tuple(maths)))


def jacobian(given: RecurrentQuestion, found: Symbolic) -> tuple[Step, Answer]:
    """∂h_T/∂h_0 as a product of one factor a step."""
    state, last = found.network.state, found.layout.steps
    fresh = Symbolic(given, builder_for(given, 1, takes_letters=True))
    fresh.backward({(state, last): wrap(1)})
    formula = fresh.adjoints.get((state, 0), wrap(0))
    now = at_time(state, last)
    factors = [
        Derivative(at_time(state, time), at_time(state, time - 1), partial=True)
        for time in range(last, 0, -1)
    ]
    names: Expr = factors[0] if len(factors) == 1 else Mul(tuple(factors))
    name = Derivative(now, at_time(state, 0), partial=True)
    chain = equals(name, names, formula)
    note = (
        "a factor for each step: where they are small the past fades, where they are large it grows"
    )
    answer = Answer("jacobian", found.written_out(formula), formula, name)
    return Step("see how far the gradient reaches", (chain,), note), answer
