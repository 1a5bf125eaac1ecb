"""What the gateway says to a mail server: its exit code, and nothing that a stranger may not read.

A mail server passes on what a command prints: Postfix puts it into the delivery report that any sender may ask for
(RFC 3461), and into the mail that says that a delivery failed.  "status: ticket 1042" in there would tell whether
there is such a ticket and whose it is, and an error would tell paths.  So without a terminal nothing
is printed; what went wrong goes to the system's log, and a fixed line to the mail server.
"""

from __future__ import annotations

import os

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

SPEAKS = "SUPPORTTUI_SAY"  # of the environment: anything but "" has it speak all the same
ASKED_FOR = frozenset({"--json", "--tsv", "--help", "-h"})
NOT_NOW = b"supporttui: the mail could not be taken now: try again\n"
MOST = 4_000


class Hush:
    """Standard output and error of this process, out of a stranger's sight until `end`."""

    def __init__(self) -> None:
        self._error = os.dup(2)
        nothing = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nothing, 1)
        self._said = os.memfd_create("said") if hasattr(os, "memfd_create") else nothing
        os.dup2(self._said, 2)

    def end(self, code: int) -> None:
        """Tell the mail server that it is to try again, and the log why."""
        if not code:
            return
        try:
            os.write(self._error, NOT_NOW)
            why = os.pread(self._said, MOST, 0).decode("utf-8", "replace")
            import syslog

            syslog.openlog("supporttui", syslog.LOG_PID, syslog.LOG_MAIL)
            for line in why.splitlines():
                syslog.syslog(syslog.LOG_ERR, line)
        except (OSError, ImportError, ValueError):
            return  # the exit code says it


def hushed(words: Sequence[str], environ: Mapping[str, str]) -> Hush | None:
    """Begin to say nothing, unless a person is there to read it or it was asked for."""
    try:
        if environ.get(SPEAKS) or ASKED_FOR & set(words) or os.isatty(1) or os.isatty(2):
            return None
        return Hush()
    except OSError:
        return None  # closed already: nobody reads
