"""What people say around a value, as patterns: that it is one, how it is rounded, of what it is.

Words are taken off only where all of them are known to say nothing else: a negation, a comparison,
a doubt or a second value is in none of these lists, and so stays and makes the claim unreadable.
"""

from __future__ import annotations

import re

from mlcalc.files.fields.words import NUMERALS


def words(text: str) -> list[str]:
    return text.split()


TENS = words("twenty thirty forty fifty sixty seventy eighty ninety")
PARTS = words(
    "half third quarter fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth"
    " fourteenth fifteenth sixteenth seventeenth eighteenth nineteenth twentieth"
)
NUMBERS = {word: number for number, word in enumerate(NUMERALS)} | {
    word: 10 * number for number, word in enumerate(TENS, 2)
}
DENOMINATORS = {word: number for number, word in enumerate(PARTS, 2)} | {
    "halve": 2, "fourth": 4, "hundredth": 100, "thousandth": 1000,
}  # fmt: skip


def either(text: str) -> str:
    """A pattern for each of some words, the longest first; `_` stands for white space in one."""
    found = sorted(words(text), key=len, reverse=True)
    return "(?:" + "|".join(word.replace("_", r"\s+") for word in found) + ")"


ONE, TEN, DIGIT = (either(" ".join(found)) for found in (NUMBERS, TENS, NUMERALS[1:10]))
NUMBER_WORD = re.compile(
    rf"(?<![\w-])(?:(?P<tens>{TEN})[\s-]{{1,3}}(?P<unit>{DIGIT})|(?P<one>{ONE}))(?![\w-])",
    re.IGNORECASE,
)
FRACTION_WORD = re.compile(
    rf"(?<![\w-])(?:(?P<above>a|[0-9]+|{ONE})[\s-]{{1,3}})?"
    rf"(?P<below>{either(' '.join(DENOMINATORS))})s?(?![\w-])",
    re.IGNORECASE,
)

NUMBER = r"(?:[0-9]+(?:[.,][0-9]+)*|\.[0-9]+)(?:e[-+]?[0-9]+)?"
VALUE = (
    rf"(?:[-−+]?{NUMBER}(?:\s*/\s*{NUMBER})?(?:\s*\\?%)?|[-−+]?\\[dt]?frac\s*"
    rf"(?:\{{\s*{NUMBER}\s*\}}\s*\{{\s*{NUMBER}\s*\}}|[0-9][0-9])|\({NUMBER}/{NUMBER}\))"
)
"""A number as it is mostly written."""

FIGURES = (
    r"(?:[0-9]|one|two|three|four|five|six)\s*-?\s*(?:s\.?\s?f\.?|sig\.?\s*figs?\.?|sig\.?\s*dig\w*"
    r"|significant\s+(?:figures?|digits?)|d\.?\s?p\.?|dec\.?|decimals?(?:\s+(?:places?|digits?))?"
    r"|digits?|places?)(?![A-Za-z])"
)
ROUNDED = either("rounded rounding correct accurate exact exactly approx\\.? approximately to up "
                 "down off truncated cut about ≈ ~ approximate approximated the nearest integer "
                 "whole number next here")  # fmt: skip
NOTE = re.compile(rf"\(\s*(?:{ROUNDED}[\s,:]*)*(?:{FIGURES})?\s*\)", re.IGNORECASE)
"""(rounded), (3 s.f.), (rounded to 2 dp)."""
FIGURES_BEHIND = re.compile(
    rf"\s*,?\s*(?:(?:rounded|rounding|correct|accurate|when)\s+)*(?:to|at|with|in)\s+{FIGURES}\s*$"
    rf"|(?<=[0-9])\s*,\s*{FIGURES}\s*$",
    re.IGNORECASE,
)

ABOUT = either(
    "about approx\\.? approximately approximates roughly ca\\.? circa c\\. around ≈ ~ ∼ exactly"
    " precisely nearly_exactly simply just only equal_to equals given_by rounded_to rounded_up_to"
    " rounded_down_to rounds_to rounds_up_to round_up_to round_to rounded_up rounded_off_to"
    " to_be the_value a_value_of the_value_of in_total altogether"
)
LEAD = re.compile(rf"\s*(?:{ABOUT}(?![A-Za-z])|[≈~∼])[\s,:]*", re.IGNORECASE)
"""What may stand before a value and says no more than the value does."""

