"""Maintenance: hold notices back for a customer, a product or everything, for a while that the policy allows.

Deadlines fire as ever and the journal says so; only telling people waits.  What
waited is told when the window ends.  A window is on record with who opened it and why.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from supporttui.errors import NotFound, Refused, UsageError
from supporttui.store import events, windows
from supporttui.store.records import Maintenance

from .act import transaction
from .owed import reconsider
from .session import Desk

SCOPES = ("all", "customer", "product")


def begin(desk: Desk, scope: str, name: str, until: datetime, reason: str) -> int:
    """Open a window from now on; its id.

    scope: "all", "customer" or "product", name: which.  until: an instant ahead, no further than the
    policy's `maintenance_at_most`.  Errors: UsageError, Refused.
    """
    now = desk.now()
    if scope not in SCOPES or (scope == "all") != (not name.strip()):
        raise UsageError("say what is silenced: --all, --customer NAME or --product NAME")
    if not reason.strip():
        raise UsageError("say why, for those who wonder at the silence: --reason TEXT")
    if until <= now:
        raise UsageError("maintenance must end in the future")
    most = desk.policy.maintenance_at_most
    if until - now > most:
        raise Refused(f"the policy allows {_said(most)} of silence at most (maintenance_at_most)")
    with transaction(desk):
        number = windows.add_maintenance(
            desk.store,
            Maintenance(
                scope=scope, name=name.strip(), start=now, end=until, reason=reason.strip(),
                entered_by=desk.actor, entered_at=now,
            ),
        )  # fmt: skip
        reconsider(desk)
        _note(desk, f"notices for {_what(scope, name)} are held back: {reason.strip()}", number)
    return number


def end(desk: Desk, number: int) -> int:
    """End a window now; how many notices it had held back go out at once.  Errors: NotFound.

    What another window or quiet hours keep back stays where it is.
    """
    now = desk.now()
    with transaction(desk):
        found = next((one for one in windows.maintenance_at(desk.store, now) if one.id == number), None)
        if found is None or not windows.end_maintenance(desk.store, number, desk.actor, now):
            raise NotFound(f"no maintenance {number} holds now; supporttui maintenance lists them")
        freed = reconsider(desk)
        _note(desk, f"notices for {_what(found.scope, found.name)} go out again", number)
    return freed


def now_held(desk: Desk) -> Sequence[Maintenance]:
    """The windows that hold now."""
    with desk.store.read():
        return windows.maintenance_at(desk.store, desk.now())


def _note(desk: Desk, text: str, number: int) -> None:
    events.append(
        desk.store, at=desk.now(), actor=desk.actor, kind="maintenance", text=text,
        data={"maintenance": number},
    )  # fmt: skip


def _what(scope: str, name: str) -> str:
    return "everything" if scope == "all" else f"{scope} {name.strip()}"


def _said(length: timedelta) -> str:
    hours = int(length.total_seconds()) // 3600
    return f"{hours} hours" if hours else f"{int(length.total_seconds()) // 60} minutes"
