"""A mailbox that is polled: every mail is fetched whole, handed over, and marked only when it is kept.

Whatever breaks off in between (the line, the server, this program) leaves a mail unmarked, so it is
fetched again; that it is the same one is found out where mails are kept, not here.  One mail that can't
be taken is left where it is and holds up none behind it.
"""

from __future__ import annotations

import ssl
import tempfile
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from typing import IO, TYPE_CHECKING, Any

from supporttui.errors import PolicyError, SupportError
from supporttui.secretfile import secret

if TYPE_CHECKING:
    from imapclient import IMAPClient

    from .settings import ImapTable

CHUNK = 1 << 18  # bytes of a mail that are asked for at once
IN_MEMORY = 4 << 20  # bytes of a mail beyond which it waits in a file
IN_A_ROW = 3  # mails that could not be kept, after which the rest waits for the next round
LONGEST = 3600.0  # seconds between two tries of a server that doesn't answer


@dataclass(frozen=True, slots=True)
class Round:
    """One look.  taken: mails kept and marked.  left: those that could not be kept.  trouble: why, "" for none."""

    taken: int = 0
    left: int = 0
    trouble: str = ""


class Mailbox:
    """One mailbox; the connection is kept between rounds and made anew when it is gone.

    take: keeps a mail, whose bytes it reads to the end; SupportError or OSError when it could not.
    Only after it returned is the mail marked.
    """

    def __init__(self, table: ImapTable, take: Callable[[IO[bytes]], object]) -> None:
        self.table = table
        self._take = take
        self._client: IMAPClient | None = None
        self._failed = 0
        self._later: set[int] = set()  # what could not be kept goes behind what wasn't tried yet

    def round(self, stop: Callable[[], bool] = lambda: False) -> Round:
        """Take what is there; nothing that the server or the line does raises.  Errors: PolicyError."""
        kept = _Kept()
        try:
            for uid in self._waiting():
                if stop() or kept.in_a_row >= IN_A_ROW:
                    break
                self._one(uid, kept)
            # A store that takes nothing is asked as seldom as a server that says nothing.
            self._failed = self._failed + 1 if kept.left and not kept.taken else 0
        except PolicyError:
            raise
        except Exception as error:  # a server may say anything, and what reads it raises anything
            self.close()
            self._failed += 1
            kept.trouble = f"{self.table.host}:{self.table.port}: {_said(error)}"
        return Round(kept.taken, kept.left, kept.trouble)

    def wait_seconds(self) -> float:
        """How long until the next round: longer after each that failed, so that no account is locked."""
        return min(LONGEST, self.table.every * 2.0 ** min(self._failed, 20))

    def close(self) -> None:
        """Let go of the server."""
        client, self._client = self._client, None
        if client is not None:
            with suppress(Exception):  # it may be gone already
                client.logout()
            with suppress(Exception):
                client.shutdown()

    def _waiting(self) -> Iterator[int]:
        """The mails that were not taken yet, the oldest first."""
        client = self._connected()
        client.select_folder(self.table.folder)
        # With a folder for what was taken, a mail that a person has opened meanwhile is taken all the same.
        wanted = ["UNDELETED"] if self.table.done else ["UNSEEN", "UNDELETED"]
        yield from sorted(client.search(wanted), key=lambda uid: (uid in self._later, uid))

    def _one(self, uid: int, kept: _Kept) -> None:
        client = self._connected()
        with tempfile.SpooledTemporaryFile(max_size=IN_MEMORY) as mail:
            if not self._fetch(client, uid, mail):
                return  # somebody else removed it
            mail.seek(0)
            try:
                self._take(mail)
            except (SupportError, OSError) as error:
                kept.leave(_said(error))
                self._later.add(uid)
                return
        self._later.discard(uid)
        self._mark(client, uid)
        kept.taken, kept.in_a_row = kept.taken + 1, 0

    def _fetch(self, client: IMAPClient, uid: int, mail: IO[bytes]) -> bool:
        """Write a mail's bytes, piece by piece; False when it isn't there any more.

        Until a piece is short, since the sizes that some servers tell are wrong.
        """
        at = 0
        while True:
            found = client.fetch([uid], [f"BODY.PEEK[]<{at}.{CHUNK}>"]).get(uid)
            if found is None:
                return False
            part = _piece(found)
            mail.write(part)
            at += len(part)
            if len(part) < CHUNK:
                return True

    def _mark(self, client: IMAPClient, uid: int) -> None:
        if not self.table.done:
            client.add_flags([uid], [b"\\Seen"], silent=True)
        elif client.has_capability("MOVE"):
            client.move([uid], self.table.done)
        else:
            client.copy([uid], self.table.done)
            client.add_flags([uid], [b"\\Deleted"], silent=True)
            if client.has_capability("UIDPLUS"):
                client.uid_expunge([uid])  # without it what others deleted would go as well

    def _connected(self) -> IMAPClient:
        if self._client is None:
            client = _connect(self.table)
            self._client = client
            if self.table.done and not client.folder_exists(self.table.done):
                client.create_folder(self.table.done)
        return self._client


@dataclass
class _Kept:
    taken: int = 0
    left: int = 0
    in_a_row: int = 0
    trouble: str = ""

    def leave(self, why: str) -> None:
        self.left, self.in_a_row, self.trouble = self.left + 1, self.in_a_row + 1, why


def _connect(table: ImapTable) -> IMAPClient:
    """A connection that is logged in.  Errors: PolicyError, and what the line and the server bring."""
    try:
        from imapclient import IMAPClient
    except ImportError:
        raise PolicyError("imap needs the package IMAPClient: pip install 'supporttui[imap]'") from None
    try:
        word = secret(table.password_file) if table.password_file else ""
    except ValueError as error:
        raise PolicyError(f"imap.password_file: {error}") from None
    context = _context(table) if table.tls != "none" else None
    client = IMAPClient(
        table.host, table.port, ssl=table.tls == "tls", ssl_context=context, timeout=table.timeout
    )  # fmt: skip
    try:
        if table.tls == "starttls":
            client.starttls(context)
        if table.login == "oauth2":
            client.oauth2_login(table.user, word)
        else:
            client.login(table.user, word)
    except BaseException:
        with suppress(Exception):
            client.shutdown()
        raise
    return client


def _context(table: ImapTable) -> ssl.SSLContext:
    try:
        return ssl.create_default_context(cafile=table.ca_file or None)
    except (OSError, ssl.SSLError) as error:
        why = getattr(error, "strerror", None) or str(error)
        raise PolicyError(f"imap.ca_file: {table.ca_file}: can't be read: {why}") from None


def _piece(found: dict[bytes, Any]) -> bytes:
    """The bytes among what FETCH answered; b"" beyond the end."""
    for name, value in found.items():
        if name.upper().startswith(b"BODY["):
            return bytes(value) if value is not None else b""
    raise ValueError("the server sent no text of a mail that it lists")


def _said(error: Exception) -> str:
    """An error in one line of bounded length; no password is part of any."""
    text = getattr(error, "strerror", None) or str(error) or type(error).__name__
    return " ".join(str(text).split())[:200]
