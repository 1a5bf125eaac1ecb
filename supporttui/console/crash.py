"""The crash file: what somebody needs who is to find the fault, and nothing that a ticket said.

Versions, what the terminal can do, the last verbs by their ids, the lines of
the program that it went through.  No message of an error and no value of a
variable: either may hold a customer's words.  Only its owner can read it.
"""

from __future__ import annotations

import os
import platform
import sys
import tempfile
import traceback
from collections.abc import Iterable
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from supporttui.terminal.abilities import Abilities

PACKAGES = ("textual", "rich", "peewee", "apsw")
CAUSES = 4  # errors behind the error that are named


def report(error: BaseException, terminal: Abilities, verbs: Iterable[str]) -> None:
    """Write the file and name it in one line on standard error.

    verbs: ids of the last ones that were pressed, oldest first.
    """
    file = write(error, terminal, verbs)
    where = f"; what happened is in {file}" if file else ""
    sys.stderr.write(f"supporttui: a fault in the console, {type(error).__name__}{where}\n")


def write(error: BaseException, terminal: Abilities, verbs: Iterable[str]) -> Path | None:
    """The file, None when the disk refuses."""
    try:
        descriptor, name = tempfile.mkstemp(prefix="supporttui-crash-", suffix=".txt")  # mode 0600
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            file.write("\n".join(_lines(error, terminal, verbs)) + "\n")
    except OSError:
        return None
    return Path(name)


def _lines(error: BaseException, terminal: Abilities, verbs: Iterable[str]) -> Iterable[str]:
    yield _versions()
    yield "terminal: " + ", ".join(f"{name} {value}" for name, value in asdict(terminal).items())
    yield f"verbs, the last one last: {' '.join(verbs) or 'none'}"
    shown: BaseException | None = error
    for _ in range(CAUSES):
        if shown is None:
            return
        yield f"{type(shown).__module__}.{type(shown).__qualname__}"
        for frame in traceback.extract_tb(shown.__traceback__):
            yield f"  {Path(frame.filename).name}:{frame.lineno} in {frame.name}: {frame.line}"
        shown = shown.__cause__ or shown.__context__


def _versions() -> str:
    from importlib.metadata import PackageNotFoundError, version

    from supporttui import __version__

    found = [f"supporttui {__version__}", f"Python {platform.python_version()}", platform.platform()]
    for name in PACKAGES:
        try:
            found.append(f"{name} {version(name)}")
        except PackageNotFoundError:
            found.append(f"{name} not installed")
    return ", ".join(found)
