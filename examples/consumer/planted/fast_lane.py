"""Who is called while the form is still on their screen."""

from collections.abc import Mapping
from typing import Any

from qualify import Verdict


def fast_lane(form: Mapping[str, Any], verdict: Verdict) -> bool:
    """Whether somebody calls at once: for shops of more than fifty people."""
    return (form.get("employees") or 0) > 50
