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
from collections.abc import Sequence
from contextlib import suppress
from email.message import EmailMessage
from email.utils import formatdate
from typing import Any, NoReturn
from urllib.parse import urlsplit

from supporttui.errors import PolicyError
from supporttui.secretfile import secret
from supporttui.watch.channels import letter as letters
from supporttui.watch.channels.settings import (
    Channels,
    Command,
    Mail,
    Service,
    Webhook,
    read_channels,
)

TAKEN, NEVER, LATER, UNSURE = 0, 65, 75, 76
FAREWELL = 2.0  # seconds for the end of a conversation that has done its work
_NAT64 = ipaddress.ip_network("64:ff9b::/96")
_MOST_MEMORY = 1 << 30  # of the child that speaks to a server
_PASSED_ON = ("PATH", "HOME", "LANG", "TZ", "TMPDIR")


class Refusal(Exception):
    """The receiver will never take it."""


class NotNow(Exception):
    """It may be taken later."""


class Unsure(NotNow):
    """It may have been taken: what is tried again may be a repetition."""


def seconds_for(channels: Channels, address: str) -> float:
    """How long a delivery to an address may take as a whole: what its channel says, and a little for the start."""
    kind, _, rest = address.partition(":")
    if kind in ("mail", "letter"):
        return 3.0 * channels.mail.timeout if channels.mail else 5.0  # each step of SMTP has its own time-out
    channel = channels.find("command", channels.phone) if kind == "phone" else None
    channel = channel or channels.find(kind, rest.partition("/")[0])
    return channel.timeout + 2.0 if channel else 5.0


def deliver(channels: Channels, message: dict[str, Any]) -> None:
    """Hand a message to its address.  Errors: Refusal, NotNow."""
    kind, _, rest = str(message["address"]).partition(":")
    if kind in ("mail", "letter", "webhook"):
        _little_memory()
    if (kind == "letter") != bool(message.get("letter")):
        raise Refusal("what should be a letter to a customer is none")
    if kind in ("mail", "letter"):
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


def _little_memory() -> None:
    """A server that answers without end ends this child, not the machine."""
    with suppress(ImportError, OSError, ValueError):
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (_MOST_MEMORY, _MOST_MEMORY))


# -- e-mail ---------------------------------------------------------------------------------------


def _mail(mail: Mail | None, to: str, message: dict[str, Any]) -> None:
    if mail is None:
        raise Refusal("no channel for e-mail: add [mail] to the channels file")
    try:
        server = _smtp(mail)
    except (smtplib.SMTPException, OSError, ValueError) as error:
        words = getattr(error, "strerror", None) or error  # without Python's "[Errno 111]"
        raise NotNow(f"e-mail: {mail.host}:{mail.port}: {words}") from None
    try:
        if mail.user:
            server.login(mail.user, secret(mail.password_file))
        _send(server, mail, to, message)
    except (smtplib.SMTPRecipientsRefused, smtplib.SMTPSenderRefused, smtplib.SMTPDataError) as error:
        raise (_of_code(*_code(error))) from None
    except (smtplib.SMTPException, OSError, ValueError) as error:
        raise NotNow(f"e-mail: {error}") from None
    finally:
        _farewell(server)


def _send(server: smtplib.SMTP, mail: Mail, to: str, message: dict[str, Any]) -> None:
    letter = message.get("letter")
    address, options = _envelope(server, to) if letter else (to, [])
    try:
        if letter:
            server.sendmail(
                letters.envelope_sender(letter), [address], letters.built(letter, address), options
            )
        else:
            server.send_message(_letter(mail, to, message), mail.sender, [to])
    except (smtplib.SMTPServerDisconnected, TimeoutError, ConnectionError) as error:
        raise Unsure(f"e-mail: {error or 'the server went away'}") from None


def _envelope(server: smtplib.SMTP, to: str) -> tuple[str, list[str]]:
    """A customer's address as this server takes it, and what has to be said with it.  Errors: Refusal."""
    server.ehlo_or_helo_if_needed()
    try:
        return letters.envelope(to, utf8=server.has_extn("smtputf8"))
    except ValueError as error:
        raise Refusal(f"e-mail: {error}") from None


