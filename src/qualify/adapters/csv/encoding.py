"""Which encoding a text is in, from its first bytes.

A byte order mark tells; else what is valid UTF-8 is UTF-8; else charset-normalizer judges by the letters: a
good guess, which the reader's facts show and an option overrules. Bytes that the encoding doesn't have
are marked, not fatal: the row that holds one is a bad row.
"""

from __future__ import annotations

import codecs

from qualify.errors import AdapterError, MissingExtra, nearest

MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),  # before UTF-16, whose mark it begins with
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
COMMON = (
    "cp1252", "cp1250", "cp1251", "cp1253", "cp1254", "cp1255", "cp1256", "cp1257",
    "mac_roman", "cp932", "gb18030", "big5", "cp949",
)  # fmt: skip
"""What spreadsheets and CRMs save when they don't save Unicode. Of several that fit as well, the first."""

WIDE_SHARE = 0.3
"""So many zero bytes on one side of each pair are letters in UTF-16, not stray zeros."""

AS_GOOD = 0.05
"""How much less like a language a text may look, to count as good as the best."""

UNDECODABLE = "qualify.undecodable"


def _mark(error: UnicodeError) -> tuple[str, int]:
    """Put a lone surrogate, which no encoding gives, where bytes could not be decoded."""
    if not isinstance(error, UnicodeDecodeError):
        raise error
    return chr(0xDC00 + error.object[error.start]), error.end


codecs.register_error(UNDECODABLE, _mark)


def find_encoding(name: str, sample: bytes) -> str:
    r"""The encoding of the source called `name`, as Python names it.

    Raises AdapterError where nothing fits, MissingExtra where charset-normalizer is needed and not installed.

    >>> find_encoding("leads.csv", "Id,Ort\n1,Köln".encode("utf-16"))
    'utf-16'
    """
    for mark, encoding in MARKS:
        if sample.startswith(mark):
            return encoding
    wide = _without_mark(sample)
    if wide is not None:
        return wide
    try:
        codecs.getincrementaldecoder("utf-8")().decode(sample)  # not final: a sample may end within a letter
    except UnicodeDecodeError:
        return _judged(name, sample)
    return "utf-8"


def known_encoding(name: str) -> str:
    """An encoding that a person named, in Python's spelling. Raises AdapterError with the nearest name."""
    try:
        b"a".decode(name)
    except UnicodeError:
        pass  # it is an encoding, and this isn't in it
    except (LookupError, ValueError):
        near = nearest(name.casefold(), ("utf-8", "utf-16", "latin-1", *COMMON))
        hint = f"; did you mean {near!r}?" if near else ""
        raise AdapterError(f"no encoding {name!r}{hint}") from None
    return codecs.lookup(name).name


def _without_mark(sample: bytes) -> str | None:
    pairs = len(sample) // 2
    if not pairs or b"\0" not in sample:
        return None
    if sample[1::2].count(0) > WIDE_SHARE * pairs:
        return "utf-16-le"
    if sample[0::2].count(0) > WIDE_SHARE * pairs:
        return "utf-16-be"
    return None


def _judged(name: str, sample: bytes) -> str:
    try:
        from charset_normalizer import from_bytes
    except ImportError:
        raise MissingExtra(
            f"{name}: finding out the encoding of a text that isn't UTF-8", "charset-normalizer", "cli"
        ) from None
    telling = [line for line in sample.splitlines(keepends=True) if not line.isascii()]
    found = from_bytes(b"".join(telling), cp_isolation=list(COMMON))
    best = found.best()
    if best is None:
        raise AdapterError(f"{name}: its encoding can't be found out; say which it is")
    as_good = {
        encoding
        for match in found
        if match.chaos == best.chaos and match.coherence >= best.coherence - AS_GOOD
        for encoding in match.could_be_from_charset
    }
    return next((encoding for encoding in COMMON if encoding in as_good), best.encoding)
