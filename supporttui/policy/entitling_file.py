"""What is wrong or odd in a policy's [entitlement], and how its keys are read.

`faults` are refused when the file is loaded; `findings` are what `policy check`
says of a file that can be used; `readings` explain each choice in a sentence.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Literal

from supporttui.policy.durations import nearest
from supporttui.policy.records import EntitlementRule, EntitlementTable, PolicyFile

Level = Literal["error", "warning", "note"]
_MOST_DAYS = 36_600
_TIMED = ("warranty", "superseded", "os-release")
BASE_KINDS = ("charge", "package", "quotation", "warranty")
_ADVISING = ("conflict", "hours", "updates", "advice")
# Which keys each kind reads, beside name, kind, clause and when.
_DECIDING = ("within", "after", "billed", "tell", "loud", "outweighs")
KEYS: dict[str, tuple[str, ...]] = {
    "charge": (*_DECIDING, "without", "unknown"),
    "package": (*_DECIDING, "without", "unknown"),
    "quotation": (*_DECIDING, "without"),
    "warranty": (*_DECIDING, "days", "unknown"),
    "superseded": (*_DECIDING, "days", "unknown", "effort"),
    "os-release": (*_DECIDING, "days", "without", "unknown", "effort"),
    "modification": ("after", "billed", "tell", "loud"),
    "category": (*_DECIDING, "unknown", "effort"),
    "conflict": ("products", "tell"),
    "hours": ("loud",),
    "updates": ("loud",),
    "advice": ("tell", "loud"),
}


def _rules(table: EntitlementTable) -> Iterator[tuple[str, EntitlementRule]]:
    return ((f"entitlement.rule[{n}]", rule) for n, rule in enumerate(table.rules))


# -- refused when the file is loaded --------------------------------------------------------------


def faults(file: PolicyFile) -> Iterator[tuple[str, str]]:
    """(key, what is wrong) of everything that has no meaning."""
    table = file.entitlement
    yield from _table_faults(file, table)
    names: list[str] = []
    for key, rule in _rules(table):
        if not rule.name.strip():
            yield f"{key}.name", "a name can't be empty"
        if rule.name.casefold() in names:
            first = names.index(rule.name.casefold())
            yield f"{key}.name", f"'{rule.name}' is already the name of entitlement.rule[{first}]"
        names.append(rule.name.casefold())
        yield from _rule_faults(file, key, rule)


def _table_faults(file: PolicyFile, table: EntitlementTable) -> Iterator[tuple[str, str]]:
    for n, word in enumerate(table.gravity):
        if word in table.gravity[:n]:
            yield f"entitlement.gravity[{n}]", f"'{word}' is there already"
    plans = [plan.name for plan in file.plans]
    if table.no_package_plan and table.no_package_plan not in plans:
        yield "entitlement.no_package_plan", _none("plan", table.no_package_plan, plans)


def _rule_faults(file: PolicyFile, key: str, rule: EntitlementRule) -> Iterator[tuple[str, str]]:
    terms = [term.name for term in file.terms]
    if rule.clause and rule.clause not in terms:
        yield f"{key}.clause", _none("[[term]] called", rule.clause, terms)
    if rule.kind in _TIMED and not 0 < rule.days <= _MOST_DAYS:
        yield (
            f"{key}.days",
            f"a rule of kind '{rule.kind}' needs days from 1 to {_MOST_DAYS:,}, not {rule.days}",
        )
    others = [one.name for one in file.entitlement.rules if one is not rule]
    for n, name in enumerate(rule.outweighs):
        if name not in others:
            yield f"{key}.outweighs[{n}]", _none("other rule", name, others)
    if rule.kind == "conflict" and len({name.casefold() for name in rule.products}) < 2:
        yield f"{key}.products", "a conflict is between two products or more"
    known = [name.casefold() for name in file.vendor.products]
    for n, name in enumerate(rule.products):
        if known and name.casefold() not in known:
            yield f"{key}.products[{n}]", _none("product", name, file.vendor.products)
    if rule.kind == "advice" and not rule.tell.strip():
        yield f"{key}.tell", "advice needs the words to tell"


def _none(what: str, word: str, known: Iterable[str]) -> str:
    return f"no {what} '{word}'{nearest(word, known)}"


# -- said by `policy check` -----------------------------------------------------------------------


def findings(file: PolicyFile) -> Iterator[tuple[Level, str, str]]:
    """(level, key, sentence) of what can be read and is probably not wanted."""
    table = file.entitlement
    if not table.rules:
        yield "note", "entitlement", "no [[entitlement.rule]]: what a customer is owed is never decided"
        return
    if not any(rule.kind in BASE_KINDS for rule in table.rules):
        said = f"no charge, package, quotation or warranty for support to rest on: otherwise it is '{table.otherwise}'"
        yield "note", "entitlement.rule", said
    if table.gravity and table.gravity[-1] != "covered":
        yield (
            "warning",
            "entitlement.gravity",
            "'covered' is not the last: a rule that covers would win over one that limits",
        )
    if any(plan.years for plan in file.plans) and not any(rule.kind == "package" for rule in table.rules):
        yield (
            "warning",
            "entitlement.rule",
            "there are plans with years, and no rule of kind 'package' that reads them",
        )
    yield from _unjudged(file)
    for key, rule in _rules(table):
        yield from _empty_keys(key, rule)
        yield from _oddities(file, key, rule)


def _unjudged(file: PolicyFile) -> Iterator[tuple[Level, str, str]]:
    """Categories that aren't covered, of which no rule says so."""
    rules = [rule for rule in file.entitlement.rules if rule.kind == "category" and rule.after]
    for n, choice in enumerate(file.categories):
        if not choice.covered and not any(_reads(rule, choice.name) for rule in rules):
            yield (
                "warning",
                f"category[{n}].covered",
                f"'{choice.name}' is not covered, and no rule of kind 'category' says what follows",
            )


