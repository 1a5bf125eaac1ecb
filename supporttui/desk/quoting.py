"""An offer in words, one fact a line, for whoever shows it: the command line and the console say the same."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Literal

from supporttui.policy.currencies import money

if TYPE_CHECKING:
    from supporttui.policy.packages import Quote

    from .contracts import Offer

Kind = Literal["title", "good", "warning", "price", "fact", "detail"]
# How states are called, with what an analyst does about them.
STATES = {
    "early": "not yet", "open": "may renew", "last-call": "last call", "closed": "too late", "renewed": "renewed",
    "lapsed": "lapsed", "ended": "ended early", "unknown": "no last day",
}  # fmt: skip


def lines(found: Offer, quotes: Sequence[Quote], refusal: str) -> Iterator[tuple[Kind, str]]:
    """(what a line is, its text): the period, whether it may be renewed, each plan's price and what it rests on."""
    period, window = found.contract, found.window
    yield "title", f"contract {found.called}, {found.customer.name}"
    yield (
        "fact",
        f"{period.plan}, {period.start_on or 'first day unknown'} to {period.end_on or 'last day unknown'}",
    )
    if found.renewable and window:
        last_call = f"; last call since {window.urged_from}" if found.state == "last-call" else ""
        yield "good", f"may be renewed from {window.opens} until {window.closes}{last_call}"
    elif found.state == "lapsed" and not refusal and window:
        yield (
            "warning",
            f"lapsed on {window.ends}; bought anew, it begins on the day of the order, {found.first}",
        )
    elif refusal:
        yield "warning", f"not now: {refusal}"
    for one in quotes:
        yield "price", f"{one.plan.title} ({one.plan.name}), {one.first} to {one.last}: {one.priced}"
        yield "detail", f"  {one.rule}"
    if found.trouble:
        yield "warning", f"no price: {found.trouble}"
    if quotes:
        yield from _basis(quotes[0])


def _basis(one: Quote) -> Iterator[tuple[Kind, str]]:
    """What every plan's price is taken from, and what isn't known of it."""
    so_far = "" if one.price is not None else " so far"
    yield "fact", f"total purchase price{so_far}: {money(one.base, one.currency)}"
    for item in one.items:
        price = "not on file" if item.price is None else money(item.price, item.currency)
        edition = f", {item.edition}" if item.edition else ""
        yield "detail", f"  {item.called}{edition}: {price}"
    for line in one.missing:
        yield "warning", f"missing: {line}"
    for line in one.open:
        yield "warning", f"not final: {line}"
