"""What `watch` does for the intake between two looks at the clock: the upload folder itself, mail by processes beside it.

Watch and intake don't know each other; this joins them.  A long copy lets the clock be looked at meanwhile.
Invariant: nothing that is wrong with the intake keeps a deadline from being watched.
"""

from __future__ import annotations

import time
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from supporttui.errors import SupportError

if TYPE_CHECKING:
    from collections.abc import Callable

    from .session import Session

    Log = Callable[[Session, dict[str, Any], str], None]
    Stop = Callable[[], bool]
    Meanwhile = Callable[[], object]


AGAIN = 60.0  # seconds until settings that could not be used are read again


class Job:
    """Something that is done every so many seconds.  run: does it; end: lets go of what it holds."""

    def __init__(self, every: float, run: Callable[[Stop, Meanwhile], None], end: Callable[[], None]) -> None:
        self.every = every
        self.run = run
        self.end = end
        self._next = 0.0

    def is_due(self, now: float) -> bool:
        if now < self._next:
            return False
        self._next = now + self.every
        return True


class Coming:
    """The jobs of the intake settings, made anew when those are read again.

    Settings that can't be used are said once and read again every minute; the clock is watched meanwhile.
    """

    def __init__(self, session: Session, log: Log) -> None:
        self._session = session
        self._log = log
        self._jobs: list[Job] = []
        self._fault = ""
        self._again: float | None = 0.0  # when to read the settings again; None: they are in force

    def turn(self, stop: Stop, meanwhile: Meanwhile) -> None:
        """Do what is due; trouble is a line of the log and never ends the watch."""
        if self._again is not None and time.monotonic() >= self._again:
            self._begin()
        for job in self._jobs:
            if stop() or not job.is_due(time.monotonic()):
                continue
            try:
                job.run(stop, meanwhile)
            except SupportError as error:
                self._log(self._session, {"event": "trouble", "why": str(error)}, str(error))

    def _begin(self) -> None:
        """Read the settings for the first time, or again after a fault."""
        try:
            self._jobs = self._made()
        except SupportError as error:
            self._session.__dict__.pop("intake", None)
            self._again = time.monotonic() + AGAIN
            if str(error) != self._fault:
                self._fault = str(error)
                said = f"{error}; nothing is taken in until it is mended, deadlines are watched"
                self._log(self._session, {"event": "trouble", "why": said}, said)
            return
        self._fault, self._again = "", None

    def reload(self) -> None:
        """Read the settings again; those that can't be used leave the old ones in force.  Errors: PolicyError."""
        before = self._session.__dict__.pop("intake", None)
        try:
            jobs = self._made()
        except SupportError:
            if before is not None:
                self._session.__dict__["intake"] = before
            raise
        self.end()
        self._jobs, self._fault, self._again = jobs, "", None

    def end(self) -> None:
        for job in self._jobs:
            with suppress(SupportError):
                job.end()

    def _made(self) -> list[Job]:
        made = (
            _sweep(self._session),
            _uploads(self._session, self._log),
            _mailbox(self._session, self._log),
            _taker(self._session, self._log),
        )
        return [job for job in made if job is not None]


def _sweep(session: Session) -> Job:
    """Once a day what nobody finished writing beside the files goes."""

    def run(stop: Stop, meanwhile: Meanwhile) -> None:
        session.blobs.sweep(time.time())

    return Job(86_400, run, lambda: None)


def _uploads(session: Session, log: Log) -> Job | None:
    """The folder of [uploads]."""
    table = session.intake.uploads
    if table is None:
        return None
    from . import intake_uploads

    uploads, told = intake_uploads.make(session, table), intake_uploads.Told()

    def run(stop: Stop, meanwhile: Meanwhile) -> None:
        intake_uploads.tell(session, told.news(uploads.look(stop, meanwhile)), log=log)

    return Job(table.every, run, uploads.close)


def _mailbox(session: Session, log: Log) -> Job | None:
    """The mailbox of [imap], polled by a process beside this one: a server that says nothing stops no clock."""
    return None if session.intake.imap is None else _beside(session, log, "imap")


def _taker(session: Session, log: Log) -> Job | None:
    """What the mail gateway hands its mails to, where mails come in: nothing is left for it to load."""
    return _beside(session, log, "serve") if session.intake.mail.addresses else None


def _beside(session: Session, log: Log, verb: str) -> Job:
    """A verb of `intake` in a process beside this one, which is looked after every second."""
    from supporttui.watch.companion import Companion

    companion = Companion(["intake", verb, *_alike(session)])

    def run(stop: Stop, meanwhile: Meanwhile) -> None:
        if said := companion.tend():
            log(session, {"event": "restarted", "why": said}, said)

    return Job(1.0, run, companion.end)


def _alike(session: Session) -> list[str]:
    """The options that a process needs to work on the same desk; what the environment says it has anyway."""
    settings = session.settings
    named = [name for name in ("store", "policy", "zone") if settings.origin(name) == f"--{name}"]
    words = [word for name in named for word in (f"--{name}", settings.text(name))]
    quiet = ["--quiet"] if getattr(session.args, "quiet", False) else []
    return [*words, *quiet, *(["--json"] if session.form == "json" else [])]
