"""The channels with real receivers: what arrives, what is tried again, what is refused, what never leaks."""

from __future__ import annotations

import hashlib
import hmac
import json
import os
import socket
import threading
import time
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

from supporttui.watch.channels import deliver
from supporttui.watch.channels.helper import Abandoned, Helper, Result
from supporttui.watch.channels.message import Message
from tests.wire.sinks import MailSink, Program, WebSink, mail_sink, web_sink

SUBJECT = "[NetEx 1042] S1 Director: Zürich is down"


def message(address: str, key: str = "1042/escalation/1/1/director") -> Message:
    fields = {"number": "1042", "severity": "1", "subject": "$(touch owned) `id` ; x", "key": key}
    return Message(key, address, SUBJECT, "Ticket 1042 is down.\nDue 14:00.\n", fields)


@pytest.fixture(scope="module")
def mail():
    with mail_sink() as sink:
        yield sink


@pytest.fixture
def web(tmp_path):
    with web_sink(tmp_path) as sink:
        yield sink


@pytest.fixture
def program(tmp_path):
    return Program(tmp_path)


@pytest.fixture
def helper():
    made = Helper("")
    yield made
    made.close()


def mail_channels(sink: MailSink) -> str:
    return f'[mail]\nhost = "127.0.0.1"\nport = {sink.port}\nsender = "desk@vendor.example"\n'


def hook_channels(sink: WebSink, secret: Path | None = None, more: str = "private = true") -> str:
    key = f'secret_file = "{secret}"\n' if secret else ""
    return f'[[webhook]]\nname = "ops"\nurl = "https://localhost:{sink.port}/in?a=1"\nca_file = "{sink.ca}"\n{key}{more}\n'


def test_mail_arrives_with_the_same_id_at_every_attempt(mail, helper):
    helper.channels, before = mail_channels(mail), len(mail.letters)
    for _ in range(2):
        assert helper.deliver(message("mail:director@vendor.example"), 20) == Result(True, False, "taken")
    first, second = mail.letters[before:]
    assert first["Message-ID"] == second["Message-ID"]
    assert first["X-Envelope-To"] == "director@vendor.example"
    assert first["Subject"] == SUBJECT
    assert first["Auto-Submitted"] == "auto-generated"
    assert first.get_content().split() == "Ticket 1042 is down. Due 14:00.".split()


@pytest.mark.parametrize(("answer", "again"), [("451 try later", True), ("550 no such user", False)])
def test_a_mail_server_says_later_or_never(mail, helper, answer, again):
    helper.channels, mail.answer = mail_channels(mail), answer
    try:
        result = helper.deliver(message("mail:x@vendor.example"), 20)
    finally:
        mail.answer = ""
    assert (result.taken, result.again) == (False, again)
    assert answer.split()[0] in result.why


def test_a_mail_server_that_is_away_is_tried_again(helper):
    helper.channels = '[mail]\nhost = "127.0.0.1"\nport = 1\nsender = "d@v.example"\n'
    result = helper.deliver(message("mail:x@vendor.example"), 20)
    assert (result.taken, result.again) == (False, True)


def test_a_webhook_is_signed_and_has_a_key_that_stays(web, helper, tmp_path):
    secret = tmp_path / "secret"
    secret.write_text("s3cret\n")
    secret.chmod(0o600)
    helper.channels = hook_channels(web, secret)
    assert helper.deliver(message("webhook:ops"), 20).taken
    assert helper.deliver(message("webhook:ops"), 20).taken
    (path, headers, body), (_, again, _) = web.got
    assert path == "/in?a=1"
    assert (
        headers["X-Supporttui-Signature"] == "sha256=" + hmac.new(b"s3cret", body, hashlib.sha256).hexdigest()
    )
    assert headers["Idempotency-Key"] == again["Idempotency-Key"]
    assert json.loads(body)["number"] == "1042"


@pytest.mark.parametrize(("status", "again"), [(500, True), (429, True), (404, False), (302, False)])
def test_a_webhook_says_later_or_never_and_is_not_led_elsewhere(web, helper, status, again):
    helper.channels, web.status = hook_channels(web), status
    result = helper.deliver(message("webhook:ops"), 20)
    assert (result.taken, result.again) == (False, again)
    assert len(web.got) == 1


def test_a_private_address_is_refused_unless_it_is_meant(web, helper):
    helper.channels = hook_channels(web, more="")
    result = helper.deliver(message("webhook:ops"), 20)
    assert not result.taken and "private network" in result.why
    assert web.got == []


