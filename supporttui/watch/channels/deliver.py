"""Hands messages over, in a process of its own whose children can be killed.

The sender starts one such process and gives it order after order; each is carried
out in a forked child with a time limit, so that no library, receiver or program
can hold the watch up.  This process never opens the store.
"""

from __future__ import annotations

import ctypes
import hashlib
import hmac
import http.client
import ipaddress
import json
import os
import select
import signal
import smtplib
import socket
import ssl
import subprocess
import sys
import time
from contextlib import suppress
from email.message import EmailMessage
from email.utils import formatdate
from typing import Any, NoReturn
from urllib.parse import urlsplit

from supporttui.errors import PolicyError
from supporttui.watch.channels.settings import (
    Channels,
    Command,
    Mail,
    Service,
    Webhook,
    read_channels,
    secret,
)

TAKEN, LATER, NEVER = 0, 75, 65
LARGEST_ANSWER = 64 * 1024
_PASSED_ON = ("PATH", "HOME", "LANG", "TZ", "TMPDIR")


class Refusal(Exception):
    """The receiver will never take it."""


class NotNow(Exception):
    """It may be taken later."""


def deliver(channels: Channels, message: dict[str, Any]) -> None:
    """Hand a message to its address.  Errors: Refusal, NotNow."""
    kind, _, rest = str(message["address"]).partition(":")
    if kind == "mail":
        _mail(channels.mail, rest, message)
    elif kind == "phone":
        command = channels.find("command", channels.phone)
        if not isinstance(command, Command):
            raise Refusal("no channel for telephone numbers: name a command as `phone` in the channels file")
        _command(command, rest, message)
    else:
        name, _, target = rest.partition("/")
        channel = channels.find(kind, name)
        if isinstance(channel, Command):
            _command(channel, target, message)
        elif isinstance(channel, Webhook):
            _webhook(channel, message)
        elif isinstance(channel, Service):
            _service(channel, message)
        else:
            raise Refusal(f"the channels file has no {kind} '{name}'")


# -- e-mail ---------------------------------------------------------------------------------------


def _mail(mail: Mail | None, to: str, message: dict[str, Any]) -> None:
    if mail is None:
        raise Refusal("no channel for e-mail: add [mail] to the channels file")
    try:
        with _smtp(mail) as server:
            if mail.user:
                server.login(mail.user, secret(mail.password_file))
            server.send_message(_letter(mail, to, message), mail.sender, [to])
    except (smtplib.SMTPRecipientsRefused, smtplib.SMTPSenderRefused, smtplib.SMTPDataError) as error:
        raise (_of_code(*_code(error))) from None
    except (smtplib.SMTPException, OSError, ValueError) as error:
        raise NotNow(f"e-mail: {error}") from None


def _smtp(mail: Mail) -> smtplib.SMTP:
    context = ssl.create_default_context(cafile=mail.ca_file or None) if mail.tls != "none" else None
    if mail.tls == "tls":
        return smtplib.SMTP_SSL(mail.host, mail.port, timeout=mail.timeout, context=context)
    server = smtplib.SMTP(mail.host, mail.port, timeout=mail.timeout)
    if mail.tls == "starttls":
        server.starttls(context=context)
    return server


def _letter(mail: Mail, to: str, message: dict[str, Any]) -> EmailMessage:
    letter = EmailMessage()
    letter["From"], letter["To"], letter["Subject"] = mail.sender, to, message["subject"]
    letter["Date"] = formatdate(usegmt=True)
    digest = hashlib.sha256(f"{message['key']} {to}".encode()).hexdigest()[:40]
    # The same at every attempt: mail systems and people can tell a repetition from news.
    letter["Message-ID"] = f"<notice.{digest}@{mail.sender.rpartition('@')[2]}>"
    letter["Auto-Submitted"] = "auto-generated"
    letter["X-Supporttui-Notice"] = digest
    letter.set_content(message["text"])
    return letter


def _code(error: smtplib.SMTPException) -> tuple[int, str]:
    refused = getattr(error, "recipients", None)
    code, words = next(iter(refused.values())) if refused else (error.smtp_code, error.smtp_error)  # type: ignore[attr-defined]
    return int(code), words.decode("ascii", "replace") if isinstance(words, bytes) else str(words)


def _of_code(code: int, words: str) -> Exception:
    """A 5xx answer is for ever, a 4xx one for now (RFC 5321)."""
    return Refusal(f"e-mail: {code} {words}") if code >= 500 else NotNow(f"e-mail: {code} {words}")


# -- https ----------------------------------------------------------------------------------------


def _webhook(hook: Webhook, message: dict[str, Any]) -> None:
    body = json.dumps({**message["fields"], "text": message["text"]}, sort_keys=True).encode()
    headers = {
        "Content-Type": "application/json", "User-Agent": "supporttui",
        "Idempotency-Key": hashlib.sha256(message["key"].encode()).hexdigest(),
    }  # fmt: skip
    try:
        if hook.secret_file:
            signed = hmac.new(secret(hook.secret_file).encode(), body, "sha256").hexdigest()
            headers["X-Supporttui-Signature"] = f"sha256={signed}"
        status = _post(hook, body, headers)
    except (OSError, http.client.HTTPException, ValueError) as error:
        raise NotNow(f"webhook {hook.name}: {error}") from None
    if status in (408, 409, 425, 429) or status >= 500:
        raise NotNow(f"webhook {hook.name}: answered {status}")
    if not 200 <= status < 300:
        raise Refusal(f"webhook {hook.name}: answered {status}")