def _farewell(server: smtplib.SMTP) -> None:
    """What a server does after it took a letter makes the letter no less taken."""
    with suppress(smtplib.SMTPException, OSError):
        if server.sock is not None:
            server.sock.settimeout(FAREWELL)
        server.quit()
    with suppress(OSError):
        server.close()


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
    context = ssl.create_default_context(cafile=hook.ca_file or None)
    with _connected(_public(host, port, hook), hook.timeout) as plain:
        connection = http.client.HTTPSConnection(host, port, timeout=hook.timeout)
        connection.sock = context.wrap_socket(plain, server_hostname=host)
        path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        connection.request("POST", path, body, headers)
        try:
            return connection.getresponse().status
        except (OSError, http.client.HTTPException) as error:
            said = error or type(error).__name__
            raise Unsure(f"webhook {hook.name}: no answer: {said}") from None


def _connected(places: Sequence[tuple[str, int]], timeout: float) -> socket.socket:
    """A connection to the first address that takes one: a host's IPv6 may lead nowhere."""
    for place in places[:-1]:
        with suppress(OSError):
            return socket.create_connection(place, timeout / len(places))
    return socket.create_connection(places[-1], timeout)


def _public(host: str, port: int, hook: Webhook) -> list[tuple[str, int]]:
    """The addresses of a host that may be connected to.  Errors: ValueError when there is none."""
    found = [str(place[0]) for *_, place in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]
    fit = [place for place in dict.fromkeys(found) if hook.private or _is_public(place)]
    if not fit:
        raise ValueError(f"{host} is in a private network; write private = true if it is meant")
    return [(place, port) for place in fit]


def _is_public(place: str) -> bool:
    """Whether an address is of the internet, and doesn't carry a private IPv4 address inside it."""
    address = ipaddress.ip_address(place.partition("%")[0])
    if not address.is_global or address.is_multicast:
        return False
    if isinstance(address, ipaddress.IPv4Address):
        return True
    inner = [address.ipv4_mapped, address.sixtofour, *(address.teredo or ())]
    if address in _NAT64:
        inner.append(ipaddress.IPv4Address(int(address) & 0xFFFFFFFF))
    return all(one is None or one.is_global for one in inner)


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
        raise Unsure(f"command {command.name}: not done after {command.timeout} s") from None
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
    limit = _limit(order)
    hear, say = os.pipe()
    helper = os.getpid()
    child = os.fork()
    if not child:
        os.close(hear)
        os.setsid()
        _die_with_parent(helper)
        _child(order, say)
    os.close(say)
    try:
        said, done = _listen(hear, time.monotonic() + limit)
    finally:
        os.close(hear)
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(child, signal.SIGKILL)
    os.waitpid(child, 0)
    if not done:
        return UNSURE, f"not done after {limit:.0f} s"
    code, _, why = said.partition(" ")
    return (int(code), why) if code.isdigit() else (UNSURE, "ended without a word")


def _limit(order: dict[str, Any]) -> float:
    """The smaller one of what the sender allows and what the channel takes."""
    most = float(order["limit"])
    try:
        channels = read_channels(order["channels"], "channels file")
    except PolicyError:
        return most
    return min(most, seconds_for(channels, str(order["message"]["address"])))


def _child(order: dict[str, Any], say: int) -> NoReturn:
    code, why = UNSURE, "ended without a word"
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
        return UNSURE if isinstance(error, Unsure) else LATER, str(error)
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


def _die_with_parent(parent: int | None = None) -> None:
    """On Linux the kernel ends this process when the one that started it ends.

    parent: who started it; one that ended before this was said ends it too.
    """
    with suppress(OSError, AttributeError):
        ctypes.CDLL(None).prctl(1, signal.SIGKILL)
    if parent is not None and os.getppid() != parent:
        os._exit(LATER)


if __name__ == "__main__":
    sys.exit(serve())
