"""The secret link shows one ticket to whoever it was made for, and nothing to anybody else."""

from __future__ import annotations

import pytest

from supporttui.desk import kept
from supporttui.desk.edit import edit
from supporttui.desk.reference import link_token, reference_of
from supporttui.desk.report import NewTicket, report
from supporttui.desk.status_link import shown_by, status_url

ANN, BEN = "ann@acme.example", "ben@acme.example"


@pytest.fixture
def number(desk):
    return report(desk, NewTicket(subject="It stopped", contact_email=ANN)).number


def token_of(url: str) -> str:
    return url.rpartition("/")[2]


def test_the_link_of_the_contact_shows_the_ticket(desk, number):
    url = status_url(desk, "https://desk.example/support/", number, " Ann@ACME.example ")
    assert url.startswith("https://desk.example/support/status/")
    assert shown_by(desk, token_of(url)) == number


def test_without_a_web_desk_there_is_no_link(desk, number):
    assert status_url(desk, "", number, ANN) == ""
    assert status_url(desk, "https://desk.example", number, " ") == ""


def test_a_link_made_for_somebody_else_shows_nothing(desk, number):
    assert shown_by(desk, link_token(desk, number, BEN)) == 0
    kept.insert(desk, "participant", {"ticket": number, "email": BEN})
    assert shown_by(desk, link_token(desk, number, BEN)) == number


def test_an_address_that_is_gone_takes_its_link_along(desk, number):
    token = link_token(desk, number, ANN)
    edit(desk, number, {"contact_email": BEN})
    assert shown_by(desk, token) == 0


@pytest.mark.parametrize(
    "made", ["", "1-", "x", "1-" + "a" * 32, "9" * 15 + "-" + "a" * 32, "1-é" + "a" * 31]
)
def test_what_was_made_up_shows_nothing(desk, number, made):
    assert shown_by(desk, made) == 0


def test_no_address_is_no_address(desk):
    bare = report(desk, NewTicket(subject="Nobody to answer")).number
    assert shown_by(desk, link_token(desk, bare, "")) == 0
    assert shown_by(desk, reference_of(desk, bare)) == 0
