"""Guesses -> the text of a definition and of its mapping, each guess beneath a comment that says what it rests on."""

from __future__ import annotations

from textwrap import wrap
from typing import Any

from qualify.definition.toml import assigned, table
from qualify.mapping.table import Table
from qualify.mapping.writing import to_toml
from qualify.starting.facts import Facts, facts_of
from qualify.starting.guesses import Guesses
from qualify.starting.sketch import Guess
from qualify.text import clean

WIDTH = 110
LONGEST_SHOWN = 60


def shown(header: str) -> str:
    r"""A column's name in a comment: in quotes, in one line, not too long.

    >>> print(shown("Notes\nof \"sales\""), shown("x" * 100)[-5:])
    "Notes\u000Aof 'sales'" xxx…"
    """
    cut = header if len(header) <= LONGEST_SHOWN else header[: LONGEST_SHOWN - 1] + "…"
    return '"' + "".join(_escaped(char) for char in cut.replace('"', "'")) + '"'


def _escaped(char: str) -> str:
    return char if char.isprintable() else f"\\u{ord(char):04X}" if ord(char) < 0x10000 else f"\\U{ord(char):08X}"


def comment(text: str) -> str:
    """A comment, over as many lines as it needs."""
    return "".join(f"# {line}\n" for line in wrap(text, WIDTH, break_long_words=False, break_on_hyphens=False))


def definition_texts(guesses: Guesses, name: str) -> dict[str, str]:
    """The text of each file of the definition."""
    facts = facts_of(guesses)
    return {
        "definition.toml": "\n".join(_definition(guesses, facts, name)),
        "marketing.toml": "\n".join(_marketing(facts)),
        "sales.toml": "\n".join(_sales(facts)),
    }


def _looked_at(guesses: Guesses) -> str:
    sample = guesses.sample
    if not sample.rows:
        return "it has no rows, so that the names of its columns alone were looked at"
    return f"{'all' if sample.whole else 'its first'} {sample.rows:,} rows were looked at"


def _definition(guesses: Guesses, facts: Facts, name: str) -> list[str]:
    blocks = [
        comment(
            f"A definition drawn from a file, to be changed: {_looked_at(guesses)}. Where it says 'guess', it says too what "
            "the guess rests on, in counts."
        )
        + comment("What both sides agree on stands here; marketing.toml and sales.toml hold what each of them owns."),
        assigned(("format",), 1) + assigned(("name",), name) + assigned(("version",), "1")
        + comment('timezone = "Europe/Paris" would say where days begin; without it they begin in UTC.'),
        '[teams]\nmarketing = "Marketing"\nsales = "Sales"\n',
        comment(
            "The fields, beyond the standard ones. What somebody writes down after a call may say what became of the lead: "
            "no such field belongs in a rule."
        ),
    ]  # fmt: skip
    for each in guesses.fields:
        if not each.standard:
            blocks.append(_field(each, {"type": each.type, "label": clean(each.column)}))
        elif each.choices or each.field in facts.asks:
            blocks.append(_field(each, {"type": each.type}, facts.asks.get(each.field or "")))
    line = "The line that a lead walks. What each side requires stands in its own file."
    mql: dict[str, Any] = {"title": "Marketing-qualified lead"}
    if facts.disqualified_by:
        mql["disqualified_by"] = facts.disqualified_by
    blocks.append(comment(line) + table(("stages", "mql"), mql))
    blocks.append(table(("stages", "sql"), {"title": "Sales-qualified lead"}))
    reasons = ["no budget", "wrong person", "wrong fit", "not now", "can't reach"]
    said = comment("What sales may answer, so that answers can be counted.")
    blocks.append(said + table(("outcomes", "rejected"), {"reasons": reasons}))
    return blocks


def _field(guess: Guess, entry: dict[str, Any], ask: str | None = None) -> str:
    if guess.choices:
        entry["choices"] = list(guess.choices)
    if ask:
        entry["ask"] = ask
    about = f". {guess.about_choices}" if guess.about_choices else ""
    return comment(f"guess: {_grounds(guess)}{about}") + table(("fields", str(guess.field)), entry)


