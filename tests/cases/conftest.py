"""The fixture `engine`: every row is asked of every engine."""

from tests.engines import engine

__all__ = ["engine"]
