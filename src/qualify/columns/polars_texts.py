"""Texts in Polars, cleaned and folded a batch at a time: letters beyond ASCII cost only where there are some."""

from __future__ import annotations

from typing import TYPE_CHECKING

from qualify.text import STRIPPED

if TYPE_CHECKING:
    import polars as pl


def cleaned(texts: pl.Series) -> pl.Series:
    """Texts in composed form, without white space at their ends; what is blank is missing."""
    if not _is_ascii(texts):
        texts = texts.str.normalize("NFC")
    texts = texts.str.strip_chars(STRIPPED)
    blank = texts == ""
    return texts.set(blank, None) if blank.any() else texts


def folded(texts: pl.Series) -> pl.Series:
    """Texts as they are compared: cleaned, without case."""
    texts = cleaned(texts)
    if not _is_ascii(texts):
        for sharp, plain in (("İ", "i"), ("ß", "ss"), ("ẞ", "ss")):
            texts = texts.str.replace_all(sharp, plain, literal=True)
        return texts.str.to_lowercase().str.replace_all("ς", "σ", literal=True)
    return texts.str.to_lowercase()


def domains(emails: pl.Series) -> pl.Series:
    """What follows the last `@` of e-mail addresses, folded."""
    return folded(emails.str.extract(r"(?s)@([^@]*)$"))


def _is_ascii(texts: pl.Series) -> bool:
    return bool(texts.str.len_bytes().sum() == texts.str.len_chars().sum())
