"""The answer for one lead at one moment, and what can be done with it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from qualify.engine.evaluate import Evaluator, Raw
from qualify.errors import QualifyError, shown
from qualify.verdict.build import PARTS, Build
from qualify.verdict.frozen import Frozen
from qualify.verdict.parts import Change, Changes, Format
from qualify.verdict.view import View


class Verdict(View):
    """The answer for one lead at one moment, by one definition. An immutable value.

    `stage` is the last stage reached, or None. Reading it costs only the decision; evidence, what is missing, what is
    nearest and the English are built when they are looked at.
    """

    __slots__ = ()

    # --- accounts of it ---

    def explain(
        self,
        team: str | None = None,
        format: Format = "text",
        *,
        stage: str | None = None,
        nearest: bool = False,
        width: int | None = None,
    ) -> str:
        """The verdict in plain English, the shortest true account first; for both sides, or for one team.

        `format` is `text`, `markdown` or `html` (a fragment, safe whatever the lead's fields hold). `stage` asks about
        that stage instead of the next one. A team and a stage are known by name and by title, in any case.
        `nearest=True` also says what would reach it, which takes longer than all the rest. `width` is how many columns a
        line of text has (100).

        Raises QualifyError for a team, a stage or a format that does not exist.
        """
        from qualify.verdict.explain import explain

        return explain(self, team, format, stage=stage, nearest=nearest, width=width)

    def scorecard(self, score: str | None = None, format: Format = "text", *, width: int | None = None) -> str:
        """Where the points of a score come from: each item, its points, out of how many, and why; without a name, those
        of each adopted score.

        `format` is `text`, `markdown` or `html` (a fragment, safe whatever the lead's fields hold). `width` is how many
        columns a line of text has (100). A score in shadow, or proposed and asked for, has a scorecard too, by its name.

        Raises QualifyError for a score or a format that does not exist.
        """
        from qualify.verdict.scorecard_layout import scorecard

        return scorecard(self, score, format, width)

    def since(self, earlier: Verdict) -> Changes:
        """What changed since an earlier verdict on the same lead, and why. Of what a redacted verdict hides nothing is said.

        Raises QualifyError where the two are about leads with different ids.
        """
        if None not in (self.lead_id, earlier.lead_id) and self.lead_id != earlier.lead_id:
            raise QualifyError("these verdicts are about two different leads", code="another-lead")
        from qualify.verdict.since import changes

        return changes(earlier, self)

    def after(self, changes: Iterable[Change]) -> Verdict:
        """The verdict that the lead would have, at the same moment, after these changes (one set of `nearest`).

        Raises QualifyError for a verdict that does not hold its lead: one from JSON, or a redacted one; and for what is
        no changes.
        """
        if self._session is None:
            raise QualifyError("this verdict does not hold its lead, so nothing can be changed in it", code="no-lead")
        from qualify.verdict.nearest import changed

        said: object = changes
        given = tuple(said) if isinstance(said, Iterable) else (said,)
        if not all(isinstance(each, Change) for each in given):
            raise QualifyError(
                "after takes changes: one set of nearest, such as verdict.after(verdict.nearest[0]), or a list of Change",
                code="bad-argument",
            )
        fields = changed(self._session, self._lead, given)
        return Verdict(self._session, *self._session.judge(fields))

    def redacted(self) -> Verdict:
        """The same verdict without any value of the lead, its id included: names of fields and outcomes stay."""
        from qualify.verdict.redaction import redacted

        return stored(redacted(self))

    def to_json(self, *, nearest: bool = False, indent: int | None = None) -> str:
        """The verdict as JSON, in the published form (`json_schema`); the same verdict gives the same bytes.

        `nearest=True` also looks for the nearest changes, which takes longer than all the rest.
        """
        from qualify.verdict.to_json import to_json

        return to_json(self, nearest=nearest, indent=indent)

    @staticmethod
    def from_json(text: str) -> Verdict:
        """The verdict that `to_json` wrote, by this release or an older one. It explains itself without its definition.

        Raises QualifyError for what is no verdict, or has a newer form than this release knows.
        """
        from qualify.verdict.from_json import from_json

        return stored(from_json(text))

    @staticmethod
    def json_schema() -> dict[str, Any]:
        """JSON Schema of the published form."""
        from qualify.verdict.json_schema import json_schema

        return json_schema()

    def _repr_html_(self) -> str:
        return self.explain(format="html", nearest=True)

    # --- a value ---

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Verdict) and self._key() == other._key()

    def __hash__(self) -> int:
        return hash((self.lead_id, self.as_of, self.stage, self.definition))

    def __str__(self) -> str:
        return self.explain()

    def __repr__(self) -> str:
        who = shown(self.lead_id) if self.lead_id else "without an id"
        return f"<Verdict of lead {who} at {self.as_of.isoformat()}: {self.stage or 'no stage'}>"

    def __reduce__(self) -> tuple[Any, ...]:
        if self._session is None:
            return stored, (self._built,)
        return _judged, (self._session.evaluator, self._lead, self.as_of, self._raw, self._session.proposed)

    def _key(self) -> tuple[Any, ...]:
        return (
            self.stage,
            self.left_out_by,
            *(self._part(name, getattr(Build, name)) for name in PARTS if name not in ("nearest", "words")),
        )


def stored(parts: dict[str, Any]) -> Verdict:
    """A verdict that consists of its parts alone: from JSON, or redacted."""
    verdict = Verdict(None, Frozen(), (parts["stage"], parts["left_out_by"] or None))
    verdict._built = parts
    return verdict


def _judged(evaluator: Evaluator, lead: Mapping[str, Any], as_of: datetime, raw: Raw, proposed: bool) -> Verdict:
    return Verdict(evaluator.session(as_of, proposed), lead, raw)


__all__ = ["Verdict"]
