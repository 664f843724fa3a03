"""A recurrent network in letters: each step, each gradient, and the formulas that they come to."""

from __future__ import annotations

from fractions import Fraction

from mlcalc.files.errors import Unsolved
from mlcalc.maths.board import Note
from mlcalc.maths.printing import one_line
from mlcalc.maths.tree import (
    Chain,
    Derivative,
    Expr,
    Listing,
    Mul,
    Symbol,
    equals,
    joined,
    substitute,
    wrap,
)
from mlcalc.maths.vectors import NamedVector, added, writer
from mlcalc.networks import backward_working
from mlcalc.networks.activations import refuse_flat, slope_notes
from mlcalc.networks.equations import Activation, L, Moment, at_time
from mlcalc.networks.losses import asked_loss
from mlcalc.networks.recurrence.building import Builder
from mlcalc.networks.recurrence.memory_building import builder_for
from mlcalc.networks.recurrence.objective import TARGET
from mlcalc.networks.recurrence.question import RecurrentQuestion
from mlcalc.networks.recurrence.through_time import BLOCKED
from mlcalc.networks.recurrence.wording import MEANINGS, NOUNS, backward_title, cell_notes
from mlcalc.networks.recurrence.working import equations_step, start_notes
from mlcalc.networks.running import Layout
from mlcalc.networks.symbolic import Symbolic
from mlcalc.networks.working import letters
from mlcalc.showing.derivation import Answer, Block, Derivation, Result, Step, only_for, typed_name

MOST_STEPS = 4
"""The formulas of a longer sequence fill pages."""


def symbolic(builder: Builder) -> Symbolic:
    """The run in letters of the network that was asked for."""
    network, given = builder.network(), builder.given
    inputs = {(network.inputs, t): row.rows[0][0] for t, row in enumerate(given.x or (), 1)}
    return Symbolic(Layout(network, builder.parameters, 1, builder.steps), inputs)


class Costs:
    """The loss of each step that counts, in letters."""

    def __init__(self, given: RecurrentQuestion, found: Symbolic) -> None:
        self.found, self.given = found, given
        output = found.network.output
        if output is None:
            raise given.fault("targets need an output: give W_hy", RecurrentQuestion.targets)
        if given.loss is None:
            raise given.fault("targets need a loss: give loss, such as squared-error")
        if given.loss == "hinge":
            message = "the slope of the hinge loss depends on numbers: give one for each letter"
            raise Unsolved.because(message, given.place_of(RecurrentQuestion.loss))
        for equation in found.network.equations:
            if isinstance(equation, Activation):
                refuse_flat(equation.word, given.place)
                if equation.word == "softmax":
                    message = "the slope of softmax needs numbers: give one for each letter"
                    raise Unsolved.because(message, given.place)
        self.output = output
        made = found.network.activation_of(output)
        self.loss = asked_loss(given, made.word if made else "identity", 1, writer([]))
        self.loss.refuse_letters(1)
        steps = found.layout.steps
        first = steps if given.loss_from is None else given.loss_from
        self.times = list(range(first, steps + 1))
        rows = given.targets or ()
        if len(rows) not in (steps, len(self.times)):
            message = f"targets has {len(rows)} rows and must have {steps}: one for each step"
            raise given.fault(message, RecurrentQuestion.targets)
        times = self.times if len(rows) == len(self.times) else range(1, steps + 1)
        self.targets = {t: row.rows[0][0] for t, row in zip(times, rows, strict=True)}

    def pair(self, time: int) -> tuple[NamedVector, NamedVector]:
        """y_t and its target, by their names."""
        one = (Fraction(0),)
        return NamedVector(at_time(self.output, time), one), NamedVector(at_time(TARGET, time), one)

    def put_in(self, formula: Expr, time: int) -> Expr:
        return substitute(formula, {at_time(TARGET, time): self.targets[time]})

    def term(self, time: int) -> Expr:
        y, t = self.pair(time)
        return self.loss.whole(self.loss.summed(y, t), 1)

    def name(self, time: int) -> Expr:
        return L if self.found.layout.steps == 1 else at_time(L, time)

    def total(self) -> Expr:
        return added([self.put_in(self.term(time), time) for time in self.times])

    def step(self) -> Step:
        blocks: list[Block] = []
        for time in self.times:
            term, typed = self.term(time), self.put_in(self.term(time), time)
            # A target that was typed as t_1 is printed as its name is.
            is_repeated = one_line(term) == one_line(typed)
            blocks.append(equals(self.name(time), term, *([] if is_repeated else [typed])))
        if self.found.layout.steps > 1:
            blocks.append(equals(L, added([self.name(time) for time in self.times])))
        return Step("write the loss", tuple(blocks))

    def answer(self) -> Answer:
        return Answer("loss", self.found.written_out(self.total()), self.total(), L)

    def seeds(self) -> dict[Moment, Expr]:
        activation = self.found.network.activation_of(self.output)
        seeds: dict[Moment, Expr] = {}
        for time in self.times:
            y, t = self.pair(time)
            if activation is not None and self.loss.has_combined_rule(activation.word):
                seeds[activation.argument, time] = self.put_in(y.name - t.name, time)
            else:
                slope = self.loss.slope_in_letters(y, t)
                assert slope is not None
                seeds[self.output, time] = self.put_in(slope, time)
        return seeds


