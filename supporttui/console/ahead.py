"""What the first frame shows, read by a second process while this one loads the screen.

Half of a start is the import of the screen's library, the other half reading the
policy and the desk; on two cores they need not wait for each other.  The second
process opens the store, looks at the clock, reads and ends; what it found comes
back through a pipe.  Whatever goes wrong there (no second process, a store that
can't be opened, a policy with a fault) is nothing found, and the start reads for
itself, where errors are told.

Invariant: no connection to the store crosses the fork.
"""

from __future__ import annotations

import os
import pickle
import select
import sys
import time
from collections.abc import Callable
from datetime import datetime, tzinfo
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from supporttui.desk.session import Desk
    from supporttui.desk.viewfile import NamedView, ViewFile
    from supporttui.store.records import DeadlineLine, Draft, Watch

    from .facts import PolicyFacts
    from .present.bars import Tab
    from .snapshot import Reading

PATIENCE = 1.5  # seconds after which the screen is shown without what was read ahead
HEIGHT = 40  # rows that are asked for before anybody knows the screen's height


class Wish(NamedTuple):
    """What to read: for whom, which view, which severities ring."""

    zone: tzinfo
    view: str
    views_file: Path | None
    loud: frozenset[int]


class Ahead(NamedTuple):
    """What the first frame shows.  at: the instant by which all of it was read (UTC).

    fired: by a look at the clock, which a desk that is only read does not get."""

    at: datetime
    readonly: bool
    facts: PolicyFacts
    open: bool
    until: datetime | None
    watch: Watch | None
    views: tuple[NamedView, ...]
    file: ViewFile
    view: int
    drafts: dict[tuple[int, str], Draft]
    fired: tuple[DeadlineLine, ...]
    next_due_at: datetime | None
    reading: Reading
    tabs: tuple[Tab, ...]


class Promise:
    """The second process, from its start to its answer."""

    def __init__(self, process: int, pipe: int) -> None:
        self._process, self._pipe = process, pipe

    def kept(self, patience: float = PATIENCE) -> Ahead | None:
        """Wait for what it found; None when that is nothing, or not there after `patience` seconds.

        A second process that is late (much was due, the policy changed) goes on with the clock's work
        by itself: the screen doesn't wait for it.
        """
        try:
            raw = self._hear(time.monotonic() + patience)
            if raw is None:
                return None
            os.waitpid(self._process, 0)
            answer = pickle.loads(raw) if raw else None
        except (OSError, pickle.UnpicklingError, EOFError, AttributeError, ImportError):
            return None
        return answer if isinstance(answer, Ahead) else None

    def _hear(self, until: float) -> bytes | None:
        """All that it says, None when it is not done by then."""
        parts: list[bytes] = []
        with os.fdopen(self._pipe, "rb", buffering=0) as found:
            while (left := until - time.monotonic()) > 0:
                if select.select([found], [], [], left)[0]:
                    part = found.read(1 << 16)
                    if not part:
                        return b"".join(parts)
                    parts.append(part)
        return None


def begin(open_desk: Callable[[], Desk], wish: Wish) -> Promise | None:
    """Start reading in a second process; None where that can't be.

    open_desk: called there.  To be called before any thread runs and before the store is opened.
    """
    if not sys.platform.startswith("linux"):
        return None
    try:
        hear, say = os.pipe()
        process = os.fork()
    except OSError:
        return None
    if process:
        os.close(say)
        return Promise(process, hear)
    try:
        os.close(hear)
        with os.fdopen(say, "wb") as told:
            told.write(pickle.dumps(read(open_desk(), wish), pickle.HIGHEST_PROTOCOL))
    except BaseException:
        pass  # nothing was found; who waits reads for itself
    finally:
        os._exit(0)


def read(desk: Desk, wish: Wish) -> Ahead:
    """Everything that the first frame shows, read as the running console would."""
    from supporttui.desk import viewfile, views

    from . import drafts, reading
    from .facts import read_facts
    from .question import Question
    from .snapshot import Ask, Place

    now = desk.now()
    done = None
    if not desk.store.readonly:
        from supporttui.watch.tick import tick

        done = tick(desk)
    file = viewfile.read(wish.views_file)
    found = views.gather(desk, file)
    names = [view.name.casefold() for view in found]
    view = names.index(wish.view.casefold()) if wish.view.casefold() in names else 0
    ask = Ask(
        question=Question(found[view].name, found[view].query), zone=wish.zone,
        queue=Place(height=HEIGHT), detail=None, loud=wish.loud,
    )  # fmt: skip
    is_open, until, watch = reading.desk_state(desk, now)
    ahead = Ahead(
        at=now, readonly=desk.store.readonly, facts=read_facts(desk), open=is_open, until=until, watch=watch,
        views=found, file=file, view=view, drafts=drafts.load(desk),
        fired=done.fired if done else (), next_due_at=done.next_due_at if done else None,
        reading=reading.read_all(desk, ask),
        tabs=tuple(reading.tab(desk, one, wish.zone) for one in found),
    )  # fmt: skip
    desk.store.close()
    return ahead
