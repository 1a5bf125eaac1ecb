"""What the vendor promised: severities, calendars, ladders, targets, and the clock that derives deadlines.

Names are looked up when first used, so that importing the record types of
`supporttui.policy.timeline` loads neither msgspec nor a calendar.  No module is
called like a name exported here: importing the module would hide the name.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from supporttui.policy.calendar import ALWAYS, BusinessCalendar
    from supporttui.policy.checking import Finding, check
    from supporttui.policy.classifying import Classification, classify
    from supporttui.policy.comparing import Move, diff
    from supporttui.policy.durations import Duration, parse_duration
    from supporttui.policy.explaining import Explanation, explain
    from supporttui.policy.loading import PRESETS, load, preset_text, read_policy
    from supporttui.policy.planning import plan
    from supporttui.policy.rules import Policy
    from supporttui.policy.starter import template
    from supporttui.policy.timeline import Deadline, Event, Facts, Timeline

_HOME = {
    "ALWAYS": "calendar",
    "BusinessCalendar": "calendar",
    "Classification": "classifying",
    "Deadline": "timeline",
    "Duration": "durations",
    "Event": "timeline",
    "Explanation": "explaining",
    "Facts": "timeline",
    "Finding": "checking",
    "Move": "comparing",
    "PRESETS": "loading",
    "Policy": "rules",
    "Timeline": "timeline",
    "check": "checking",
    "classify": "classifying",
    "diff": "comparing",
    "explain": "explaining",
    "load": "loading",
    "parse_duration": "durations",
    "plan": "planning",
    "preset_text": "loading",
    "read_policy": "loading",
    "template": "starter",
}

__all__ = [
    "ALWAYS",
    "PRESETS",
    "BusinessCalendar",
    "Classification",
    "Deadline",
    "Duration",
    "Event",
    "Explanation",
    "Facts",
    "Finding",
    "Move",
    "Policy",
    "Timeline",
    "check",
    "classify",
    "diff",
    "explain",
    "load",
    "parse_duration",
    "plan",
    "preset_text",
    "read_policy",
    "template",
]


def __getattr__(name: str) -> Any:
    home = _HOME.get(name)
    if home is None:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(import_module(f"{__name__}.{home}"), name)
    globals()[name] = value
    return value
