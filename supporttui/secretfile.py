"""Secrets lie in files of their own, which nobody but their owner can read."""

from __future__ import annotations

import os
import stat
from pathlib import Path

_LARGEST = 4096


def secret(path: str) -> str:
    """What a file of a secret holds, without the last line's end.

    A relative path is looked for in $CREDENTIALS_DIRECTORY first.  Errors: ValueError when it can't be
    read, or when others than its owner could.
    """
    folder = os.environ.get("CREDENTIALS_DIRECTORY", "")
    place = Path(folder) / path if folder and (Path(folder) / path).exists() else Path(path)
    try:
        with place.open("rb") as file:
            if stat.S_IMODE(os.fstat(file.fileno()).st_mode) & 0o077 and not folder:
                raise ValueError(f"{place}: others can read this secret; chmod 600 it")
            return file.read(_LARGEST).decode().rstrip("\r\n")
    except (OSError, UnicodeDecodeError) as error:
        why = (getattr(error, "strerror", None) or "not text").lower()
        raise ValueError(f"{place}: the secret can't be read: {why}") from None
