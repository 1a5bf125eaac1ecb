"""`watch`, `oncall`, `notices`, `maintenance`, `rehearse` and `ack --token`: what they print, and one line when they can't."""

from __future__ import annotations

import json
import re

import pytest

from supporttui.policy.loading import preset_text

ROSTER = """
zone = "UTC"
[[person]]
name = "ana"
email = "ana@vendor.example"
[[person]]
name = "raj"
via = ["command:pager"]
[[rotation]]
name = "first"
people = ["ana", "raj"]
handover = "mon 09:00"
starts = 2026-01-05
"""
SECOND = '[[rotation]]\nname = "second"\npeople = ["raj"]\nhandover = "20:00"\nstarts = 2026-01-05\n'


@pytest.fixture
def desk(cli, tmp_path):
    """A desk whose director is the rotation `first`, with a pager that writes what it gets into a file."""
    pager, told = tmp_path / "pager", tmp_path / "told"
    pager.write_text(
        f'#!/bin/sh\nprintf "%s %s %s\\n" "$SUPPORTTUI_NUMBER" "$SUPPORTTUI_PERSON" "$SUPPORTTUI_TOKEN" >> {told}\n'
    )
    pager.chmod(0o700)
    files = {
        "policy": preset_text("netex").replace(
            'Services"\nreaches = ["desk"]', 'Services"\nreaches = ["oncall:first"]'
        ),
        "roster": ROSTER.replace('people = ["ana", "raj"]', 'people = ["raj"]'),
        "channels": '[mail]\nhost = "localhost"\nsender = "desk@vendor.example"\n'
        f'[[command]]\nname = "pager"\nargv = ["{pager}"]\n',
    }
    for name, text in files.items():
        (tmp_path / f"{name}.toml").write_text(text)
        cli.environ[f"SUPPORTTUI_{name.upper()}"] = str(tmp_path / f"{name}.toml")
    cli.told = lambda: told.read_text().splitlines() if told.exists() else []
    return cli


def due(cli) -> int:
    number = cli.report("down", severity=1)
    cli.clock.advance(hours=8)
    return number


# -- watch ----------------------------------------------------------------------------------------


def test_one_round_fires_sends_and_says_so(desk):
    number = due(desk)
    lines = desk.good("watch", "--once").lines
    assert lines[0].startswith(f"fired: ticket {number}, ")
    assert re.fullmatch(rf"notice 1 of ticket {number} to command:pager: sent", lines[1])
    assert [line.split()[:2] for line in desk.told()] == [[str(number), "raj"]]
    assert desk.good("watch", "--once").out == ""


def test_one_round_as_json_lines(desk):
    number = due(desk)
    records = [json.loads(line) for line in desk.good("watch", "--once", "--json").lines]
    assert [one["event"] for one in records] == ["fired", "sent"]
    assert records[1] == {
        "event": "sent", "at": "2026-11-20T22:00:00Z", "notice": 1, "ticket": number,
        "address": "command:pager", "why": "",
    }  # fmt: skip


def test_more_than_one_round_can_take_is_told_by_cron_all_the_same(desk):
    for _ in range(55):
        desk.report("down", severity=1)
    desk.clock.advance(hours=8)
    lines = desk.good("watch", "--once").lines
    assert sum("sent" in line for line in lines) == 55 == len(desk.told())


def test_the_check_says_ok_after_a_round_of_cron_and_critical_when_the_next_one_fails_to_come(desk):
    desk.report("down", severity=1)
    desk.good("watch", "--once")
    desk.clock.advance(seconds=100)
    assert desk.good("watch", "--check").out.startswith("supporttui OK: once:")
    assert desk.good("watch", "--check", "--quiet").out == ""
    desk.clock.advance(seconds=60)
    late = desk("watch", "--check")
    assert (late.code, late.err, len(late.lines)) == (2, "", 1)
    assert "silent since" in late.out


