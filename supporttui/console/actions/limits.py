"""How long the policy lets a promise or a snooze last, asked while what was typed can still be corrected.

Invariant: the verb itself refuses the same instants; this only says so where the line is.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime

from supporttui.console.work import Target, Work
from supporttui.desk.session import Desk
from supporttui.errors import SupportError
from supporttui.when import local_text

Latest = Callable[[Desk, Sequence[int]], datetime | None]


async def beyond(work: Work, targets: Sequence[Target], at: datetime | None, latest: Latest) -> str:
    """What is wrong with an instant that a line named, in the console's zone; "" when nothing is."""
    numbers = [target.number for target in targets]
    try:
        limit = await work.app.link.run(lambda desk: latest(desk, numbers))
    except SupportError as error:
        return str(error)
    if at is None or limit is None or at <= limit:
        return ""
    return f"{local_text(limit, work.app.zone)} at the latest; the policy says so"
