"""Text -> tokens: the words, literals and signs of a rule, each with its place.

Most of what people bring from other tools (`=`, `&&`, curly quotes, `50k`, `30d`) is met here, and told the right form.
"""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal, NoReturn

from qualify.errors import RuleError
from qualify.rules.habits import THOUSANDS, date_said, dates_meant, equals_said, number_meant
from qualify.rules.tree import LONGEST

Kind = Literal["word", "number", "date", "datetime", "text", "sign", "end"]


@dataclass(frozen=True, slots=True)
class Token:
    """One word, literal or sign; `value` is a literal's value, `start` and `end` its place in the text."""

    kind: Kind
    text: str
    start: int
    end: int
    value: str | dt.date | dt.datetime | None = None

    @property
    def shown(self) -> str:
        """The token as a message names it."""
        return "the end" if self.kind == "end" else f"'{self.text[:40]}'"


_TOKEN = re.compile(
    r"""(?P<space>\s+)
      | (?P<datetime>[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}(?::[0-9]{2})?(?:Z|[+-][0-9]{2}:[0-9]{2})?)
        (?![+-]?[0-9A-Za-z_:.])
      | (?P<date>[0-9]{4}-[0-9]{2}-[0-9]{2})(?![0-9A-Za-z_])
      | (?P<almost>[0-9]{4}-[0-9]{2}-[0-9]{2}[0-9A-Za-z_:.+-]+)
      | (?P<number>[0-9]+(?:_[0-9]+)*(?:\.[0-9]+(?:_[0-9]+)*)?)(?![0-9A-Za-z_.])
      | (?P<word>[A-Za-z_][A-Za-z0-9_]*)
      | (?P<text>")
      | (?P<sign>==|!=|<=|>=|[<>()\[\],+*/-])""",
    re.VERBOSE,
)
_PLAIN = re.compile(r'[^"\\\n\r]+')
_ESCAPES = {'"': '"', "\\": "\\", "n": "\n", "t": "\t"}
_UNITS = {"h": "hours", "d": "days", "w": "weeks", "mo": "months", "m": "months", "y": "years"}
_SUFFIXED = re.compile(r"([0-9][0-9_]*(?:\.[0-9]+)?)\s*([A-Za-z]+)")
_SIGNS = {
    "=>": "write '>='",
    "=<": "write '<='",
    "=~": "there are no regular expressions: use 'contains', 'mentions', 'starts with' or 'ends with'",
    "=": "write '==' to compare",
    "&&": "write 'and'",
    "&": "write 'and'",
    "||": "write 'or'",
    "|": "write 'or'",
    "!": "write 'not'",
    "~": "write 'not'",
    "<>": "write '!='",
    "%": "write a share as a number, such as 0.25",
    "#": "a rule has no comments; the file may have them",
    "$": "write the number alone; a field's unit is declared with the field",
    "€": "write the number alone; a field's unit is declared with the field",
    "£": "write the number alone; a field's unit is declared with the field",
    "{": "write a list in [ ]",
    "}": "write a list in [ ]",
    ";": "write a list's entries with commas, and join questions by 'and' or 'or'",
    ":": "a moment is written 2026-11-02T09:30",
    ".": "a name has no dots; a number begins with a digit",
}
_QUOTES = "'‘’‚‛“”„‟«»`´"
_CLOSED = re.compile(f'[{_QUOTES}]([^{_QUOTES}"\\\\\n]+)[{_QUOTES}"]')
_EQUALS = re.compile(
    rf"""\s*(?P<right>"[^"\\\n]*"|[{_QUOTES}][^{_QUOTES}\"\n]*[{_QUOTES}]"""
    r"|[$€£]?[\d.,_:T+-]+[A-Za-z]*(?![\w.])"
    r"|(?:(?!(?:and|or|AND|OR)\b)[A-Za-z]\w*+[ \t]*+)++(?![\w(.]))?"
)
MOST_LOOKED_AT = 200
"""How many characters before a sign are looked at, for what may be meant by it."""
_NAME_BEFORE = re.compile(
    r"([-+*/.)]\s*)?(?<!\w)((?:(?!(?:and|or|not|if|when|where)\b)[A-Za-z]\w*+[ \t]*+)++)$", re.IGNORECASE
)
_DATE = re.compile(r"\d{1,4}(?P<sign>[-/.])\d{1,2}(?P=sign)\d{1,4}(?![\w.])", re.ASCII)
_MONEY = re.compile(r"[$€£]\s*\d[\d,_.]*[A-Za-z]*")