Z = Symbol("z")
POSITIVE = Chain(Z, ((">", wrap(0)),))


def solved_in_letters(given: RecurrentQuestion) -> Derivation:
    """The derivation of a question whose network of single numbers has letters in it."""
    refuse_what_needs_numbers(given)
    builder = builder_for(given, 1, takes_letters=True)
    found = symbolic(builder)
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
        steps += only_for(("loss", "gradients"), [costs.step()])
        steps += only_for(("gradients",), backward_steps(found, costs))
        answers += [costs.answer(), gradients_answer(found, builder)]
        notes += costs.loss.notes()
        text = (
            "in the formulas h and y of a step stand for what the steps above give them; an "
            "answer that is checked is written in the letters that were typed"
        )
        notes.append(Note("rnn.names", text))
        notes += [BLOCKED[given.cell]] if given.cell in BLOCKED else []
        title = f"{backward_title(given.cell)}, in letters"
    # In the others a step reads more of the past than the state of the step before.
    if given.cell in ("rnn", "gru"):
        step, answer = jacobian(found)
        steps += only_for(("jacobian",), [step])
        asides.append(answer)
    words = [e.word for e in network.equations if isinstance(e, Activation)]
    notes += slope_notes(words)
    names = {network.name(*moment): x for moment, x in found.inputs.items()} | found.names
    typed = tuple((typed_name(name), formula) for name, formula in names.items())
    return Derivation(
        title, tuple(steps), tuple(answers), tuple(notes), asides=tuple(asides), names=typed
    ).apart("gradients")


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
                blocks.append(equals(target, in_names, found.right[equation.target, time]))
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
    uses = backward_working.learned(found.layout, found.network.equations)
    return list(dict.fromkeys(name for name, _ in uses))


def sequence_answer(found: Symbolic, name: str) -> Answer:
    vector = found.network.state if name == "h" else found.network.output
    assert vector is not None
    times = range(1, found.layout.steps + 1)
    formulas = Listing(tuple(found.full((vector, time)) for time in times))
    return Answer(name, formulas, formulas, vector)


def gradients_answer(found: Symbolic, builder: Builder) -> Answer:
    """The gradients by the names of their parameters, written out in what was typed."""
    value: dict[str, Result] = {}
    maths: list[Expr] = []
    for name in learned(found):
        chain, formula = found.parameter(name)
        value[builder.owners[name].name] = found.written_out(formula)
        maths.append(equals(chain.first, formula))
    for vector, start in found.network.initial:
        formula = found.adjoints.get((vector, 0), wrap(0))
        value[builder.owners[start].name] = found.written_out(formula)
        maths.append(equals(found.network.gradient(vector, 0), formula))
    inputs = [found.adjoints.get((found.network.inputs, time), wrap(0)) for _, time in found.inputs]
    value["x"] = Listing(tuple(map(found.written_out, inputs)))
    for time, formula in enumerate(inputs, 1):
        maths.append(equals(found.network.gradient(found.network.inputs, time), formula))
    return Answer("gradients", value, Listing(tuple(maths)))


def jacobian(found: Symbolic) -> tuple[Step, Answer]:
    """∂h_T/∂h_0 as a product of one factor a step."""
    state, last = found.network.state, found.layout.steps
    fresh = Symbolic(found.layout, found.inputs)
    fresh.backward({(state, last): wrap(1)})
    formula = fresh.adjoints.get((state, 0), wrap(0))
    now = at_time(state, last)
    factors = [
        Derivative(at_time(state, time), at_time(state, time - 1), partial=True)
        for time in range(last, 0, -1)
    ]
    names = joined(Mul, factors)
    name = Derivative(now, at_time(state, 0), partial=True)
    chain = equals(name, names, formula)
    note = (
        "a factor for each step: where they are small the past fades, where they are large it grows"
    )
    answer = Answer("jacobian", found.written_out(formula), formula, name)
    return Step("see how far the gradient reaches", (chain,), note), answer
