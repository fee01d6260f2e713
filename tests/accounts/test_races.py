"""Two at once: what may happen once happens once."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from flask import Flask
from sqlalchemy import func, select

from app.accounts.link_tokens import link_digest
from app.accounts.models import Account, SignInSession
from app.accounts.services.links import issue_link
from app.core.access import Role
from app.core.db import db
from app.core.transaction import atomically
from tests.factories.accounts import MAKER, browser, make_account, signed_in_browser

AT_ONCE = 6


def together(deed: Callable[[int], int], times: int = AT_ONCE) -> list[int]:
    """Run ``deed`` in ``times`` threads that start in the same moment; their answers, sorted."""
    start = Barrier(times)

    def run(turn: int) -> int:
        start.wait()
        return deed(turn)

    with ThreadPoolExecutor(times) as threads:
        return sorted(threads.map(run, range(times)))


def test_a_link_used_by_many_at_once_is_used_once(app: Flask) -> None:
    made = make_account(Role.MEMBER)
    token = "t" * 43
    atomically(lambda s: issue_link(s, account_id=made.account_id, digest=link_digest(token), actor=MAKER))
    browsers = [browser(app) for _ in range(AT_ONCE)]
    data = {"password": "gajah terbang di sumur"}
    codes = together(lambda turn: browsers[turn].post(f"/tautan/{token}", data=data).status_code)
    assert codes == [303] + [404] * (AT_ONCE - 1)


def test_a_code_used_by_many_at_once_counts_once(app: Flask) -> None:
    boss = make_account(Role.ADMINISTRATOR, second_factor=True)
    data = {"phone": boss.phone, "password": boss.password, "totp": boss.code()}
    browsers = [browser(app) for _ in range(AT_ONCE)]
    codes = together(lambda turn: browsers[turn].post("/masuk", data=data).status_code)
    assert codes.count(303) == 1
    assert set(codes) <= {303, 422, 429}
    assert db.session.scalar(select(func.count()).select_from(SignInSession)) == 1


def test_the_counter_of_tries_is_exact(app: Flask) -> None:
    made = make_account(Role.MEMBER)
    browsers = [browser(app) for _ in range(8)]
    data = {"phone": made.phone, "password": "salah sekali ini"}
    codes = together(lambda turn: browsers[turn].post("/masuk", data=data).status_code, times=8)
    assert codes == [422] * 5 + [429] * 3


@pytest.mark.parametrize("turn", range(3))
def test_two_administrators_cannot_disable_each_other(app: Flask, turn: int) -> None:
    pair = [make_account(Role.ADMINISTRATOR, second_factor=True) for _ in range(2)]
    desks = [signed_in_browser(app, made) for made in pair]
    paths = [f"/petugas/akun/{other.account_id}/nonaktifkan" for other in reversed(pair)]
    together(lambda which: desks[which].post(paths[which]).status_code, times=2)
    left = db.session.scalars(select(Account.id).where(Account.active)).all()
    assert len(left) == 1
