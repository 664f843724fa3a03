"""From the weights that were given to a network: layers, directions, skips and the output.

Vectors of layer 2 are h_2[t]; of a bidirectional layer h_f[t] and h_b[t].  Its weights bear the
same mark behind the name that was typed: W_xh,2.
"""

from __future__ import annotations

from typing import Any

from mlcalc.files.document import Entries, Items, Raw
from mlcalc.files.errors import Complaint, Invalid
from mlcalc.files.fields import entries_of, is_mapping
from mlcalc.files.problem import Field, Problem
from mlcalc.maths.records import Record, replace
from mlcalc.maths.tree import Matrix, Symbol
from mlcalc.networks.equations import (
    Affine,
    Combination,
    Concatenation,
    Equation,
    Factor,
    Network,
    Pass,
    Reading,
    Term,
    unit,
)
from mlcalc.networks.layers import check_numbers, entries, misfits
from mlcalc.networks.recurrence.cells import barred, marked, placed, recurrent, weight_symbol
from mlcalc.networks.recurrence.parameters import GATES, Placed, fitted, known_names
from mlcalc.networks.recurrence.question import LayerWeights, RecurrentQuestion, Weights
from mlcalc.networks.recurrence.wording import NOUNS, foreign_weight, missing_weights

X, H, O, Y = map(Symbol, "xhoy")  # noqa: E741  # o is the output's sum, as in the books


class Owner(Record):
    """Where a parameter was given: in which layer's mapping, and under which name."""

    path: tuple[str, ...]
    name: str


