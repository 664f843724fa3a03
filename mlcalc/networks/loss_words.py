"""A loss as people write it: its word, its formula, or the name that PyTorch has for it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from mlcalc.files.display import visible
from mlcalc.files.document import Entries, Raw, Text, written
from mlcalc.files.errors import Invalid
from mlcalc.maths.board import Note
from mlcalc.maths.near import plain_name
from mlcalc.maths.records import replace
from mlcalc.networks.called import CalledWord

TARGETS = {"t", "target", "targets", "desired", "d", "label", "labels", "ytrue", "truth", "y"}
OUTPUTS = {"o", "output", "outputs", "out", "yhat", "ypred", "pred", "prediction", "p", "a", "y"}
FORMS = {
    "half-squared-error": "1/2S 1/2ΣS 0.5S 0.5ΣS S/2 ΣS/2",
    "squared-error": "S ΣS",
    "mean-squared-error": "1/nΣS MS ΣS/n",
    "cross-entropy": "-ΣC -C",
    "binary-cross-entropy": "-(C+D) -Σ(C+D) -[C+D] -Σ[C+D] -C-D",
}
"""S is the square of the difference, C is t ln y, D the same of 1 − t and 1 − y, M the mean."""
BY_FORM = {form: word for word, forms in FORMS.items() for form in forms.split()}
SIGNS = (
    (r"^\s*(?:l|e|j|c|loss|cost|error)\s*(?:\([^()=]*\))?\s*=", ""), (r"^\s*mse\s*[:=]", "mse "),
    (r"\\[dt]?frac\s*\{\s*1\s*\}\s*\{\s*(\w+)\s*\}", r"1/\1"),
    (r"½", "1/2"), (r"²|\*\*\s*2|\^\{2\}", "^2"),
    (r"\\hat\{?\s*y\s*\}?|y_hat|ŷ|y\u0302", "yhat"),
    (r"y_(?:true|target)", "ytrue"), (r"y_pred\w*", "ypred"),
    (r"\\(?:left|right|cdot|,|;|!)", ""), (r"\\", ""), (r"\b(?:np|torch|math)\.", ""),
    (r"(?:(?<![a-z])sum|[Σσ∑])(?:_\{[^{}]*\}|_\w)?(?:\^\{[^{}]*\}|\^\w)?", "Σ"),
    (r"(?<![a-z])mean(?![a-z])", "M"),
    (r"(?<=[a-z])_(?:\w|\{\w+\})(?!\w)", ""), (r"\blog\b|\blog(?=\()", "ln"), (r"[−–]", "-"),
    (r"[\s*·⋅×]", ""), (r"\((1/[2nNm])\)", r"\1"), (r"1/[Nm]", "1/n"), (r"(?<!\d)\.5", "0.5"),
)  # fmt: skip
SQUARE = re.compile(r"(?:\(|\|{1,2}|‖)([a-z]+)-([a-z]+)(?:\)|\|{1,2}|‖)(?:_2)?\^2")
BOTH = re.compile(r"\(1-([a-z]+)\)ln\(1-([a-z]+)\)")
LOG = re.compile(r"([a-z]+?)ln(?:\(([a-z]+)\)|([a-z]+))")
PREFIX = r"(?:[A-Za-z_]\w*\.)*"
CALLED = re.compile(
    rf"{PREFIX}(MSELoss|BCELoss|mse_loss|MeanSquaredError|BinaryCrossentropy|CategoricalCrossentropy"
    r"|sparse_categorical_crossentropy|SparseCategoricalCrossentropy|binary_cross_entropy)"
    r"(?:\((?:reduction=.(mean|sum).|from_logits=False)?\))?"
)
OF_LOGITS = re.compile(
    rf"{PREFIX}(?:CrossEntropyLoss|BCEWithLogitsLoss|cross_entropy|binary_cross_entropy_with_logits"
    r"|(?:Sparse)?CategoricalCrossentropy(?=\(from_logits=True\))"
    r"|BinaryCrossentropy(?=\(from_logits=True\)))"
    r"(?:\((?:reduction=.(?:mean|sum).|from_logits=True)?\))?"
)
"""What is a loss of the sums before softmax or sigmoid, which it takes itself."""


OF_SOFTMAX = re.compile(
    r"softmax(?:and|with|plus)?(?:categorical)?(?:crossentropy|nll)?(?:withlogits)?(?:loss)?"
    r"|(?:categorical)?crossentropy(?:loss)?(?:with|of|after|from)(?:softmax|logits)"
)
OF_SIGMOID = re.compile(
    r"(?:sigmoid|logistic)(?:and|with|plus)?(?:binary)?(?:crossentropy|bce)?(?:withlogits)?"
    r"(?:loss)?|(?:binarycrossentropy|bce)(?:loss)?(?:with|of|after|from)(?:sigmoid|logits)"
)
"""The same in words, of which each names the activation beside the loss."""
LOGISTIC = "logisticloss"


def of_logits(raw: Raw | None) -> tuple[str, str]:
    """The activation that a loss takes itself, and the loss; nothing of others."""
    typed = plain_name(typed_word(raw).rpartition(".")[2])
    if OF_SOFTMAX.fullmatch(typed):
        return "softmax", "cross-entropy"
    if OF_SIGMOID.fullmatch(typed):
        return "sigmoid", "binary-cross-entropy"
    return of_framework(raw)


def typed_word(raw: Raw | None) -> str:
    return raw.value.strip() if isinstance(raw, Text) else ""


def of_framework(raw: Raw | None) -> tuple[str, str]:
    """The same of a loss by the name that a framework has for it."""
    typed = typed_word(raw)
    is_ours = plain_name(typed) == plain_name(typed.lower()) == "crossentropy" and "." not in typed
    if not OF_LOGITS.fullmatch(typed) or is_ours:
        return "", ""
    is_binary = re.search(r"BCE|[Bb]inary", typed) is not None
    return ("sigmoid", "binary-cross-entropy") if is_binary else ("softmax", "cross-entropy")


def is_mean(raw: Raw | None) -> bool:
    """Whether a loss is typed as a framework's, which is the mean over the examples."""
    typed = typed_word(raw)
    is_called = CALLED.fullmatch(typed) is not None or bool(of_framework(raw)[0])
    return is_called and "sum" not in typed


