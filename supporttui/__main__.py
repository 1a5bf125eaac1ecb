"""The way in.  `--version` is answered before anything else is imported, so that it costs a bare start."""

from __future__ import annotations

import sys


def main(argv: list[str] | None = None) -> int:
    """Run one command line and return its exit code (sysexits.h; see docs/cli.md)."""
    words = sys.argv[1:] if argv is None else argv
    if words == ["--version"] or words == ["-V"]:
        return _version()
    from supporttui.cli.entry import run

    return run(words)


def _version() -> int:
    from supporttui import __version__

    try:
        sys.stdout.write(f"supporttui {__version__}\n")
        sys.stdout.flush()
    except OSError:
        # Nobody reads, or the disk is full: the interpreter must not try again at exit.
        import os

        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
        return 74
    return 0


if __name__ == "__main__":
    sys.exit(main())
