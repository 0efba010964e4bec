"""Files of leads, as people export them, and columns of a few rows."""

import csv
import io
import json
from pathlib import Path

from qualify.starting.guesses import guessed
from qualify.starting.sample import sampled


def csv_text(headers, rows, delimiter=","):
    """A CSV file, every cell quoted, so that nothing in one is taken for the file's own signs."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, delimiter=delimiter, quoting=csv.QUOTE_ALL, lineterminator="\n")
    writer.writerow(headers)
    writer.writerows(rows)
    return out.getvalue()


def guess_of(header, cells, *, beside=(), delimiter=","):
    """What one column is taken for; `beside` are more columns, each a header with its cells."""
    columns = [(header, cells), ("Row", [str(number) for number in range(len(cells))]), *beside]
    rows = zip(*(cells for _, cells in columns), strict=True)
    text = csv_text([header for header, _ in columns], rows, delimiter)
    found = guessed(sampled(io.BytesIO(text.encode())))
    return found.columns[0]


def lines_of(records):
    """Records as JSON Lines."""
    return io.BytesIO("".join(json.dumps(each) + "\n" for each in records).encode())


def written(started):
    """All that was written, as one text."""
    return "\n".join(Path(file).read_text(encoding="utf-8") for file in started.files)
