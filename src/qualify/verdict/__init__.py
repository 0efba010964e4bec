"""decision -> Verdict: what a definition says of one lead, as a value for programs and people."""

from qualify.verdict.answer import Answer, StageState
from qualify.verdict.verdict import (
    DefinitionIdentity,
    ScoreVerdict,
    SignalVerdict,
    StageVerdict,
    TierVerdict,
    TraitVerdict,
    Tried,
    Verdict,
)  # fmt: skip

__all__ = [
    "Answer", "DefinitionIdentity", "ScoreVerdict", "SignalVerdict", "StageState", "StageVerdict", "TierVerdict",
    "TraitVerdict", "Tried", "Verdict",
]  # fmt: skip
