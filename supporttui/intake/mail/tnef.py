"""The winmail.dat of Outlook, opened by the library tnefparse, which the extra `mail` installs.

The library was not written for hostile input: it has a limit of its own here, beside the child's.
"""

from __future__ import annotations

import contextlib
import signal

from .charsets import text_of
from .htmltext import text_of_html

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

SECONDS = 1.5  # of processor time
MOST_FILES = 100


class _TooLong(Exception):
    """It took longer than it may."""


def open_tnef(content: bytes) -> tuple[str, list[tuple[str, bytes]]] | None:
    """The text and the files (name, content) in it; None when it can't be opened."""
    try:
        from tnefparse import TNEF
    except ImportError:
        return None
    try:
        with _limited():
            inside = TNEF(content, do_checksum=False)
            files = [
                (_text(one.long_filename() or one.name), bytes(one.data or b""))
                for one in inside.attachments[:MOST_FILES]
            ]
            return _body(inside), files
    except (Exception, _TooLong):
        return None


def _body(inside: Any) -> str:
    plain = _text(inside.body)
    if plain.strip():
        return plain
    return text_of_html(_text(inside.htmlbody)) if inside.htmlbody else ""


def _text(value: Any) -> str:
    if isinstance(value, (list, tuple)):
        value = value[0] if value else ""
    found = text_of(value) if isinstance(value, bytes) else str(value or "")
    return found.rstrip("\x00")


@contextlib.contextmanager
def _limited() -> Iterator[None]:
    """Whatever is within ends after a while; only in the main thread of a system with timers, as the child is one."""
    try:
        before = signal.signal(signal.SIGVTALRM, _too_long)
    except (ValueError, AttributeError):
        yield
        return
    try:
        signal.setitimer(signal.ITIMER_VIRTUAL, SECONDS)
        yield
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, before)


def _too_long(_signal: int, _frame: object) -> None:
    raise _TooLong
