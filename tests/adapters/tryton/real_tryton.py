"""A real Tryton for the tests: installed from PyPI and its database made once on a machine, outside the repository."""

import contextlib
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from qualify.adapters import ConnectionTrouble
from qualify.adapters.tryton.server import Server
from qualify.errors import AdapterError
from tests.kept import KEPT, made_once

RELEASE = "8.2"
PACKAGES = ("trytond", "trytond_party", "trytond_sale_opportunity")
USER, PASSWORD = "admin", "admin-secret"
CACHE = KEPT / f"tryton-{RELEASE}"
LONGEST_BUILD = 300.0
"""Seconds for installing, and for making a database: 5 and 60 are usual."""


class NotHad(Exception):
    """A Tryton can't be had here: the reason that the skipped tests give."""


def installed() -> Path:
    """The folder with Tryton and a database, made by whoever comes first."""
    try:
        made_once(CACHE, _build)
    except (OSError, subprocess.SubprocessError, NotHad) as why:
        raise NotHad(f"no Tryton here: {why}") from None
    return CACHE


def _build() -> None:
    shutil.rmtree(CACHE, ignore_errors=True)
    (CACHE / "db").mkdir(parents=True)
    _run([sys.executable, "-m", "venv", str(CACHE / "venv")])
    _run([_program("pip"), "install", "--quiet", *(f"{each}~={RELEASE}.0" for each in PACKAGES)])
    (CACHE / "db" / "crm.sqlite").touch()
    (CACHE / "password").write_text(PASSWORD + "\n")
    _configure(CACHE, 0)
    _run(
        [_program("trytond-admin"), "-c", str(CACHE / "trytond.conf"), "-d", "crm", "-u", "sale_opportunity", "party",
         "--activate-dependencies", "--email", "admin@demo.example"],
        TRYTONPASSFILE=str(CACHE / "password"),
    )  # fmt: skip
    (CACHE / "ready").touch()


def _program(name: str) -> str:
    return str(CACHE / "venv" / "bin" / name)


def _run(command: list[str], **environment: str) -> None:
    done = subprocess.run(
        command, capture_output=True, text=True, timeout=LONGEST_BUILD, env={**os.environ, **environment}
    )
    if done.returncode:
        last = (done.stderr.strip().splitlines() or ["no word why"])[-1]
        raise NotHad(f"{Path(command[0]).name} failed: {last}")


def _configure(folder: Path, port: int) -> Path:
    config = folder / "trytond.conf"
    config.write_text(f"[database]\nuri = sqlite://\npath = {folder / 'db'}\n[web]\nlisten = 127.0.0.1:{port}\n")
    return config


@contextlib.contextmanager
def running(folder: Path) -> Iterator[str]:
    """The address of a Tryton over a copy of the database; it ends with the block."""
    (folder / "db").mkdir()
    shutil.copy(installed() / "db" / "crm.sqlite", folder / "db")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [_program("trytond"), "-c", str(_configure(folder, port)), "-d", "crm"]
    with (folder / "log").open("wb") as log, subprocess.Popen(command, stdout=log, stderr=log) as process:
        try:
            _wait(process, port, folder / "log")
            yield f"http://127.0.0.1:{port}"
        finally:
            process.send_signal(signal.SIGTERM)
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:
                process.kill()


def _wait(process: subprocess.Popen[bytes], port: int, log: Path) -> None:
    server, until = Server(f"http://127.0.0.1:{port}", "crm", USER, PASSWORD, time_limit=10), time.monotonic() + 60
    while process.poll() is None and time.monotonic() < until:
        with contextlib.suppress(ConnectionTrouble, AdapterError):
            server.call("model.res.user.get_preferences", True, {})
            server.close()
            return
        time.sleep(0.2)
    last = (log.read_text(errors="replace").strip().splitlines() or ["no word why"])[-1]
    raise NotHad(f"no Tryton here: it doesn't start: {last}")


class Office:
    """The people of a demo company at work: they make parties and opportunities, and change them."""

    def __init__(self, url: str) -> None:
        self.url, self.server = url, Server(url, "crm", USER, PASSWORD)
        self.context: dict[str, Any] = {}
        (currency,) = self.do("currency.currency", "create", [
            {"name": "US Dollar", "code": "USD", "symbol": "$", "digits": 2}
        ])  # fmt: skip
        (self.france,) = self.do("country.country", "create", [{"name": "France", "code": "FR"}])
        ours, seller = self.do("party.party", "create", [{"name": "Print Demo Ltd"}, {"name": "Demo Seller"}])
        (company,) = self.do("company.company", "create", [{"party": ours, "currency": currency}])
        (employee,) = self.do("company.employee", "create", [{"party": seller, "company": company}])
        own = {"companies": [["add", [company]]], "company": company, "employees": [["add", [employee]]]}
        self.do("res.user", "write", [1], {**own, "employee": employee})
        self.context = {"company": company, "employee": employee}

    def do(self, model: str, method: str, *parameters: object) -> Any:
        """Any call, as a client of Tryton makes it."""
        return self.server.call(f"model.{model}.{method}", *parameters, self.context)

    def party(self, name: str, *, city: str | None = None, **mechanisms: str) -> int:
        """A new party with its contact mechanisms, and an address in France where a city is said."""
        values: dict[str, Any] = {
            "name": name,
            "contact_mechanisms": [["create", [{"type": kind, "value": value} for kind, value in mechanisms.items()]]],
        }
        if city is not None:
            values["addresses"] = [["create", [{"city": city, "country": self.france}]]]
        (made,) = self.do("party.party", "create", [values])
        return int(made)

    def opportunities(self, *said: dict[str, Any]) -> list[int]:
        """New opportunities, all in one transaction."""
        day = {"__class__": "date", "year": 2026, "month": 10, "day": 1}
        company = self.context["company"]
        made = self.do("sale.opportunity", "create", [{"start_date": day, "company": company, **each} for each in said])
        return [int(each) for each in made]

    def read(self, name: int, *fields: str, model: str = "sale.opportunity") -> dict[str, Any]:
        (found,) = self.do(model, "read", [name], list(fields))
        return dict(found)

    def notes(self, name: int, model: str = "sale.opportunity") -> list[str]:
        found = self.do("ir.note", "search_read", [["resource", "=", f"{model},{name}"]], 0, None, None, ["message"])
        return [str(each["message"]) for each in found]