def tokens_of(text: str) -> list[Token]:
    """All tokens of a rule's text, the last of kind `end`; RuleError at the first thing that is none."""
    if len(text) > LONGEST:
        raise RuleError(f"a rule has at most {LONGEST:,} characters, this one has {len(text):,}", code="too-long")
    found: list[Token] = []
    at = 0
    while at < len(text):
        match = _TOKEN.match(text, at)
        if match is None:
            _refuse(text, at)
        kind, end = match.lastgroup, match.end()
        if kind == "text":
            value, end = _quoted(text, at)
            found.append(Token("text", text[at:end], at, end, value))
        elif kind in ("date", "datetime"):
            found.append(_calendar(text, at, end, kind == "datetime"))
        elif kind == "number":
            found.append(Token("number", match.group(), at, end))
        elif kind == "word":
            found.append(Token("word", match.group(), at, end))
        elif kind == "almost":
            raise RuleError(
                "a date is written 2026-11-02, a moment 2026-11-02T09:30 (then :15 for seconds, then Z or +01:00)",
                code="bad-date",
                text=text,
                position=at,
                length=end - at,
            )
        elif kind == "sign":
            if text[at : at + 2] == "<>":
                _refuse(text, at)
            found.append(Token("sign", match.group(), at, end))
        at = end
    found.append(Token("end", "", len(text), len(text)))
    return found


def _quoted(text: str, start: int) -> tuple[str, int]:
    out: list[str] = []
    at = start + 1
    while at < len(text):
        if match := _PLAIN.match(text, at):
            out.append(match.group())
            at = match.end()
        elif text[at] == '"':
            value = "".join(out)
            if not value:
                if before := re.search(r"([a-z][a-z0-9_]*)\s*(==|!=)\s*$", _before(text, start)):
                    message, test = equals_said(before[1], '""', negated=before[2] == "!=")
                    raise RuleError(
                        message, code="empty-text", text=text, position=start - len(before[0]),
                        length=at + 1 - start + len(before[0]), did_you_mean=test,
                    )  # fmt: skip
                raise RuleError(
                    "an empty text can't be compared with; ask for what is missing by 'is unknown'",
                    code="empty-text", text=text, position=start, length=2,
                )  # fmt: skip
            return value, at + 1
        elif text[at] == "\\":
            mark = text[at + 1 : at + 2]
            if mark == "u":
                digits = text[at + 2 : at + 6]
                if not re.fullmatch("[0-9A-Fa-f]{4}", digits):
                    raise RuleError("\\u is followed by four hexadecimal digits", text=text, position=at, length=6)
                char = chr(int(digits, 16))
                if "\ud800" <= char <= "\udfff":
                    raise RuleError("half a character: write the character itself", text=text, position=at, length=6)
                out.append(char)
                at += 6
            elif mark in _ESCAPES and mark:
                out.append(_ESCAPES[mark])
                at += 2
            else:
                raise RuleError(
                    'the escapes of a text are \\" \\\\ \\n \\t and \\u with four digits; a backslash itself is \\\\',
                    text=text, position=at, length=2,
                )  # fmt: skip
        else:
            raise RuleError("a text ends on its line; write a line end as \\n", text=text, position=start)
    raise RuleError('this text has no closing "', text=text, position=start)


def _calendar(text: str, start: int, end: int, moment: bool) -> Token:
    written = text[start:end]
    try:
        value = dt.datetime.fromisoformat(written) if moment else dt.date.fromisoformat(written)
        if isinstance(value, dt.datetime) and value.tzinfo is not None:
            value.astimezone(dt.UTC)
    except (ValueError, OverflowError):
        raise RuleError(
            "no such day" if not moment else "no such moment",
            code="bad-date",
            text=text,
            position=start,
            length=end - start,
        ) from None
    return Token("datetime" if moment else "date", written, start, end, value)


def _equals(text: str, at: int) -> None:
    """Refuse a single `=` with the whole test that was meant, where what stands on both sides of it can be told."""
    name = _NAME_BEFORE.search(_before(text, at))
    match = _EQUALS.match(text, at + 1)
    if name is None or match is None or match["right"] is None or name[1]:
        return
    right = match["right"].rstrip()
    message, test = equals_said("_".join(name[2].lower().split()), right)
    start = at - len(name[2]) if test else at
    end = match.start("right") + len(right) if test else at + 1
    raise RuleError(message, text=text, position=start, length=end - start, did_you_mean=test)


