"""`merge` and `link`."""

from __future__ import annotations


def test_a_merged_ticket_stops_and_points_on(cli):
    one, two = cli.report(severity=1), cli.report(severity=1)
    shown = cli.json("merge", one, two)
    assert (shown["number"], shown["merged_into"]) == (one, two)
    assert [line["ticket"] for line in cli.json("deadlines")] == [two, two]
    assert f"act on {two}" in cli.bad(77, "note", one, "x")


def test_merges_that_make_no_sense(cli):
    one, two = cli.report(), cli.report()
    assert "into itself" in cli.bad(64, "merge", one, one)
    assert "no ticket 99" in cli.bad(66, "merge", one, "99")
    cli.bad(64, "merge", one)
    cli.good("merge", one, two)
    assert f"merge into {two}" in cli.bad(77, "merge", cli.report(), one)


def test_links(cli):
    one, two = cli.report(), cli.report()
    cli.good("link", one, two, "--kind", "duplicate")
    assert cli.json("show", one)["links"] == [{"ticket": two, "kind": "duplicate"}]
    cli.good("link", one, two, "--kind", "duplicate", "--remove")
    assert cli.json("show", one)["links"] == []
    assert "did you mean 'blocks'?" in cli.bad(64, "link", one, two, "--kind", "bloks")
    assert "to itself" in cli.bad(64, "link", one, one)
