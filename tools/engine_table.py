"""The table of what engines refuse or see otherwise, on the page about them: drawn from the data that the tests use."""

from tests.columns.differences import DIFFERENCES, EVERY

BEGIN, END = "<!-- differences -->", "<!-- end of differences -->"


def difference_table() -> str:
    """The rows, as Markdown."""
    lines = ["| where | what | what happens | why |", "|---|---|---|---|"]
    for each in DIFFERENCES:
        where = "everywhere" if each.engines == EVERY else ", ".join(each.engines)
        happens = "refused, before any answer" if each.refusal else "is otherwise"
        lines.append(f"| {where} | {each.what} | {happens} | {each.why} |")
    return "\n".join(lines)


def with_table(page: str) -> str:
    """A page with the table as it is now."""
    before, _, rest = page.partition(BEGIN)
    _, _, after = rest.partition(END)
    return f"{before}{BEGIN}\n\n{difference_table()}\n\n{END}{after}"
