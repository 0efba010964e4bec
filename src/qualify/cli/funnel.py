"""The funnel as a person reads it: how many leads are where, of how many."""

from __future__ import annotations

from collections.abc import Iterator
from textwrap import wrap

from qualify.cli import screen
from qualify.run import Funnel, StageCount
from qualify.run.funnel import ORDER, moment_text

WHY = ("undetermined", "not yet", "disqualified")
TOGETHER = "\N{NO-BREAK SPACE}"
MOST_TOLD = 3
"""Of what the undetermined lack, so much is told."""


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
    yield from _why(funnel, names, width)


def _why(funnel: Funnel, names: int, width: int) -> Iterator[str]:
    """For each stage, why most of those are there that are not further."""
    states = max(map(len, WHY))
    before = names + 2 + states + 2
    for name, count in funnel.stages.items():
        told = [(state, said) for state, said in zip(WHY, _reasons(count), strict=True) if said]
        if told:
            yield ""
        for at, (state, said) in enumerate(told):
            stage = screen.padded("" if at else screen.cut(name, names), names)
            first, *rest = (line.replace(TOGETHER, " ") for line in _lines(said, max(width - before, 20)))
            yield f"{stage}  {state:<{states}}  {first}"
            yield from (f"{'':<{before}}{line}" for line in rest)


def _reasons(count: StageCount) -> tuple[str, str, str]:
    """Why so many are undetermined, not yet there, disqualified."""
    lacking, open_ = count.lacking[:MOST_TOLD], ""
    if lacking:
        of = "" if count.looked_at == count.undetermined else f"of {count.looked_at:,} looked at, "
        first, *others = (f"{each}{TOGETHER}({each.count:,})" for each in lacking)
        open_ = ", then ".join([f"{of}most lack {first}", *others])
    elif count.undetermined:
        open_ = "all wait for the stage before"
    no, bars = count.reasons[:1], count.barred_by[:1]
    return (
        open_,
        f"most often {no[0]},{TOGETHER}{no[0].count:,}" if no else "",
        f"most often by {bars[0]},{TOGETHER}{bars[0].count:,}" if bars else "",
    )


def _lines(said: str, width: int) -> list[str]:
    """The words in lines; a number stays beside what it counts."""
    return wrap(screen.clean(said, one_line=True), width, break_on_hyphens=False)


def counted(number: int, word: str) -> str:
    """A number of things.

    >>> counted(1, "lead"), counted(2000, "lead")
    ('1 lead', '2,000 leads')
    """
    return f"{number:,} {word}" if number == 1 else f"{number:,} {word}s"


__all__ = ["counted", "funnel_lines"]
