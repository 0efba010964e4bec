"""The few kinds of error, and findings as data.

    QualifyError
    ├── RuleError          a rule's text (or a rule built in Python) that says nothing
    ├── DefinitionError    a definition with faults: all of them, in `.faults`
    ├── MappingError       a mapping with faults: all of them, in `.faults`
    ├── LeadError          a lead with a value that can't be read: which field, what was expected
    ├── FrameError         a table that can't be judged as it is: what is wrong with which columns or rows
    ├── AdapterError       a source that isn't there, is broken, or can't do what was asked
    └── MissingExtra       a feature whose extra isn't installed

No message holds a lead's value: what a lead says is personal data.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Literal

__all__ = [
    "AdapterError", "DefinitionError", "Finding", "FrameError", "LeadError", "Level", "MappingError", "MissingExtra",
    "QualifyError", "RuleError", "show_finding", "show_findings",
]  # fmt: skip

Level = Literal["fault", "warning"]


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is wrong (`fault`) or doubtful (`warning`) in a definition or a mapping.

    `line` and `column` count from 1. `names` are the things concerned, such as `("traits.serves_print",)`;
    `did_you_mean` is the nearest right name. `source`, `length`, `context` and `other` are for showing it:
    the line's text, how many characters to underline, where it stands, and the second place of a thing given twice.
    """

    code: str
    level: Level
    message: str
    names: tuple[str, ...] = ()
    file: str | None = None
    line: int | None = None
    column: int | None = None
    did_you_mean: str | None = None
    source: str | None = None
    length: int = 1
    context: str | None = None
    other: str | None = None

    def __str__(self) -> str:
        return show_finding(self)

    def to_dict(self) -> dict[str, Any]:
        """The finding as plain data, for JSON: the eight published keys and the context."""
        return {
            "code": self.code,
            "level": self.level,
            "message": self.message,
            "names": list(self.names),
            "file": self.file,
            "line": self.line,
            "column": self.column,
            "did_you_mean": self.did_you_mean,
            "context": self.context,
        }


_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]")
LONGEST_SOURCE = 160
MOST_NAMES_COMPARED = 300


