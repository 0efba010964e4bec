"""How a command ends: the exit codes, and the option that every command has for the end that nobody expected."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

import click

FINE, FAULTS, MISUSE, NOT_YET, UNDETERMINED, LEFT_OUT, SOME_REJECTED = range(7)
OUR_FAULT, INTERRUPTED, CLOSED_PIPE = 70, 130, 141

C = TypeVar("C", bound=Callable[..., Any])


def debuggable(command: C) -> C:
    """A command that shows its traceback with --debug."""
    return click.option(
        "--debug",
        is_flag=True,
        expose_value=False,
        help="Show the traceback of an unexpected error; it may hold values.",
    )(command)
