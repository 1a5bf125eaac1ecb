"""What one run of a command has at hand: the world around it, its settings, and, once asked for, store and desk.

Everything that costs time to load is loaded by the property that needs it.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Mapping
from contextlib import suppress
from datetime import datetime, tzinfo
from functools import cached_property
from pathlib import Path
from typing import IO, TYPE_CHECKING

from supporttui.clock import Clock, SystemClock
from supporttui.config import Settings
from supporttui.errors import DataError, NotFound, Refused, StoreError, UsageError
from supporttui.quickclass import dataclass

from .output import Form, Output, colours_of, width_of

if TYPE_CHECKING:
    from supporttui.desk.files import Filing
    from supporttui.desk.letterhead import Letterhead
    from supporttui.desk.session import Desk
    from supporttui.intake.settings import Intake
    from supporttui.policy import Policy
    from supporttui.store import Store
    from supporttui.store.blobs import Blobs

MOST_INPUT = 8_000_000  # bytes of standard input that one text may have


@dataclass(frozen=True, slots=True)
class World:
    """The process around a command: streams, environment, clock."""

    stdin: IO[str]
    stdout: IO[str]
    stderr: IO[str]
    environ: Mapping[str, str]
    clock: Clock

    @classmethod
    def of_process(cls) -> World:
        """The real one; a stream that the caller closed reads as empty and swallows what is written."""
        stdin = sys.stdin or open(os.devnull, encoding="utf-8")  # noqa: SIM115
        stdout, stderr = (stream or open(os.devnull, "w") for stream in (sys.stdout, sys.stderr))  # noqa: SIM115
        return cls(stdin, stdout, stderr, os.environ, SystemClock())


class Session:
    """One command at work."""

    def __init__(self, world: World, settings: Settings, args: argparse.Namespace) -> None:
        self.world = world
        self.settings = settings
        self.args = args
        form: Form = getattr(args, "form", None) or "text"
        width = width_of(world.stdout, world.environ)
        self.out = Output(world.stdout, form, width=width, colours=colours_of(width, world.environ))
        self._store: Store | None = None
        self._made = ""
        self._for_show = False

    @property
    def form(self) -> Form:
        return self.out.form

    @cached_property
    def now(self) -> datetime:
        """The instant at which the command looks, one for the whole run."""
        return self.world.clock.now()

    @property
    def store(self) -> Store:
        """The store, opened (and made, if need be) at first use."""
        if self._store is None:
            self._store = self._open(create=True)
        return self._store

    def open_existing(self) -> Store:
        """The store, which must exist.  Errors: NotFound, StoreError."""
        if self._store is None:
            self._store = self._open(create=False)
        return self._store

    def _open(self, *, create: bool) -> Store:
        from supporttui.store import open_store
        from supporttui.store.place import default_path

        target = self.settings.text("store")
        path = target or default_path()
        if not create and not target and not os.path.exists(path):
            # The usual folder is made with the first store in it: nobody has to make it.
            raise NotFound(f"there is no store at {path} yet; the first report makes it")
        self._made = "" if not create or ":" in path or os.path.exists(path) else path
        return open_store(target or None, create=create)

    def use_store(self, path: str) -> None:
        """Work on this store, which is thrown away, instead of the one of the settings; nothing may be open yet."""
        from supporttui.store import open_store

        self._for_show = True
        self._store = open_store(path)

    @cached_property
    def desk(self) -> Desk:
        """The desk; its policy and its roster are loaded when a verb first needs them."""
        return self.new_desk(self.settings.actor)

    def new_desk(self, actor: str) -> Desk:
        """A desk on the session's store that reads policy and roster afresh."""
        from supporttui.desk.session import Desk

        roster = self.settings.path("roster")
        return Desk(
            lambda: self.store,
            self.policy_name(),
            self.world.clock,
            actor,
            roster,
            self._letterhead,
            self._filing,
        )

    def _letterhead(self) -> Letterhead | None:
        """What letters to customers are written with; none from a desk for show: nobody is written to."""
        from .letterhead import letterhead_of

        if self._for_show or self.store.url == ":memory:":
            return None
        return letterhead_of(self.settings, self.world.environ)

    def _filing(self) -> Filing | None:
        """Where files lie; a desk for show has its own."""
        from supporttui.desk.files import MB, Filing

        if self._for_show or self.store.url == ":memory:":
            return None
        table = self.intake.files
        return Filing(table.folder, table.most_mb * MB)

    @cached_property
    def intake(self) -> Intake:
        """How problems come in, and where their files lie.  Errors: PolicyError."""
        from supporttui.intake.settings import load_intake

        return load_intake(self.settings.path("intake"))

    @property
    def blobs(self) -> Blobs:
        """The files of the store."""
        from supporttui.desk.files import blobs_of

        return blobs_of(self.desk)

    def policy_name(self) -> str:
        """The name or path of the policy in force.  Errors: Refused for a file in restricted mode."""
        name = self.settings.text("policy")
        if self.settings.origin("policy") == "--policy" and ("/" in name or name.endswith(".toml")):
            self.no_named_files("--policy FILE")
        return name

    def load_policy(self) -> Policy:
        """The policy in force, without opening the store for it."""
        if "desk" in self.__dict__:
            return self.desk.policy
        from supporttui.policy import load

        return load(self.policy_name())

    @cached_property
    def zone(self) -> tzinfo:
        """Zone of times in text: the setting; "vendor" is the policy's."""
        from .zone import machine_zone

        name = self.settings.text("zone")
        if name in ("", "local"):
            return machine_zone(self.world.environ)
        from supporttui.when import zone_of

        return zone_of(str(self.load_policy().vendor.zone) if name == "vendor" else name)

    def instant(self, words: str) -> datetime:
        """The instant that a person wrote, read in the zone of the settings.  Errors: UsageError."""
        from supporttui.when import parse_instant

        return parse_instant(words, now=self.now, zone=self.zone)

    def local(self, at: datetime | None) -> str:
        """The instant in words for people, "" for None."""
        if at is None:
            return ""
        from supporttui.when import local_text

        return local_text(at, self.zone)

    def hint(self, line: str) -> None:
        """One line for people beside the output, on standard error."""
        from supporttui.terminal.safe import clean

        with suppress(OSError, ValueError):
            self.world.stderr.write(f"supporttui: {clean(line, ascii=True)}\n")

    def no_named_files(self, what: str) -> None:
        """Refuse in restricted mode what reads or writes a file that the user names."""
        if self.settings.switch("restricted"):
            raise Refused(f"{what} is not allowed in restricted mode")

    def input_text(self, given: str | None, what: str) -> str:
        """The text that was given, or with "-" all of standard input.  Errors: UsageError, DataError."""
        from .parser import text

        if given == "-":
            return self._read_stdin(what)
        if given is None:
            raise UsageError(f"{what} is missing: write it in quotes, or - to read it from standard input")
        return text(given)

    def _read_stdin(self, what: str) -> str:
        stream = getattr(self.world.stdin, "buffer", None)
        raw = (
            stream.read(MOST_INPUT + 1)
            if stream
            else self.world.stdin.read(MOST_INPUT + 1).encode("utf-8", "replace")
        )
        if len(raw) > MOST_INPUT:
            raise DataError(f"standard input: {what} is longer than {MOST_INPUT // 1_000_000} MB")
        return str(raw.decode("utf-8", "replace")).rstrip("\n")

    def read_file(self, path: str, what: str) -> Path:
        """A file that the user named and that must exist.  Errors: Refused, NotFound, DataError."""
        self.no_named_files(what)
        file = Path(path)
        if not file.exists():
            raise NotFound(f"{path}: no such file")
        if file.is_dir():
            raise DataError(f"{path}: is a folder, a file is needed")
        return file

    def say_what_was_made(self) -> None:
        """A command that made an empty store says so: the name may have been a typing error."""
        if self._made:
            self.hint(f"{self._made}: a new store was made here")

    def close(self) -> None:
        """Let go of the store."""
        if self._store is not None:
            with suppress(StoreError):
                self._store.close()
            self._store = None
