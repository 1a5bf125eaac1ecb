"""Cases to decide: a customer with everything in order, of which a test changes one thing."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time
from decimal import Decimal
from zoneinfo import ZoneInfo

from supporttui.policy import load
from supporttui.policy.entitling import decide
from supporttui.policy.verdict import (
    Case,
    InstalledFacts,
    LicenceFacts,
    ModificationFacts,
    PeriodFacts,
    QuotationFacts,
    ReleaseFacts,
    Verdict,
)

CHICAGO, KUALA_LUMPUR = ZoneInfo("America/Chicago"), ZoneInfo("Asia/Kuala_Lumpur")
TODAY = date(2026, 3, 4)  # a Wednesday
LICENCE = LicenceFacts(
    id=1, number="L-1", product="HyperIP", edition="Pro", purchased_on=date(2020, 1, 15),
    shipped_on=date(2020, 1, 20), monthly_charge=Decimal("250.00"), package=7,
)  # fmt: skip
CURRENT = ReleaseFacts(name="7.2", released_on=date(2025, 6, 1))
NETEX = Case(
    at=datetime(2026, 3, 4, 18, tzinfo=UTC), severity=2, category="problem", customer="Acme", product="HyperIP",
    release="7.2", os="z/OS", os_release="3.1", listed=True, known_product=True, licences=(LICENCE,),
    released=CURRENT, known_os=True, os_accessed_on=date(2022, 1, 1),
)  # fmt: skip
PERIOD = PeriodFacts(
    id=9, number="C-9", plan="smp-1y", first=date(2026, 1, 1), last=date(2026, 12, 31), package=7
)
XNET = replace(
    NETEX, at=datetime(2026, 3, 4, 4, tzinfo=UTC), category="bug", os="", os_release="", known_os=False,
    licences=(replace(LICENCE, monthly_charge=None),), periods=(PERIOD,),
)  # fmt: skip
PRESETS = {"netex": (NETEX, CHICAGO), "xnet": (XNET, KUALA_LUMPUR)}


def noon(day: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, time(12), zone).astimezone(UTC)


def case(policy: str, day: date = TODAY, **facts: object) -> Case:
    """The preset's case in order, at noon of a day where the vendor is, with other facts."""
    base, zone = PRESETS[policy]
    return replace(base, **{"at": noon(day, zone), **facts})


def verdict(policy: str, day: date = TODAY, **facts: object) -> Verdict:
    return decide(case(policy, day, **facts), load(policy))


def licence(**facts: object) -> tuple[LicenceFacts, ...]:
    return (replace(LICENCE, **facts),)


def period(first: date, last: date, **facts: object) -> PeriodFacts:
    return replace(PERIOD, first=first, last=last, **facts)


def modified(**facts: object) -> tuple[ModificationFacts, ...]:
    return (ModificationFacts(**{"what": "exit 7 patched", "host": "MVS1", **facts}),)


def followed(day: date, **facts: object) -> ReleaseFacts:
    return replace(CURRENT, followed_on=day, follower="HyperIP 7.3", **facts)


def quoted(
    first: date | None = None, last: date | None = None, grants: str = ""
) -> tuple[QuotationFacts, ...]:
    return (QuotationFacts(number="Q-5", first=first, last=last, grants=grants),)


def both_on(host: str, *, cam: bool, user_access: bool) -> tuple[InstalledFacts, ...]:
    return (
        InstalledFacts(host=host, product="CAM", tcp_ip=cam),
        InstalledFacts(host=host, product="USER-Access", tcp_ip=user_access),
    )
