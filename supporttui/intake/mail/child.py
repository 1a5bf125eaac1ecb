"""A mail is read in a process of its own, which can neither take much memory nor much time, nor write a file, nor start a
process; of what its parent holds open it has nothing.

Whatever a mail does to its reader, it does to a child that is gone afterwards: the answer then is
"could not be read", and the mail is a ticket all the same.
"""

from __future__ import annotations

import json
import os
import select
import signal
import struct
import time

from supporttui.quickclass import dataclass

from .body import File
from .reading import Reading, read, read_headers

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from types import ModuleType
    from typing import Any

resource: ModuleType | None
try:
    import resource
except ImportError:
    resource = None

MEMORY = 512 << 20  # bytes
CPU_SECONDS = 5
WALL_SECONDS = 30.0  # for a machine that is busy with other things
HEADERS_CPU_SECONDS = 2
MOST_ANSWER = 200 << 20  # bytes
DEEPEST = 400  # calls within calls: what a mail is read with needs a tenth of it
_HEAD = struct.Struct("!Q")


@dataclass(frozen=True, slots=True)
class Wanted:
    """How a mail is to be read: see `reading.read`."""

    envelope: str = ""
    ours: tuple[str, ...] = ()
    most: int = 10_000_000


def read_apart(path: str, wanted: Wanted) -> Reading:
    """Read the mail that lies at a path.  Whatever it holds there is a reading, if need be one with a `fault`."""
    found = _in_child(lambda: _read_file(path, wanted), CPU_SECONDS)
    if isinstance(found, Reading):
        return found
    fault = f"reading it {found}"
    again = _in_child(lambda: _read_headers(path, wanted, fault), HEADERS_CPU_SECONDS)
    return again if isinstance(again, Reading) else Reading({"fault": fault, "envelope": wanted.envelope})


def _read_file(path: str, wanted: Wanted) -> Reading:
    with open(path, "rb") as file:
        raw = file.read(wanted.most + 1)
    return read(raw, envelope=wanted.envelope, ours=wanted.ours, most=wanted.most)


def _read_headers(path: str, wanted: Wanted, fault: str) -> Reading:
    with open(path, "rb") as file:
        return read_headers(file.read(1 << 18), fault, envelope=wanted.envelope, ours=wanted.ours)


def _in_child(work: Callable[[], Reading], cpu_seconds: int) -> Reading | str:
    """What the work comes to, or in words why there is nothing: "took more than 5 s"."""
    if not hasattr(os, "fork"):
        return _here(work)
    output, input = os.pipe()
    child = os.fork()
    if not child:
        _be_child(work, input, output, cpu_seconds)
    os.close(input)
    try:
        answer = _answer(output, time.monotonic() + WALL_SECONDS)
    finally:
        os.close(output)
        _end(child)
    status = os.waitpid(child, 0)[1]
    if answer is not None:
        return _unpacked(answer)
    return _died_of(status, cpu_seconds)


def _here(work: Callable[[], Reading]) -> Reading | str:
    """Without processes that fork: the limits of the reader itself must do."""
    try:
        return work()
    except (Exception, RecursionError) as error:
        return f"failed ({type(error).__name__})"


# -- in the child ------------------------------------------------------------------------------------


def _be_child(work: Callable[[], Reading], input: int, output: int, cpu_seconds: int) -> None:
    """Do the work, say what it came to, and end, whatever happens."""
    code = 1
    try:
        _close_all_but(input)
        _limit(cpu_seconds)
        _say(input, _packed(work()))
        code = 0
    except MemoryError:
        code = 3
    except RecursionError:
        code = 4
    except BaseException:
        code = 2
    finally:
        os._exit(code)


def _close_all_but(kept: int) -> None:
    """Let go of the store, of sockets and of locks: what a mail is read with needs none of them."""
    most = os.sysconf("SC_OPEN_MAX")
    os.closerange(3, kept)
    os.closerange(max(3, kept + 1), most if most > 0 else 65_536)


