"""The questions of the Problem Report Form: which ones a policy asks, and what may stand in the answers.

The policy's required information is required here too, and what it would like to know is asked.  The plan is
never asked: what a customer is owed follows from contracts, not from what a stranger types.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from supporttui.desk import answering, check
from supporttui.desk.report import NewTicket
from supporttui.errors import UsageError
from supporttui.quickclass import dataclass

if TYPE_CHECKING:
    from supporttui.policy import Policy

LONGEST_ADDRESS = 254  # RFC 5321
CHANNEL = "web"
SEVERITY, DESCRIPTION, SUBJECT, EMAIL, PHONE = (
    "severity",
    "description",
    "subject",
    "contact_email",
    "contact_phone",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """One answer that may be given.  meaning: in a sentence.  urgent: who gives it has to call as well."""

    value: str
    title: str
    meaning: str = ""
    urgent: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """One question.  kind: "text", "email", "tel", "area", "radio" or "select".

    autocomplete: what a browser may fill in (WCAG 1.3.5).  offers: answers that are proposed and not demanded.
    missing: what to say when nothing was written.
    """

    name: str
    title: str
    kind: str = "text"
    hint: str = ""
    required: bool = False
    autocomplete: str = ""
    choices: tuple[Choice, ...] = ()
    offers: tuple[str, ...] = ()
    missing: str = ""
    most: int = check.MAX_FIELD


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """Questions that belong together, under one heading."""

    title: str
    fields: tuple[Field, ...]


_WHO = (
    Field(name="customer", title="Company", autocomplete="organization", missing="Enter the name of your company"),
    Field(name="contact", title="Your name", autocomplete="name", missing="Enter your name"),
    Field(
        name=EMAIL, title="E-mail", kind="email", autocomplete="email", most=LONGEST_ADDRESS,
        hint="Our answers go there.", missing="Enter your e-mail address",
    ),
    Field(
        name=PHONE, title="Telephone", kind="tel", autocomplete="tel", hint="With the country code.",
        missing="Enter your telephone number",
    ),
    Field(
        name="site", title="Site ID", hint="As it stands on your licence or contract.", missing="Enter your site ID"
    ),
)  # fmt: skip
_WHAT = (
    Field(name="product", title="Product", missing="Enter the product that it is about"),
    Field(name="release", title="Product release", missing="Enter the release of the product"),
    Field(
        name="os", title="Host operating system", hint="Such as z/OS, Linux or Windows Server.",
        missing="Enter the operating system of the host",
    ),
    Field(name="os_release", title="Operating system release",
          missing="Enter the release of the operating system"),
)  # fmt: skip
_SUBJECT = Field(
    name=SUBJECT, title="The problem in one line", required=True, most=200,
    missing="Say in a few words what is wrong",
)  # fmt: skip
_DESCRIPTION = Field(
    name=DESCRIPTION, title="Description", kind="area", most=100_000,
    hint="What you did, what you expected, what happened instead, and any message word for word.",
    missing="Describe the problem",
)  # fmt: skip


def groups(policy: Policy) -> tuple[Group, ...]:
    """The whole form, in the order in which it is asked."""
    needed = frozenset(policy.required)
    wanted = needed | frozenset(policy.asked) | {EMAIL, PHONE, "customer", "contact"}
    who = tuple(_asked(one, needed) for one in _WHO if one.name in wanted)
    what = tuple(_asked(_offering(one, policy), needed) for one in _WHAT if one.name in wanted | {"product"})
    problem = (
        _severity(policy, needed),
        *_environment(policy, needed),
        _SUBJECT,
        _asked(_DESCRIPTION, needed | {DESCRIPTION}),
    )
    return (
        Group(title="Who you are", fields=who),
        Group(title="Where it happens", fields=what),
        Group(title="What is wrong", fields=problem),
    )


def _asked(field: Field, needed: frozenset[str]) -> Field:
    return _with(field, required=field.name in needed)


def _with(field: Field, **new: object) -> Field:
    from dataclasses import replace

    return replace(field, **new)  # type: ignore[arg-type]


def _offering(field: Field, policy: Policy) -> Field:
    return _with(field, offers=tuple(policy.products)) if field.name == "product" else field


def _severity(policy: Policy, needed: frozenset[str]) -> Field:
    choices = tuple(
        Choice(
            value=str(one.number), title=f"{one.number}: {one.name}", meaning=one.definition,
            urgent=one.number in policy.call_severities,
        )
        for one in policy.severities
    )  # fmt: skip
    return Field(
        name=SEVERITY, title="Severity", kind="radio", choices=choices, required=SEVERITY in needed,
        missing="Choose how severe the problem is",
    )  # fmt: skip


def _environment(policy: Policy, needed: frozenset[str]) -> tuple[Field, ...]:
    named = policy.file.environments
    if not named:
        return ()
    choices = tuple(Choice(value=one.name, title=one.title or one.name) for one in named)
    return (
        Field(
            name="environment", title="Environment", kind="select", choices=choices,
            required="environment" in needed, missing="Choose the environment",
        ),
    )  # fmt: skip


# -- answers --------------------------------------------------------------------------------------


def every(form: Sequence[Group]) -> tuple[Field, ...]:
    return tuple(field for group in form for field in group.fields)


def cleaned(form: Sequence[Group], values: Mapping[str, str]) -> dict[str, str]:
    """The answers to what was asked, one line each but for the description; anything else is dropped."""
    return {
        one.name: values.get(one.name, "").strip("\n")
        if one.kind == "area"
        else " ".join(values.get(one.name, "").split())
        for one in every(form)
    }


def faults(form: Sequence[Group], values: Mapping[str, str]) -> dict[str, str]:
    """What is wrong, by field, in the form's order; what to do about it in words.  values: cleaned."""
    found = {one.name: _fault(one, values[one.name]) for one in every(form)}
    if not values.get(EMAIL) and not values.get(PHONE) and not found.get(EMAIL):
        found[EMAIL] = "Enter an e-mail address or a telephone number, so that we can answer you"
    return {name: line for name, line in found.items() if line}


def is_address(text: str) -> bool:
    """Whether letters can go to an address: one plain mailbox at a host with a full name."""
    return answering.is_address(text) and "." in text.rpartition("@")[2]


def _fault(field: Field, value: str) -> str:
    if not value.strip():
        return field.missing if field.required else ""
    if len(value) > field.most:
        more = "send the rest as a file" if field.kind == "area" else "shorten it"
        return f"{field.title} has {len(value):,} characters; {field.most:,} fit: {more}"
    if field.kind == "email" and not is_address(value):
        return "Enter an e-mail address such as ann@example.com"
    if field.kind == "tel" and sum(one.isdigit() for one in value) < 5:
        return "Enter a telephone number such as +1 763 555 0100"
    if field.choices and value not in [one.value for one in field.choices]:
        return field.missing or f"Choose one of the answers to {field.title}"
    return ""


def ticket(policy: Policy, values: Mapping[str, str], tags: tuple[str, ...] = ()) -> NewTicket:
    """The report that the answers make up.  values: cleaned and without faults.  Errors: UsageError."""
    severity = values.get(SEVERITY, "")
    named = {name: value for name, value in values.items() if name != SEVERITY and value}
    if not named.get(SUBJECT):
        raise UsageError(_SUBJECT.missing)
    channel = check.spelled(CHANNEL, policy.channels)
    number = int(severity) if severity else None
    return NewTicket(**named, severity=number, channel=channel, tags=tags)  # type: ignore[arg-type]
