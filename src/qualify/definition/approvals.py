"""A team approves a digest; a definition that was changed after that says so."""

from __future__ import annotations

from qualify.definition.model import Model
from qualify.errors import Finding


def approval_findings(model: Model, digest: str) -> tuple[Finding, ...]:
    """A warning for each team whose approval is of another digest than this."""
    return tuple(
        Finding(
            "approval-outdated", "warning",
            f"{model.teams[team].title} approved another version on {approval.on.isoformat()}: the definition was changed since",
            (f"approvals.{team}",), context=f"Its digest is now {digest}.",
        )
        for team, approval in model.approvals.items()
        if approval.digest != digest
    )  # fmt: skip
