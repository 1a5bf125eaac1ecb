"""What the journal tells of mails, in words; imports nothing, so that a list may use it."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any


def wrote(data: Mapping[str, Any]) -> str:
    """ ", by mail from ann@acme.example", "" for a message that came otherwise."""
    sender = data.get("from")
    return f", by mail from {sender}" if sender and data.get("mail") else ""


def author(data: Mapping[str, Any], contact: str, email: str) -> str:
    """Who wrote a message: the sender where that is somebody else than the contact, else the contact.

    contact, email: the ticket's, "" for unknown.
    """
    sender = str(data.get("from") or "")
    if not sender or not data.get("mail") or sender.casefold() == email.strip().casefold():
        return contact
    name = str(data.get("name") or "").strip()
    return f"{name} <{sender}>" if name else sender


def told(data: Mapping[str, Any]) -> str:
    """What a line of kind "mail" is about; its text says the rest."""
    sender = str(data.get("from") or "")
    of = f" of {sender}" if sender else ""
    if data.get("letter"):
        return "automatic letter"
    if data.get("call"):
        return "a telephone call is wanted"
    if data.get("held"):
        return f"mail{of} held back: {data['held']}"
    if data.get("automatic") == "bounce":
        return "a mail came back"
    if data.get("automatic"):
        return f"automatic reply{of}"
    return f"mail{of}, one of a storm" if data.get("storm") else f"mail{of}"