class Builder:
    """Puts a network together, and tells every shape that does not fit in one go."""

    def __init__(
        self, given: RecurrentQuestion, input_size: int, takes_letters: bool = False
    ) -> None:
        self.given, self.takes_letters = given, takes_letters
        self.parameters: dict[Symbol, Matrix] = {}
        self.owners: dict[Symbol, Owner] = {}
        self.passes: list[Pass] = []
        self.initial: list[tuple[Symbol, Symbol]] = []
        self.complaints: list[Complaint] = []
        self.input_size = input_size
        self.skips: list[tuple[Symbol, Placed]] = []
        self.outputs = 0 if given.W_hy is None else given.W_hy.shape[0]
        self.steps = given.steps or len(given.x or ())
        self.check_steps()

    def network(self) -> Network:
        inputs = len(self.given.x or ())
        if self.steps > inputs:
            self.add((Combination(X, (Term((Factor(Reading(Y, 1)),)),), inputs + 1),))
        top = self.layers()
        has_output = self.given.W_hy is not None
        if has_output:
            self.add(self.output(top))
        self.add(self.after_output())
        if self.complaints:
            raise Invalid(*self.complaints)
        if self.steps > inputs and len(self.passes) > 1:
            message = "beyond the inputs the output is fed back, which needs a single direction"
            raise self.given.fault(message, RecurrentQuestion.steps)
        output = Y if has_output or top.state == Y else None
        return Network(tuple(self.passes), X, top.state, output, tuple(self.initial))

    def check_steps(self) -> None:
        """Beyond the inputs the output is fed back, which must fit in their place."""
        given, inputs, field = self.given, len(self.given.x or ()), RecurrentQuestion.steps
        if given.steps is None or given.steps == inputs:
            return
        if given.steps < inputs:
            message = (
                f"steps is {given.steps}, and x has {inputs} rows: leave steps out, or shorten x"
            )
            raise given.fault(message, field)
        if given.W_hy is None:
            message = "beyond the inputs the output is fed back, which needs an output: give W_hy"
            raise given.fault(message, field)
        if self.outputs != self.input_size:
            raise given.fault(
                "beyond the inputs the output is fed back, and must be as long as an input: y_t "
                f"has {entries(self.outputs)} and x_t {self.input_size}",
                field,
            )

    # Layers.

    def layers(self) -> Placed:
        given = self.given
        if given.layers is None:
            below = Placed(X, self.input_size, "")
            return self.one_layer(given, given.backward, "", below, ())
        for field in Weights.fields.values():
            if given.is_given(field):
                name = given.typed_name(field)
                raise given.fault(f"{name} belongs to a layer: write it in layers", field)
        if given.backward is not None:
            message = "backward belongs to a layer: write it there, '[{W_xh: 1, backward: {…}}]'"
            raise given.fault(message, RecurrentQuestion.backward)
        below = Placed(X, self.input_size, "")
        members = self.members(given.layers)
        for number, layer in enumerate(members, 1):
            path = ("layers", str(number))
            below = self.one_layer(layer, layer.backward, str(number), below, path)
            if layer.W_hy is not None:
                if number == len(members):
                    message = "the last layer's W_hy is that of the network: write it beside layers"
                    raise layer.fault(message, LayerWeights.W_hy)
                self.skip_to_output(layer, below, str(number), path)
        return below

    def members(self, raw: Raw) -> list[LayerWeights]:
        items = raw.items if isinstance(raw, Items) else ()
        if not items or not all(map(is_mapping, items)):
            message = "layers must be a list of mappings, such as '[{W_xh: 1, W_hh: 2}, …]'"
            raise self.given.fault(message, RecurrentQuestion.layers)
        return [layer_of(entries_of(item, "W_xh: 1, W_hh: 2")) for item in items]

    def one_layer(
        self,
        given: Weights,
        backward: Entries | None,
        mark: str,
        below: Placed,
        path: tuple[str, ...],
    ) -> Placed:
        """A layer in one direction or in both; the states of both are put below each other."""
        if backward is None:
            return self.direction(given, mark, below, False, path)
        ahead = self.direction(given, mark + "f", below, False, path)
        other = Weights.read(backward)
        assert isinstance(other, Weights)
        back = self.direction(other, mark + "b", below, True, (*path, "backward"))
        state = marked(H, mark)
        self.add((Concatenation(state, (Reading(ahead.state), Reading(back.state))),))
        size = ahead.size + back.size
        return Placed(state, size, f"{ahead.size} forward and {back.size} backward")

    def direction(
        self, given: Weights, mark: str, below: Placed, is_reversed: bool, path: tuple[str, ...]
    ) -> Placed:
        names = self.take(given, mark, path)
        size, because, complaints = fitted(self.given, given, below)
        self.complaints += complaints
        skip = self.skip(given, mark, size, because, path)

        def name(field: str) -> Symbol:
            return names.get(field) or weight_symbol(field, mark)

        found = recurrent(
            self.given.cell, self.given.variant, self.given.activation, Reading(X), name
        )
        equations = [placed(e, mark, below.state, is_reversed) for e in found]
        if skip is not None:
            first = next(k for k, e in enumerate(equations) if isinstance(e, Affine))
            affine = equations[first]
            assert isinstance(affine, Affine)
            equations[first] = replace(affine, products=(*affine.products, (skip, Reading(X))))
        self.add(tuple(equations), is_reversed)
        for vector, start_name in (("h", "h0"), ("c", "c0")):
            if vector == "h" or self.given.cell == "lstm":
                start = name(start_name)
                self.owners.setdefault(start, Owner(path, start_name))
                self.initial.append((marked(Symbol(vector), mark), start))
        return Placed(marked(H, mark), size, because)

    def add(self, equations: tuple[Equation, ...], is_reversed: bool = False) -> None:
        """Joins equations that run in one direction into one pass."""
        if not equations:
            return
        if self.passes and not is_reversed and not self.passes[-1].is_reversed:
            last = self.passes.pop()
            equations = (*last.equations, *equations)
        self.passes.append(Pass(equations, is_reversed))

    # Parameters.

    def take(self, given: Weights, mark: str, path: tuple[str, ...]) -> dict[str, Symbol]:
        """The symbols of the weights of a layer, which are checked to be numbers."""
        names: dict[str, Symbol] = {}
        known = known_names(self.given.cell, self.given.variant)
        self.complaints += missing_weights(self.given, given)
        for field in Weights.fields.values():
            matrix = given.values[field.name]
            if matrix is not None and field.name in known:
                names[field.name] = self.parameter(given, field, matrix, mark, path)
            elif matrix is not None:
                typed = given.typed_name(field)
                raise given.fault(foreign_weight(self.given, typed, field.name), field)
        if self.complaints:
            raise Invalid(*self.complaints)
        return names

    def parameter(
        self, given: Problem, field: Field[Any], matrix: Matrix, mark: str, path: tuple[str, ...]
    ) -> Symbol:
        if not self.takes_letters:
            check_numbers(given, field, matrix)
        typed = given.typed_name(field)
        symbol = weight_symbol(typed, mark)
        self.parameters[symbol] = matrix
        self.owners[symbol] = Owner(path, typed)
        return symbol

    def skip(
        self, given: Weights, mark: str, size: int, because: str, path: tuple[str, ...]
    ) -> Symbol | None:
        if not isinstance(given, LayerWeights) or given.skip is None:
            return None
        if self.given.cell in GATES:
            noun = NOUNS[self.given.cell]
            message = f"{noun} has gates, and skip is for cells without: leave it out"
            raise given.fault(message, LayerWeights.skip)
        why = f"a row for each entry of h ({because}), a column for each entry of x_t"
        wanted = (size, self.input_size)
        self.complaints += misfits(given, LayerWeights.skip, given.skip, wanted, why)
        check_numbers(given, LayerWeights.skip, given.skip)
        symbol = Symbol("W", f"skip,{mark}")
        self.parameters[symbol] = given.skip
        self.owners[symbol] = Owner(path, "skip")
        return symbol

    # The output.

    def after_output(self) -> tuple[Equation, ...]:
        """What is made of the output, for a later step."""
        return ()

    def skip_to_output(
        self, layer: LayerWeights, state: Placed, mark: str, path: tuple[str, ...]
    ) -> None:
        assert layer.W_hy is not None
        symbol = self.parameter(layer, LayerWeights.W_hy, layer.W_hy, mark, path)
        why = f"a row for each output, a column for each entry of h ({state.because})"
        wanted = (self.outputs, state.size)
        self.complaints += misfits(layer, LayerWeights.W_hy, layer.W_hy, wanted, why)
        self.skips.append((symbol, state))

    def output(self, top: Placed) -> tuple[Equation, ...]:
        given, fields = self.given, RecurrentQuestion
        assert given.W_hy is not None
        weight = self.parameter(given, fields.W_hy, given.W_hy, "", ())
        why = f"a column for each entry of h ({top.because})"
        wanted = (self.outputs, top.size)
        self.complaints += misfits(given, fields.W_hy, given.W_hy, wanted, why)
        bias = None
        if given.b_y is not None:
            bias = self.parameter(given, fields.b_y, given.b_y, "", ())
            why = f"one for each row of {given.typed_name(fields.W_hy)}"
            self.complaints += misfits(given, fields.b_y, given.b_y, (self.outputs, 1), why)
        skips = [(symbol, Reading(state.state)) for symbol, state in self.skips]
        products = [(weight, Reading(top.state)), *skips]
        # Beside an output gate o the sum has another name.
        total = barred(Y) if given.cell in GATES else O
        return unit(Y, total, products, bias, given.output_activation)


def layer_of(entries: Entries) -> LayerWeights:
    """A member of `layers`."""
    found = LayerWeights.read(entries)
    assert isinstance(found, LayerWeights)
    return found