def show_finding(finding: Finding) -> str:
    """A finding as a person reads it: place, message, the line with a caret under it, and where it stands.

    >>> print(show_finding(Finding("unknown-field", "fault", "unknown field 'industy'; did you mean 'industry'?",
    ...     file="leads.toml", line=14, column=9, source="when = 'industy in [1]'", length=7)))
    leads.toml:14: unknown field 'industy'; did you mean 'industry'?
    <BLANKLINE>
      14 | when = 'industy in [1]'
                   ^^^^^^^
    """
    place = finding.file or ""
    if finding.line is not None:
        place = f"{place}:{finding.line}" if place else f"line {finding.line}"
    word = "" if finding.level == "fault" else "warning: "
    lines = [f"{place}: {word}{finding.message}" if place else f"{word}{finding.message}"]
    if finding.source is not None and finding.line is not None:
        start, source = 0, finding.source.replace("\t", " ").rstrip()
        column = finding.column or 1
        if len(source) > LONGEST_SOURCE:
            start = max(0, column - 1 - LONGEST_SOURCE // 2)
            source = source[start : start + LONGEST_SOURCE]
        margin = f"  {finding.line} | "
        carets = "^" * max(1, min(finding.length, len(source) - (column - 1 - start)))
        lines += ["", margin + source]
        if finding.column is not None:
            lines.append(" " * (len(margin) + column - 1 - start) + carets)
    if finding.other is not None:
        lines.append(f"  {finding.other}")
    if finding.context is not None:
        lines.append(f"  {finding.context}")
    return "\n".join(lines)


def show_findings(findings: Iterable[Finding]) -> str:
    """All findings of one or more files, one under the other, and a last line that counts them."""
    shown = list(findings)
    parts = [show_finding(finding) for finding in shown]
    faults = [finding for finding in shown if finding.level == "fault"]
    warnings = len(shown) - len(faults)
    counts = [_count(len(faults), "fault")] if faults or not warnings else []
    if warnings:
        counts.append(_count(warnings, "warning"))
    codes = ", ".join(dict.fromkeys(finding.code for finding in shown))
    files = ", ".join(dict.fromkeys(finding.file for finding in shown if finding.file))
    parts.append(
        " and ".join(counts)
        + (f" in {files}" if files else "")
        + (f". {codes}: see the reference, Faults" if codes else "")
    )
    return "\n\n".join(parts)


def _count(number: int, word: str) -> str:
    return f"{number} {word}" if number == 1 else f"{number} {word}s"


def shown(text: str) -> str:
    r"""A text without control codes, which could change what is around it.

    >>> print(shown("7\nsecond line\x1b[31m"))
    7\u000asecond line\u001b[31m
    """
    if text.isascii() and text.isprintable():
        return text
    return _CONTROL.sub(lambda found: f"\\u{ord(found[0]):04x}", text)


def nearest(name: str, names: Iterable[str]) -> str | None:
    """The name among `names` that `name` was most likely meant to be, or None.

    >>> nearest("industy", ["industry", "interests"])
    'industry'
    """
    return _nearest(name, tuple(names)) if 0 < len(name) <= 200 else None


def enumerated(names: Iterable[str], most: int = 12) -> str:
    """Names in a message, the first ones where there are many.

    >>> enumerated(["small", "mid", "large"]), enumerated("abcd", most=2)
    ('small, mid, large', 'a, b and 2 more')
    """
    listed = list(names)
    shown = ", ".join(listed[:most])
    return shown if len(listed) <= most else f"{shown} and {len(listed) - most} more"


@lru_cache(maxsize=1024)
def _nearest(name: str, names: tuple[str, ...]) -> str | None:
    from difflib import get_close_matches

    if len(names) > MOST_NAMES_COMPARED:  # whoever errs mostly has the first letter right, and about the length
        likely = (each for each in names if each[:1] == name[:1])
        names = tuple(sorted(likely, key=lambda each: (abs(len(each) - len(name)), each))[:MOST_NAMES_COMPARED])
    found = get_close_matches(name, names, n=1, cutoff=0.6)
    return found[0] if found else None


class QualifyError(Exception):
    """Any error of this library. `code` is a stable word, such as `unknown-field`."""

    code = "error"

    def __init__(self, message: str, *, code: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        if code is not None:
            self.code = code

    def __str__(self) -> str:
        return self.message

    def __reduce__(self) -> tuple[Any, ...]:
        return _rebuild, (type(self), self.message, dict(self.__dict__))


def _rebuild(kind: type[QualifyError], message: str, state: dict[str, Any]) -> QualifyError:
    error = kind.__new__(kind)
    Exception.__init__(error, message)
    error.__dict__.update(state)
    return error


class RuleError(QualifyError):
    """A rule that can't be read or built.

    `text` is the rule, `position` and `length` the place in it (from 0), `did_you_mean` the nearest right form.
    The message shows the rule with a caret under the place.
    """

    code = "syntax"

    def __init__(
        self,
        message: str,
        *,
        code: str | None = None,
        text: str | None = None,
        position: int = 0,
        length: int = 1,
        did_you_mean: str | None = None,
    ) -> None:
        self.reason = message
        self.text, self.position, self.length, self.did_you_mean = text, position, max(1, length), did_you_mean
        super().__init__(message if text is None else self._shown(message, text), code=code)

    def _shown(self, message: str, text: str) -> str:
        start = text.rfind("\n", 0, self.position) + 1
        end = text.find("\n", self.position)
        line = text[start:] if end < 0 else text[start:end]
        column = self.position - start
        if len(line) > LONGEST_SOURCE:
            cut = max(0, column - LONGEST_SOURCE // 2)
            line, column = line[cut : cut + LONGEST_SOURCE], column - cut
        carets = "^" * max(1, min(self.length, len(line) - column))
        return f"{message}\n\n  {line}\n  {' ' * column}{carets}"


class _WithFaults(QualifyError):
    """An error that is a list of findings."""

    def __init__(self, faults: Iterable[Finding]) -> None:
        self.faults = tuple(faults)
        super().__init__(show_findings(self.faults))


class DefinitionError(_WithFaults):
    """A definition with faults. `.faults` holds all of them, in the order of the files; the text shows them."""

    code = "definition"


class MappingError(_WithFaults):
    """A mapping with faults. `.faults` holds all of them, in the order of the file; the text shows them."""

    code = "mapping"


class LeadError(QualifyError):
    """A lead with a value that can't be read.

    `lead_id` (or None), `field`, `expected` and `found` (the *kind* of what was found, never the value).
    """

    code = "lead"

    def __init__(self, *, field: str | None, expected: str, found: str, lead_id: str | None = None) -> None:
        self.lead_id, self.field, self.expected, self.found = lead_id, field, expected, found
        who = f"lead {shown(lead_id)}: " if lead_id else ""
        where = f"{who}{field or 'a lead'}"
        super().__init__(f"{where}: expected {expected}, found {found}")

    def of(self, lead_id: str | None) -> LeadError:
        """The same error, with the lead's id, which is only known once the whole record was looked at."""
        return LeadError(field=self.field, expected=self.expected, found=self.found, lead_id=self.lead_id or lead_id)


class FrameError(QualifyError):
    """A table that can't be judged as it is: what is wrong with which columns or rows, all of a kind at once."""

    code = "frame-rows"  # while a lazy frame is collected Polars leaves of an error only the class and the text


class AdapterError(QualifyError):
    """A source that isn't installed, is broken, or can't do what was asked."""

    code = "adapter"


class MissingExtra(QualifyError):
    """A feature whose extra isn't installed; the message says which `pip install` brings it."""

    code = "missing-extra"

    def __init__(self, feature: str, package: str, extra: str) -> None:
        self.feature, self.package, self.extra = feature, package, extra
        super().__init__(f'{feature} needs {package}: pip install "qualify[{extra}]"')
