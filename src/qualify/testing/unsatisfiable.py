"""The error for what no lead was found for."""

from __future__ import annotations

from qualify.errors import QualifyError


class Unsatisfiable(QualifyError):
    """No lead was found for what was asked; `parts` can't hold together, as far as that was proved.

    >>> raise Unsatisfiable("no lead was found", parts=("employees < 10", "employees >= 50"), proved=True)
    Traceback (most recent call last):
        ...
    qualify.testing.unsatisfiable.Unsatisfiable: no lead was found
    """

    def __init__(self, message: str, *, parts: tuple[str, ...] = (), proved: bool = False) -> None:
        super().__init__(message, code="unsatisfiable")
        self.parts, self.proved = parts, proved