def test_a_certificate_of_nobody_known_is_refused(web, helper):
    helper.channels = hook_channels(web).replace(f'ca_file = "{web.ca}"\n', "")
    result = helper.deliver(message("webhook:ops"), 20)
    assert not result.taken and "certificate" in result.why.lower()
    assert web.got == []


def test_a_secret_that_others_can_read_is_not_used(web, helper, tmp_path):
    secret = tmp_path / "secret"
    secret.write_text("s3cret\n")
    secret.chmod(0o644)
    helper.channels = hook_channels(web, secret)
    result = helper.deliver(message("webhook:ops"), 20)
    assert "chmod 600" in result.why and "s3cret" not in result.why
    assert web.got == []


def command_channels(program: Program, more: str = "") -> str:
    return f'phone = "sms"\n[[command]]\nname = "sms"\nargv = ["{program.path}", "--now"]\n{more}\n'


@pytest.mark.parametrize("address", ["command:sms/+1 555 0199", "phone:+1 555 0199"])
def test_a_program_gets_the_fields_by_environment_and_no_shell_reads_them(program, helper, tmp_path, address):
    helper.channels = command_channels(program)
    assert helper.deliver(message(address), 20).taken
    (told,) = program.told
    assert told["SUPPORTTUI_TO"] == "+1 555 0199"
    assert told["SUPPORTTUI_SUBJECT"] == "$(touch owned) `id` ; x"
    assert told["argv"] == ["--now"]
    assert told["stdin"] == "Ticket 1042 is down.\nDue 14:00.\n"
    assert not (tmp_path / "owned").exists() and not Path("owned").exists()


@pytest.mark.parametrize(("code", "again"), [(1, True), (75, True), (65, False)])
def test_the_exit_code_of_a_program_says_later_or_never(program, helper, code, again):
    program.does(f"echo no credit >&2; exit {code}")
    helper.channels = command_channels(program)
    result = helper.deliver(message("command:sms"), 20)
    assert (result.taken, result.again) == (False, again)
    assert f"exit code {code} no credit" in result.why


def test_a_program_that_hangs_is_killed_with_all_that_it_started(program, helper, tmp_path):
    pid = tmp_path / "pid"
    program.does(f'sleep 600 & echo $! > "{pid}"; wait')
    helper.channels = command_channels(program)
    began = time.monotonic()
    result = helper.deliver(message("command:sms"), 1.5)
    assert (result.taken, result.again) == (False, True)
    assert time.monotonic() - began < 8
    limit = time.monotonic() + 5
    while time.monotonic() < limit and _lives(int(pid.read_text())):
        os.sched_yield()
    assert not _lives(int(pid.read_text()))


