"""The text of a list's file: an entry a line; what stands there keeps its comments."""

from __future__ import annotations

from collections.abc import Sequence

from qualify.text import clean


def list_text(values: Sequence[str], before: str | None) -> str:
    r"""The text of a file that holds these entries, made from what it held before.

    Lines whose entries stay are not touched; an entry that goes leaves the comments above it, new ones stand at
    the end.

    >>> list_text(["b.example", "c.example"], "# who they are\na.example\nb.example\n")
    '# who they are\nb.example\nc.example\n'
    """
    end = "\r\n" if before and "\r\n" in before else "\n"
    wanted = dict.fromkeys(values)
    lines = before.split("\n") if before else []
    if lines and not lines[-1]:
        lines.pop()
    kept = [line for line in lines if (entry := _entry(line)) is None or entry in wanted]
    stand = dict.fromkeys(entry for line in kept if (entry := _entry(line)) is not None)
    missing = [entry for entry in wanted if entry not in stand]
    if [*stand, *missing] != list(wanted):  # in another order: each with the comments above it
        kept, missing = _in_order(kept, list(wanted)), []
    if kept == lines and not missing and before is not None:
        return before
    last = "\r" if end == "\r\n" else ""
    added = [(f" {entry}" if entry.startswith("#") else entry) + last for entry in missing]
    if added and kept and last and not kept[-1].endswith("\r"):
        kept[-1] += last
    return "".join(f"{line}\n" for line in [*kept, *added])


def _entry(line: str) -> str | None:
    """The entry that a line holds, None where it is blank or a comment."""
    return None if line.startswith("#") else clean(line) or None


def _in_order(lines: Sequence[str], wanted: Sequence[str]) -> list[str]:
    blocks: dict[str, list[str]] = {}
    above: list[str] = []
    for line in lines:
        above.append(line)
        if (entry := _entry(line)) is not None:
            blocks.setdefault(entry, []).extend(above)
            above = []
    last = "\r" if lines and lines[0].endswith("\r") else ""
    ordered = [
        line
        for entry in wanted
        for line in blocks.get(entry, [(f" {entry}" if entry.startswith("#") else entry) + last])
    ]
    return [*ordered, *above]


__all__ = ["list_text"]
