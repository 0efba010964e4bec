"""What can be said of a sync: the same in Python and on the command line."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import TypedDict

from qualify.run import Progress
from qualify.sync.places import How
from qualify.sync.report import Planned


class Settings(TypedDict, total=False):
    """How leads are synced; nothing has to be said."""

    mapping: How
    """The source's mapping, or its file; else the adapter's own."""
    target_mapping: How
    """The target's, where that is another one; else its adapter's own."""
    options: Mapping[str, str]
    """The source's options, such as `{"url": "sqlite:///leads.db"}`."""
    target_options: Mapping[str, str]
    """The target's, where that is another one."""
    state: str | os.PathLike[str] | None
    """The file that remembers where the last sync was; without one everything is read each time."""
    report: str | os.PathLike[str] | None
    """The CSV file for what a person has to look at; without one it is only counted."""
    full: bool
    """Judge all leads, not only those that changed: time alone changes verdicts too."""
    dry_run: bool
    """Write nothing, and remember nothing."""
    setup: bool
    """Make the properties that are written to and that the target doesn't have."""
    as_of: datetime | None
    """The moment to judge at: now, or that of an interrupted sync of the last day, which this one finishes."""
    limit: int | None
    """Read so many records at most."""
    patience: float
    """In seconds: so long a call is tried again that meets trouble (600)."""
    sleep: Callable[[float], None]
    """What waits between two tries (`time.sleep`)."""
    trouble: Callable[[str, float], None] | None
    """Told of trouble before each pause, and how many seconds that is."""
    watch: Callable[[Progress], None] | None
    """Told after every page how far it is."""
    tell: Callable[[Planned], None] | None
    """Told of every record that was written, or would be."""


__all__ = ["Settings"]