def with_activation(given: Entries, plain_names: Mapping[str, str]) -> Entries:
    """The same with the activation that a loss takes itself.

    Raises `Invalid` where the output has one already.
    """
    named = {plain_names.get(plain_name(key.value), ""): raw for key, raw in given.pairs}
    raw, output = named.get("loss"), named.get("output_activation")
    activation, _ = of_logits(raw)
    if not activation or raw is None:
        return given
    if output is None:
        key = Text("output_activation", raw.place)
        return replace(given, pairs=(*given.pairs, (key, replace(raw, value=activation))))
    if not of_framework(raw)[0] and plain_name(written(output)) == activation:
        return given  # both say so
    if written(output).casefold() in ("identity", "linear", "none"):
        output_key = next(key for key, value in given.pairs if value is output)
        rest = tuple(pair for pair in given.pairs if pair[1] is not output)
        return replace(given, pairs=(*rest, (output_key, replace(raw, value=activation))))
    message = (
        f"{written(raw).partition('(')[0]} takes {activation} itself: leave output_activation "
    )
    raise Invalid.at(f"{message}out, or write loss {of_logits(raw)[1]} for it once", raw.place)


def refuse_logits(given: Entries, plain_names: Mapping[str, str]) -> None:
    """Raises `Invalid` for such a loss where the mean that it takes is not."""
    for key, raw in given.pairs:
        activation, loss = of_framework(raw)
        if activation and plain_names.get(plain_name(key.value)) == "loss":
            message = f"{written(raw).partition('(')[0]} takes {activation} itself: write "
            message += f"output_activation {activation} and loss {loss}, which is a sum over steps"
            raise Invalid.at(message, raw.place)


def unfit_for(raw: Raw | None, outputs: int) -> str:
    """What is wrong with the activation that a loss takes, for so many outputs; else nothing."""
    is_named = bool(of_framework(raw)[0])
    if outputs == 1 and of_logits(raw)[0] == "softmax":
        message = "softmax of one output is always 1: for two classes by one output the loss is "
        return message + ("BCEWithLogitsLoss" if is_named else "'sigmoid cross-entropy'")
    if outputs > 1 and plain_name(typed_word(raw)) == LOGISTIC:
        message = "the logistic loss of several outputs is that of one class of them, "
        return f"{message}'softmax cross-entropy', or of each alone, 'sigmoid cross-entropy'"
    return ""


class LossWord(CalledWord):
    """A loss by its word or by its formula: 1/2 sum (target - output)^2."""

    def remarks(self, raw: Raw, value: str) -> tuple[Note, ...]:
        activation, loss = of_logits(raw)
        if not activation:
            return ()
        text = f"{visible(typed_word(raw))} is read as the {loss} of a {activation} output"
        return (Note("given.loss_activation", text),)

    def read(self, raw: Raw) -> str:
        typed = typed_word(raw)
        if word := of_logits(raw)[1]:
            return word
        try:
            return super().read(raw)
        except Invalid:
            if not re.search(r"[\^²()]|\*\*|ln|log", typed):
                raise
            known = ", ".join(f"{word} {meaning}" for word, meaning in self.meanings.items())
            raise self.refused(raw, f"one of {known}") from None

    def bare(self, typed: str) -> Iterator[str]:
        yield from super().bare(typed)
        if found := CALLED.fullmatch(typed.strip()):
            is_sum = found[2] == "sum"
            square = "squared-error" if is_sum else "mean-squared-error"
            name = found[1].lower()
            binary = "binary-cross-entropy" if re.search("bce|binary", name) else square
            yield plain_name("cross-entropy" if "categorical" in name else binary)
        yield plain_name(BY_FORM.get(form_of(typed), ""))


def form_of(typed: str) -> str:
    """The form of a formula with S, C and D for the terms of an output and its target."""
    text = typed.lower()
    for pattern, sign in SIGNS:
        text = re.sub(pattern, sign, text)
    text = SQUARE.sub(lambda found: "S" if is_pair(*found.groups()) else "?", text)
    pairs: set[tuple[str, str]] = set()

    def logarithm(found: re.Match[str]) -> str:
        pair = found[1], found[2] or found[3]
        pairs.add(pair)
        return "C" if pair[0] in TARGETS and pair[1] in OUTPUTS and pair[0] != pair[1] else "?"

    text = LOG.sub(logarithm, BOTH.sub(lambda found: logarithm(found).replace("C", "D"), text))
    form = re.sub(r"\(([SC]|ΣS)\)", r"\1", text).removeprefix("mse")
    is_other = text.startswith("mse") and BY_FORM.get(form) != "mean-squared-error"
    return "?" if len(pairs) > 1 or is_other else form


def is_formula(raw: Raw | None) -> bool:
    """Whether a loss is typed as its formula, which means itself alone."""
    return isinstance(raw, Text) and form_of(raw.value) in BY_FORM


def is_pair(one: str, other: str) -> bool:
    """Whether two names are those of an output and its target, in either order."""
    pairs = ((one, other), (other, one))
    return one != other and any(t in TARGETS and y in OUTPUTS for t, y in pairs)