def test_the_check_of_a_store_that_is_not_there_is_critical_in_one_line(cli, tmp_path):
    cli.environ["SUPPORTTUI_STORE"] = str(tmp_path / "none.sqlite3")
    found = cli("watch", "--check")
    assert (found.code, found.err, len(found.lines)) == (2, "", 1)
    assert found.out.startswith("supporttui CRITICAL: ") and "none.sqlite3" in found.out
    assert not (tmp_path / "none.sqlite3").exists()
    found = cli("watch", "--check", "--json")
    assert found.code == 2 and found.json["state"] == "CRITICAL" and "none.sqlite3" in found.json["trouble"]


def test_the_check_of_something_that_is_no_store_is_critical_in_one_line(cli, tmp_path):
    (tmp_path / "desk.sqlite3").write_bytes(b"no database at all" * 100)
    (tmp_path / "desk.sqlite3").chmod(0o600)
    found = cli("watch", "--check")
    assert (found.code, found.err, len(found.lines)) == (2, "", 1)


def test_a_lost_notice_is_a_warning(desk, tmp_path):
    due(desk)
    (tmp_path / "pager").write_text("#!/bin/sh\nexit 65\n")
    desk.good("watch", "--once")
    found = desk("watch", "--check", "--json")
    assert (found.code, found.json["state"], found.json["dead"]) == (1, "WARNING", 1)


def test_a_roster_with_a_fault_is_said_and_stops_nothing(desk, tmp_path):
    number = due(desk)
    (tmp_path / "roster.toml").write_text("zone = 3")
    lines = desk.good("watch", "--once").lines
    assert lines[0].startswith("roster.toml: ") and lines[0].endswith("people are told at consoles only")
    assert lines[1].startswith(f"fired: ticket {number}")
    (notice,) = desk.json("notices", str(number))
    assert notice["address"] == "desk" and "roster.toml" in notice["data"]["notes"][0]


def test_what_is_not_set_up_is_said_at_the_start(desk, tmp_path):
    desk.report("down")
    (tmp_path / "channels.toml").write_text("")
    (tmp_path / "roster.toml").write_text(ROSTER.replace('"first"', '"frist"'))
    assert desk.good("watch", "--once").lines == [
        "role director: reaches oncall:first, and the roster has no rotation 'first'",
        "ana: reaches an e-mail address, and the channels file has no [mail]",
        "raj: reaches command:pager, and the channels file has no [[command]] 'pager'",
    ]


def test_a_channel_that_is_not_there_is_a_dead_letter_and_the_desk_hears_of_it(desk, tmp_path):
    number = due(desk)
    (tmp_path / "channels.toml").write_text("")
    desk.good("watch", "--once")
    found = {one["address"]: (one["state"], one["label"]) for one in desk.json("notices", str(number))}
    assert found["command:pager"][0] == "dead"
    said = "command:pager could not be told: the channels file has no command 'pager'"
    assert found["desk"] == ("queued", said)


def test_restricted_mode_watches_not_but_may_be_asked(desk):
    desk.report("down")
    assert "restricted mode" in desk.bad(77, "--restricted", "watch", "--once")
    assert desk("--restricted", "watch", "--check").code == 2


def test_a_log_that_nobody_takes_ends_no_watch(desk, monkeypatch):
    number = due(desk)

    def gone(*_):
        raise BrokenPipeError(32, "Broken pipe")

    monkeypatch.setattr("supporttui.cli.output.Output.line", gone)
    assert desk("watch", "--once").code == 0
    assert [line.split()[0] for line in desk.told()] == [str(number)]


# -- oncall ---------------------------------------------------------------------------------------


