"""Each engine in turn, opened once for all tests of this folder."""

from collections.abc import Iterator

import pytest

from tests.columns.engines import ENGINES, Engine, Judge


@pytest.fixture(scope="session", params=ENGINES, ids=lambda each: each.name.replace(" ", "-"))
def opened(request: pytest.FixtureRequest) -> Iterator[tuple[Engine, Judge]]:
    """An engine and how to ask it; skipped where its system can't be had."""
    engine: Engine = request.param
    if (why := engine.why_not()) is not None:
        pytest.skip(f"{engine.name}: {why}")
    with engine.open() as judge:
        yield engine, judge
