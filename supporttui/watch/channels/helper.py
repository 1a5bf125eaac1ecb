"""The process that hands messages over, as its starter sees it: started when needed, replaced when it dies."""

from __future__ import annotations

import json
import os
import select
import subprocess
import sys
import time
from collections.abc import Callable
from typing import Any, NamedTuple

from .message import Message

GRACE = 10.0  # seconds beyond a delivery's own limit after which the helper itself is given up

SLICE = 1.0  # seconds of waiting between two looks at what else there is to do
AT_THE_END = 10.0  # seconds that a delivery under way still has when its sender is asked to end

# What a helper may know of its starter's environment: nothing that loads code.
_PASSED_ON = (
    "PATH", "HOME", "LANG", "LC_ALL", "TZ", "TMPDIR", "CREDENTIALS_DIRECTORY", "SSL_CERT_FILE", "SSL_CERT_DIR",
    "HTTPS_PROXY",
)  # fmt: skip


class Result(NamedTuple):
    """How a delivery ended: taken; or why not, and whether to try again.  unsure: it may have been taken."""

    taken: bool
    again: bool
    why: str
    unsure: bool = False


class Abandoned(Exception):
    """The sender ends before it is known how a delivery ended."""


class Helper:
    """One helper process.  channels: the text of the channels file.

    meanwhile: called about every second while a delivery is under way.  ending: whether its
    sender was asked to end; then what is under way has a few seconds more.
    """

    def __init__(self, channels: str) -> None:
        self.channels = channels
        self.meanwhile: Callable[[], None] = lambda: None
        self.ending: Callable[[], bool] = lambda: False
        self._process: subprocess.Popen[bytes] | None = None

    def deliver(self, message: Message, limit: float) -> Result:
        """Hand a message over within `limit` seconds.  Errors: Abandoned, and what `meanwhile` raises."""
        order = {"channels": self.channels, "message": message.plain(), "limit": limit}
        try:
            answer = self._ask(json.dumps(order).encode() + b"\n", limit + GRACE)
            code, why = int(answer["code"]), str(answer["why"])
        except (OSError, ValueError, KeyError) as error:
            self.close()
            why = f"the helper that delivers ended: {error or type(error).__name__}"
            return Result(False, True, why, unsure=True)
        except BaseException:
            self.close()  # its answer would be taken for that of the next order
            raise
        return Result(code == 0, code not in (0, 65), why, unsure=code == 76)

    def _ask(self, order: bytes, patience: float) -> dict[str, Any]:
        process = self._running()
        assert process.stdin is not None and process.stdout is not None
        process.stdin.write(order)
        process.stdin.flush()
        said = b""
        while not said.endswith(b"\n"):
            part = self._part(process.stdout.fileno(), time.monotonic() + patience)
            if not part:
                raise OSError("no answer")
            said += part
        answer: dict[str, Any] = json.loads(said)
        return answer

    def _part(self, out: int, until: float) -> bytes:
        """What the helper says next, b"" at its end or when time is over."""
        ended = float("inf")
        while (left := min(until, ended) - time.monotonic()) > 0:
            ready, _, _ = select.select([out], [], [], min(left, SLICE))
            if ready:
                return os.read(out, 65536)
            self.meanwhile()
            if self.ending():
                ended = min(ended, time.monotonic() + AT_THE_END)
        if ended < until:
            self.close()
            raise Abandoned
        return b""

    def _running(self) -> subprocess.Popen[bytes]:
        if self._process is None or self._process.poll() is not None:
            environment = {name: os.environ[name] for name in _PASSED_ON if name in os.environ}
            self._process = subprocess.Popen(
                [sys.executable, "-P", "-m", "supporttui.watch.channels.deliver"],
                stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env=environment,
                start_new_session=True,
            )  # fmt: skip
        return self._process

    def close(self) -> None:
        """End the helper; what it is delivering ends with it."""
        process, self._process = self._process, None
        if process is None:
            return
        process.kill()
        for pipe in (process.stdin, process.stdout):
            if pipe is not None:
                try:
                    pipe.close()
                except OSError:
                    pass
        process.wait()