def test_who_is_on_call_in_every_form(desk, tmp_path):
    (tmp_path / "roster.toml").write_text(ROSTER + SECOND)
    found = desk.json("oncall")
    assert [(one["rotation"], one["person"], one["end"]) for one in found] == [
        ("first", "ana" if found[0]["person"] == "ana" else "raj", "2026-11-23T09:00:00Z"),
        ("second", "raj", found[1]["end"]),
    ]
    assert desk.good("oncall", "first").lines[1].split()[:2] == ["first", found[0]["person"]]
    tsv = desk.good("oncall", "--tsv").lines
    assert tsv[0] == "rotation\tperson\tstart\tend\tnote" and len(tsv) == 3
    other = desk.json("oncall", "first", "--at", "2026-11-24 12:00")
    assert {found[0]["person"], other[0]["person"]} == {"ana", "raj"}
    assert len(desk.json("oncall", "first", "--days", "21")) == 4


def test_a_turn_is_taken_over_and_given_back(desk):
    made = desk.good("oncall", "--override", "ana", "--until", "in 3h", "--reason", "dentist")
    assert made.out == (
        "override 1: ana is on call for first until Fri 20 Nov 2026 17:00 UTC; --end 1 takes it back\n"
    )
    (turn,) = desk.json("oncall")
    assert (turn["person"], turn["note"], turn["end"]) == ("ana", "dentist", "2026-11-20T17:00:00Z")
    desk.clock.advance(hours=1)
    assert desk.good("oncall", "--end", "1").out == "override 1 ended\n"
    assert desk.json("oncall")[0]["person"] == "raj"
    assert desk.bad(66, "oncall", "--end", "1") == "there is no override 1 that still holds"


@pytest.mark.parametrize(("code", "words", "said"), [
    (64, ("--override", "anna", "--until", "in 3h"), "anna: nobody of that name is in the roster; did you mean 'ana'"),
    (64, ("--override", "ana"), "--override needs --until TIME"),
    (64, ("--override", "ana", "--until", "-3h"), ""),
    (64, ("--until", "in 3h"), "--until belongs to --override PERSON"),
    (64, ("--end", "1", "--override", "ana"), "--override and --end: one at a time"),
    (64, ("--end", "1", "--days", "3"), "--days shows who is on call"),
    (64, ("--days", "0"), "whole number from 1 to 366"),
    (77, ("--override", "ana", "--until", "in 100d"), "92 days at most"),
    (78, ("frist",), "no rotation 'frist'; did you mean 'first'"),
    (66, ("--import-calendar", "none.ics"), "no such file"),
])  # fmt: skip
def test_what_oncall_refuses(desk, code, words, said):
    assert said in desk.bad(code, "oncall", *words)


def test_without_a_roster_it_says_where_one_would_be(cli):
    assert "there is no roster: write " in cli.bad(66, "oncall")


def test_of_several_rotations_one_must_be_named(desk, tmp_path):
    (tmp_path / "roster.toml").write_text(ROSTER + SECOND)
    file = tmp_path / "turns.ics"
    file.write_text("BEGIN:VCALENDAR\nEND:VCALENDAR\n")
    for words in (("--override", "ana", "--until", "in 3h"), ("--import-calendar", str(file))):
        assert desk.bad(64, "oncall", *words) == "which rotation? first, second"


CALENDAR = """BEGIN:VCALENDAR
BEGIN:VEVENT
DTSTART:{start}
DTEND:{end}
SUMMARY:{person}
END:VEVENT
END:VCALENDAR
"""


def test_turns_from_a_calendar_and_the_calendar_again(desk, tmp_path):
    file = tmp_path / "turns.ics"
    file.write_text(CALENDAR.format(start="20261120T120000Z", end="20261120T180000Z", person="ana"))
    assert desk.good("oncall", "--import-calendar", str(file)).out == (
        "1 turns of first were taken from turns.ics\n"
    )
    assert desk.json("oncall")[0]["person"] == "ana"
    file.write_text(CALENDAR.format(start="20261121T120000Z", end="20261121T180000Z", person="ana"))
    desk.clock.advance(minutes=10)
    assert desk.json("oncall", "--import-calendar", str(file)) == {"overrides": 1}
    assert desk.json("oncall")[0]["person"] == "raj", "what the calendar no longer has ends"
    assert desk.json("oncall", "--at", "2026-11-21 13:00")[0]["person"] == "ana"
    file.write_text(CALENDAR.format(start="20261122T120000Z", end="20261122T180000Z", person="anna"))
    assert desk.bad(65, "oncall", "--import-calendar", str(file)) == (
        "turns.ics: line 3: 'anna' is not in the roster; did you mean 'ana'?"
    )
    assert desk.json("oncall", "--at", "2026-11-21 13:00")[0]["person"] == "ana", "all or nothing"


