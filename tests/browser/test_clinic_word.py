"""The survey without signal and without scripts, and what a tracked link counts, in a browser."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import func, select

from app.clinic.models import ChannelVisit, Feedback
from app.core.db import db
from tests.browser.conftest import Screen, Site
from tests.browser.looking import axe_faults, size_faults
from tests.browser.senders import Sender

pytestmark = pytest.mark.browser

DOOR = "/klinik/penilaian"


def sheet(site: Site, submission_id: str) -> tuple[int | None, int | None, int | None]:
    """The three scores of the short form and nothing else."""
    with site.inside():
        row = db.session.get(Feedback, submission_id)
        assert row is not None
        return row.score_2, row.score_5, row.score_7


def visits(site: Site, channel: str) -> int:
    with site.inside():
        counted = select(func.sum(ChannelVisit.visits)).where(ChannelVisit.channel == channel)
        return db.session.scalar(counted) or 0


def taps(page: Page, *answers: str) -> None:
    for answer in answers:
        page.locator(f"label[for={answer}]").click()


def test_a_session_is_rated_without_signal_and_arrives_once(screen: Screen, site: Site) -> None:
    sender = Sender(screen())
    sender.opens(DOOR)
    taps(sender.page, "score_2-2", "score_5-3", "score_7-0")
    assert not axe_faults(sender.page) + size_faults(sender.page)
    sender.loses_signal()
    identity = sender.sends()
    sender.sees_it_waiting()
    sender.has_signal()
    sender.sees_it_sent()
    assert sheet(site, identity) == (3, 4, 1)


def test_the_survey_works_without_scripts(screen: Screen) -> None:
    page = screen(javascript=False)
    page.goto(DOOR)
    taps(page, "score_2-2")
    page.locator("summary").first.click()
    taps(page, "score_9-3")
    page.locator("[data-submit]").click()
    expect(page).to_have_url(re.compile("/tanda-terima/"))
    expect(page.locator("main")).to_contain_text("Terima kasih")


def test_a_visit_by_a_tracked_link_counts_once_however_long_it_lasts(screen: Screen, site: Site) -> None:
    page = screen()
    with page.expect_response("**/klinik/lewat"):
        page.goto("/klinik?lewat=facebook")
    assert page.context.cookies() == []
    page.reload()
    page.goto("/klinik/jadwal?layanan=koperasi&lewat=facebook")
    page.wait_for_timeout(500)
    assert visits(site, "facebook") == 1
    with page.expect_response("**/klinik/lewat"):
        page.goto("/klinik?lewat=tiktok")
    assert (visits(site, "facebook"), visits(site, "tiktok")) == (1, 1)


def test_without_scripts_and_without_a_channel_nothing_is_counted(screen: Screen, site: Site) -> None:
    screen(javascript=False).goto("/klinik?lewat=poster")
    page = screen()
    page.goto("/klinik")
    page.wait_for_timeout(500)
    assert visits(site, "poster") == 0
