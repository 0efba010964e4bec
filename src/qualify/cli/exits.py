"""How a command ends: the exit codes, and the option that every command has for the end that nobody expected."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

import click

FINE, FAULTS, MISUSE, SOME_REJECTED, OUR_FAULT, INTERRUPTED, CLOSED_PIPE = 0, 1, 2, 6, 70, 130, 141

C = TypeVar("C", bound=Callable[..., Any])


def debuggable(command: C) -> C:
    """A command that shows its traceback with --debug."""
    return click.option(
        "--debug",
        is_flag=True,
        expose_value=False,
        help="Show the traceback of an unexpected error; it may hold values.",
    )(command)
