"""What the journal tells of time, expenses and credits, in words; imports nothing, so that a list may use it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


def charged(data: Mapping[str, Any]) -> str:
    """ ", billable", ", not billable, unclear" or ", billable: agreed by telephone"; "" where nobody decided."""
    if not isinstance(data.get("billable"), bool):
        return ""
    word = "billable" if data["billable"] else "not billable"
    if data.get("reason"):
        return f", {word}: {data['reason']}"
    return f", {word}, unclear" if data.get("verdict") == "unclear" else f", {word}"


def spent(data: Mapping[str, Any]) -> str:
    """ "expense 120.50 USD, travel, receipt R-17, billable"."""
    parts = [
        f"expense {data.get('amount', '')} {data.get('currency', '')}".rstrip(),
        str(data.get("kind") or ""),
    ]
    parts.append(f"receipt {data['receipt']}" if data.get("receipt") else "")
    return ", ".join(part for part in parts if part) + charged(data)


def credited(data: Mapping[str, Any]) -> str:
    """ "credit for 2026-11#3, -60.00 USD: wrong ticket"."""
    amount = f", {data['amount']}" if data.get("amount") else ""
    return f"credit for {data.get('line', '')}{amount}: {data.get('reason', '')}"
