"""The verdict on one claim, or on claims by name, by the sort of answer that is asked for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from fractions import Fraction
from types import MappingProxyType
from typing import cast

from mlcalc.files.document import Entries, Items, Raw, Text, plain, written
from mlcalc.files.errors import Complaint, Invalid
from mlcalc.marking.checking.collections import compare_number, compare_numbers
from mlcalc.marking.checking.findings import (
    RIGHT,
    Finding,
    all_right,
    bound,
    remark_of,
    united,
    wrong,
)
from mlcalc.marking.checking.mappings import compare_mapping, compare_records, parts_left
from mlcalc.marking.checking.numbers import USUAL, Rule
from mlcalc.marking.checking.parts import part_named
from mlcalc.marking.checking.stacked import on_one_line
from mlcalc.maths.evaluate import Value, as_tree, evaluate
from mlcalc.maths.functions import EvaluationError, Unbound, Undefined
from mlcalc.maths.near import closest
from mlcalc.maths.records import replace
from mlcalc.maths.tree import Call, Chain, Expr, Listing, Number, Shape, Symbol, Words
from mlcalc.showing.derivation import Answer, Checked, Derivation, Result, Verdict

MAX_LENGTH = 3000
"""Characters of one answer; a list of answers may be as long as LONGEST_LIST."""
LONGEST_LIST = 20_000
LEAST_WORDS = 2
"""So many words has a claim that takes something back."""
NO_CLAIMS: Mapping[str, Raw] = MappingProxyType({})
NOT_COMPARED = (Verdict.UNDECIDED, "other answers are right too, and whether this is one is open")


def check(
    claimed: Raw,
    answer: Answer,
    rule: Rule = USUAL,
    name: str | None = None,
    complete: bool = False,
    others: Sequence[Answer] = (),
    claims: Mapping[str, Raw] = NO_CLAIMS,
) -> Checked:
    """The verdict on what was claimed for that answer.

    Where `complete`, a mapping of which parts are not claimed is missing, if all else is right.
    A formula may hold what `others`, the answers to the same problem, are called.  `claims` is what
    was claimed for them by name, where an answer is tried with another.
    """
    text = written(claimed)
    name = name or answer.name
    if not (text.strip() if isinstance(claimed, Text) else plain(claimed)):
        return Checked(name, text, Verdict.MISSING)
    of_ones = rule.of_ones or are_ones(others)
    rule = replace(rule, is_count=answer.is_count, choices=answer.choices, of_ones=of_ones)
    try:
        refuse_length(claimed, text)
    except Invalid as error:
        return Checked(name, text, Verdict.UNREADABLE, error.complaints[0].message)
    claimed = on_one_line(claimed, answer.name)
    if isinstance(claimed, Text) and isinstance(answer.maths, Listing):
        from mlcalc.marking.checking.printed import as_printed

        claimed = as_printed(claimed, answer)
    finding = marked(claimed, answer, rule, others, claims)
    if complete and finding.verdict is Verdict.RIGHT:
        from mlcalc.marking.checking.wrapping import as_it_stands

        plainly = as_it_stands(claimed) if isinstance(claimed, Text) else claimed
        left = parts_left(plainly, answer.value)
        if left:
            return Checked(name, text, Verdict.MISSING, f"missing: {', '.join(left)}")
    return Checked(name, text, finding.verdict, finding.remark)


def marked(
    claimed: Raw, answer: Answer, rule: Rule, others: Sequence[Answer], claims: Mapping[str, Raw]
) -> Finding:
    """The verdict on all readings of a claim: as it stands, and with its wrapping off.

    Where readings differ there is none.
    """

    def tried(reading: Raw) -> Finding:
        return read_and_judged(reading, answer, rule, others, claims)

    if not isinstance(claimed, Text):
        return tried(claimed)
    from mlcalc.marking.checking.wrapping import as_it_stands, unwrapped

    claimed = as_it_stands(claimed)
    if is_formula(answer.value):
        from mlcalc.marking.checking.defined import explained

        claimed = explained(claimed, answer, others)
    elif isinstance(answer.value, Fraction | float):
        from mlcalc.marking.checking.infinite import with_infinity
        from mlcalc.marking.checking.worked import restated

        claimed = with_infinity(restated(claimed, answer, others), answer.value)
    first = tried(claimed)
    if first.verdict is Verdict.RIGHT:
        return first
    found = [(one.value, tried(one)) for one in unwrapped(claimed, answer, others)]
    found = [(text, one) for text, one in found if one.verdict is not Verdict.UNREADABLE]
    if not found:
        return first
    text, other = found[0]
    verdicts = {one.verdict for _, one in found}
    if first.verdict is not Verdict.UNREADABLE:
        if Verdict.RIGHT not in verdicts:
            return first
        text = next(text for text, one in found if one.verdict is Verdict.RIGHT)
        message = f"this can be read in two ways, as it stands and as {text}: write one of them"
        return Finding(Verdict.UNREADABLE, message)
    if len(verdicts) > 1:
        ways = " and as ".join(text for text, _ in found)
        message = f"this can be read in two ways, as {ways}: write one of them"
        return Finding(Verdict.UNREADABLE, message)
    return replace(other, remark="; ".join(filter(None, (f"read as {text}", other.remark))))


def read_and_judged(
    claimed: Raw, answer: Answer, rule: Rule, others: Sequence[Answer], claims: Mapping[str, Raw]
) -> Finding:
    """The finding on one reading, of which the remark is told; unreadable is one as well."""
    try:
        refuse_denials(claimed, answer)
        finding = judged_together(claimed, answer, rule, others, claims)
    except Invalid as error:
        return Finding(Verdict.UNREADABLE, placed(error.complaints[0], claimed))
    except Unbound as error:
        return Finding(Verdict.UNREADABLE, f"a number is expected here, and {error}")
    except Undefined as error:
        return Finding(Verdict.WRONG, str(error))
    except EvaluationError as error:
        return Finding(Verdict.UNDECIDED, str(error))
    return Finding(finding.verdict, remark_of(finding))


def refuse_denials(claimed: Raw, answer: Answer) -> None:
    """Raises `Invalid` where words take back or doubt the value that they stand beside."""
    if not isinstance(claimed, Text) or isinstance(answer.value, bool | str | Mapping):
        return
    # What a missing labeling is may be said by what cannot be, and is no matter of this.
    if answer.choices or len(claimed.value.split()) < LEAST_WORDS:
        return
    from mlcalc.marking.checking.wordings import DENIAL, NOT_IN

    # An interval of answers may be said by what is not unique.
    denial = DENIAL if answer.interval is None else NOT_IN
    if match := denial.search(claimed.value):
        message = f"write what the answer is, without '{match[0]}'"
        raise Invalid.at(message, claimed.at(match.start()))


def refuse_length(claimed: Raw, text: str) -> None:
    most = MAX_LENGTH if isinstance(claimed, Text) else LONGEST_LIST
    if len(text) > most:
        raise Invalid.at(f"an answer may have {most} characters at most")
    if isinstance(claimed, Items | Entries):
        longest = max((len(part) for part in texts(claimed)), default=0)
        if longest > MAX_LENGTH:
            raise Invalid.at(f"an answer may have {MAX_LENGTH} characters at most")


def texts(claimed: Raw) -> list[str]:
    match claimed:
        case Text(value):
            return [value]
        case Items(items):
            return [text for item in items for text in texts(item)]
        case Entries(pairs):
            return [text for _, value in pairs for text in texts(value)]


def placed(complaint: Complaint, claimed: Raw) -> str:
    """The message with the character that it is about, where that is not the first."""
    place = complaint.place
    if place is None or not isinstance(claimed, Text) or not claimed.exact:
        return complaint.message
    index = place.column - claimed.place.column
    is_inside = place.line == claimed.place.line and 0 < index <= len(claimed.value)
    return f"character {index + 1}: {complaint.message}" if is_inside else complaint.message


def judged_together(
    claimed: Raw, answer: Answer, rule: Rule, others: Sequence[Answer], claims: Mapping[str, Raw]
) -> Finding:
    """What is claimed for an answer, tried with what is claimed for its partner if it has one."""
    if not answer.partner:
        return judged(claimed, answer, rule, others)
    from mlcalc.marking.checking.partners import beside, partner_of, taken_apart

    partner = partner_of(answer, others)
    if partner is None:
        return judged(claimed, answer, rule, others)
    both = taken_apart(claimed, answer, partner)
    if both is None:
        answer = beside(answer, partner, claims.get(partner.name), value_of)
        return judged(claimed, answer, rule, others)
    own, other = both
    found = (
        judged(own, beside(answer, partner, other, value_of), rule, others),
        judged(other, beside(partner, answer, own, value_of), rule, others),
    )
    return next((one for one in found if one.verdict is not Verdict.RIGHT), RIGHT)


def judged(claimed: Raw, answer: Answer, rule: Rule, others: Sequence[Answer]) -> Finding:
    """All that is claimed: each statement about what it names, each alternative by itself."""
    if not isinstance(claimed, Text) or isinstance(answer.value, Mapping):
        return compare_answer(claimed, answer, rule, others)
    if answer.interval is not None:
        from mlcalc.marking.checking.intervals import worded_ends

        if worded_ends(claimed) is not None:
            return compare_answer(claimed, answer, rule, others)
    if answer.name == "boundary" and "=" in claimed.value:
        from mlcalc.marking.checking.equations import compare_threshold

        def rest_judged(one: Text) -> Finding:
            return judged(one, answer, rule, others)

        if (solved := compare_threshold(claimed, answer, rule, rest_judged)) is not None:
            return solved
    if isinstance(answer.value, Call):
        from mlcalc.marking.checking.distributions import says_which

        if says_which(claimed.value, answer.value):
            return compare_answer(claimed, answer, rule, others)
    from mlcalc.marking.checking.left_sides import about
    from mlcalc.marking.checking.statements import (
        alternatives,
        in_numbers,
        statements,
        value_behind,
    )

    is_word = isinstance(answer.value, bool | str)
    if isinstance(as_shape(answer), Shape):
        from mlcalc.files.fields.volumes import in_words

        if in_words(claimed.value):
            return compare_answer(claimed, answer, rule, others)
        is_word = True
    elif isinstance(answer.value, tuple) and is_laid_out(claimed, answer):
        return compare_answer(claimed, answer, rule, others)
    elif isinstance(answer.value, tuple) and not answer.any_order:
        from mlcalc.marking.checking.sequences import in_order

        def is_other(name: str) -> bool:
            if name != answer.name and name in {one.name for one in others}:
                return True
            with suppress(Invalid):
                return about(Text(f"{name} = 0", claimed.place), answer, others) is not None
            return False

        listed = in_order(claimed, len(answer.value), is_other)
        if listed is not claimed:
            return compare_answer(listed, answer, rule, others)
    elif isinstance(answer.value, str) and answer.choices:
        from mlcalc.marking.checking.words import is_label, said

        claimed = said(claimed)
        if is_label(claimed, answer.choices, others):
            return compare_answer(value_behind(claimed), answer, rule, others)
    elif isinstance(answer.value, bool):
        from mlcalc.marking.checking.truth import REASON

        if "=" not in REASON.split(claimed.value)[0]:
            return compare_answer(claimed, answer, rule, others)
    found = [claimed] if is_word else statements(claimed)
    if is_word or isinstance(answer.value, tuple):
        if len(found) == 1 and (other := about(claimed, answer, others)) is not None:
            return beside_it([(claimed, other)], answer, rule, others)
        listed = in_numbers(found, answer.any_order) if len(found) > 1 else claimed
        return compare_answer(listed, answer, rule, others)
    if len(found) > 1:
        found = list(without_notation(found, answer, others))
    meant = [(one, about(one, answer, others)) for one in found]
    own = [one for one, other in meant if other is None]
    if not own:
        return beside_it(meant, answer, rule, others)
    # What is said of other quantities is not what was asked for.
    parts = [part for one in own for part in alternatives(one)]
    return united([compare_answer(part, answer, rule, others) for part in parts])


def is_laid_out(claimed: Text, answer: Answer) -> bool:
    """Whether a list says its order itself: rows with their numbers, or labels of points."""
    if "=" in claimed.value:
        return False
    if answer.choices:
        from mlcalc.marking.checking.labelings import labelings

        return labelings(claimed, len(cast("tuple[Value, ...]", answer.value))) != [claimed]
    from mlcalc.marking.checking.matrices import numbered_rows

    return numbered_rows(claimed.value) is not None


def without_notation(
    found: Sequence[Text], answer: Answer, others: Sequence[Answer]
) -> Sequence[Text]:
    """Statements without those about letters that no answer has, as P(tails) = 4/7, where one is
    about the answer by its name.
    """
    from mlcalc.marking.checking.left_sides import about, is_notation

    kept, has_own = [], False
    for one in found:
        try:
            has_own = about(one, answer, others) is None or has_own
        except Invalid:
            if is_notation(one.value):
                continue
        kept.append(one)
    return kept if has_own else found


def beside_it(
    meant: Sequence[tuple[Text, Answer | None]],
    answer: Answer,
    rule: Rule,
    others: Sequence[Answer],
) -> Finding:
    """Statements about other quantities alone, true or not: the answer is not among them."""
    names = []
    for one, other in meant:
        if other is None:
            continue
        # What cannot be read is said to be that.
        compare_answer(one, other, replace(rule, is_count=other.is_count), others)
        names.append(other.name)
    return wrong(f"this says what {' and '.join(names)} is, and {answer.name} is asked for")


def compare_answer(
    claimed: Raw, answer: Answer, rule: Rule, others: Sequence[Answer] = ()
) -> Finding:
    """Against the value of an answer, or any other that it says is as good."""
    if isinstance(claimed, Text) and (found := direction(claimed, answer)) is not None:
        return found
    if answer.interval is not None:
        from mlcalc.marking.checking.intervals import compare_interval

        return compare_interval(claimed, answer.interval, rule)
    if isinstance(answer.value, tuple) and answer.any_order:
        return compare_numbers(claimed, cast("tuple[Value, ...]", answer.value), rule, True)
    if isinstance(answer.value, tuple) and answer.choices:
        from mlcalc.marking.checking.labelings import labelings

        several = labelings(claimed, len(answer.value))
        if len(several) > 1:
            return all_right((f"labeling {place}", bound(compare_answer, one, answer, rule, others))
                             for place, one in enumerate(several, 1))  # fmt: skip
        claimed = several[0]
    if is_formula(answer.value):
        from mlcalc.marking.checking.letters import compare_chain

        return compare_chain(claimed, answer, others, rule)
    value = as_shape(answer)
    try:
        finding = compare(claimed, value, rule)
    except Invalid:
        if answer.accepts is None or not isinstance(answer.value, str):
            raise
        finding = Finding(Verdict.WRONG)
    if finding.verdict is not Verdict.RIGHT and answer.accepts is not None:
        is_accepted = answer.accepts(value_of(claimed, answer.value))
        if is_accepted is None:
            return Finding(*NOT_COMPARED)
        if is_accepted is True:
            return RIGHT
        # Which parts differ from our own answer says nothing where others are as good.
        return wrong(is_accepted or finding.remark)
    return finding


def direction(claimed: Text, answer: Answer) -> Finding | None:
    """What an inequality decides, if there is one."""
    if not any(sign in claimed.value for sign in ("<=", ">=", "≤", "≥", "⩽", "⩾", "\\l", "\\g")):
        return None
    from mlcalc.marking.checking.statements import compare_direction

    return compare_direction(claimed, answer)


def as_shape(answer: Answer) -> Result:
    """The sizes of a tensor as the shape that is printed, whose order has alternatives."""
    value, maths = answer.value, answer.maths
    if isinstance(value, tuple) and isinstance(maths, Shape):
        first, *rest = (as_tree(size) for size in cast("tuple[Value, ...]", value))
        return Shape((first, *rest)) if maths.channels is None else Shape(tuple(rest), first)
    return value


def value_of(claimed: Raw, own: Result) -> Result:
    """What was claimed as the sort of value that `own` is: a text, or numbers."""
    from mlcalc.marking.checking.reading import read_value, read_values

    if isinstance(own, str):
        return written(claimed).strip()
    found = evaluate((read_values if isinstance(own, tuple) else read_value)(claimed))
    while isinstance(found, tuple) and len(found) == 1 and not isinstance(own, tuple):
        found = found[0]  # a list of one number stands for it
    return found


def compare(claimed: Raw, value: Result, rule: Rule = USUAL) -> Finding:
    """Raises `Invalid` where the claim cannot be read, `EvaluationError` where it has no value."""
    # What a formula, a shape or a word needs is loaded when there is one.
    match value:
        case bool():
            from mlcalc.marking.checking.words import compare_truth

            return compare_truth(claimed, value)
        case str():
            from mlcalc.marking.checking.words import compare_words

            return compare_words(claimed, value, rule)
        case Mapping():
            return compare_mapping(claimed, value, rule, compare)
        case tuple() if any(isinstance(part, Mapping) for part in value):
            return compare_records(claimed, value, rule, compare)
        case tuple():
            return compare_numbers(claimed, cast("tuple[Value, ...]", value), rule)
        case Expr():
            return compare_notation(claimed, value, rule)
        case _:
            return compare_number(claimed, value, rule)


def compare_notation(claimed: Raw, value: Expr, rule: Rule) -> Finding:
    from mlcalc.marking.checking.distributions import compare_distribution, is_distribution
    from mlcalc.marking.checking.formulas import compare_equation, compare_formula
    from mlcalc.marking.checking.reading import read_chain
    from mlcalc.marking.checking.shapes import compare_shape

    match value:
        case Shape():
            return compare_shape(claimed, value, rule)
        case Call() if is_distribution(value):
            return compare_distribution(claimed, value, rule)
        case Chain(zero_there, (("=", Number(Fraction(numerator=0))),)):
            return compare_equation(claimed, zero_there, rule)
        case _:
            return united([compare_formula(one, value, rule) for one in read_chain(claimed)])


def are_ones(others: Sequence[Answer]) -> bool:
    """Whether the sum of the data is k, the number of those that are 1."""
    return any(one.name == "sum" and one.value == Symbol("k") for one in others)


def is_formula(value: Result) -> bool:
    from mlcalc.marking.checking.distributions import is_distribution

    is_other = isinstance(value, Chain | Shape | Words)
    return isinstance(value, Expr) and not is_other and not is_distribution(value)


def check_named(
    claims: Entries,
    derivation: Derivation,
    rule: Rule = USUAL,
    beside: Mapping[str, Raw] = NO_CLAIMS,
) -> tuple[Checked, ...]:
    """The verdicts on a mapping of answer names to claims; an unknown name is `Invalid`.

    `theta.red` is the part red of the answer theta.  A claim without a name is one for the answer
    that it names itself, as θ̂ = 1/3 does, else for the primary one, which is the first.
    `beside` are the claims for answers that are checked elsewhere.
    """
    checked = []
    by_name = dict(beside) | {key.value.replace("-", "_"): raw for key, raw in claims.pairs}
    for key, claimed in claims.pairs:
        name = key.value.replace("-", "_")
        answer = named_answer(key, derivation) if name else own_answer(claimed, derivation)
        if answer is None:
            known = [a.name for a in derivation.all_answers]
            hint = closest(key.value, known) or f"; this problem answers {', '.join(known)}"
            raise Invalid.at(f"there is no answer '{key.value}'{hint}", key.place)
        is_own = derivation.answer(name) is not None
        shown = name if is_own else answer.name
        others = derivation.known_by_name
        checked.append(check(claimed, answer, rule, shown, others=others, claims=by_name))
    return tuple(checked)


def named_answer(key: Text, derivation: Derivation) -> Answer | None:
    """The answer of that name, its part, or the one that the page prints so."""
    found = part_named(key.value, derivation.all_answers, key.place)
    if found is not None:
        return found.answer
    from mlcalc.marking.checking.left_sides import spread_called

    called = answer_called(key.value, derivation)
    return called or spread_called(key.value, derivation.all_answers)


def own_answer(claimed: Raw, derivation: Derivation) -> Answer:
    """The answer, or the part of one, that a claim such as `λ = 3` names, else the primary one."""
    if not isinstance(claimed, Text):
        return derivation.answers[0]
    return answer_named_by(claimed, derivation) or derivation.answers[0]


def answer_named_by(claimed: Text, derivation: Derivation) -> Answer | None:
    """The answer that a claim names before its sign, σ also where σ² is the answer."""
    from mlcalc.marking.checking.left_sides import left_side, spread_called

    left = left_side(claimed.value)
    if left is None:
        return None
    return answer_called(left, derivation) or spread_called(left, derivation.all_answers)


def several_claims(claimed: Raw, derivation: Derivation) -> tuple[Raw, ...]:
    """μ = 2.5, σ² = 9 as the two claims that it makes; what names one quantity is one claim."""
    if not isinstance(claimed, Text) or "=" not in claimed.value:
        return (claimed,)
    from mlcalc.marking.checking.statements import statements

    found = statements(claimed)
    names = [one and one.name for one in (answer_named_by(f, derivation) for f in found)]
    is_apart = len(found) > 1 and None not in names and len(set(names)) == len(names)
    return tuple(found) if is_apart else (claimed,)


def answer_called(name: str, derivation: Derivation) -> Answer | None:
    """The answer, or the part of one, that is named as the page prints it: N, d_VC, θ̂_MLE."""
    from mlcalc.marking.checking.spellings import called, canonical

    answers = derivation.all_answers
    found = (part_named(path, answers) for path in called(canonical(name), answers))
    return next((part.answer for part in found if part is not None), None)
