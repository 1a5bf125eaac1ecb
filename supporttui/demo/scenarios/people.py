"""The problems that scenarios are about: short, and each recognizable by a word of its subject."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from supporttui.desk.report import NewTicket, report
from supporttui.desk.session import Desk

from .script import before

DOWN = NewTicket(
    subject="NETEX crashes z/OS when starting",
    description="The region abends with S0C4 as soon as NETEX starts after the IPL. Production is down.",
    severity=1,
    customer="Acme Corp",
    contact="J. Ortiz",
    contact_phone="+1 612 555 0142",
    site="0417",
    product="NETEX",
    release="7.1",
    os="z/OS",
    os_release="3.1",
    channel="phone",
)
TUNNEL = NewTicket(
    subject="HyperIP tunnel drops every hour",
    description="The tunnel to the second site drops on the hour and comes back after a minute.",
    severity=2,
    customer="Globex",
    contact="Mara Lindqvist",
    contact_email="mara@globex.example",
    product="HyperIP",
    release="6.3",
    channel="email",
)
RESTARTS = NewTicket(
    subject="Transfers restart several times",
    description="Large files restart two or three times before they arrive.",
    severity=3,
    customer="Initech",
    contact="P. Gibbons",
    contact_email="pgibbons@initech.example",
    product="NETEX",
    release="7.0",
    channel="email",
)
COUNT = NewTicket(
    subject="Wrong byte count in the log",
    description="The log shows a negative byte count for files above 2 GB.",
    severity=4,
    customer="Hooli",
    contact="Dana Whitfield",
    contact_email="dana.w@hooli.example",
    product="BFX",
    release="5.5",
    channel="web",
)
TAPE = NewTicket(
    subject="BFX job waits for a mounted tape",
    description="The job waits although the volume is mounted. Resubmitting helps, once.",
    severity=3,
    customer="Northwind Freight",
    contact="Sofia Marques",
    contact_email="smarques@northwind.example",
    product="BFX",
    release="5.4",
    channel="email",
)


def reported(desk: Desk, new: NewTicket, *, by: str = "mail", hours: float, **fields: Any) -> int:
    """The problem was reported that long ago, with other fields where they are given; returns its number."""
    then = before(desk, by, hours=hours)
    return report(then, replace(new, reported_at=then.now(), **fields)).number
