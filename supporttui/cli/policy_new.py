"""`policy new`: a file to start from, with every rule of a preset in it."""

from __future__ import annotations

import re
from importlib.resources import files
from typing import TYPE_CHECKING

from supporttui.errors import UsageError

if TYPE_CHECKING:
    from .session import Session

NAME = re.compile(r"[a-z][a-z0-9-]{0,39}")


def run_new(session: Session, name: str, preset: str, output: str | None) -> None:
    """Print a copy of a preset under a new name, or write it to a file that must not exist."""
    if not NAME.fullmatch(name):
        raise UsageError(f"{name!r} can't name a policy: lower-case letters, digits and -, a letter first")
    text = renamed(_preset_text(preset), name)
    if output is None:
        session.out.body(text.rstrip("\n"))
        return
    from .files import output_file

    with output_file(session, output, "policy new -o FILE") as file:
        file.write(text)
    session.hint(f"{output}: written; change it, then supporttui policy check {output}")


def _preset_text(preset: str) -> str:
    return files("supporttui.policy").joinpath("vendors", f"{preset}.toml").read_text(encoding="utf-8")


def renamed(text: str, name: str) -> str:
    """The policy's text with its own `name` (the first one, before any table) changed."""
    return re.sub(r'^name\s*=\s*"[^"]*"', f'name = "{name}"', text, count=1, flags=re.MULTILINE)
