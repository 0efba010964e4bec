"""How an account looks: as text, as Markdown, as HTML. What a lead's fields hold can do no harm in any of them."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable
from textwrap import TextWrapper
from typing import assert_never

from qualify.errors import shown
from qualify.verdict.parts import Format
from qualify.verdict.told import Account, FactTold, Line

WIDTH = 100
NARROWEST = 40
MARKS = {"yes": "+", "no": "-", "unknown": "?"}


def laid_out(account: Account, form: Format, width: int | None) -> str:
    """The account in one of the three forms."""
    match form:
        case "text":
            return as_text(account, max(NARROWEST, width or WIDTH))
        case "markdown":
            return as_markdown(account)
        case "html":
            return as_html(account)
        case _:
            assert_never(form)


# --- text ---


def as_text(account: Account, width: int) -> str:
    """Answer first, then who said it, then what can be done, then the facts that decide."""
    lines = wrapped(account.headline, "", "", width)
    rows = [*account.sides, *account.next]
    if rows:
        about = max(len(shown(row.about)) for row in rows)
        answer = max(len(row.answer) for row in rows)
        lines += [line for row in rows for line in _row(row, about, answer, width)]
    if account.facts:
        lines += ["", "Because"]
        for fact in account.facts:
            lines += _fact(fact, width)
    if account.notes:
        lines += ["", *(line for note in account.notes for line in wrapped(note, "Note: ", "      ", width))]
    return "\n".join(lines)


def _row(row: Line, about: int, answer: int, width: int) -> list[str]:
    start = f"  {shown(row.about).ljust(about)}  "
    if row.answer or answer:
        start += f"{row.answer.ljust(answer)}  " if row.answer else ""
    return wrapped(row.said, start, "  " + " " * (about + 2), width)


def _fact(fact: FactTold, width: int) -> list[str]:
    owner = f" ({shown(fact.team)})" if fact.team else ""
    lines = wrapped(
        fact.said, f"  {MARKS.get(fact.answer, '=')} {shown(fact.name)}{owner}: {fact.answer}. ", "    ", width
    )
    return lines + (wrapped(f"Why it matters: {fact.why}", "    ", "    ", width) if fact.why else [])


def wrapped(text: str, first: str, rest: str, width: int) -> list[str]:
    """A text in lines, each after its indent."""
    whole = first + shown(text)
    if len(whole) <= width:
        return [whole.rstrip()]
    words = shown(text).split(" ")
    room = width - max(len(first), len(rest))
    if all(words) and max(map(len, words)) <= room:
        return _filled(words, first, rest, width)
    wrapper = TextWrapper(width, initial_indent=first, subsequent_indent=rest, break_on_hyphens=False)
    return wrapper.wrap(shown(text)) or [first.rstrip()]


def _filled(words: list[str], first: str, rest: str, width: int) -> list[str]:
    """Words that all fit, line by line; what the standard library does too, in a third of the time."""
    lines, line = [], first + words[0]
    for word in words[1:]:
        if len(line) + 1 + len(word) > width:
            lines.append(line)
            line = rest + word
        else:
            line = f"{line} {word}"
    return [*lines, line]


# --- Markdown ---

_MARKDOWN = re.compile(r"([\\`*_{}\[\]<>#|~])")


def escaped(text: str) -> str:
    """A text that Markdown shows as it is: nothing in it is markup, HTML or a reference to a character."""
    return _MARKDOWN.sub(r"\\\1", shown(text).replace("&", "&amp;")).replace("\\<", "&lt;").replace("\\>", "&gt;")


def as_markdown(account: Account) -> str:
    """The same as Markdown, whatever a text holds shown as it is."""
    parts = [f"**{escaped(account.headline)}**"]
    rows = [*account.sides, *account.next]
    if rows:
        listed = (
            f"- **{escaped(row.about)}**{f' ({row.answer})' if row.answer else ''}"
            + (f": {escaped(row.said)}" if row.said else "")
            for row in rows
        )
        parts.append("\n".join(listed))
    if account.facts:
        parts.append("Because:\n\n" + "\n".join(_markdown_fact(fact) for fact in account.facts))
    parts += [f"*Note: {escaped(note)}*" for note in account.notes]
    return "\n\n".join(parts)


def _markdown_fact(fact: FactTold) -> str:
    owner = f" ({escaped(fact.team)})" if fact.team else ""
    why = f" {escaped(fact.why)}" if fact.why else ""
    return f"- **{escaped(fact.name)}**{owner}: {escaped(fact.answer)}. {escaped(fact.said)}.{why}"


# --- HTML ---


def safe(text: str) -> str:
    """A text that HTML shows as it is."""
    return html.escape(shown(text))


def as_html(account: Account) -> str:
    """A fragment without script and style; classes tell the answers apart, and so do the words."""
    rows = "".join(
        f'<tr class="qualify-{safe(row.answer or "next")}"><th scope="row">{safe(row.about)}</th>'
        f"<td>{safe(row.answer)}</td><td>{safe(row.said)}</td></tr>"
        for row in (*account.sides, *account.next)
    )
    facts = "".join(_html_fact(fact) for fact in account.facts)
    return "".join(_present([
        '<section class="qualify-verdict">', f"<p><strong>{safe(account.headline)}</strong></p>",
        f"<table>{rows}</table>" if rows else "",
        f"<p>Because</p><ul>{facts}</ul>" if facts else "",
        *(f"<p><em>Note: {safe(note)}</em></p>" for note in account.notes),
        "</section>",
    ]))  # fmt: skip


def _html_fact(fact: FactTold) -> str:
    owner = f" ({safe(fact.team)})" if fact.team else ""
    why = f"<br><small>{safe(fact.why)}</small>" if fact.why else ""
    return f"<li><strong>{safe(fact.name)}</strong>{owner}: {safe(fact.answer)}. {safe(fact.said)}.{why}</li>"


def _present(parts: Iterable[str]) -> list[str]:
    return [part for part in parts if part]


__all__ = ["NARROWEST", "WIDTH", "assert_never", "escaped", "laid_out", "safe", "shown", "wrapped"]
