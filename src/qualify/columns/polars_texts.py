"""Texts in Polars, a batch at a time: cleaned, folded, and asked all that a definition asks of them.

Letters beyond ASCII cost only where there are some, and where the same few texts stand in many rows each is looked at
once.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from qualify.text import STRIPPED

if TYPE_CHECKING:
    import polars as pl

TEXT = "text"
"""What the folded text is called where it is asked something."""
MANY, SAMPLE, FEW_OF_SAMPLE = 5_000, 1_000, 300
"""From how many rows on it is asked whether texts repeat, of how many of them, and how many different ones are few."""


def answering(tests: Sequence[pl.Expr], prepared: Callable[[pl.Series], pl.Series]) -> Callable[[pl.Series], pl.Series]:
    """A function from texts to a struct of the answers to some tests; `prepared` folds them."""
    import polars as pl

    def asked(texts: pl.Series) -> pl.DataFrame:
        return prepared(texts).rename(TEXT).to_frame().select(tests)

    def answers(texts: pl.Series) -> pl.Series:
        name, repeated = texts.name, _repeated(texts)
        if repeated is None:
            return asked(texts).to_struct(name)
        codes, distinct = repeated
        return asked(distinct).select(pl.all().gather(codes)).to_struct(name)

    return answers


def _repeated(texts: pl.Series) -> tuple[pl.Series, pl.Series] | None:
    """For each row the place of its text among the different ones, and those; None where most differ."""
    import polars as pl

    number = len(texts)
    if (
        number < MANY
        or texts.gather_every(number // SAMPLE).n_unique() > FEW_OF_SAMPLE
        or not hasattr(pl, "Categories")
    ):
        return None
    codes = texts.cast(pl.Categorical(pl.Categories.random())).to_physical()
    distinct = _texts_by_code(codes.gather_every(number // SAMPLE), texts.gather_every(number // SAMPLE))
    highest: int | None = codes.max()  # type: ignore[assignment]
    if highest is not None and len(distinct) <= highest:  # the sample doesn't hold all of them
        first = codes.arg_unique()
        distinct = _texts_by_code(codes.gather(first), texts.gather(first))
    if codes.null_count():
        return codes.fill_null(len(distinct)), distinct.append(pl.Series([None], dtype=pl.String))
    return codes, distinct


def _texts_by_code(codes: pl.Series, texts: pl.Series) -> pl.Series:
    import polars as pl

    return pl.DataFrame({"code": codes, "text": texts}).drop_nulls().unique("code").sort("code")["text"]


def cleaned(texts: pl.Series) -> pl.Series:
    """Texts in composed form, without white space at their ends; what is blank is missing."""
    return _stripped(texts if _is_ascii(texts) else texts.str.normalize("NFC"))


def folded(texts: pl.Series) -> pl.Series:
    """Texts as they are compared: cleaned, without case."""
    if _is_ascii(texts):
        return _stripped(texts).str.to_lowercase()
    texts = _stripped(texts.str.normalize("NFC")).str.replace_all("İ", "i", literal=True).str.to_lowercase()
    for letter, plain in (("ß", "ss"), ("ς", "σ")):  # `ẞ` is `ß` by now
        texts = texts.str.replace_all(letter, plain, literal=True)
    return texts


def domains(emails: pl.Series) -> pl.Series:
    """What follows the last `@` of e-mail addresses."""
    return cleaned(emails.str.extract(r"(?s)@([^@]*)$"))


def _stripped(texts: pl.Series) -> pl.Series:
    texts = texts.str.strip_chars(STRIPPED)
    blank = texts == ""
    return texts.set(blank, None) if blank.any() else texts


def _is_ascii(texts: pl.Series) -> bool:
    return bool(texts.str.len_bytes().sum() == texts.str.len_chars().sum())
