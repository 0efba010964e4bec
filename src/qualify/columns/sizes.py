"""How large a sum of points can get: literals are whole numbers of 32 bits in most dialects, and sums of them overflow."""

from __future__ import annotations

from collections.abc import Mapping

from qualify.columns.expressions import Added, Case, Column, Constant, Expression, Extreme, Times

SMALL = 2**31 - 1


def fits(of: Expression, columns: Mapping[str, int]) -> bool:
    """Whether 32 bits have room for it, where columns that are made of literals get as large as is said.

    >>> fits(Added((Constant(20), Column("fit"))), {"fit": 10**9}), fits(Times(Column("fit"), 3), {"fit": 10**9})
    (True, False)
    """
    return largest(of, columns) <= SMALL


def largest(of: Expression, columns: Mapping[str, int]) -> int:
    """The largest size of what is reckoned in 32 bits; 0 of what has 64 anyway, as a count has."""
    match of:
        case Constant(int(value)):
            return abs(value)
        case Column(name):
            return columns.get(name, 0)
        case Case(branches, otherwise):
            return max(largest(otherwise, columns), *(largest(value, columns) for _, value in branches))
        case Added(parts):
            return sum(largest(part, columns) for part in parts)
        case Extreme(_, parts):
            return max(largest(part, columns) for part in parts)
        case Times(part, up, _):
            return largest(part, columns) * abs(up)
        case _:
            return 0
