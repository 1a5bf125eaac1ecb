"""What every page says of the desk: whether it is open, and whom to call when something is down."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from supporttui.quickclass import dataclass
from supporttui.when import local_text

if TYPE_CHECKING:
    from supporttui.policy import Policy


@dataclass(frozen=True, slots=True, kw_only=True)
class Number:
    """A telephone number.  dial: for a tel: link, digits and a plus alone."""

    text: str
    dial: str
    region: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reach:
    """opens: when the desk opens again, in words; "" while it is open or when nobody knows.  calls: the
    severities that need a telephone call, in words.  after_hours: None where the vendor has no such number.
    """

    is_open: bool
    opens: str = ""
    phones: tuple[Number, ...] = ()
    after_hours: Number | None = None
    after_hours_note: str = ""
    calls: str = ""
    always: str = ""

    @property
    def number(self) -> Number | None:
        """The number to call now."""
        if not self.is_open and self.after_hours is not None:
            return self.after_hours
        return next(iter(self.phones), self.after_hours)


def reach(policy: Policy, now: datetime) -> Reach:
    """How the desk can be reached at an instant; times in the vendor's zone."""
    vendor, calendar = policy.vendor, policy.support_calendar
    is_open = calendar.is_open(now)
    opens = ""
    if not is_open:
        try:
            opens = local_text(calendar.next_open(now), policy.zone)
        except (ValueError, OverflowError):
            opens = ""  # a calendar that never opens
    calls = [one for one in policy.severities if one.number in policy.call_severities]
    always = [one for one in policy.severities if one.round_the_clock]
    return Reach(
        is_open=is_open,
        opens=opens,
        phones=tuple(_number(one.number, one.region, one.note) for one in vendor.phones),
        after_hours=_number(vendor.after_hours_phone) if vendor.after_hours_phone else None,
        after_hours_note=vendor.after_hours_note,
        calls=", ".join(f"Severity {one.number} ({one.name})" for one in calls),
        always=", ".join(f"Severity {one.number} ({one.name})" for one in always),
    )


def _number(text: str, region: str = "", note: str = "") -> Number:
    digits = "".join(one for one in text if one.isdigit())
    return Number(
        text=text, dial=("+" if text.strip().startswith("+") else "") + digits, region=region, note=note
    )