LINK = re.compile(
    rf"(?<=[0-9%}})])\s*,?\s*(?:→|->|=>|⇒|[~∼]|(?:(?:or|and|so|hence|thus|therefore|which\s+is|i\.?e\.?,?"
    rf"|that\s+is,?|is|this\s+is|that's|=)\s+)?{ABOUT}(?![A-Za-z])|(?:so|hence|thus|therefore|i\.?e\.?,?"
    r"|that\s+is,?|which\s+is|which\s+equals|gives?|giving)(?![A-Za-z]))\s*(?:≈\s*)?"
    r"(?=[-−+.(\\]?[0-9]|\\[dt]?frac)",
    re.IGNORECASE,
)
"""What links a value to the same in another form: 3/7, about 0.43; 2119.3 → 2120."""
AGAIN = re.compile(
    rf"(?P<first>{VALUE})\s*[(\[]\s*(?P<sign>[=≈~∼]|(?:(?:or|i\.?e\.?,?|that\s+is|which\s+is|is)\s+)?"
    rf"{ABOUT}|or|i\.?e\.?,?|that\s+is,?)?\s*(?P<second>{VALUE})\s*[)\]]",
    re.IGNORECASE,
)
"""A value and the same in brackets: 3/7 (0.4286)."""

OUT_OF = re.compile(
    r"(?<![\w.,/])(?P<part>[0-9]+)\s+(?:(?:heads|successes)\s+)?(?:out\s+of|of|from|in)\s+(?:the\s+|all\s+|a\s+total\s+of\s+)?"
    r"(?:possible\s+)?(?P<whole>[0-9]+)(?![\w.,/])",
    re.IGNORECASE,
)
OVER = re.compile(r"(?<=[0-9)])\s+over\s+(?=[(]?[0-9])|(?<=[0-9)])\s+divided\s+by\s+(?=[(]?[0-9])",
                  re.IGNORECASE)  # fmt: skip
PERCENT = re.compile(r"(?<=[0-9])\s*(?:percent|per\s?cent|pct\.?)(?![A-Za-z])", re.IGNORECASE)
MINUS = re.compile(r"(?<![\w.)])(?:minus|negative)\s+(?=[.(\\]?[0-9]|\\[dt]?frac)", re.IGNORECASE)

OPENING = re.compile(
    r"\s*(?:[∴⇒→:]|[=-]+>|≈(?!\s*$)|(?:so|hence|thus|therefore|then|and|finally|result|solution"
    r"|sol|ans|answer|well|okay|ok|clearly|obviously|of\s+course|(?:we|i)(?:\s+(?:then|also|therefore|thus|have|can))?"
    r"\s+(?:got|get|gets|find|found|obtain|obtained|have|compute|computed|calculate|calculated"
    r"|need|needed|estimate|estimated|see|conclude|derived?|choose|chose|pick)(?:\s+that)?"
    r"|(?:my|the|our|final|correct|required|resulting|numerical)\s+"
    r"(?:(?:final|numerical|calculated|required|correct)\s+)*"
    r"(?:answer|result|solution|value|estimate|final\s+answer)(?:\s+(?:here|i\s+got|for\s+this))?"
    r"|it|this|that|there|value|it['’]s|that['’]s|(?:we|you)\s+need"
    r"|(?:it|(?:the|this)\s+(?:network|model))\s+has)(?![\w'’-])"
    r"(?!\s*[=≈]\s*$))[\s:,.]*(?:(?:is|are|was|will\s+be|would\s+be|should\s+be|comes?\s+(?:out\s+)?(?:to|as|at)"
    r"|works?\s+out\s+(?:to|as|at)|becomes?|equals?|=)(?![\w'’=])[\s:]*)?",
    re.IGNORECASE,
)
"""How an answer begins that then says what it is: so, I got, my answer is, it is."""

VERB = re.compile(
    r"\s*(?:\s(?:is|are|was|will\s+be|would\s+be|should\s+be|equals?|becomes?"
    r"|turns?\s+out\s+to\s+be|comes?\s+(?:out\s+)?(?:to|as|at)(?:\s+be)?"
    r"|works?\s+out\s+(?:to|as|at)|evaluates\s+to|gives)"
    r"(?:\s+(?:equal\s+to|given\s+by|then|therefore|thus|also|at))?(?=[\s:$\\(\[])"
    r"|:(?=[\s$\\0-9(\[.-])|:=|->|→|⇒|=>|\s—(?=\s))[\s:]*",
    re.IGNORECASE,
)
"""What may stand between a name and its value beside the sign of equality."""
WEAK_VERB = re.compile(r"\s+(?:at|of)(?=[\s$\\(\[])\s*", re.IGNORECASE)

