"""`log`: time worked."""

from __future__ import annotations

import pytest


def test_it_adds_up(cli):
    number = cli.report()
    cli.good("log", number, "45", "read the dump")
    assert cli.json("log", number, "1h30m")["minutes_logged"] == 135
    cli.good("undo", number)
    assert cli.json("show", number)["minutes_logged"] == 45


@pytest.mark.parametrize("time", ["0", "1441", "30s", "soon", "-5", "9" * 30])
def test_times_that_cannot_be_logged(cli, time):
    number = cli.report()
    cli.bad(64, "log", number, time)
    assert cli.json("show", number)["minutes_logged"] == 0
