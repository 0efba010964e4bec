"""decision -> Verdict: what a definition says of one lead, as a value for programs and people."""

from qualify.verdict.answer import Answer, StageState
from qualify.verdict.parts import (
    Agreement,
    Cause,
    Change,
    Changes,
    DefinitionIdentity,
    Evidence,
    HandoffVerdict,
    ItemVerdict,
    Missing,
    Nearest,
    PointsChange,
    ScoreVerdict,
    SignalVerdict,
    StageVerdict,
    TierVerdict,
    TraitVerdict,
    Tried,
)
from qualify.verdict.verdict import Verdict

__all__ = [
    "Agreement", "Answer", "Cause", "Change", "Changes", "DefinitionIdentity", "Evidence", "HandoffVerdict",
    "ItemVerdict", "Missing", "Nearest", "PointsChange", "ScoreVerdict", "SignalVerdict", "StageState",
    "StageVerdict", "TierVerdict", "TraitVerdict", "Tried", "Verdict",
]  # fmt: skip
