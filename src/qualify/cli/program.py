"""The program: its commands, its exit codes, and what it says when something goes wrong."""

from __future__ import annotations

import os
import sys
import traceback
from collections.abc import Sequence

import click

from qualify.cli import screen
from qualify.cli.exits import CLOSED_PIPE, FAULTS, FINE, INTERRUPTED, MISUSE, OUR_FAULT
from qualify.errors import DefinitionError, MappingError, QualifyError, nearest

MISUSED = ("bad-argument", "bad-as-of", "no-ids", "which-lead")

EPILOG = (
    "Exit codes: 0 fine, or reached; 1 a fault in what was given (a definition, a mapping, a file that can't be "
    "read or written, a lead that isn't there); 2 the command was called wrongly; 3 not yet or disqualified; "
    "4 undetermined; 5 left out; 6 some records were rejected, or refused."
)


class Commands(click.Group):
    """The commands, each loaded when it is called or listed: `check` needn't wait for what `run` needs."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Their names, in the order of the help."""
        return ["init", "check", "run", "explain", "sync", "sql", "schema", "adapters"]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command of that name, or None."""
        match cmd_name:
            case "init":
                from qualify.cli.init import init

                return init
            case "check":
                from qualify.cli.check import check

                return check
            case "run":
                from qualify.cli.run import run

                return run
            case "explain":
                from qualify.cli.explain import explain

                return explain
            case "sync":
                from qualify.cli.sync import sync

                return sync
            case "sql":
                from qualify.cli.sql import sql

                return sql
            case "schema":
                from qualify.cli.schema import schema

                return schema
            case "adapters":
                from qualify.cli.adapters import adapters

                return adapters
            case _:
                return None

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """The command that is called; for a misspelled one, the nearest is proposed."""
        known = self.list_commands(ctx)
        if args and args[0] not in known and not args[0].startswith("-"):
            near = nearest(args[0].lower(), known)
            hint = f"; did you mean '{near}'?" if near else f"; there are: {', '.join(known)}"
            ctx.fail(f"no such command '{args[0][:64]}'{hint}")
        return super().resolve_command(ctx, args)


@click.group(
    cls=Commands,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 80},
    epilog=EPILOG,
    invoke_without_command=True,
    subcommand_metavar="COMMAND [ARGS]...",
)
@click.option("--version", is_flag=True, help="Show the version and exit.")
@click.pass_context
def program(context: click.Context, version: bool) -> int:
    """One shared definition of a qualified lead, for marketing and sales.

    A definition is a file or a folder of TOML that both teams write. The
    commands check it, and judge leads by it.
    """
    if version:
        screen.out(f"qualify {own_version()}")
    elif context.invoked_subcommand is None:
        screen.out(context.get_help())
    return FINE


def own_version() -> str:
    """The version that is installed."""
    from importlib.metadata import PackageNotFoundError, version

    try:
        return version("qualify")
    except PackageNotFoundError:
        return "(not installed)"


def run(arguments: Sequence[str]) -> int:
    """Run the program with these words; gives its exit code. Nothing is raised, and no traceback shown."""
    screen.prepare()
    debug = "--debug" in arguments
    try:
        code = _invoked(arguments)
        sys.stdout.flush()
    except KeyboardInterrupt:
        code = INTERRUPTED
    except BrokenPipeError:
        _forget_output()
        code = CLOSED_PIPE
    except Exception as why:
        code = _explained(why, debug)
    return code


def _invoked(arguments: Sequence[str]) -> int:
    """The command's own exit code; click's errors are shown as click does, ours are raised."""
    try:
        with program.make_context("qualify", list(arguments)) as context:
            code = program.invoke(context)
    except click.exceptions.Exit as why:
        return why.exit_code
    except click.exceptions.Abort:
        return INTERRUPTED
    except click.ClickException as why:
        why.show()
        return why.exit_code
    return code if isinstance(code, int) else FINE


def _explained(why: Exception, debug: bool) -> int:
    """Say what went wrong, for the person who can mend it; gives the exit code."""
    if debug:
        traceback.print_exc()
    try:
        match why:
            case DefinitionError() | MappingError():
                screen.tell(str(why))
                return FAULTS
            case QualifyError():
                screen.tell(f"qualify: {why.message}")
                return MISUSE if why.code in MISUSED else FAULTS
            case OSError():
                _forget_output()
                screen.tell(f"qualify: {_place(why)}{why.strerror or type(why).__name__}")
                return FAULTS
            case MemoryError():
                screen.tell("qualify: this machine hasn't enough memory for that")
                return FAULTS
            case _:
                where = _origin(why)
                screen.tell(
                    f"qualify: an error of its own, {type(why).__name__}{where}. Please report it; --debug shows more."
                )
                return OUR_FAULT
    except OSError:  # nobody can hear it
        return FAULTS


def _place(why: OSError) -> str:
    return f"{os.fsdecode(why.filename)}: " if isinstance(why.filename, str | bytes) else "output: "


def _origin(why: Exception) -> str:
    """Where an unexpected error was raised: the file's name and line, which hold no lead's value."""
    frames = traceback.extract_tb(why.__traceback__)
    ours = [frame for frame in frames if f"{os.sep}qualify{os.sep}" in frame.filename]
    if not ours:
        return ""
    last = ours[-1]
    name = last.filename.rpartition(f"{os.sep}qualify{os.sep}")[2].replace(os.sep, "/")
    return f" at {name}:{last.lineno}"


def _forget_output() -> None:
    """What is still waiting for stdout goes nowhere, so that Python's own farewell doesn't complain."""
    try:
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, sys.stdout.fileno())
        os.close(nowhere)
    except (OSError, ValueError):
        pass
