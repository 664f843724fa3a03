"""Groups of three digits: 1,000 and 1 000 as one number, and lists that may be made of such.

One number that is asked for may be written in groups.  In a list the same signs separate its
items, so a list that may be either is refused, with both readings.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence

from mlcalc.maths.scanner import Token, Unreadable, scan, two_ways

LEADER = re.compile(r"[1-9][0-9]{0,2}")
SHORT_LEADER = re.compile(r"[1-9][0-9]?")
GROUP = re.compile(r"[0-9]{3}")
LAST_GROUP = re.compile(r"[0-9]{3}(?:\.[0-9]*)?")
DOTTED = re.compile(r"\s*([+-]?[0-9]{1,3}(?:\.[0-9]{3})+)(?:,([0-9]+)|(?:\.[0-9]{3}))\s*")
MAYBE_GROUPS = re.compile(r"[0-9][,\s]\s*[0-9]{3}|[\\{}$]")
"""Without it, or LaTeX, there are no groups in plain letters; nearly no text has any."""
MOST_SHOWN = 6

Numbers = list[list[Token]]
"""The groups of each number of a list."""


def joined_groups(tokens: list[Token], text: str) -> list[Token]:
    """The tokens with each number outside brackets that is written in groups as one."""
    found: list[Token] = []
    depth = index = 0
    while index < len(tokens):
        token = tokens[index]
        depth += (token.text in ("(", "[")) - (token.text in (")", "]"))
        groups = groups_at(tokens, index, text) if depth == 0 else []
        if len(groups) > 1:
            spelled = "".join(group.text for group in groups)
            last = groups[-1]
            found.append(Token("number", spelled, token.position, last.end, token.spaced))
            while tokens[index] is not last:
                index += 1
        else:
            found.append(token)
        index += 1
    return found


def refuse_dots(text: str) -> None:
    """Refuses 1.234,56 and 1.000.000, which no list or number of ours is."""
    found = DOTTED.fullmatch(text)
    if found is not None:
        number, _, part = text.strip().partition(",")
        spelled = number.replace(".", "") + ("." + part if part else "")
        raise Unreadable(f"a point begins the decimals: write {spelled}", found.start(1))


def groups_at(tokens: list[Token], index: int, text: str) -> list[Token]:
    """The groups of the number that begins there; one or none unless all of it is groups."""
    if tokens[index].kind != "number" or not LEADER.fullmatch(tokens[index].text):
        return []
    for run in (tight_run(tokens, index), spaced_run(tokens, index, text)):
        if len(run) > 1 and is_whole(run):
            return run
    return []


def is_whole(run: Sequence[Token]) -> bool:
    """Whether tokens are the groups of one number: 1 to 3 digits, and then three each time."""
    first, *middle, last = run
    return (
        LEADER.fullmatch(first.text) is not None
        and all(GROUP.fullmatch(token.text) for token in middle)
        and LAST_GROUP.fullmatch(last.text) is not None
    )


def tight_run(tokens: list[Token], index: int) -> list[Token]:
    """The numbers from there on between which is a comma without spaces."""
    found = [tokens[index]]
    while index + 2 < len(tokens):
        comma, number = tokens[index + 1], tokens[index + 2]
        is_next = comma.text == "," and number.kind == "number"
        if not is_next or comma.position != found[-1].end or number.position != comma.end:
            break
        found.append(number)
        index += 2
    return found


def spaced_run(tokens: list[Token], index: int, text: str) -> list[Token]:
    """The numbers from there on between which is a space and no new line."""
    found = [tokens[index]]
    while index + 1 < len(tokens):
        number = tokens[index + 1]
        gap = text[found[-1].end : number.position]
        if number.kind != "number" or not gap or gap.strip(" \t\u00a0\u2009"):
            break
        found.append(number)
        index += 1
    return found


def refuse_groups(tokens: list[Token], text: str, has_rows: bool) -> None:
    """Refuses what may be a list of numbers in groups; raises `Unreadable` with both readings.

    No number of its own begins with a 0 before other digits.  Where none does, and a list has no
    rows, it is still refused if all its numbers fall into groups that begin with one or two
    digits: 1 500 2 500.
    """
    tight: Numbers = []
    for run in runs(tokens, lambda index: tight_run(tokens, index)):
        if len(run) == 2 and is_decimal(run):
            left, right = run[0].text, run[1].text
            raise refused(run, f"{left}.{right}", f"{left}, {int(right)}")
        tight.append(run)
    side_by_side = [run for run in runs(tokens, lambda i: spaced_run(tokens, i, text)) if run[1:]]
    if side_by_side and any(run[1:] for run in tight) and not any(run[2:] for run in tight):
        raise refused(
            tight[0],
            ", ".join(".".join(token.text for token in run) for run in tight[:MOST_SHOWN]),
            ", ".join(token.text for run in tight[:MOST_SHOWN] for token in run),
        )
    numbers = [run for run in tight if len(run) == 1 or is_whole(run)]
    grouped = [run for run in numbers if len(run) > 1]
    is_list = len(tight) > 1 and len(numbers) == len(tight) and bool(grouped)
    if is_list and (any(map(has_zero, grouped)) or (not has_rows and len(grouped) == len(tight))):
        raise both(numbers)
    for run in runs(tokens, lambda index: spaced_run(tokens, index, text)):
        numbers = apart(run)
        grouped = [number for number in numbers if len(number) > 1]
        is_short = all(SHORT_LEADER.fullmatch(number[0].text) for number in numbers)
        is_all = len(grouped) == len(numbers) and is_short
        if any(map(has_zero, grouped)) or (grouped and is_all and not has_rows):
            raise both(numbers)


def runs(tokens: list[Token], run_at: Callable[[int], list[Token]]) -> Iterator[list[Token]]:
    """The runs that begin at each number which is in none before it."""
    index = 0
    while index < len(tokens):
        if tokens[index].kind != "number":
            index += 1
            continue
        run = run_at(index)
        yield run
        while tokens[index] is not run[-1]:
            index += 1
        index += 1


def apart(run: list[Token]) -> Numbers:
    """Numbers side by side as they are if they are groups: 12 500 3 is 12500 and 3."""
    found: Numbers = []
    for token in run:
        if found and is_whole([*found[-1], token]) and "." not in found[-1][-1].text:
            found[-1].append(token)
        else:
            found.append([token])
    return found


def has_zero(groups: Sequence[Token]) -> bool:
    return any(token.text.startswith("0") for token in groups[1:])


def is_decimal(run: Sequence[Token]) -> bool:
    """Whether 0,08 is likely to be a number with a decimal comma, and not a list."""
    left, right = run[0].text, run[1].text
    is_plain = left.isdigit() and (left == "0" or left[0] != "0")
    is_part = right.isdigit() and len(right) > 1 and right[0] == "0"
    return is_plain and is_part and not is_whole(run)


def both(numbers: Numbers) -> Unreadable:
    shown = numbers[:MOST_SHOWN]
    rest = ", …" if len(shown) < len(numbers) else ""
    one = ", ".join("".join(token.text for token in number) for number in shown)
    other = ", ".join(token.text.lstrip("0") or "0" for number in shown for token in number)
    return refused(numbers[0], one + rest, other + rest)


def refused(tokens: Sequence[Token], one: str, other: str) -> Unreadable:
    return Unreadable(two_ways(one, other), tokens[0].position)


def tokens_of(text: str) -> list[Token]:
    """The tokens of a text that may also be a word, which has no numbers."""
    try:
        return scan(text)
    except Unreadable:
        return []


def written_in_groups(text: str) -> list[tuple[str, str]]:
    """Each number of a text that is written in groups, as it was typed and without them."""
    if text.isascii() and not MAYBE_GROUPS.search(text):
        return []
    tokens = tokens_of(text)
    found = joined_groups(tokens, text)
    return [
        (text[token.position : token.end], token.text)
        for token in found
        if token.kind == "number" and token not in tokens
    ]


def lists_like_groups(text: str) -> list[tuple[str, str]]:
    """Each list that looks like one number, 1,000, as it was typed and as it is read."""
    if text.isascii() and not MAYBE_GROUPS.search(text):
        return []
    tokens = tokens_of(text)
    return [
        (
            text[run[0].position : run[-1].end],
            ", ".join(token.text.lstrip("0") or "0" for token in run),
        )
        for run in runs(tokens, lambda index: tight_run(tokens, index))
        if len(run) > 1 and is_whole(run) and has_zero(run)
    ]
