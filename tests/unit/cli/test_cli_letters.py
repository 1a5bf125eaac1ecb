"""`letters`, and `reply` where mail out is set up."""

from __future__ import annotations

import socket

import pytest

from supporttui.config import config_folder

CHANNELS = '[mail]\nhost = "127.0.0.1"\nsender = "desk@vendor.example"\n'


@pytest.fixture
def folder(cli):
    made = config_folder(cli.environ)
    made.mkdir(parents=True, exist_ok=True)
    return made


@pytest.fixture
def mailing(folder):
    (folder / "channels.toml").write_text(CHANNELS)
    return folder


@pytest.fixture
def number(cli):
    return cli.json("report", "abends", "--severity", "2", "--contact-email", "joe@acme.example")["number"]


def test_a_reply_is_mailed_and_the_journal_says_to_whom(cli, mailing, number):
    cli.good("reply", number, "Please send the dump.")
    (letter,) = cli.json("letters", number)
    assert (letter["to"], letter["state"], letter["kind"]) == ("joe@acme.example", "queued", "answer")
    assert "reply, by mail to joe@acme.example" in cli.good("show", number).out
    assert "joe@acme.example" in cli.good("letters").out
    text = cli.good("letters", "--text", letter["id"]).out
    assert "Please send the dump." in text and "desk@vendor.example" in text
    assert cli.json("letters", "--text", letter["id"])["message_id"] == letter["message_id"]


def test_without_mail_out_nothing_is_queued(cli, folder, number):
    cli.good("reply", number, "Please send the dump.")
    assert cli.json("letters") == []
    where = f"mail out is not set up ([mail] in {folder / 'channels.toml'}, docs/mail.md)"
    assert cli.good("letters").lines == [f"no letter waits, and none left today: {where}"]
    assert cli.good("letters", number).lines == [f"no letter was written: {where}"]
    (folder / "channels.toml").write_text("[mial]\n")
    assert "did you mean 'mail'?" in cli.good("letters").out
    assert "mail" not in cli.good("show", number).out.partition("Journal")[2]


def test_trouble_with_a_letter_stands_beside_its_subject_and_names_the_server(cli, mailing, number):
    (mailing / "channels.toml").write_text(CHANNELS + "port = 1\n")
    cli.good("reply", number, "Hello")
    assert "trouble" not in cli.good("letters").lines[0]
    cli.good("watch", "--once")
    head, row = cli.good("letters").lines
    assert "trouble" in head and "e-mail: 127.0.0.1:1: Connection refused" in row
    assert "Re: abends" in row
    assert cli.good("letters", "--tsv").lines[0].endswith("queued\ttrouble\tsubject")


def test_letters_come_from_the_address_that_customers_write_to(cli, mailing, number):
    (mailing / "intake.toml").write_text(
        '[mail]\naddresses = ["support@vendor.example"]\n[web]\nurl = "https://s.example/"\n'
    )
    cli.good("reply", number, "Hello")
    (letter,) = cli.json("letters", number)
    assert letter["message_id"].endswith("@vendor.example>")
    text = cli.good("letters", "--text", letter["id"]).out
    assert "support@vendor.example" in text and f"https://s.example/status/{number}-" in text


def test_an_own_template_is_used_and_checked(cli, mailing, number):
    (mailing / "mail").mkdir()
    own = mailing / "mail" / "answer.txt"
    own.write_text("subject: Ticket {number}\n\nDear customer,\n{text}\n")
    cli.good("letters", "--check")
    cli.good("reply", number, "Hello")
    assert "Dear customer,\nHello" in cli.json("letters", number)[0]["text"]
    own.write_text("subject: Ticket {numbr}\n\n{text}\n")
    (mailing / "mail" / "acknowledgment.txt").write_text("x")
    result = cli("letters", "--check")
    assert result.code == 78
    assert "answer.txt:1:17: no placeholder {numbr}; did you mean 'number'?" in result.lines[0]
    assert "no letter is called so; did you mean 'acknowledgement.txt'?" in result.lines[1]
    cli.good("reply", number, "Again")
    assert "Dear customer" not in cli.json("letters", number)[1]["text"]


def test_a_channels_file_with_a_fault_stops_a_reply_in_one_line(cli, mailing, number):
    (mailing / "channels.toml").write_text("[mial]\n")
    assert "mial" in cli.bad(78, "reply", number, "Hello")
    (mailing / "channels.toml").write_text(CHANNELS)
    assert cli.json("letters", number) == []
    assert [one["kind"] for one in cli.json("show", number)["journal"]] == ["reported"]


def test_hostile_words_reach_the_terminal_inert(cli, mailing):
    number = cli.json(
        "report", "a\x1b]0;owned\x07b", "--severity", "2", "--contact-email", "joe@acme.example"
    )["number"]
    cli.good("reply", number, "x\x1b[2Jy", "--status", "waiting-customer")
    id = cli.json("letters", number)[0]["id"]
    for result in (cli.good("letters"), cli.good("letters", number), cli.good("letters", "--text", id)):
        assert "\x1b" not in result.out and "\x07" not in result.out


def test_what_does_not_exist_is_one_clear_line(cli, number):
    assert "there is no ticket 99" in cli.bad(66, "letters", "99")
    assert "there is no letter 99" in cli.bad(66, "letters", "--text", "99")
    assert "leave the number or the option out" in cli.bad(64, "letters", number, "--check")


def test_a_rehearsal_writes_to_no_customer(cli, tmp_path):
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.setblocking(False)
        port = server.getsockname()[1]
        (tmp_path / "channels.toml").write_text(
            f'[mail]\nhost = "127.0.0.1"\nport = {port}\ntls = "none"\ntimeout = 1\nsender = "desk@vendor.example"\n'
        )
        cli.environ["SUPPORTTUI_CHANNELS"] = str(tmp_path / "channels.toml")
        number = cli.report("down", contact_email="joe@acme.example")
        cli.good("reply", number, "We look into it.")
        before = cli.json("letters", number)
        assert [one["state"] for one in before] == ["queued"]
        assert "joe@acme.example" not in cli.good("rehearse", "--for", "3d").out
        assert cli.json("letters", number) == before
        with pytest.raises(BlockingIOError):
            server.accept()
