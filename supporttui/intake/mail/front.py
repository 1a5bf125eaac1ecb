"""The gateway's short way: put the mail into the spool, tell the resident taker its name, pass on what it says.

A mail server starts one process for each mail, and most of what such a process takes is loading what the
work needs.  Where `supporttui intake serve` (or `watch`) runs, that has been loaded once, and this module is
all that the gateway loads; it knows as much of settings as it needs to find the spool, and whatever
is out of the ordinary is left to the long way.

Invariant: the short way says 0 only when the taker has said that the mail is committed.
"""

from __future__ import annotations

import os
import sys

from . import spool

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

try:
    # What `signal` and `socket` are made of: without the enumerations around it, which cost a tenth of the time.
    import _signal as signal  # type: ignore[import-not-found]
    import _socket as sockets
except ImportError:
    import signal
    import socket as sockets  # type: ignore[no-redef]

TRY_AGAIN = 75
NAME = "taker"  # of the socket in the spool
PATIENCE = 120.0  # seconds that the taker may need, with all that waits before this mail
CHUNK = 1 << 18
MOST_ANSWER = 4_000


class Odd(Exception):
    """Something that the short way does not understand."""


def quick(words: Sequence[str], environ: Mapping[str, str]) -> int | None:
    """Deliver standard input through the taker: the exit code; None when the long way must be gone.

    None also when the mail lies in the spool already; then `words` are longer by what says so.  From here on
    a signal ends the process as if nothing had been taken, so that the mail is delivered again.
    """
    for number in (signal.SIGTERM, signal.SIGINT, getattr(signal, "SIGHUP", signal.SIGTERM)):
        signal.signal(number, _interrupted)
    try:
        given = _options(words)
        folder = _folder(given.get("--store", ""), environ)
        line = _connected(folder)
    except (Odd, OSError, ValueError):
        return None
    try:
        name = spool.put(folder, _input(), envelope=envelope_of(given.get("--from", "")))
    except (OSError, ValueError) as error:
        sys.stderr.write(f"supporttui: {error}\n")
        return TRY_AGAIN
    answer = _told(line, name)
    if not answer:
        if isinstance(words, list):
            words.append(f"--spooled={name}")
        return None
    code = _passed_on(answer)
    if code:
        spool.drop_twin(folder, name)
    return code


def envelope_of(word: str) -> str:
    """An envelope's sender as mail servers write none: "<>" or MAILER-DAEMON; "" when nobody told."""
    return "<>" if word in ("<>", "MAILER-DAEMON") else word.strip().strip("<>")


def _options(words: Sequence[str]) -> dict[str, str]:
    """--store and --from; whatever else there is makes it odd."""
    found: dict[str, str] = {}
    left = list(words)
    names: list[str] = []
    while left:
        word = left.pop(0)
        flag, equals, value = word.partition("=")
        if flag in ("--store", "--from"):
            if not equals and not left:
                raise Odd
            found[flag] = value if equals else left.pop(0)
        elif word.startswith("-"):
            raise Odd
        else:
            names.append(word)
    if names != ["intake", "mail"]:
        raise Odd
    return found


# -- where the spool is ------------------------------------------------------------------------------------


def _folder(store: str, environ: Mapping[str, str]) -> str:
    """The spool, as settings have it (`supporttui.config`, `intake.settings`)."""
    if not sys.platform.startswith("linux"):
        raise Odd
    base = environ.get("XDG_CONFIG_HOME", "")
    if not base.strip():
        base = os.path.join(environ.get("HOME") or _home(), ".config")
    own = os.path.join(base, "supporttui")
    config = environ.get("SUPPORTTUI_CONFIG") or os.path.join(own, "config.toml")
    target = store or environ.get("SUPPORTTUI_STORE") or plain_value(config, "store")
    if target == ":memory:":
        raise Odd
    intake = (
        environ.get("SUPPORTTUI_INTAKE") or plain_value(config, "intake") or os.path.join(own, "intake.toml")
    )
    return spool.folder_for(target, plain_value(os.path.expanduser(intake), "folder", "files"))


def _home() -> str:
    """Where the user is at home; mail servers say nothing of it to what they start."""
    import pwd

    try:
        return pwd.getpwuid(os.getuid()).pw_dir
    except KeyError:
        raise Odd from None


def plain_value(path: str, key: str, table: str = "") -> str:
    """A text in a TOML file, "" for none there.  Errors: Odd for anything but KEY = "TEXT" on a line of its own."""
    try:
        with open(path, encoding="utf-8") as file:
            text = file.read(1 << 20)
    except FileNotFoundError:
        return ""
    except ValueError:
        raise Odd from None
    if '"""' in text or "'''" in text:
        raise Odd
    here, found = "", ""
    for line in text.splitlines():
        words = line.strip()
        if words.startswith("["):
            here = words.partition("#")[0].strip().strip("[]").strip()
        elif table and not here and words.startswith((table, f'"{table}"', f"'{table}'")):
            raise Odd
        elif here == table and words.strip("\"'").startswith(key) and "=" in words:
            found = _quoted(words, key) or found
    return found


def _quoted(words: str, key: str) -> str:
    name, _equals, value = words.partition("=")
    if name.strip() != key:
        if name.strip().strip("\"'") == key:
            raise Odd
        return ""
    value = value.strip()
    quote = value[:1]
    end = value.find(quote, 1) if quote in ("'", '"') else -1
    rest = value[end + 1 :].strip()
    if end < 0 or (rest and not rest.startswith("#")) or (quote == '"' and "\\" in value[:end]):
        raise Odd
    return value[1:end]


# -- the taker ---------------------------------------------------------------------------------------------


def _connected(folder: str) -> sockets.socket:
    """A line to the taker.  Errors: OSError when nobody takes."""
    line = sockets.socket(sockets.AF_UNIX, sockets.SOCK_STREAM)
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        if not spool.is_private(os.fstat(handle)):
            raise Odd
        line.settimeout(PATIENCE)
        line.connect(f"/proc/self/fd/{handle}/{NAME}")  # its path may be longer than a socket's may be
    finally:
        os.close(handle)
    return line


def _input() -> Iterator[bytes]:
    while chunk := os.read(0, CHUNK):
        yield chunk


def _told(line: sockets.socket, name: str) -> bytes:
    """What the taker says to a name; b"" when it is gone before it has."""
    answer = b""
    try:
        line.sendall(name.encode() + b"\n")
        while not answer.endswith(b"\n") and len(answer) < MOST_ANSWER:
            piece = line.recv(MOST_ANSWER)
            if not piece:
                return b""
            answer += piece
    except OSError:
        return b""
    return answer


def _passed_on(answer: bytes) -> int:
    code, _blank, text = answer.decode("utf-8", "replace").rstrip("\n").partition(" ")
    if code == "0":
        _say(sys.stdout, text)
        return 0
    _say(sys.stderr, f"supporttui: {text}")
    return TRY_AGAIN


def _say(stream: object, text: str) -> None:
    """One line, if anybody hears it; the taker has made it fit for a terminal."""
    try:
        stream.write(text + "\n")  # type: ignore[attr-defined]
        stream.flush()  # type: ignore[attr-defined]
    except (OSError, ValueError, AttributeError):
        os._exit(0 if stream is sys.stdout else TRY_AGAIN)


def _interrupted(_signal: int, _frame: object) -> None:
    os._exit(TRY_AGAIN)