def _reads(rule: EntitlementRule, category: str) -> bool:
    wanted = rule.when.category
    names = (wanted,) if isinstance(wanted, str) else wanted
    return not names or category.casefold() in (name.casefold() for name in names)


def _empty_keys(key: str, rule: EntitlementRule) -> Iterator[tuple[Level, str, str]]:
    """Keys that this kind of rule never reads."""
    defaults = EntitlementRule(name="", kind=rule.kind)
    every = {name for keys in KEYS.values() for name in keys}
    for name in sorted(every - set(KEYS[rule.kind])):
        if getattr(rule, name) != getattr(defaults, name):
            yield (
                "warning",
                f"{key}.{name}",
                f"means nothing to a rule of kind '{rule.kind}', which reads {', '.join(KEYS[rule.kind])}",
            )


def _oddities(file: PolicyFile, key: str, rule: EntitlementRule) -> Iterator[tuple[Level, str, str]]:
    if not rule.clause:
        yield "note", f"{key}.clause", f"'{rule.name}' names no [[term]]: its own name is given as the clause"
    term = next((one for one in file.terms if one.name == rule.clause), None)
    if term and term.days and rule.days and term.days != rule.days:
        yield "warning", f"{key}.days", f"{rule.days} days, and the term '{term.name}' says {term.days}"
    if never_speaks(file, rule):
        yield (
            "error",
            key,
            f"'{rule.name}' never has a say: nothing follows from it for any ticket that it is for",
        )
    if rule.billed and not {rule.within, rule.after, rule.without} & {"discretion", "billable", "consulting"}:
        yield "warning", f"{key}.billed", f"'{rule.name}' never leads to work that is billed"


def never_speaks(file: PolicyFile, rule: EntitlementRule) -> bool:
    """Whether no case can make this rule say anything."""
    if rule.kind in _ADVISING:
        return False
    if rule.kind == "modification":
        return not rule.after
    if rule.kind == "category":
        judged = {choice.covered for choice in file.categories if _reads(rule, choice.name)}
        words = {rule.within for covered in judged if covered} | {
            rule.after for covered in judged if not covered
        }
        return not any(words) and rule.unknown != "unclear"
    read = {name: getattr(rule, name) for name in ("within", "after", "without") if name in KEYS[rule.kind]}
    return not any(read.values()) and rule.unknown == "pass"


# -- how the keys are read ------------------------------------------------------------------------

_DAYS_IN = {
    "vendor": "a day begins and ends where the vendor is ({zone})",
    "customer": "a day begins and ends where the customer's site is, or else the customer; where no zone is on file, in {zone}",
    "either": "of the day where the vendor is ({zone}) and the day where the customer is, the better for the customer counts",
}
_TIMED_READING = {
    "warranty": "the day of shipment and the {days} days after it, the last one included",
    "superseded": "the day on which the next release came out and the {days} days after it, the last one included; an announced end of support goes before",
    "os-release": "the day on which the team got access and the {days} days after it, the last one included",
}


def readings(file: PolicyFile) -> Iterator[tuple[str, str]]:
    """(key, sentence): how each choice of [entitlement] is read."""
    table = file.entitlement
    if not table.rules:
        return
    yield "entitlement.days_in", f'"{table.days_in}": {_DAYS_IN[table.days_in].format(zone=file.vendor.zone)}'
    for key, rule in _rules(table):
        if rule.kind in _TIMED:
            yield (
                f"{key}.days",
                f"'{rule.name}': {_TIMED_READING[rule.kind].format(days=rule.days)}{_follows(rule)}",
            )


def _follows(rule: EntitlementRule) -> str:
    billed = (
        f" ({rule.billed})" if rule.billed and rule.after in ("discretion", "billable", "consulting") else ""
    )
    return f"; afterwards {rule.after}{billed}" if rule.after else "; afterwards it has no say"
