"""`policy new`: a commented file to start from, or a copy of a preset."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from supporttui.errors import UsageError

if TYPE_CHECKING:
    from .session import Session

NAME = re.compile(r"[a-z][a-z0-9-]{0,39}")


def run_new(session: Session, name: str, preset: str | None, output: str | None) -> None:
    """Print a policy that can be used as it is, or write it to a file that must not exist."""
    if not NAME.fullmatch(name):
        raise UsageError(f"{name!r} can't name a policy: lower-case letters, digits and -, a letter first")
    text = policy_text(name, preset)
    if output is None:
        session.out.body(text.rstrip("\n"))
        return
    from .files import output_file

    with output_file(session, output, "policy new -o FILE") as file:
        file.write(text)
    session.hint(f"{output}: written; change it, then: supporttui policy check {output}")


def policy_text(name: str, preset: str | None) -> str:
    """The TOML of a new policy; with a preset, that one's text under the new name."""
    from supporttui.policy import preset_text, template

    if preset is None:
        return template(name)
    return re.sub(
        r'^name\s*=\s*"[^"]*"', f'name = "{name}"', preset_text(preset), count=1, flags=re.MULTILINE
    )
