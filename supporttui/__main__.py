"""The way in.  `--version` is answered before anything else is imported, so that it costs a bare start."""

from __future__ import annotations

import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from supporttui.intake.mail.hush import Hush

# Objects between two looks for cyclic garbage.  The default of 700 makes the collector run
# dozens of times while a command imports what it needs, and find nothing.
GARBAGE_THRESHOLD = 50_000
TRY_AGAIN = 75


def main(argv: list[str] | None = None) -> int:
    """Run one command line and return its exit code (sysexits.h; see docs/cli.md).

    Without `argv` it is this process's own command line, and the process ends here.
    """
    words = sys.argv[1:] if argv is None else argv
    if words == ["--version"] or words == ["-V"]:
        return _version()
    if argv is None:
        import gc

        gc.set_threshold(GARBAGE_THRESHOLD)
    hush = _hushed(words) if argv is None and _takes_mail(words) else None
    try:
        code = _short_way(words) if argv is None else None
        if code is not None:
            _leave(code, hush)
        from supporttui.cli.entry import run

        code = run(words)
    except KeyboardInterrupt:  # before or after `run` could take care of it
        sys.stderr.write("supporttui: interrupted\n")
        code = 130
    except Exception as error:
        # Not even a program that can't be loaded gives a mail back: the mail server tries again.
        if argv is not None or not _takes_mail(words):
            raise
        sys.stderr.write(f"supporttui: {type(error).__name__}: {error}\n")
        code = TRY_AGAIN
    if argv is None:
        _leave(code, hush)
    return code


def _takes_mail(words: list[str]) -> bool:
    """Whether the command is `intake mail`: before it there are options and their values only."""
    if "intake" not in words:
        return False
    at = words.index("intake")
    before = all(
        word[:1] == "-" or last[:1] == "-" for last, word in zip(["", *words], words[:at], strict=False)
    )
    return before and "mail" in words[at:]


def _short_way(words: list[str]) -> int | None:
    """The mail gateway's exit code where a resident taker does its work; None for everything else."""
    if not _takes_mail(words):
        return None
    import os

    from supporttui.intake.mail.front import quick

    return quick(words, os.environ)


def _hushed(words: list[str]) -> Hush | None:
    """A mail server hears an exit code and nothing else."""
    import os

    from supporttui.intake.mail.hush import hushed

    return hushed(words, os.environ)


def _leave(code: int, hush: Hush | None = None) -> None:
    """End the process without taking every module apart first, which costs a tenth of a short command.

    Nor are threads waited for: when the line dropped in the middle of a start, those that read
    and write the terminal may never hear that there is none.  The store is closed, the terminal
    given back and all output flushed by now.
    """
    import os

    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except (OSError, ValueError, AttributeError):
            continue  # closed, or nobody reads: `run` has said so already
    if hush is not None:
        hush.end(code)
    os._exit(code)


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
