"""A sync that is killed at any moment, and done again, leaves what one clean sync would have left."""

import random

import pytest

from tests.adapters import postgres
from tests.sync.kills import Scene


@pytest.fixture(scope="module")
def server():
    why = postgres.why_not()
    if why is not None:
        pytest.skip(why)
    with postgres.server() as running:
        yield running


@pytest.mark.parametrize(("kills", "twins"), [(3, False), (1, True)], ids=["each alone", "some twice"])
def test_killed_and_done_again_every_record_is_written_once(tmp_path, server, kills, twins):
    """Power fails, containers are stopped: nobody looks through three hundred records afterwards."""
    scene = Scene(tmp_path, server.database(), 300, twins=twins)
    scene.finish()
    clean = scene.left()
    chance = random.Random(7)

    for _ in range(kills):
        scene.begin()
        killed = scene.kill_at(chance.randrange(len(clean.written) - 20))
        scene.finish()

        assert killed
        assert scene.left() == clean
    scene.close()


def test_the_same_in_a_file_of_sqlite(tmp_path):
    """The smallest database has the same right."""
    scene = Scene(tmp_path, f"sqlite:///{tmp_path / 'crm.db'}", 120)
    scene.finish()
    clean = scene.left()

    scene.begin()
    killed = scene.kill_at(60)
    scene.finish()

    assert killed
    assert scene.left() == clean
    scene.close()