def _refuse(text: str, at: int) -> NoReturn:
    """What stands here is no token: say what was probably meant."""
    if match := _DATE.match(text, at):
        message, meant = date_said(match.group())
        if dates_meant(match.group()):
            raise RuleError(
                message, code="bad-date", text=text, position=at, length=match.end() - at, did_you_mean=meant
            )
    if (match := _MONEY.match(text, at)) and (meant := number_meant(match.group())):
        raise RuleError(
            f"'{text[at]}' is not in the language: write the number alone, {meant}",
            text=text, position=at, length=match.end() - at, did_you_mean=meant,
        )  # fmt: skip
    if match := _SUFFIXED.match(text, at):
        number, suffix = match.groups()
        length = match.end() - at
        short = suffix.lower()
        if short in THOUSANDS and (short not in ("m",) or not _after_span_word(text, at)):
            whole = format(Decimal(number.replace("_", "")).scaleb(THOUSANDS[short]), "f")
            raise RuleError(
                f"a number has no '{suffix}': write {whole}", text=text, position=at, length=length, did_you_mean=whole
            )
        if short in _UNITS:
            span = f"{number} {_UNITS[short]}"
            raise RuleError(f"write '{span}'", text=text, position=at, length=length, did_you_mean=span)
        if short.startswith("e"):
            raise RuleError("a number has no exponent: write its digits", text=text, position=at, length=length)
        if short in ("st", "nd", "rd", "th") or "-" in text[at : at + 5]:
            raise RuleError("a date is written 2026-11-02", text=text, position=at, length=length)
        raise RuleError("a number is digits, and a point before decimals", text=text, position=at, length=length)
    if match := re.compile(r"([0-9]+)\.\.+([0-9]+)").match(text, at):
        meant = f"between {match[1]} and {match[2]}"
        raise RuleError(f"a range is written '{meant}'", text=text, position=at, length=match.end() - at)
    if match := re.compile(r"[0-9]{1,3}(?:\.[0-9]{3}){2,}(?![0-9.])").match(text, at):
        meant = match.group().replace(".", "")
        raise RuleError(
            f"a number has no points between thousands: write {meant}",
            text=text, position=at, length=match.end() - at, did_you_mean=meant,
        )  # fmt: skip
    if match := re.compile(r"[0-9][0-9_.:T-]*").match(text, at):
        raise RuleError(
            "a number is written 1234.5 ('_' only between digits), a date 2026-11-02, a moment 2026-11-02T09:30",
            text=text, position=at, length=match.end() - at,
        )  # fmt: skip
    char = text[at]
    if text.startswith("=", at) and text[at + 1 : at + 2] not in ("=", ">", "<", "~"):
        _equals(text, at)
    _marked(text, at)
    if char in "'’" and re.search(r"\b(?:doesn|isn|don|didn|wasn|aren)$", _before(text, at)):
        raise RuleError("write 'not' before the whole test, as in 'not x contains ...'", text=text, position=at)
    if char in _QUOTES:
        if match := _CLOSED.match(text, at):
            right = f'"{match[1]}"'
            raise RuleError(
                f"a text stands in straight double quotes: {right}",
                text=text, position=at, length=match.end() - at, did_you_mean=right,
            )  # fmt: skip
        raise RuleError('a text stands in straight double quotes: "..."', text=text, position=at)
    for sign, hint in _SIGNS.items():
        if text.startswith(sign, at):
            if sign == "~" and re.search(r"\w\s*$", _before(text, at)):
                hint = _SIGNS["=~"]
            meant = match[1] if (match := re.fullmatch(r"write '(.*)'", hint.removesuffix(" to compare"))) else None
            raise RuleError(
                f"'{sign}' is not in the language: {hint}", text=text, position=at, length=len(sign),
                did_you_mean=meant,
            )  # fmt: skip
    if char.isalpha():
        raise RuleError(
            "a name is lower-case letters, digits and '_', beginning with a letter (people read its title or label)",
            text=text, position=at,
        )  # fmt: skip
    raise RuleError("this character has no meaning in a rule", text=text, position=at)


_TEXT_BEFORE = re.compile(r"(?:\bwith|\bcontains|\bmentions|==|!=)\s*([\w-]*)$")
_TEMPLATE = re.compile(r"\{+!?\s*(?:\w+\.)*(\w+)\s*\}+")


def _marked(text: str, at: int) -> None:
    """Refuse `lead.employees`, `{!Lead.Employees}` and `@example.com`, with what was meant."""
    before = _TEXT_BEFORE.search(_before(text, at))
    rest = re.compile(r"[@.\w-]+").match(text, at)
    if text[at] in "@." and before and rest and len(rest.group()) > 1:
        meant = f'"{before[1]}{rest.group()}"'
        raise RuleError(
            f"a text stands in double quotes: {meant}",
            text=text, position=at - len(before[1]), length=rest.end() - at + len(before[1]), did_you_mean=meant,
        )  # fmt: skip
    if (
        text[at] == "."
        and (owner := re.search(r"\w+$", _before(text, at)))
        and (name := re.compile(r"\.(\w+)").match(text, at))
    ):
        if re.search(r"\bsum\(\s*$", _before(text, at - len(owner[0]))):
            meant = f"{name[1]} of {owner.group()}"
            message = f"a name has no dots: write 'sum({meant})'"
        else:
            meant = name[1].lower()
            message = f"a name has no dots: write '{meant}'"
        raise RuleError(
            f"'.' is not in the language: {message}",
            text=text, position=at - len(owner[0]), length=name.end() - at + len(owner[0]), did_you_mean=meant,
        )  # fmt: skip
    if template := _TEMPLATE.match(text, at, at + MOST_LOOKED_AT):
        meant = template[1].lower()
        raise RuleError(
            f"'{{' is not in the language: a name stands alone, {meant}",
            text=text, position=at, length=template.end() - at, did_you_mean=meant,
        )  # fmt: skip


def _before(text: str, at: int) -> str:
    """What stands before a place, as far as it is looked at: some patterns take the square of what they are given."""
    return text[max(0, at - MOST_LOOKED_AT) : at]


def _after_span_word(text: str, at: int) -> bool:
    """Whether the number follows `within`, `than` or `next`, where `m` must mean months."""
    return bool(re.search(r"(within|than|next)\s*$", _before(text, at)))
