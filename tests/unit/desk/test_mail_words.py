"""Mails in the journal's words."""

from __future__ import annotations

import pytest

from supporttui.desk.mail_words import author, told, wrote


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ({"letter": "status", "to": ["a@x.example"]}, "automatic letter"),
        ({"from": "eve@x.example", "mail": 3, "held": "takes no part"}, "mail of eve@x.example held back: takes no part"),
        ({"automatic": "bounce", "mail": 3}, "a mail came back"),
        ({"automatic": "reply", "from": "joe@x.example"}, "automatic reply of joe@x.example"),
        ({"storm": True, "from": "joe@x.example"}, "mail of joe@x.example, one of a storm"),
        ({"from": "joe@x.example", "mail": 1}, "mail of joe@x.example"),
        ({}, "mail"),
    ],
)  # fmt: skip
def test_what_a_line_is_about(data, words):
    assert told(data) == words


def test_who_wrote():
    mail = {"mail": 1, "from": "ann@x.example", "name": "Ann Lee"}
    assert wrote(mail) == ", by mail from ann@x.example" and wrote({"from": "x"}) == ""
    assert author(mail, "Joe", "joe@x.example") == "Ann Lee <ann@x.example>"
    assert author(mail, "Ann", "ANN@x.example") == "Ann"
    assert author({}, "Joe", "joe@x.example") == "Joe"
    assert author({"mail": 1, "from": "ann@x.example"}, "", "") == "ann@x.example"
