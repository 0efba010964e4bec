"""`python -m qualify`: the command line."""

from qualify.cli import main

if __name__ == "__main__":
    main()