def _limit(cpu_seconds: int) -> None:
    import gc
    import sys

    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(number, signal.SIG_DFL)
    gc.disable()
    sys.setrecursionlimit(_frames() + DEEPEST)
    sys.dont_write_bytecode = True  # it may write nothing, and half a compiled module would outlive it
    if resource is None:
        return
    # A parent that is large already (a watcher) gives the child its own size beside its limit.
    _lower(resource.RLIMIT_AS, max(MEMORY, _size() + MEMORY // 2))
    _lower(resource.RLIMIT_CPU, cpu_seconds)
    _lower(resource.RLIMIT_FSIZE, 0)
    _lower(resource.RLIMIT_CORE, 0)
    _lower(resource.RLIMIT_NPROC, 0)


def _lower(what: int, most: int) -> None:
    assert resource is not None
    _soft, hard = resource.getrlimit(what)
    wanted = most if hard == resource.RLIM_INFINITY else min(most, hard)
    resource.setrlimit(what, (wanted, wanted))  # for good


def _size() -> int:
    """Bytes of address space that this process has; 0 where that can't be told."""
    try:
        with open("/proc/self/statm", "rb") as file:
            return int(file.read().split()[0]) * os.sysconf("SC_PAGE_SIZE")
    except (OSError, ValueError, IndexError):
        return 0


def _frames() -> int:
    import sys

    frame, count = sys._getframe(), 0
    while frame.f_back is not None:
        frame, count = frame.f_back, count + 1
    return count


def _packed(reading: Reading) -> list[bytes]:
    files = [
        {"name": one.name, "type": one.type, "inline": one.inline, "cid": one.cid, "size": len(one.content)}
        for one in reading.files
    ]
    head = json.dumps({"values": reading.values, "files": files}).encode()
    return [_HEAD.pack(len(head)), head, *(one.content for one in reading.files)]


def _say(handle: int, pieces: Sequence[bytes]) -> None:
    for piece in pieces:
        view = memoryview(piece)
        while view:
            view = view[os.write(handle, view) :]


# -- in the parent -------------------------------------------------------------------------------------


def _answer(output: int, until: float) -> bytes | None:
    """Everything that the child says; None when it says too little, too much or too late."""
    pieces: list[bytes] = []
    size = 0
    while True:
        left = until - time.monotonic()
        if left <= 0 or not select.select([output], [], [], left)[0]:
            return None
        piece = os.read(output, 1 << 20)
        if not piece:
            break
        pieces.append(piece)
        size += len(piece)
        if size > MOST_ANSWER:
            return None
    answer = b"".join(pieces)
    return answer if _is_whole(answer) else None


def _is_whole(answer: bytes) -> bool:
    if len(answer) < _HEAD.size:
        return False
    end = _HEAD.size + _HEAD.unpack_from(answer)[0]
    if len(answer) < end:
        return False
    files = json.loads(answer[_HEAD.size : end])["files"]
    whole: int = end + sum(int(one["size"]) for one in files)
    return len(answer) == whole


def _unpacked(answer: bytes) -> Reading:
    at = _HEAD.size + _HEAD.unpack_from(answer)[0]
    told: dict[str, Any] = json.loads(answer[_HEAD.size : at])
    files = []
    for one in told["files"]:
        size = one.pop("size")
        files.append(File(answer[at : at + size], **one))
        at += size
    return Reading(told["values"], tuple(files))


def _end(child: int) -> None:
    """What says no more has nothing left to do."""
    try:
        os.kill(child, signal.SIGKILL)
    except ProcessLookupError:
        pass


def _died_of(status: int, cpu_seconds: int) -> str:
    if os.WIFEXITED(status):
        return {3: f"takes more than {MEMORY >> 20} MB of memory", 4: "goes too deep"}.get(
            os.WEXITSTATUS(status), "failed"
        )
    if os.WTERMSIG(status) in (signal.SIGXCPU, signal.SIGKILL):
        return f"takes more than {cpu_seconds} s"
    return "failed"
