"""How notices name the tickets that an action was about."""

from __future__ import annotations

from collections.abc import Sequence

from supporttui.console.work import Target


def named(targets: Sequence[Target]) -> str:
    """ "1042", or "3 tickets"."""
    return str(targets[0].number) if len(targets) == 1 else f"{len(targets)} tickets"
