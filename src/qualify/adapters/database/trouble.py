"""What an error of a database means: to be tried again, one row's fault, or the end. No message holds a value."""

from __future__ import annotations

from sqlalchemy.exc import DBAPIError, OperationalError, SQLAlchemyError

from qualify.adapters.records import ConnectionTrouble
from qualify.errors import AdapterError

PASSES = ("08", "40", "53", "57", "55P03")
"""How codes of SQLSTATE begin that pass: the connection, a rollback, no resources, a shutdown, a lock."""

NEVER_PASSES = ("authentication failed", "access denied", "does not exist", "unable to open database file")
LOCKED = ("database is locked", "database table is locked", "deadlock found", "lock wait timeout exceeded")


def meaning(why: SQLAlchemyError, where: str) -> AdapterError:
    """The error as ours: ConnectionTrouble where it may pass."""
    kind = type(getattr(why, "orig", None) or why).__name__
    code = sqlstate(why)
    said = f"{kind}, SQLSTATE {code}" if code else kind
    if may_pass(why):
        return ConnectionTrouble(f"{where} can't be reached, or is busy ({said})")
    return AdapterError(f"{where} refused what was asked ({said})")


def may_pass(why: SQLAlchemyError) -> bool:
    """Whether the same call may succeed later."""
    if not isinstance(why, DBAPIError):
        return False
    if why.connection_invalidated:
        return True
    text = str(why.orig).lower()
    if isinstance(why, OperationalError) and any(each in text for each in LOCKED):
        return True
    code = sqlstate(why)
    if code is not None:
        return code.startswith(PASSES)
    refused = any(each in text for each in NEVER_PASSES)
    return isinstance(why, OperationalError) and "sqlite" not in type(why.orig).__module__ and not refused


def sqlstate(why: SQLAlchemyError) -> str | None:
    """The database's own code of an error, where there is one."""
    found = getattr(getattr(why, "orig", None), "sqlstate", None)
    return found if isinstance(found, str) else None


def answer_of(why: SQLAlchemyError) -> str:
    """What the database said to one row, in a line. It may hold what the row says."""
    return " ".join(str(getattr(why, "orig", None) or why).split())[:500]


__all__ = ["answer_of", "may_pass", "meaning", "sqlstate"]