UNIT = (
    r"(?:(?:centi|milli|kilo)?met(?:er|re)s?|[ckmµnd]?m|[km]?g|kgs?|(?:kilo)?grams?|pounds?|lbs?|inch(?:es)?|feet"
    r"|ms|s|secs?\.?|seconds?|mins?\.?|minutes?|h|hrs?\.?|hours?|days?|weeks?|months?|years?|yrs?"
    r"|px|pixels?|pts?|nats?|bits?|Hz|°C?|degrees?|dollars?|euros?|€|units?)"
)
UNITS = (
    rf"(?:square\s+{UNIT}|sq\.?\s*{UNIT}"
    rf"|{UNIT}\s*(?:(?:\^|\*\*)\s*\{{?-?[123]\}}?|[²³]|⁻[¹²³]|squared)?)"
)
RATE = rf"(?:(?:/|per\s)\s*{UNITS})"
NOUN = either(
    "examples samples instances observations datapoints points measurements trials tosses flips"
    " people persons students users customers clicks labelings labellings labels dichotomies"
    " parameters params weights biases neurons nodes hypotheses functions features attributes"
    " multiplications mults macs operations ops flops activations additions numbers values entries"
    " patterns ways times steps units classes cars documents words"
).replace("|", "?|")
MODIFIER = either(
    "training i\\.?i\\.?d\\.? labell?ed random data sample distinct different possible total"
    " trainable learnable free independent separate unique"
)
BEHIND = (
    rf"(?:{UNITS}(?:\s*{RATE})?|{RATE}|(?:{MODIFIER}\s+)*{NOUN}(?:\s+and\s+{NOUN})?"
    rf"|\(\s*(?:{MODIFIER}\s+)*{NOUN}\s*\)"
    r"|or\s+so|rounded(?:\s+(?:up|down|off))?|approx\.?|approximately|exactly|in\s+total|in\s+all|altogether|overall"
    r"|as\s+(?:the|my)\s+(?:final\s+)?(?:answer|estimate|mle|mode|mean|median)"
    r"|(?:are|is)\s+(?:needed|required|necessary|enough|sufficient|possible|realizable|achievable)"
    r"|(?:needed|required|possible|total|overall)|can\s+be\s+(?:shattered|realized|obtained|achieved|labell?ed)"
    r"|(?:to|at)\s+(?:the\s+)?nearest\s+(?:integer|whole(?:\s+number)?)|thanks?|thank\s+you|:\))"
)
TRAIL = re.compile(
    rf"(?<=[0-9%}})\]])(?:(?:\s|\\[,;: ])*,?\s*{BEHIND}(?![A-Za-z])){{1,6}}\s*$", re.IGNORECASE
)
"""What may stand behind a value: its unit, what is counted, how it is rounded."""

AT_LEAST = re.compile(
    rf"(?:at\s+least|no\s+(?:fewer|less)\s+than|a\s+minimum\s+of|minimum)\s+(?={VALUE})",
    re.IGNORECASE,
)
AT_MOST = re.compile(
    rf"(?:at\s+most|no\s+more\s+than|a\s+maximum\s+of|up\s+to)\s+(?={VALUE})", re.IGNORECASE
)
OR_MORE = re.compile(
    rf"(?P<value>{VALUE})\s+(?:(?P<least>or\s+(?:more|greater)|at\s+least|minimum)"
    r"|or\s+(?:less|fewer)|at\s+most|maximum)(?![A-Za-z])",
    re.IGNORECASE,
)

ENUMERATED = re.compile(
    r"\s*(?:\(?[a-hA-H1-9]\)|\((?:i{1,3}|iv|v)\)|[Qq][0-9]{1,2}\s*[a-h]?\s*[.:)]|[•▪*]\s)\s*(?=\S)"
)
"""The number of a question, or the mark of a list, before its answer."""
BULLET = re.compile(r"\s*[-–—+]\s+(?=\S)")
"""The mark of a list that may be a sign as well."""

DENIAL = re.compile(
    r"\b(?:not|isn['’]?t|aren['’]?t|wasn['’]?t|cannot|can['’]?t|don['’]?t|doesn['’]?t|never|neither"
    r"|nor|except|unless|wrong|incorrect|false|maybe|perhaps|possibly|probably|might|unsure|guess"
    r"|guessing|idk|dunno|unknown|instead|either|actually|sorry|correction|without"
    r"|no(?!\s+(?:more|fewer|less)\b))\b",
    re.IGNORECASE,
)
"""Words that take back what they stand beside."""

NOT_IN = re.compile(
    r"\b(?:not(?!\s+(?:a\s+)?(?:unique|single|one\b|just|only))|never|outside|except|neither)\b",
    re.IGNORECASE,
)
"""The same beside an interval of answers."""