def _post(hook: Webhook, body: bytes, headers: dict[str, str]) -> int:
    """POST without following redirects, to an address that was looked at: nothing resolves it again."""
    parts = urlsplit(hook.url)
    host, port = str(parts.hostname), parts.port or 443
    address = _public(host, port, hook)
    context = ssl.create_default_context(cafile=hook.ca_file or None)
    with socket.create_connection(address, hook.timeout) as plain:
        connection = http.client.HTTPSConnection(host, port, timeout=hook.timeout)
        connection.sock = context.wrap_socket(plain, server_hostname=host)
        path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        connection.request("POST", path, body, headers)
        answer = connection.getresponse()
        answer.read(LARGEST_ANSWER)
        return answer.status


def _public(host: str, port: int, hook: Webhook) -> tuple[str, int]:
    for *_, place in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM):
        address = ipaddress.ip_address(str(place[0]).partition("%")[0])
        if hook.private or address.is_global:
            return str(place[0]), port
    raise ValueError(f"{host} is in a private network; write private = true if it is meant")


# -- programs and services ------------------------------------------------------------------------


def _command(command: Command, target: str, message: dict[str, Any]) -> None:
    """The notice's fields by environment, the text on standard input; nothing of it in the arguments."""
    environment = {name: os.environ[name] for name in _PASSED_ON if name in os.environ}
    environment |= {f"SUPPORTTUI_{name.upper()}": value for name, value in message["fields"].items()}
    environment |= {"SUPPORTTUI_TO": target, "SUPPORTTUI_TITLE": message["subject"]}
    try:
        done = subprocess.run(
            command.argv, input=message["text"].encode(), env=environment, timeout=command.timeout,
            stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, check=False,
        )  # fmt: skip
    except subprocess.TimeoutExpired:
        raise NotNow(f"command {command.name}: not done after {command.timeout} s") from None
    except OSError as error:
        raise NotNow(f"command {command.name}: {error.strerror}") from None
    if done.returncode:
        words = done.stderr[-300:].decode("utf-8", "replace").strip().replace("\n", " ")
        kind = Refusal if done.returncode == NEVER else NotNow
        raise kind(f"command {command.name}: exit code {done.returncode} {words}".rstrip())


def _service(service: Service, message: dict[str, Any]) -> None:
    try:
        import apprise
    except ImportError:
        raise Refusal("apprise is not installed: pip install 'supporttui[notify]'") from None
    try:
        url = secret(service.url_file)
    except ValueError as error:
        raise NotNow(str(error)) from None
    sender = apprise.Apprise()
    if not sender.add(url):
        raise Refusal(f"apprise {service.name}: the URL in its file is of no service that Apprise knows")
    if not sender.notify(title=message["subject"], body=message["text"], body_format="text"):
        raise NotNow(f"apprise {service.name}: not taken")


# -- the process ----------------------------------------------------------------------------------


def serve() -> int:
    """Deliver order after order from standard input, each in a child of its own with a time limit.

    One JSON object a line comes in ({"channels", "message", "limit"}), one goes out
    ({"code", "why"}).  Ends with its input: whoever asked is gone, and so is the child then.
    """
    _die_with_parent()
    for line in sys.stdin:
        order = json.loads(line)
        code, why = _in_child(order)
        sys.stdout.write(json.dumps({"code": code, "why": why}) + "\n")
        sys.stdout.flush()
    return 0


def _in_child(order: dict[str, Any]) -> tuple[int, str]:
    """Fork, deliver there, and kill it with all that it started when it takes too long."""
    hear, say = os.pipe()
    child = os.fork()
    if not child:
        os.close(hear)
        os.setsid()
        _die_with_parent()
        _child(order, say)
    os.close(say)
    try:
        said, done = _listen(hear, time.monotonic() + float(order["limit"]))
    finally:
        os.close(hear)
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(child, signal.SIGKILL)
    os.waitpid(child, 0)
    if not done:
        return LATER, f"not done after {order['limit']} s"
    code, _, why = said.partition(" ")
    return (int(code), why) if code.isdigit() else (LATER, "ended without a word")


def _child(order: dict[str, Any], say: int) -> NoReturn:
    code, why = LATER, "ended without a word"
    try:
        code, why = _told(order)
    except BaseException as error:  # whatever a library raises, the notice stays in the outbox
        why = type(error).__name__
    with suppress(OSError):
        os.write(say, f"{code} {' '.join(why.split())[:400]}".encode())
        os.close(say)
    os._exit(0)


def _told(order: dict[str, Any]) -> tuple[int, str]:
    try:
        deliver(read_channels(order["channels"], "channels file"), order["message"])
    except Refusal as error:
        return NEVER, str(error)
    except (NotNow, PolicyError) as error:
        return LATER, str(error)
    return TAKEN, "taken"


def _listen(hear: int, until: float) -> tuple[str, bool]:
    """What the child says before it closes its end; False when time runs out first."""
    said = b""
    while (left := until - time.monotonic()) > 0:
        ready, _, _ = select.select([hear], [], [], left)
        if ready:
            part = os.read(hear, 4096)
            if not part:
                return said.decode("utf-8", "replace"), True
            said += part
    return "", False


def _die_with_parent() -> None:
    """On Linux the kernel ends this process when the one that started it ends."""
    with suppress(OSError, AttributeError):
        ctypes.CDLL(None).prctl(1, signal.SIGKILL)


if __name__ == "__main__":
    sys.exit(serve())