# -- notices --------------------------------------------------------------------------------------


def test_what_waits_what_was_lost_and_what_was_told(desk, tmp_path):
    number = due(desk)
    assert desk.good("notices").out == "no notice waits\n"
    assert desk.good("notices", "--dead").out == "no notice was lost\n"
    assert desk.good("notices", number).out == "nobody was told of it\n"
    desk.good("tick")
    (waiting,) = desk.json("notices")
    assert (waiting["ticket"], waiting["state"], waiting["address"]) == (number, "queued", "command:pager")
    assert (waiting["person"], waiting["role"], waiting["made_at"]) == (
        "raj",
        "director",
        "2026-11-20T22:00:00Z",
    )
    (tmp_path / "pager").write_text("#!/bin/sh\necho wrong number >&2; exit 65\n")
    desk.good("watch", "--once")
    table = desk.good("notices", "--dead").lines
    assert table[0].split()[:5] == ["id", "ticket", "sev", "state", "to"] and "wrong number" in table[1]
    assert desk.good("notices", "--dead", "--tsv").lines[1].split("\t")[3] == "dead"
    assert desk.good("notices", "--retry", "1").out == "1 of 1 notices are tried again\n"
    assert desk.json("notices", "--withdraw", "1", "7") == {"changed": 1}
    assert desk.json("notices", number)[0]["state"] == "withdrawn"


@pytest.mark.parametrize(("code", "words", "said"), [
    (66, ("--retry", "1"), "none of these notices is dead"),
    (66, ("--withdraw", "99"), "none of these notices is waiting or dead"),
    (64, ("--retry", "x"), "whole number"),
    (64, ("--retry", "9" * 30), "whole number"),
    (66, ("999",), "there is no ticket 999"),
    (64, ("1", "--dead"), "leave the number or the option out"),
])  # fmt: skip
def test_what_notices_refuses(desk, code, words, said):
    desk.report("down")
    assert said in desk.bad(code, "notices", *words)


# -- maintenance ----------------------------------------------------------------------------------


def test_a_silence_holds_is_listed_and_ends(desk):
    number = desk.report("down", severity=1, customer="Acme")
    desk.clock.advance(hours=7)
    assert desk.good("maintenance").out == "no notice was ever held back\n"
    words = ("maintenance", "--customer", "acme", "--until", "in 3h", "--reason", "disk swap")
    assert "maintenance 1: notices wait until" in desk.good(*words).out
    desk.clock.advance(hours=1)
    desk.good("watch", "--once")
    assert desk.told() == []
    assert desk.json("notices")[0]["next_at"] == "2026-11-21T00:00:00Z"
    (window,) = desk.json("maintenance")
    assert (window["scope"], window["name"], window["reason"]) == ("customer", "acme", "disk swap")
    assert desk.good("maintenance").lines[1].split()[:4] == ["1", "customer", "acme", "held"]
    assert desk.good("maintenance", "--tsv").lines[0].startswith("id\twhat\tstate\t")
    assert desk.good("maintenance", "--end", "1").out == "maintenance 1 ended; 1 notices go out\n"
    desk.good("watch", "--once")
    assert [line.split()[0] for line in desk.told()] == [str(number)]
    assert "over" in desk.good("maintenance").lines[1]


