"""`intake mail` and `intake retry` from the command line: what they print, and how they end."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from pathlib import Path

import pytest

from supporttui.intake.mail import spool

RAW = "From: Ann <ann@acme.example>\nSubject: line is down\nMessage-ID: <1@acme.example>\n\nHelp.\n"


def put(cli, text: str = RAW) -> str:
    return spool.put(str(cli.home / "spool"), [text.encode()])


def test_a_mail_on_standard_input_is_a_ticket(cli):
    assert cli.good("intake", "mail", stdin=RAW).out.startswith("new: ticket 1")
    shown = cli.json("show", "1")
    assert shown["subject"] == "line is down" and shown["contact_email"] == "ann@acme.example"
    found = cli.json("intake", "mail", stdin=RAW)
    assert (found["outcome"], found["ticket"]) == ("duplicate", 1)
    assert os.listdir(cli.home / "spool") == []


def test_a_folder_of_files_that_cant_be_made_is_said_with_what_to_do(cli, tmp_path):
    (tmp_path / "taken").write_text("")
    (tmp_path / "intake.toml").write_text(f'[files]\nfolder = "{tmp_path}/taken/files"\n')
    cli.environ["SUPPORTTUI_INTAKE"] = str(tmp_path / "intake.toml")
    assert "name another in [files] of the intake settings" in cli.bad(75, "intake", "mail", stdin=RAW)


def test_a_family_without_its_verb_says_which_there_are(cli):
    assert "what should intake do? mail, retry" in cli.bad(64, "intake")


def test_a_number_out_of_bounds_is_said_in_words(cli, tmp_path):
    (tmp_path / "intake.toml").write_text("[web]\nport = 99999\n")
    cli.environ["SUPPORTTUI_INTAKE"] = str(tmp_path / "intake.toml")
    assert "web.port: expected a whole number of at most 65535" in cli.bad(78, "intake", "retry")


def test_a_mail_as_tsv(cli):
    head, row = cli.good("intake", "mail", "--tsv", stdin=RAW).lines
    assert head == "outcome\tticket\tline" and row.startswith("new\t1\t")


def test_the_text_of_a_mail_never_reaches_the_terminal(cli):
    cli.terminal = True
    out = cli.good("intake", "mail", stdin=RAW.replace("line is down", "\x1b]52;c;aGk=\x07 x")).out
    assert "\x1b" not in out and "\x07" not in out


def test_retry_takes_what_lies_in_the_spool(cli):
    assert cli.good("intake", "retry").out == "the spool is empty\n"
    name = put(cli)
    assert cli.good("intake", "retry").out.startswith(f"{name}: new: ticket 1")
    assert cli.json("intake", "retry") == []
    put(cli)
    [found] = cli.json("intake", "retry")
    assert (found["outcome"], found["ticket"], found["trouble"]) == ("duplicate", 1, "")
    put(cli)
    head, row = cli.good("intake", "retry", "--tsv").lines
    assert (
        head.split("\t") == ["name", "outcome", "ticket", "line", "trouble"]
        and row.split("\t")[1] == "duplicate"
    )


def test_what_can_t_be_taken_stays_and_is_told_and_the_rest_is_taken(cli, monkeypatch):
    from supporttui.desk import receiving
    from supporttui.errors import StoreBusy

    put(cli)
    put(cli, RAW.replace("<1@", "<2@"))
    receive, fails = receiving.receive, [StoreBusy("the store is busy: try again")]

    def once(*given, **named):
        if fails:
            raise fails.pop()
        return receive(*given, **named)

    monkeypatch.setattr(receiving, "receive", once)
    done = cli("intake", "retry")
    assert done.code == 75
    assert "stays: the store is busy: try again" in done.lines[0] and "new: ticket 1" in done.lines[1]
    assert len(spool.waiting(str(cli.home / "spool"))) == 1


def test_mails_that_lie_in_the_spool_for_minutes_are_a_warning_of_the_watch(cli):
    cli.report()
    cli.clock.set(datetime.now(UTC))
    cli.good("watch", "--once")
    put(cli)
    assert cli.good("watch", "--check").out.startswith("supporttui OK")
    cli.clock.advance(minutes=6)
    cli.good("watch", "--once")
    found = cli("watch", "--check", "--json")
    assert (found.code, found.json["state"], found.json["spooled"]) == (1, "WARNING", 1)
    assert "mail lies in the spool since" in found.json["trouble"] and "intake retry" in found.json["trouble"]
    cli.good("intake", "retry")
    assert cli.json("watch", "--check")["spooled"] == 0


def test_info_says_which_ways_in_are_open_and_what_waits(cli):
    cli.environ["SUPPORTTUI_INTAKE"] = str(cli.home / "intake.toml")
    ways = '[mail]\naddresses = ["support@vendor.example"]\n[imap]\nhost = "imap.vendor.example"\nuser = "support"\n'
    more = '[uploads]\nfolder = "/srv/uploads"\n[web]\nurl = "https://support.vendor.example"\n'
    assert cli.json("info")["watch"]["intake"] == "none"
    Path(cli.home, "intake.toml").write_text(ways + more)
    cli.good("intake", "mail", stdin=RAW.replace("\n\n", "\n\nSeverity: 1\n"))
    found = cli.json("info")
    assert found["watch"]["intake"] == (
        "mail to support@vendor.example; mailbox support at imap.vendor.example; uploads in /srv/uploads; "
        "web at https://support.vendor.example"
    )
    assert (found["store"]["inbox"], found["store"]["calls"]) == (2, 1)
    Path(cli.home, "intake.toml").write_text("x = 1")
    assert cli.json("info")["watch"]["intake"].startswith("can't be used: ")


def test_info_names_the_spool(cli):
    assert str(cli.home / "spool") in cli.good("info").out
    Path(cli.home, "intake.toml").write_text(f'[files]\nfolder = "{cli.home}/elsewhere"\n')
    cli.environ["SUPPORTTUI_INTAKE"] = str(cli.home / "intake.toml")
    assert str(cli.home / "elsewhere" / "spool") in cli.good("info").out
    assert not (cli.home / "elsewhere").exists()


@pytest.mark.parametrize("words", [["intake"], ["intake", "list"], ["intake", "nonsense"]])
def test_the_family_names_its_verbs(cli, words):
    assert "mail" in cli.bad(64, *words)


def test_help_names_the_exit_codes_and_hides_what_is_internal(cli):
    out = cli.good("intake", "mail", "--help").out
    assert "75: try again" in out and "--spooled" not in out


def test_a_store_in_memory_keeps_no_mail(cli):
    assert "memory" in cli.bad(75, "--store", ":memory:", "intake", "mail", stdin=RAW)
    assert "memory" in cli.bad(64, "--store", ":memory:", "intake", "retry")


def test_files_and_spool_lie_where_the_settings_say(cli):
    folder = cli.home / "elsewhere"
    Path(cli.home, "intake.toml").write_text(f'[files]\nfolder = "{folder}"\n')
    cli.environ["SUPPORTTUI_INTAKE"] = str(cli.home / "intake.toml")
    cli.good("intake", "mail", stdin=RAW)
    assert (
        (folder / "spool").is_dir()
        and not (cli.home / "spool").exists()
        and not (cli.home / "files").exists()
    )
    assert [path.read_text() for path in folder.glob("??/*")] == [RAW]


def test_trouble_with_a_mailbox_names_the_server_or_the_file(cli, tmp_path):
    pytest.importorskip("imapclient")
    word = tmp_path / "word"
    table = f'[imap]\nhost = "127.0.0.1"\nport = 1\ntls = "none"\nuser = "u"\npassword_file = "{word}"\n'
    (tmp_path / "intake.toml").write_text(table)
    cli.environ["SUPPORTTUI_INTAKE"] = str(tmp_path / "intake.toml")
    assert f"{word}: the secret can't be read" in cli.bad(78, "intake", "imap", "--once")
    word.write_text("x\n")
    word.chmod(0o600)
    assert "127.0.0.1:1: Connection refused" in cli.bad(75, "intake", "imap", "--once")
