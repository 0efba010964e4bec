"""The command line: one module per group of commands. It needs the extra `cli`, and says so where it is missing."""

import sys
from importlib.util import find_spec


def main() -> None:
    """Run the command line; without its libraries, say which extra brings them, and exit with 1."""
    if find_spec("click") is None or find_spec("rich") is None:
        print('the command line needs Click and Rich: pip install "qualify[cli]"', file=sys.stderr)
        sys.exit(1)
    from qualify.cli.program import run

    sys.exit(run(sys.argv[1:]))


__all__ = ["main"]
