"""What the pages stand on: read once, in the thread that owns the desk."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING

from supporttui.desk.files import blobs_of
from supporttui.desk.tokens import secret_of
from supporttui.quickclass import dataclass

if TYPE_CHECKING:
    from supporttui.desk.session import Desk
    from supporttui.intake.settings import Intake
    from supporttui.policy import Policy
    from supporttui.store.blobs import Blobs


@dataclass(frozen=True, slots=True, kw_only=True)
class Ground:
    """now: the desk's clock, aware UTC.  secret: the store's.  mails: whether letters can leave; acknowledges:
    whether a report gets one.
    """

    settings: Intake
    policy: Policy
    now: Callable[[], datetime]
    secret: bytes
    blobs: Blobs
    mails: bool
    acknowledges: bool


def ground(desk: Desk, settings: Intake) -> Ground:
    """Errors: StoreError, PolicyError."""
    mails = desk.letterhead is not None
    return Ground(
        settings=settings, policy=desk.policy, now=desk.now, secret=secret_of(desk), blobs=blobs_of(desk, settings),
        mails=mails, acknowledges=mails and desk.policy.intake.acknowledge,
    )  # fmt: skip
