"""Writes selections of activities: loops over events that put each where it belongs.

Those that read nothing of the lead come first, in one pass over the events of their type; what a rule means is written
in `rule_code`.
"""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterable, Mapping
from typing import assert_never, cast

from qualify.definition.model import Model
from qualify.engine import moments
from qualify.engine.sight import properties_of
from qualify.engine.source import Code, Scope, Source
from qualify.rules.reads import Tree, walk
from qualify.rules.tree import (
    AnyActivity,
    Compare,
    Following,
    In,
    Known,
    Last,
    Match,
    Name,
    Recent,
    Rule,
    Selection,
    Since,
    Term,
    Text,
    Texts,
)  # fmt: skip
from qualify.vocabulary import FieldType


class SelectionWriter(Source):
    """Writes selections; what they found is in `selections`, and `passes` are those that come first."""

    def __init__(self, model: Model) -> None:
        super().__init__(model)
        self.selections: dict[Selection, tuple[Code, Code]] = {}
        self.passes: dict[str, list[Selection]] = {}

    @abstractmethod
    def rule(self, rule: Rule) -> Code:
        """The name of a rule's answer."""

    @abstractmethod
    def moment(self, term: Term) -> Code:
        """What a moment can be, as a tuple; None where it is unknown."""

    def selected(self, selection: Selection) -> tuple[Code, Code]:
        """Two lists of events, of what surely counts and of what may; None and None where the source can't tell."""
        known = self.selections.get(selection)
        if known is not None:
            return known
        of = selection.of
        if isinstance(of, Name) and of.name in self.model.signals and selection == Selection(of):
            return self.selected(self.model.signals[of.name].each)
        sure, unsure = self.new(), self.new()
        if isinstance(of, Name) and of.name not in self.model.signals and not _anchored(selection):
            self.passes.setdefault(of.name, []).append(selection)
            self.selections[selection] = (sure, unsure)
            return sure, unsure
        source: Code | None = None
        source_unsure: Code | None = None
        if isinstance(of, Name) and of.name in self.model.signals:
            source, source_unsure = self.selected(self.model.signals[of.name].each)
        anchors = {at: self.anchor(window) for at, window in enumerate(selection.windows)}
        self.line(f"{sure} = {unsure} = None")
        self.line("if A is not None:")
        self.indent += 1
        self.line(f"{sure} = []; {unsure} = []")
        if source is not None and source_unsure is not None:
            self.pick(selection, anchors, source, sure, unsure)
            self.pick(selection, anchors, source_unsure, unsure, unsure)
        elif isinstance(of, AnyActivity):
            listed = self.new()
            self.line(f"for {listed} in A.values():")
            self.indent += 1
            self.pick(selection, anchors, listed, sure, unsure)
            self.indent -= 1
        else:
            for name in (of.name,) if isinstance(of, Name) else of.names:
                listed = self.let(f"A.get({self.bind(name)})")
                self.line(f"if {listed} is not None:")
                self.indent += 1
                self.pick(selection, anchors, listed, sure, unsure)
                self.indent -= 1
        self.indent -= 1
        self.selections[selection] = (sure, unsure)
        return sure, unsure

    def can_be_unsure(self, selection: Selection) -> bool:
        """Whether it may be open that an event counts."""
        if selection.where is not None or _anchored(selection):
            return True
        of = selection.of
        signal = self.model.signals.get(of.name) if isinstance(of, Name) else None
        return signal is not None and self.can_be_unsure(signal.each)

    def body(self) -> str:
        """The function's lines: the fields, one pass over the events of each type, then the rest."""
        rest, self.lines = self.lines, []
        if self.passes:
            every = [code for listed in self.passes.values() for each in listed for code in self.selections[each]]
            self.line(f"if A is None: {' = '.join(every)} = None")
            self.line("else:")
            self.indent += 1
            for kind, listed in self.passes.items():
                self.one_pass(kind, listed)
            self.indent -= 1
        passes, self.lines = self.lines, rest
        return "\n".join([*self.fields_taken(), *passes, *rest])

    def one_pass(self, kind: str, listed: list[Selection]) -> None:
        """All selections of one type together, since the same event is mostly looked at by several.

        They read nothing of the lead, so they can come first.
        """
        events, event, at, said = self.new(), self.new(), self.new(), self.new()
        self.line(f"{events} = A.get({self.bind(kind)}, {self.bind(())})")
        picking = []
        for selection in listed:
            sure, unsure = self.selections[selection]
            if selection.where is None:
                self.line(f"{unsure} = {self.bind(())}")
            if selection.where is None and not selection.windows:
                self.line(f"{sure} = {events}")
            else:
                self.line(f"{sure} = []" + (f"; {unsure} = []" if selection.where is not None else ""))
                picking.append(selection)
        if not picking:
            return
        self.line(f"for {event} in {events}:")
        self.indent += 1
        self.line(f"{at}, {said} = {event}")
        wheres = [selection.where for selection in picking if selection.where is not None]
        outer, kinds = self.scope, properties_of(picking[0], self.model)
        self.scope = Scope(self, said, kinds)
        self.scope.atoms = text_questions(wheres, kinds)
        for selection in picking:
            sure, unsure = self.selections[selection]
            answer = None if selection.where is None else self.rule(selection.where)
            tests = [] if answer is None else [f"{answer} is not False"]
            spans = [window.span for window in selection.windows if isinstance(window, Recent)]
            tests += [f"{at} >= {self.edge(('back', span), 'instant')}" for span in spans]
            chosen = sure if answer is None else f"({unsure} if {answer} is None else {sure})"
            self.line(f"if {' and '.join(tests)}: {chosen}.append({event})")
        self.scope = outer
        self.indent -= 1

    def anchor(self, window: Recent | Following | Since) -> Code:
        """What a window begins at."""
        return "None" if isinstance(window, Recent) else self.moment(window.anchor)

    def pick(self, selection: Selection, anchors: Mapping[int, Code], source: Code, sure: Code, unsure: Code) -> None:
        """A loop over events that puts each where it belongs."""
        event = self.new()
        self.line(f"for {event} in {source}:")
        self.indent += 1
        at = self.let(f"{event}[0]")
        opens: list[Code] = []
        for number, window in enumerate(selection.windows):
            match window:
                case Recent(span):
                    self.line(f"if {at} < {self.edge(('back', span), 'instant')}: continue")
                case Following(span):
                    answer = self.let(
                        self.call(moments.within_after, f"({at},)", self.bind(span), anchors[number], "C")
                    )
                    self.line(f"if {answer} is False: continue")
                    opens.append(answer)
                case Since(anchor):
                    answer = self.let(self.call(moments.since, at, anchors[number], "C", str(isinstance(anchor, Last))))
                    self.line(f"if {answer} is False: continue")
                    opens.append(answer)
                case _:
                    assert_never(window)
        if selection.where is not None:
            outer, self.scope = self.scope, Scope(self, f"{event}[1]", properties_of(selection, self.model))
            answer = self.rule(selection.where)
            self.scope = outer
            self.line(f"if {answer} is False: continue")
            opens.append(answer)
        if opens:
            unsettled = " or ".join(f"{code} is None" for code in opens)
            self.line(f"({unsure} if {unsettled} else {sure}).append({event})")
        else:
            self.line(f"{sure}.append({event})")
        self.indent -= 1


def _anchored(selection: Selection) -> bool:
    """Whether a window begins at a moment that has to be found first."""
    return not all(isinstance(window, Recent) for window in selection.windows)


def question_of(rule: Rule) -> Rule:
    """`not in` asks the same of a text as `in`."""
    return In(rule.term, rule.values) if isinstance(rule, In) and rule.negated else rule


def text_questions(trees: Iterable[Tree], kinds: Mapping[str, FieldType]) -> dict[str, dict[Rule, int]]:
    """What is asked of each text in these rules, and at which place."""
    asked: dict[str, dict[Rule, None]] = {}
    for tree in trees:
        for node, in_where in walk(tree):
            if in_where:
                continue
            term: Term | None = None
            match node:
                case Compare(Name() as name, _, Text()) | Compare(Text(), _, Name() as name):
                    term = name
                case In(Name() as name, Texts() | Name()) | Match(Name() as name) | Known(Name() as name):
                    term = name
                case _:
                    pass
            if isinstance(term, Name) and kinds.get(term.name) == "text":
                asked.setdefault(term.name, {})[question_of(cast(Rule, node))] = None
    return {name: {rule: at for at, rule in enumerate(rules)} for name, rules in asked.items()}
