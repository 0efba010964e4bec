"""Changes what differs in the texts of a definition, statement by statement, and touches nothing else.

The walk goes down both shapes, as they were and as they shall be. A value is replaced where it stands, so the
comments around it stay; what goes takes the comments directly above it along; what is new stands at the end of
what it belongs to.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from difflib import SequenceMatcher
from typing import Any

from qualify.definition.keys import SECTIONS
from qualify.definition.places import Path
from qualify.definition.statements import Document, Statement
from qualify.definition.toml import SPREAD, assigned, handoff_block, laid_out, table
from qualify.definition.write import Data

ORDERED = ("stages", "cases")
"""Where the order of the keys means something."""


def edited(texts: Mapping[str, str], main: str, before: Data, after: Data, *, whole: bool = False) -> dict[str, str]:
    """The texts by their names, changed so that they say `after` where they said `before`.

    What has no place yet is added to `main`. With `whole`, an entry that differs is written anew as a whole:
    for the rare layout in which a change can't be made in place.
    """
    parts = _Parts([Document(name, text) for name, text in texts.items()], main)
    for key in {**before, **after}:
        parts.top(key, before.get(key), after.get(key), whole=whole)
    return {document.name: document.text() for document in parts.documents}


class _Parts:
    """The files of a definition; a thing is changed in the one in which it stands."""

    def __init__(self, documents: Sequence[Document], main: str) -> None:
        self.documents = documents
        self.main = next(document for document in documents if document.name == main)

    def below(self, path: Path) -> Iterator[tuple[Document, Statement]]:
        """What is said of a thing and of what is in it, in all files."""
        for document in self.documents:
            for statement in document.below(path):
                yield document, statement

    def held(self, path: Path) -> Statement | None:
        """The key that holds the whole thing as its value."""
        found = (each for _, each in self.below(path) if each.path == path and not each.is_header)
        return next(found, None)

    def remove(self, path: Path) -> None:
        """Take a thing out of all files."""
        for document in self.documents:
            document.remove(path)

    # --- what differs ---

    def top(self, key: str, before: Any, after: Any, *, whole: bool) -> None:
        """Change a key of the top, or each entry of a section."""
        if key not in SECTIONS or self.held((key,)):
            self.change((key,), before, after)
            return
        before, after = before or {}, after or {}
        anew = whole and key in ORDERED and not _same(before, after, ordered=True)
        for name in {**before, **after}:
            one, other = before.get(name), after.get(name)
            if anew or (whole and not _same(one, other)):
                self.remove((key, name))
                one = None
            self.change((key, name), one, other)
        if key == "stages":
            self.order_stages(list(after))

    def change(self, path: Path, before: Any, after: Any) -> None:
        """Make what stands at `path` say `after`, where it said `before`."""
        if _same(before, after, ordered=path[-1] in ORDERED):
            return
        held = self.held(path)
        if held is not None and after is not None:
            held.value = laid_out(held.head.strip(), after)
            return
        if path[0] == "teams" and before and after:  # a team that is only a title is a table too
            before, after = (
                {"title": each} if isinstance(each, str) and len(path) == 2 else each for each in (before, after)
            )
        if isinstance(before, dict) and isinstance(after, dict):
            for key in {**before, **after}:
                self.change((*path, key), before.get(key), after.get(key))
            if path[-1] == "cases":
                self.order_cases(path, list(after))
        elif path[-1] == "handoff" and before and after:
            self.change_handoffs(path, before, after)
        else:
            self.remove(path)
            if after is not None:
                self.add(path, after)

    def change_handoffs(self, path: Path, before: Sequence[Data], after: Sequence[Data]) -> None:
        """Hand-offs have no names: which of them stayed is seen by what they say."""
        document = next(document for document, _ in self.below(path))
        stood: dict[int, int] = {}
        matcher = SequenceMatcher(None, [_shown(each) for each in before], [_shown(each) for each in after], False)
        for kind, one, one_to, other, other_to in matcher.get_opcodes():
            if kind in ("equal", "replace"):
                stood.update(zip(range(other, other_to), range(one, one_to), strict=False))
        for number, place in stood.items():
            for key in {**before[place], **after[number]}:
                self.change((*path, place, key), before[place].get(key), after[number].get(key))
        blocks = [document.below((*path, number)) for number in range(len(before))]
        for number in set(range(len(before))) - set(stood.values()):
            document.remove((*path, number))
        kept = [statement for block in blocks for statement in block if statement in document.statements]
        at = document.statements.index(kept[0]) if kept else document.behind(path[:2])
        document.take(kept)
        for number, handoff in enumerate(after):
            if number in stood:
                at = document.put(at, blocks[stood[number]])
            else:
                at = document.insert(at, handoff_block(path, handoff))

    # --- order ---

    def order_cases(self, path: Path, names: Sequence[str]) -> None:
        """Put the cases of a tier in their order; each stays on one of the lines that cases had."""
        for document in self.documents:
            cases = {each.path[-1]: each for each in document.below(path) if len(each.path) == len(path) + 1}
            if set(cases) == set(names):
                places = sorted(map(document.statements.index, cases.values()))
                for place, name in zip(places, names, strict=True):
                    document.statements[place] = cases[name]

    def order_stages(self, names: Sequence[str]) -> None:
        """Put the stages in their order, in the file that names them."""
        document = next((document for document, _ in self.below(("stages",))), None)
        if document is None:
            return
        said = [each for each in document.below(("stages",)) if len(each.path) > 1]
        if list(dict.fromkeys(each.path[1] for each in said)) == names:
            return
        contexts = {each.context for each in said}
        if len(contexts) == 1 or all(len(context) > 1 for context in contexts):
            at = document.statements.index(said[0])
            document.take(said)
            document.put(at, sorted(said, key=lambda each: names.index(str(each.path[1]))))

    # --- what is new ---

    def add(self, path: Path, new: Any) -> None:
        """Add a thing that stands nowhere yet: at the end of what it belongs to."""
        if len(path) == 2 and path[0] != "teams":
            self.add_entry(path, new)
        elif len(path) == 3 and path[2] in SPREAD:
            for key, each in new.items():
                self.add((*path, key), each)
        elif path[-1] == "handoff":
            document = next(document for document, _ in self.below(path[:2]))
            for handoff in new:
                document.insert(document.behind(path[:2]), handoff_block(path, handoff))
        elif len(path) == 1:
            self.main.insert(self.main.behind_the_top(), assigned(path, new))
        elif len(path) == 4 and path[2] == "requires":
            self.add_side(path, new)
        else:
            self.add_key(path, new, self.documents)

    def add_entry(self, path: Path, new: Any) -> None:
        document = self.main
        if path[0] == "stages":  # all stages are named in one file
            document = next((each for each, said in self.below(path[:1]) if len(said.path) > 1), document)
        document.insert(document.behind(path[:1]), table(path, new))

    def add_side(self, path: Path, new: Any) -> None:
        """What a team requires stands where that team's other sides do."""
        for document, said in self.below(("stages",)):
            if said.path[2:] == path[2:]:
                self.add_key(path, new, [document])
                return
        self.add_key(path, new, self.documents)

    def add_key(self, path: Path, new: Any, documents: Sequence[Document]) -> None:
        for size in range(len(path) - 1, 0, -1):
            near = [(document, said) for document in documents for said in document.below(path[:size])]
            reach = [pair for pair in near if path[: len(pair[1].context)] == pair[1].context != path]
            if reach:
                context = max((said.context for _, said in reach), key=len)
                document = next(document for document, said in reach if said.context == context)
                last = [said for each, said in reach if each is document and said.context == context][-1]
                document.insert(document.statements.index(last) + 1, assigned(path[len(context) :], new), context)
                return
            if near and size > 1:  # only tables inside the one that it belongs to have headers
                document, first = near[0]
                document.insert(document.statements.index(first), table(path[:size], {path[size:]: new}))
                return
        document = documents[0] if len(documents) == 1 else self.main
        document.insert(document.behind(path[:1]), table(path[:-1], {path[-1:]: new}))


def _same(one: Any, other: Any, *, ordered: bool = False) -> bool:
    if isinstance(one, dict) and isinstance(other, dict):
        return (list(one) == list(other) if ordered else one.keys() == other.keys()) and all(
            _same(each, other[key], ordered=key in ORDERED) for key, each in one.items()
        )
    return bool(one == other)


def _shown(handoff: Data) -> str:
    return json.dumps(handoff, sort_keys=True)


__all__ = ["edited"]
