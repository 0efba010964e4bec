"""The library's own way of drawing by choices, by the name under which the tests know it."""

from qualify.testing.pick import Pick

__all__ = ["Pick"]
