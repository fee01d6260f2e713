"""Every address names its power, and the list of them was read by somebody."""

from __future__ import annotations

import pytest
from flask import Blueprint, Flask

from app.core.access import Access, Room, UnguardedRoute
from tests.house.access_list import lines_of, reviewed
from tests.house.planting import Plant


def test_the_reviewed_list_is_the_url_map(application: Flask) -> None:
    now, before = set(lines_of(application)), set(reviewed())
    missing = "\n".join(sorted(now - before))
    gone = "\n".join(sorted(before - now))
    assert not missing, f"add to tests/house/access.txt:\n{missing}"
    assert not gone, f"take out of tests/house/access.txt:\n{gone}"


def test_the_list_is_sorted_and_has_no_line_twice() -> None:
    assert reviewed() == sorted(set(reviewed()))


def test_a_route_without_a_power_is_an_error_at_import() -> None:
    room = Room("planted", __name__)
    with pytest.raises(TypeError, match="names no access="):
        room.route("/tanpa-kuasa")(str)


def test_the_application_refuses_to_start_with_an_unguarded_address(plant: Plant) -> None:
    foreign = Blueprint("planted", __name__)
    foreign.add_url_rule("/tanpa-kuasa", "open", lambda: "x")
    with pytest.raises(UnguardedRoute, match="/tanpa-kuasa"):
        plant(foreign)


def test_a_guarded_room_starts(plant: Plant) -> None:
    room = Room("planted", __name__)
    room.get("/terjaga", access=Access.MANAGE_ACCOUNTS)(lambda: "x")
    app = plant(room)
    assert "/terjaga GET manage_accounts" in lines_of(app)
    assert app.test_client().get("/terjaga").status_code == 303
