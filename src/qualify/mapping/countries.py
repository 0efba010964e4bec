"""A country's name or code, as the two letters of ISO 3166-1.

The two-letter codes are read as they are; names and other codes are looked up with pycountry (the extra
`countries`), so that one mapping never reads a name differently on two machines: without it they are an
error.
"""

from __future__ import annotations

from functools import lru_cache

from qualify.errors import MissingExtra
from qualify.text import fold
from qualify.values import Unreadable, kind_of

CODES = frozenset(
    "AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ BR BS BT BV "
    "BW BY BZ CA CC CD CF CG CH CI CK CL CM CN CO CR CU CV CW CX CY CZ DE DJ DK DM DO DZ EC EE EG EH ER ES "
    "ET FI FJ FK FM FO FR GA GB GD GE GF GG GH GI GL GM GN GP GQ GR GS GT GU GW GY HK HM HN HR HT HU ID IE "
    "IL IM IN IO IQ IR IS IT JE JM JO JP KE KG KH KI KM KN KP KR KW KY KZ LA LB LC LI LK LR LS LT LU LV LY "
    "MA MC MD ME MF MG MH MK ML MM MN MO MP MQ MR MS MT MU MV MW MX MY MZ NA NC NE NF NG NI NL NO NP NR NU "
    "NZ OM PA PE PF PG PH PK PL PM PN PR PS PT PW PY QA RE RO RS RU RW SA SB SC SD SE SG SH SI SJ SK SL SM "
    "SN SO SR SS ST SV SX SY SZ TC TD TF TG TH TJ TK TL TM TN TO TR TT TV TW TZ UA UG UM US UY UZ VA VC VE "
    "VG VI VN VU WF WS YE YT ZA ZM ZW".split()
)
"""The two-letter codes that ISO 3166-1 assigns."""

ALSO = {"UK": "GB", "EL": "GR"}
"""Two letters that ISO reserves for a country which has other ones."""

COMMON = {
    "russia": "RU", "turkey": "TR", "great britain": "GB", "england": "GB", "scotland": "GB",
    "wales": "GB", "northern ireland": "GB", "u.s.": "US", "u.s.a.": "US", "uae": "AE",
    "ivory coast": "CI", "holland": "NL", "the netherlands": "NL", "macau": "MO", "swaziland": "SZ",
    "cape verde": "CV", "palestine": "PS", "brunei": "BN", "republic of korea": "KR", "macedonia": "MK",
    "vatican": "VA", "vatican city": "VA",
}  # fmt: skip
"""Names that people write and the standard's tables lack; what could be two countries (Korea) is not here."""


def country_code(value: object) -> str:
    """The two-letter code of a country given by code or by name.

    >>> country_code("de"), country_code("UK")
    ('DE', 'GB')

    Raises Unreadable for what is no country, and MissingExtra for a name when the extra `countries` isn't
    installed.
    """
    if not isinstance(value, str):
        raise Unreadable("a country", kind_of(value))
    code = value.upper()
    if code in CODES:
        return code
    if code in ALSO:
        return ALSO[code]
    found = _code_of(fold(value)) if 2 < len(value) <= 100 else None
    if found is None:
        raise Unreadable("a country", kind_of(value))
    return found


@lru_cache(maxsize=1024)
def _code_of(name: str) -> str | None:
    try:
        import pycountry
    except ImportError:
        raise MissingExtra('as = "country code" on countries\' names', "pycountry", "countries") from None
    if name in COMMON:
        return COMMON[name]
    if name in ("congo", "korea"):
        return None
    try:
        return str(pycountry.countries.lookup(name).alpha_2)
    except LookupError:
        return None
