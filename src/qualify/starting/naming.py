"""What a field of one's own is called: a valid name, told from all others, made of its column's words."""

from __future__ import annotations

from qualify.starting.words import spoken
from qualify.vocabulary import RESERVED, STANDARD_FIELDS, name_fault

LONGEST = 64

DRAWN = frozenset({"no_mail", "reachable", "good_source", "right_industry", "decision_maker", "senior_enough", "has_budget",
                   "company_size", "fit", "tells_enough", "accepted_by_sales", "has_needs"})  # fmt: skip
"""Names of the facts that may be drawn: facts and fields share one name space."""


class Names:
    """Gives each column a name that no other has."""

    def __init__(self) -> None:
        self._taken = {*RESERVED, *STANDARD_FIELDS, *DRAWN, "activities"}

    def give(self, header: str, place: int) -> str:
        """A name for the column at that place (from 1).

        >>> names = Names()
        >>> names.give("Lead Origin", 1), names.give("lead-origin", 2), names.give("in", 3), names.give("2nd try", 4)
        ('lead_origin', 'lead_origin_2', 'in_field', 'field_2nd_try')
        >>> names.give("???", 5)
        'column_5'
        """
        name = spoken(header).replace(" ", "_")[:LONGEST].strip("_") or f"column_{place}"
        if not name[0].isalpha():
            name = f"field_{name}"
        if name in RESERVED:
            name = f"{name}_field"
        name, number = name[:LONGEST], 1
        given = name
        while given in self._taken:
            number += 1
            ending = f"_{number}"
            given = name[: LONGEST - len(ending)] + ending
        assert name_fault(given) is None
        self._taken.add(given)
        return given
