"""From a mail in the spool to its ticket: kept under its hash, read, decided on in one transaction, and only then
taken away from the spool.

Invariant: a mail leaves the spool only after its transaction was committed; whatever breaks off before
leaves it there, and taking it twice is the same as once.  No mail keeps another one back.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime
from typing import Any

from supporttui.desk.incoming import Incoming, Part, Received
from supporttui.desk.session import Desk
from supporttui.errors import StoreError, SupportError
from supporttui.quickclass import dataclass
from supporttui.store.blobs import Blobs

from ..replies import token_in
from ..settings import MB, Intake
from . import spool
from .child import Wanted, read_apart
from .reading import Reading

Receive = Callable[..., Received]


@dataclass(frozen=True, slots=True)
class Gateway:
    """What mails are taken with.  folder: the spool.  receive: `desk.receiving.receive`, or one that is called alike."""

    desk: Desk
    settings: Intake
    blobs: Blobs
    folder: str
    receive: Receive | None = None

    def deliver(self, chunks: Iterable[bytes], *, envelope: str = "") -> Received:
        """Take a mail over and make of it what it is to become; on return it is committed.

        envelope: its sender as the mail server says, "<>" for none.  Errors: SupportError, OSError: then it is to be
        delivered again, or `take_all` finds it in the spool.
        """
        name = spool.put(self.folder, chunks, envelope=envelope)
        try:
            return self.take(name, wait=True) or Received(
                outcome="duplicate", line="taken by another process"
            )
        except BaseException:
            spool.drop_twin(self.folder, name)
            raise

    def take(self, name: str, *, wait: bool = False) -> Received | None:
        """Make a mail of the spool what it is to become; None when it is gone or somebody else is at it.

        wait: for who is at it, so that None means gone.  Errors: SupportError, OSError.
        """
        found = spool.claim(self.folder, name, wait=wait) if spool.is_name(name) else None
        if found is None:
            return None
        try:
            done = self._file(found)
        except BaseException:
            found.release()
            raise
        found.done()
        return done

    def take_all(self, stop: Callable[[], bool] = lambda: False) -> Iterator[Taken]:
        """Take every mail that lies in the spool, the oldest first; one that fails stays, and holds up no other."""
        for name in spool.waiting(self.folder):
            if stop():
                return
            try:
                done = self.take(name)
            except (SupportError, OSError) as error:
                yield Taken(name, None, said(error))
            else:
                if done is not None:
                    yield Taken(name, done)

    def _file(self, mail: spool.Claim) -> Received:
        raw = self.blobs.keep(mail.path)
        wanted = Wanted(mail.envelope, self.settings.mail.addresses, self.settings.mail.most_mb * MB)
        reading = read_apart(mail.path, wanted)
        arrived = spool.arrived_in(mail.name)
        try:
            return self._receive(incoming(reading, raw.hash, raw.size, self._parts(reading), arrived))
        except (StoreError, OSError, MemoryError):
            raise
        except Exception as error:
            # A mail that nobody thought of: whatever is wrong with it, it is a ticket with the mail attached.
            plain = {key: reading.values[key] for key in _PLAIN if key in reading.values}
            fault = reading.values.get("fault") or f"it could not be filed ({type(error).__name__})"
            return self._receive(
                incoming(Reading({**plain, "fault": fault}), raw.hash, raw.size, (), arrived)
            )

    def _receive(self, mail: Incoming) -> Received:
        receive = self.receive or _receive
        token = "" if mail.automatic else token_in(mail.written)
        return receive(self.desk, mail, self.settings, self.blobs, acknowledges=token)

    def _parts(self, reading: Reading) -> tuple[Part, ...]:
        """The files of a mail, kept under their hashes."""
        made = []
        for one in reading.files:
            blob = self.blobs.put_bytes(one.content)
            made.append(
                Part(
                    hash=blob.hash,
                    size=blob.size,
                    name=one.name,
                    type=one.type,
                    inline=one.inline,
                    cid=one.cid,
                )
            )
        return tuple(made)


_PLAIN = ("message_id", "sender", "sender_name", "envelope", "subject", "automatic", "sent_at")


@dataclass(frozen=True, slots=True)
class Taken:
    """One mail of the spool.  trouble: why it stays there, "" for one that was taken."""

    name: str
    received: Received | None
    trouble: str = ""


def incoming(
    reading: Reading, hash: str, size: int, parts: tuple[Part, ...], arrived_at: datetime | None = None
) -> Incoming:
    """What was read, as the desk has it."""
    values: dict[str, Any] = {**reading.values}
    for name in ("references", "to", "cc", "results", "notes"):
        values[name] = tuple(values.get(name, ()))
    sent = values.get("sent_at")
    values["sent_at"] = datetime.fromtimestamp(sent, UTC) if sent is not None else None
    return Incoming(raw_hash=hash, size=size, parts=parts, arrived_at=arrived_at, **values)


def said(error: BaseException) -> str:
    """An error in one line."""
    if isinstance(error, OSError) and error.strerror:
        return f"{error.filename}: {error.strerror}" if error.filename else error.strerror
    return " ".join(str(error).split()) or type(error).__name__


def line_of(received: Received) -> str:
    """What became of a mail, for people."""
    if received.line:
        return f"{received.outcome}: {received.line}"
    return f"{received.outcome}: ticket {received.ticket}" if received.ticket else received.outcome


def _receive(*given: Any, **named: Any) -> Received:
    from supporttui.desk.receiving import receive

    return receive(*given, **named)
