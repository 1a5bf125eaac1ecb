"""On the telephone: a system that goes down at night, and a customer who asks how it stands."""

from __future__ import annotations

from datetime import UTC, datetime

from supporttui.desk import book, write
from supporttui.desk.session import Desk

from .people import COUNT, RESTARTS, TUNNEL, reported
from .script import Scenario, Typed, before, holds, journal, keys, press, step

NIGHT = datetime(2026, 11, 21, 8, 12, tzinfo=UTC)  # Saturday 02:12 at the desk, which is closed
SITES = (("0417", "Data centre north"), ("0418", "Data centre south"))
RELEASES = (("7.1", "2025-02-03", ""), ("8.0", "2026-03-02", "NETEX 7.1"), ("8.1", "2026-09-14", "NETEX 8.0"))


def customer(desk: Desk) -> None:
    """Acme Corp: two data centres, NETEX at a monthly charge, one CPU in each; the caller sits in the first."""
    book.add(desk, "customer", {"name": "Acme Corp", "key": "A-117", "zone": "America/New_York"})
    for code, name in SITES:
        book.add(desk, "site", {"customer": "Acme Corp", "code": code, "name": name})
    for name, site, phone in (
        ("J. Ortiz", "0417", "+1 612 555 0142"),
        ("Kim Lund", "0418", "+1 612 555 0190"),
    ):
        mail = f"{name.split()[-1].lower()}@acme.example"
        book.add(
            desk,
            "contact",
            {"customer": "Acme Corp", "name": name, "email": mail, "phone": phone, "site": site},
        )
    book.add(desk, "product", {"name": "NETEX"})
    for name, day, replaced in RELEASES:
        book.add(
            desk, "release", {"product": "NETEX", "name": name, "released_on": day, "replaces": replaced}
        )
    book.add(desk, "os-release", {"os": "z/OS", "name": "3.1", "accessed_on": "2024-10-23"})
    licence = {"number": "L-5001", "purchased_on": "2025-06-10", "monthly_charge": "USD 1,450"}
    book.add(desk, "licence", {"customer": "Acme Corp", "product": "NETEX", **licence})
    for name, site, release in (("ZOS1", "0417", "NETEX 8.1"), ("ZOS2", "0418", "NETEX 8.0")):
        host = {"customer": "Acme Corp", "name": name, "site": site, "os": "z/OS", "os_release": "3.1"}
        book.add(desk, "host", host)
        book.add(
            desk, "installation", {"host": name, "product": "NETEX", "release": release, "tcp_ip": "yes"}
        )


def _night(desk: Desk) -> None:
    """1 a question, 2 transfers that restart: nobody waits for either tonight."""
    reported(desk, COUNT, hours=30)
    reported(desk, RESTARTS, hours=26)
    customer(desk)


sev1_by_phone = Scenario(
    name="sev1-by-phone",
    story="At 02:12 a customer telephones: the number finds them, the book fills the form, and you see what they are owed.",
    start=NIGHT,
    set_up=_night,
    steps=(
        step("The telephone rings. One key opens the form, which asks for what the policy asks for.", *press("report"), sees=("Report a problem", "0 of 10 asked for")),
        step("What is wrong, in a line. Enter goes to the next fact that is missing.", Typed("NETEX abends at start-up"), keys("enter")),
        step("Severity 1: the system is down. It is worked round the clock, so nothing is said of a closed desk.", Typed("1"), keys("enter"), sees="✓ Severity", misses="closed for severity"),
        step("Who calls? The number on the display finds them.", Typed("612 555 0142"), sees="Acme Corp"),
        step(
            "Enter takes them. Contact, site, product, releases: the book leaves no choice, and the verdict stands below.",
            keys("enter"),
            sees=("J. Ortiz", "0417", "8.1", "3.1", "covered", "L-5001"),
        ),
        step("Enter goes to what is still missing: only what happened.", keys("enter"), Typed("S0C4 in the subtask attach after the IPL."), sees="nothing is missing"),
        step(
            "Report it. The clock of the ladder runs from here.",
            keys("tab", "enter"),
            said=("3 reported, severity 1",),
            facts=(
                holds(3, severity=1, customer="Acme Corp", contact="J. Ortiz", site="0417", product="NETEX", release="8.1", os="z/OS", os_release="3.1", channel="phone"),
                journal(3, "reported", "S0C4"),
            ),
        ),
        step("To the ticket: who pays stands in one line.", *press("first", "open"), sees=("NETEX abends", "covered")),
        step("And the whole reasoning behind one key: clause, facts, until when.", *press("why"), sees=("Who pays for 3", "L-5001", "until")),
        step("Back to the ticket.", keys("escape"), sees="NETEX abends"),
    ),
)  # fmt: skip

REPORTED_IN = 7  # its first steps, which enter the report

AFTERNOON = datetime(2026, 11, 20, 20, 40, tzinfo=UTC)  # Friday 14:40 at the desk


def _asked(desk: Desk) -> None:
    """1 transfers that restart, 2 a tunnel that waits for its customer's answer."""
    reported(desk, RESTARTS, hours=26)
    reported(desk, TUNNEL, hours=5)
    write.note(
        before(desk, "raj", hours=4),
        2,
        "Their firewall again, I think. Not to the customer before the trace.",
    )
    asks = "Please switch the keep-alive off on your side and tell us whether it still drops."
    write.reply(before(desk, "raj", hours=3), 2, asks, status="waiting-customer")


status_by_phone = Scenario(
    name="status-by-phone",
    story="A customer telephones and asks how it stands: what may be said is on one page, and the call goes on record.",
    start=AFTERNOON,
    set_up=_asked,
    steps=(
        step("“How is my tunnel?” It is found by a word.", *press("find"), Typed("tunnel"), keys("enter"), cursor=2),
        step(
            "One key shows what the customer may know, and nothing else: read it out.",
            *press("answer"),
            sees=("Status of 2 for Mara Lindqvist, Globex", "we are waiting for your answer", "keep-alive"),
            misses=("firewall", "raj"),
        ),
        step("From there the call is put on record: who, their number and the time are filled in.", *press("call"), sees=("A call about 2", "Mara Lindqvist", "They called")),
        step("What was said …", Typed("Keep-alive is off since noon; no drop since then.")),
        step(
            "… and that they called. It ends the wait for the customer; Esc would have kept it as a draft.",
            keys("tab", "enter"),
            said="2: call written",
            facts=(holds(2, status="open"), journal(2, "call", "no drop since then", public=False)),
        ),
        step("The ticket tells it, and the customer never sees it.", *press("open"), sees=("called by Mara Lindqvist", "(internal)")),
        step("Back to the queue.", keys("escape"), cursor=2),
    ),
)  # fmt: skip

ALL = (sev1_by_phone, status_by_phone)
