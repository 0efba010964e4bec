"""The codes of faults that only a mapping can have, and what each means; the others are a definition's too.

Each has a page (docs/reference/faults/).
"""

from __future__ import annotations

from collections.abc import Mapping

CODES: Mapping[str, str] = {
    "a-definition": "a definition where a mapping is expected",
    "bad-currency": "a currency that is not written as its code in three capitals",
    "bad-dates": "a way of writing dates that can't be read, or that leaves a day to be guessed",
    "bad-rate": "a rate of exchange that is not above 0",
    "blank-label": "a label that is blank, or means nothing; placeholders say what means missing",
    "not-in-order": "a value of a lifecycle that its order doesn't have",
    "other-type": "a conversion that gives another type than the field has",
    "says-nothing": "a word for a null, or a label, that would still be missing",
    "unknown-base": "an adapter to extend that there isn't, or that has no mapping",
    "unknown-conversion": "an `as` that does not exist",
    "useless-key": "a key that has no meaning for a field of this type",
}
