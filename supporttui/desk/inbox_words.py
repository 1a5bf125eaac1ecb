"""What can be decided on an item of the inbox, in words: what each decision would do, or why it can't be made.

One place for the console, the command line and the documentation; `desk.deciding` does it.
"""

from __future__ import annotations

from typing import NamedTuple

from .inbox import MAKES_A_TICKET, Waiting, home_of, own_of

NOT_TAKEN = "it lies in the folder for uploads still, and was not taken"
DECISIONS = ("accept", "believe", "attach", "merge", "reject", "block")


class Choice(NamedTuple):
    """id: one of DECISIONS.  title: short.  words: what it does.  why: why it can't be done, "" when it can."""

    id: str
    title: str
    words: str
    why: str = ""


def choices(found: Waiting) -> tuple[Choice, ...]:
    """All of DECISIONS for this item, in their order."""
    return (
        Choice("accept", _accept_title(found), *_accept(found)),
        Choice("believe", "accept, and the sender takes part", *_believe(found)),
        Choice("attach", "attach", *_attach(found)),
        Choice("merge", "merge", *_merge(found)),
        Choice("reject", "no call is needed" if found.item.kind == "call" else "reject", _reject(found)),
        Choice("block", "block the sender", *_block(found)),
    )


def choice(found: Waiting, id: str) -> Choice:
    """One of them by its id."""
    return next(one for one in choices(found) if one.id == id)


def _accept_title(found: Waiting) -> str:
    return "somebody has called" if found.item.kind == "call" else "accept"


def _accept(found: Waiting) -> tuple[str, str]:
    item, home, own = found.item, home_of(found.item), own_of(found.item)
    if item.kind == "held":
        return f"its text and its files become the customer's message on {home}", ""
    if item.kind == "call":
        return f"a call to the customer goes on record on {home}", ""
    if item.kind == "file" and not found.files:
        return "it becomes a file of its ticket", NOT_TAKEN
    if found.item.kind == "file" and found.settled:
        return f"somebody has looked: it is a file of {home} already", ""
    if item.kind == "file":
        why = "" if home else "it names no ticket: attach it to one"
        return (f"it becomes a file of {home}" if home else "it becomes a file of its ticket"), why
    if not own:
        return "it becomes a ticket, reported when it came", ""
    mark = "; the tag unverified goes" if item.kind == "unverified" else ""
    return f"ticket {own} stands as a ticket of its own{mark}", ""


def _believe(found: Waiting) -> tuple[str, str]:
    home, who = home_of(found.item), found.sender or "its sender"
    words = f"{who} may write to {home or 'the ticket'} from now on, and read what is public of it"
    if found.item.kind not in ("held", "unverified"):
        return words, "it names no ticket in which its sender could take part"
    if not found.sender:
        return words, "it has no sender"
    if found.item.kind == "held":
        return f"its text becomes the customer's message on {home}, and {words}", ""
    return f"its text goes to {home}, {own_of(found.item)} is merged into it, and {words}", ""


def _attach(found: Waiting) -> tuple[str, str]:
    item, own = found.item, own_of(found.item)
    if item.kind == "file":
        return "it becomes a file of the ticket that you name", "" if found.files else NOT_TAKEN
    if item.kind == "call":
        return "", "it wants a telephone call, and is on its ticket already"
    if item.kind == "storm":
        return "", f"a storm is many mails in ticket {own}: merge that"
    merged = f", and {own} is merged into it" if own else ""
    return f"its text and its files go to the ticket that you name{merged}", ""


def _merge(found: Waiting) -> tuple[str, str]:
    own = own_of(found.item)
    if not own:
        return "its ticket is merged into another one", "it made no ticket of its own"
    return f"ticket {own} is merged into the one that you name; nothing is copied", ""


def _reject(found: Waiting) -> str:
    if found.item.kind in MAKES_A_TICKET:
        own = own_of(found.item)
        return f"ticket {own} is closed" if own else "it becomes no ticket"
    if found.item.kind == "call":
        return f"nobody calls; ticket {home_of(found.item)} stays as it is"
    if found.item.kind == "held":
        return f"it stays out; a line on {home_of(found.item)} tells that it came"
    if found.settled:
        return f"it is taken away from {home_of(found.item)}; an undo brings it back"
    return "no ticket gets it" if found.files else "nothing more is said of it; the file stays where it is"


def _block(found: Waiting) -> tuple[str, str]:
    who = found.sender or "its sender"
    words = f"all that waits from {who} is rejected, and no mail of theirs comes in any more"
    if not found.sender:
        return words, "it has no sender"
    if found.contact:
        return words, f"{found.contact} is a contact in the book, whom mail under a false name would shut out"
    return words, ""
