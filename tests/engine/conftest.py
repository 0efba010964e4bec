"""The fixture `engine`: what a test asks, it asks of every engine."""

from tests.engines import engine

__all__ = ["engine"]