@pytest.mark.parametrize(("code", "words", "said"), [
    (64, ("--all",), "say when it ends: --until TIME"),
    (64, ("--all", "--until", "in 1h"), "--reason TEXT"),
    (64, ("--until", "in 1h", "--reason", "x"), "say what is silenced"),
    (77, ("--all", "--until", "in 9h", "--reason", "x"), "4 hours of silence at most (maintenance_at_most)"),
    (64, ("--all", "--until", "-1h", "--reason", "x"), ""),
    (66, ("--end", "1"), "no maintenance 1 holds now"),
    (64, ("--end", "1", "--until", "in 1h"), "--end ends it now"),
    (64, ("--all", "--customer", "Acme", "--until", "in 1h"), "not allowed with"),
])  # fmt: skip
def test_what_maintenance_refuses(desk, code, words, said):
    desk.report("down")
    assert said in desk.bad(code, "maintenance", *words)


# -- rehearse -------------------------------------------------------------------------------------


def test_a_rehearsal_tells_what_would_be_told_and_touches_nothing(desk, tmp_path):
    number = desk.report("down", severity=1)
    text = desk.good("rehearse", "--for", "1d").lines
    assert text[-1] == "2 notices would be told" and "raj (command:pager)" in text[0]
    told = desk.json("rehearse", "--for", "1d")
    assert [(one["at"], one["ticket"], one["role"]) for one in told] == [
        ("2026-11-20T22:00:00Z", number, "director"), ("2026-11-21T14:00:00Z", number, "president"),
    ]  # fmt: skip
    assert len(desk.good("rehearse", "--for", "1d", "--tsv").lines) == 3
    assert desk.good("notices", number).out == "nobody was told of it\n" and desk.told() == []
    kept = tmp_path / "kept.json"
    kept.write_text(json.dumps(told))
    words = ("rehearse", "--for", "1d", "--expect", str(kept))
    assert desk.good(*words).out == "as expected: 2 notices\n"
    kept.write_text(json.dumps(told[:1]))
    differs = desk(*words)
    assert differs.code == 1 and differs.lines[0].startswith("+ 2026-11-21T14:00:00Z ticket 1 S1 desk")


@pytest.mark.parametrize(("code", "words", "said"), [
    (64, ("--for", "0s"), "--for"), (64, ("--for", "x"), "--for"), (64, ("--for", "3000d"), "at most two years"),
    (66, ("--expect", "none.json"), "no such file"),
])  # fmt: skip
def test_what_rehearse_refuses(desk, code, words, said):
    desk.report("down")
    assert said in desk.bad(code, "rehearse", *words)


@pytest.mark.parametrize("text", ["", "{}", "[1]", '[{"at": "x"}]', "\udce9"])
def test_a_file_that_is_no_kept_rehearsal_is_one_line(desk, tmp_path, text):
    desk.report("down")
    kept = tmp_path / "kept.json"
    kept.write_bytes(text.encode("utf-8", "surrogateescape"))
    assert "no kept rehearsal" in desk.bad(65, "rehearse", "--expect", str(kept))


# -- ack --token ----------------------------------------------------------------------------------


def test_a_token_acknowledges_once_in_the_name_of_whom_it_was_sent_to(desk):
    number = due(desk)
    desk.good("watch", "--once")
    token = desk.told()[0].split()[2]
    found = desk.json("ack", "--token", token)
    assert (found["number"], found["acknowledged_until"] > "2026-11-20T22") == (number, True)
    journal = desk.json("show", number)["journal"]
    assert [one["actor"] for one in journal if one["kind"] == "acknowledged"] == ["raj"]
    assert desk.bad(77, "ack", "--token", token) == "this token has been used: it acknowledges once"
    assert "not of this desk" in desk.bad(66, "ack", "--token", f"1-{'a' * 16}")
    assert "that is no token" in desk.bad(64, "ack", "--token", "hello")
    assert "leave the number out" in desk.bad(64, "ack", number, "--token", token)
    assert "only --until may" in desk.bad(64, "ack", "--token", token, "--text", "mine")


# -- policy check and info ------------------------------------------------------------------------


