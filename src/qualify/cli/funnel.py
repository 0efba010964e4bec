"""The funnel as a person reads it: how many leads are where, of how many."""

from __future__ import annotations

from collections.abc import Iterator

from qualify.cli import screen
from qualify.run import Funnel
from qualify.run.funnel import ORDER, moment_text


def funnel_lines(funnel: Funnel, width: int) -> Iterator[str]:
    """The lines of a funnel: one that says of what, one for each stage, and who was left out."""
    made_by = f"by {funnel.definition.name} {funnel.definition.version}"
    first = f"{counted(funnel.leads, 'lead')} as of {moment_text(funnel.as_of)}"
    if screen.size_of(f"{first}, {made_by}") <= width:
        yield f"{first}, {made_by}"
    else:
        yield first
        yield screen.cut(made_by, width)
    counts = [getattr(count, state) for count in funnel.stages.values() for state in ORDER]
    number = max((len(f"{count:,}") for count in (*counts, funnel.left_out_leads, funnel.rejected)), default=1)
    cell = max(number + len("  100.0%"), *(len(state) for state in ORDER))
    room = width - (cell + 2) * len(ORDER)
    names = max((len(name) for name in (*funnel.stages, "left out", "rejected")), default=0)
    names = max(min(names, room), 8)

    def shares(values: list[int]) -> str:
        return "  ".join(f"{value:>{number},}  {funnel.share(value):>6.1%}".rjust(cell) for value in values)

    titles = "  ".join(state.replace("_", " ").rjust(cell) for state in ORDER)
    yield ""
    yield f"{'stage':<{names}}  {titles}"
    for name, count in funnel.stages.items():
        yield f"{screen.cut(name, names):<{names}}  {shares([getattr(count, state) for state in ORDER])}"
    if funnel.left_out:
        by = ", ".join(f"{trait} {number:,}" for trait, number in funnel.left_out.items() if number)
        yield f"{'left out':<{names}}  {shares([funnel.left_out_leads])}{'  by ' + by if by else ''}"
    if funnel.rejected:
        yield f"{'rejected':<{names}}  {f'{funnel.rejected:>{number},}'.rjust(cell - len('  100.0%'))}"


def counted(number: int, word: str) -> str:
    """A number of things.

    >>> counted(1, "lead"), counted(2000, "lead")
    ('1 lead', '2,000 leads')
    """
    return f"{number:,} {word}" if number == 1 else f"{number:,} {word}s"


__all__ = ["counted", "funnel_lines"]