def _grounds(guess: Guess) -> str:
    doubt = f". LOOK AT THIS: {guess.doubt}" if guess.doubt else ""
    return f"{shown(guess.column)}: {guess.evidence}{doubt}"


def _blocks(drawn: list[tuple[str, tuple[str, ...], dict[Any, Any]]]) -> list[str]:
    return [comment(f"guess: {said}") + table(path, entry) for said, path, entry in drawn]


def _marketing(facts: Facts) -> list[str]:
    said = comment("What marketing owns. A trait is a fact with an owner and a reason; write your own beside these.")
    requires = comment("guess: what the traits above allow; that a demo was asked for would be a better one.")
    stage = "[stages.mql.requires]\n" + assigned(("marketing",), facts.mql)
    return [said, *_blocks(facts.marketing), requires + stage]


def _sales(facts: Facts) -> list[str]:
    blocks = [comment("What sales owns."), *_blocks(facts.sales)]
    if facts.points:
        said = comment("guess: points for what was drawn; a number to sort by until you have better ones.")
        blocks.append(said + table(("scores", "fit", "points"), facts.points))
    said = comment("guess: what was drawn above; what must a lead have so that you call it today?")
    blocks.append(said + "[stages.sql.requires]\n" + assigned(("sales",), facts.sql))
    handoff = {"team": "sales", "to": "whoever is on duty", "act_within": "1 day", "if_late": "recycle to marketing"}
    text = "[[stages.sql.handoff]]\n" + "".join(assigned((key,), each) for key, each in handoff.items())
    blocks.append(comment("Who gets the lead, how soon they act, and what happens if they don't.") + text)
    return blocks


def mapping_text(guesses: Guesses) -> str:
    """The text of the mapping's file."""
    found, top = guesses.id, guesses.file.table
    lines = [
        comment(f"How the columns of the file become fields; drawn from it: {_looked_at(guesses)}."),
        comment(
            "A column that can't be read as guessed rejects its lead; 'lenient = true' takes such a value for missing."
        )
        + comment('What is missing: a time zone of the dates (timezone = "Europe/Paris"), which no file says.'),
    ]
    if found is None:
        told = "guess: no column is called as an id is and different in every row, so that leads are told apart by their row"
        lines.append(comment(told) + comment('id = "the column with the id"'))
    else:
        lines.append(comment(f"guess: {shown(found.column)}: {found.evidence}") + to_toml(Table(id=found.column)))
    lines += _manner(guesses, top)
    lines.append("[fields]\n")
    lines += [comment(f"guess: {_grounds(each)}") + _field_line(each) for each in guesses.fields]
    if guesses.left_out:
        said = comment("Left out:")
        lines.append(said + "".join(comment(f"{shown(each.column)}: {each.evidence}") for each in guesses.left_out))
    return "\n".join(lines)


def _manner(guesses: Guesses, top: Table) -> list[str]:
    lines: list[str] = []
    words = dict.fromkeys(word for each in guesses.columns if each.field for word in each.placeholders)
    if words:
        counted = ", ".join(f"{shown(word)} in {_columns(guesses, word)}" for word in words)
        lines.append(comment(f"guess: words that say nothing: {counted}") + to_toml(Table(placeholders=tuple(words))))
    if top.decimal != ".":
        lines.append(comment(f"guess: {guesses.file.about_decimal}") + to_toml(Table(decimal=top.decimal)))
    if top.currency is not None:
        lines.append(comment("guess: the currency that most amounts name") + to_toml(Table(currency=top.currency)))
    return lines


def _columns(guesses: Guesses, word: str) -> str:
    number = sum(word in each.placeholders for each in guesses.columns)
    return f"{number} column{'' if number == 1 else 's'}"


def _field_line(guess: Guess) -> str:
    assert guess.how is not None
    return to_toml(Table(fields=(guess.how,))).removeprefix("[fields]\n")