def _lives(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def test_a_helper_that_was_killed_is_replaced(program, helper):
    helper.channels = command_channels(program)
    assert helper.deliver(message("command:sms"), 20).taken
    helper._process.kill()
    helper._process.wait()
    assert helper.deliver(message("command:sms"), 20).taken


@pytest.mark.parametrize(
    "address", ["webhook:none", "command:none", "apprise:none", "mail:a@b.example", "phone:1"]
)
def test_an_address_without_a_channel_is_a_dead_letter(helper, address):
    result = helper.deliver(message(address), 20)
    assert (result.taken, result.again) == (False, False)


def test_apprise_is_one_of_the_channels(program, helper, tmp_path, web):
    url = tmp_path / "url"
    url.write_text(f"json://127.0.0.1:{web.port}/x\n")
    url.chmod(0o600)
    helper.channels = f'[[apprise]]\nname = "team"\nurl_file = "{url}"\n'
    result = helper.deliver(message("apprise:team"), 20)
    # The server speaks TLS and this URL doesn't, so it can't be taken; that it was asked is what counts.
    assert (result.taken, result.again) == (False, True)
    assert "team" in result.why


def test_a_server_that_takes_a_letter_and_then_misbehaves_has_taken_it(helper):
    with _server(_smtp_words(b"421 too busy to say goodbye\r\n")) as port:
        helper.channels = f'[mail]\nhost = "127.0.0.1"\nport = {port}\nsender = "desk@vendor.example"\n'
        assert helper.deliver(message("mail:a@b.example"), 20).taken


def test_a_server_that_goes_away_over_a_letter_makes_the_next_attempt_a_possible_repetition(helper):
    with _server(_smtp_words(b"", taken=b"")) as port:
        helper.channels = f'[mail]\nhost = "127.0.0.1"\nport = {port}\nsender = "desk@vendor.example"\n'
        result = helper.deliver(message("mail:a@b.example"), 20)
    assert (result.taken, result.again, result.unsure) == (False, True, True)


def test_a_mail_server_that_is_silent_takes_its_time_out_and_no_more(helper):
    with _server(lambda peer: peer.recv(1)) as port:
        helper.channels = (
            f'[mail]\nhost = "127.0.0.1"\nport = {port}\nsender = "desk@vendor.example"\ntimeout = 1\n'
        )
        began = time.monotonic()
        result = helper.deliver(message("mail:a@b.example"), 60)
    assert (result.taken, result.again, result.unsure) == (False, True, False)
    assert time.monotonic() - began < 10


def test_a_server_that_answers_byte_by_byte_is_cut_off(helper):
    def drip(peer):
        with suppress(OSError):
            while True:
                peer.sendall(b"2")
                time.sleep(0.2)

    with _server(drip) as port:
        helper.channels = (
            f'[mail]\nhost = "127.0.0.1"\nport = {port}\nsender = "desk@vendor.example"\ntimeout = 1\n'
        )
        result = helper.deliver(message("mail:a@b.example"), 60)
    assert "not done after 3 s" in result.why


@pytest.mark.parametrize(("address", "public"), [
    ("93.184.216.34", True), ("2606:2800:220:1::1", True), ("10.0.0.1", False), ("127.0.0.1", False),
    ("169.254.169.254", False), ("100.64.0.1", False), ("224.0.0.1", False), ("0.0.0.0", False), ("::1", False),
    ("::ffff:10.0.0.1", False), ("64:ff9b::10.0.0.1", False), ("64:ff9b::93.184.216.34", True),
    ("2002:0a00:0001::1", False), ("fd00::1", False), ("fe80::1%eth0", False),
])  # fmt: skip
def test_which_addresses_are_of_the_internet(address, public):
    assert deliver._is_public(address) is public


def test_a_host_whose_first_address_leads_nowhere_is_reached_by_its_second(web, monkeypatch):
    places = [("127.0.0.1", 1), ("127.0.0.1", web.port)]  # nothing listens at port 1
    with deliver._connected(places, 5) as connection:
        assert connection.getpeername()[1] == web.port


def test_while_a_delivery_goes_on_its_sender_has_other_things_to_do(program, helper):
    program.does("sleep 2.5")
    helper.channels = command_channels(program)
    looks = []
    helper.meanwhile = lambda: looks.append(1)
    assert helper.deliver(message("command:sms"), 20).taken
    assert len(looks) >= 2


def test_a_sender_that_is_asked_to_end_waits_no_longer_than_it_must(program, helper, monkeypatch):
    monkeypatch.setattr("supporttui.watch.channels.helper.AT_THE_END", 0.5)
    program.does("sleep 600")
    helper.channels = command_channels(program, "timeout = 100")
    helper.ending = lambda: True
    began = time.monotonic()
    with pytest.raises(Abandoned):
        helper.deliver(message("command:sms"), 120)
    assert time.monotonic() - began < 10


def test_what_breaks_off_a_wait_leaves_no_answer_for_the_next_order(program, helper):
    program.does("sleep 1.5")
    helper.channels = command_channels(program)

    def breaks():
        raise RuntimeError

    helper.meanwhile = breaks
    with pytest.raises(RuntimeError):
        helper.deliver(message("command:sms"), 20)
    helper.meanwhile = lambda: None
    program.does("exit 65")
    assert not helper.deliver(message("command:sms"), 20).taken


@contextmanager
def _server(serve):
    """A server on loopback that does to each connection what the test says."""
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def run():
            with suppress(OSError):
                while True:
                    peer, _ = listening.accept()
                    with peer, suppress(OSError):
                        serve(peer)

        threading.Thread(target=run, daemon=True).start()
        yield listening.getsockname()[1]
        with suppress(OSError):
            listening.shutdown(socket.SHUT_RDWR)


def _smtp_words(farewell, taken=b"250 taken\r\n"):
    """An SMTP server that says so after the letter (nothing: it hangs up), and that to QUIT."""

    def serve(peer):
        lines = peer.makefile("rb")
        peer.sendall(b"220 here\r\n")
        for line in lines:
            word = line.split()[0].upper() if line.split() else b""
            if word == b"DATA":
                peer.sendall(b"354 go on\r\n")
                while lines.readline() not in (b".\r\n", b""):
                    pass
                if not taken:
                    peer.shutdown(socket.SHUT_RDWR)
                    return
                peer.sendall(taken)
            elif word == b"QUIT":
                peer.sendall(farewell)
                return
            else:
                peer.sendall(b"250 fine\r\n")

    return serve
