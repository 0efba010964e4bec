"""`python -m qualify`: the command line, or a word on how to get it."""

import sys
from importlib.util import find_spec


def main() -> None:
    """Run the command line; without its libraries, say which extra brings them, and exit with 1."""
    if find_spec("click") is None or find_spec("rich") is None:
        print('the command line needs Click and Rich: pip install "qualify[cli]"', file=sys.stderr)
        sys.exit(1)
    from qualify.cli import main as run

    run()


if __name__ == "__main__":
    main()