def test_policy_check_warns_of_what_the_roster_and_the_channels_lack(desk, tmp_path):
    (tmp_path / "roster.toml").write_text(ROSTER.replace('"first"', '"frist"'))
    found = [one for one in desk.json("policy", "check") if one["level"] == "warning"]
    assert [one["key"] for one in found] == ["role[1].reaches[0]"]
    assert "the roster has no rotation 'first'" in found[0]["message"]
    (tmp_path / "roster.toml").write_text("x")
    assert "roster.toml" in desk.good("policy", "check").out
    assert "director: Director" not in desk.good("policy", "show").out
    assert "who is on call for first; else President" in desk.good("policy", "show").out


def test_info_says_what_the_roster_and_the_channels_hold(desk, tmp_path):
    found = desk.json("info")
    assert found["watch"] == {
        "roster": "people: 2; rotations: first", "channels": "mail, command:pager", "intake": "none",
    }  # fmt: skip
    assert found["paths"]["roster"] == str(tmp_path / "roster.toml") and found["paths"]["channels_found"]
    (tmp_path / "channels.toml").write_text("x = 1")
    assert desk.json("info")["watch"]["channels"].startswith("can't be used: channels.toml: ")
    (tmp_path / "roster.toml").unlink()
    assert desk.json("info")["watch"]["roster"] == "none"


# -- hostile text ---------------------------------------------------------------------------------

HOSTILE = "\x1b]52;c;aGk=\x07\x1b[31m\u202ered\x9b2J"


def test_hostile_words_of_tickets_receivers_and_reasons_reach_no_terminal(desk, tmp_path):
    number = desk.report(f"a {HOSTILE}", severity=1, customer=f"Acme {HOSTILE}")
    desk.clock.advance(hours=8)
    (tmp_path / "pager").write_text("#!/bin/sh\nprintf '\\033]52;c;aGk=\\007 no\\033[2J' >&2; exit 65\n")
    outputs = [desk.good("rehearse", "--for", "1d").out, desk.good("watch", "--once").out]
    desk.good("maintenance", "--customer", f"Acme {HOSTILE}", "--until", "in 1h", "--reason", HOSTILE)
    desk.good("oncall", "--override", "ana", "--until", "in 1h", "--reason", HOSTILE)
    for words in (
        ("notices", number),
        ("notices", "--dead"),
        ("maintenance",),
        ("oncall",),
        ("watch", "--check"),
    ):
        for form in ((), ("--tsv",), ("--json",)):
            outputs.append(desk(*map(str, words), *form).out)
    assert len(outputs) == 17 and any("no" in out for out in outputs)
    for out in outputs:
        assert all(line.isprintable() for line in out.replace("\t", "").split("\n")), repr(out)


def test_a_secret_is_in_no_log_no_error_and_no_list(desk, tmp_path):
    number = due(desk)
    secret = tmp_path / "secret"
    secret.write_text("hunter2\n")
    secret.chmod(0o600)
    (tmp_path / "channels.toml").write_text(
        '[mail]\nhost = "127.0.0.1"\nport = 9\nsender = "d@vendor.example"\n[[webhook]]\nname = "ops"\n'
        f'url = "https://127.0.0.1:9/"\nsecret_file = "{secret}"\nprivate = true\n'
    )
    (tmp_path / "roster.toml").write_text(
        ROSTER.replace('"command:pager"', '"webhook:ops"').replace('"ana", ', "")
    )
    found = [desk(*words) for words in (("watch", "--once"), ("notices", str(number), "--json"), ("info",))]
    assert "webhook ops" in found[1].out
    assert all("hunter2" not in one.out + one.err for one in found)


def test_an_answer_on_standard_input_acknowledges_by_its_own_line(cli):
    cli.report()
    assert "no line of this answer" in cli.bad(66, "ack", "--token", "-", stdin="> ack 1-aaaaaaaaaaaaaaaa")
    assert "not of this desk" in cli.bad(66, "ack", "--token", "-", stdin="ack 1-aaaaaaaaaaaaaaaa")
