"""`policy`: show the one in force, check a file, compare two on the open tickets, start a new one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from supporttui.errors import UsageError

from .parser import Parser, Verb

if TYPE_CHECKING:
    from supporttui.policy import Policy
    from supporttui.policy.rules import Role

    from .session import Session

ACTIONS = ("show", "check", "diff", "new")
PRESETS = ("netex", "xnet")
UNNAMED = "ours"  # what `policy new` calls a policy without a name


def _configure(parser: Parser) -> None:
    parser.add_argument(
        "action",
        choices=ACTIONS,
        metavar="ACTION",
        help="show [NAME|FILE], check [NAME|FILE], diff OLD NEW, new [NAME]",
    )
    parser.add_argument("names", nargs="*", metavar="NAME|FILE", help="a preset (netex, xnet) or a TOML file")
    parser.add_argument(
        "--from", dest="preset", choices=PRESETS, metavar="PRESET", help="new: a copy of this preset"
    )
    parser.add_argument("-o", "--output", metavar="FILE", help="new: write here instead of standard output")


def _run(session: Session) -> int | None:
    args = session.args
    least, most, form = {
        "show": (0, 1, "policy show [NAME|FILE]"),
        "check": (0, 1, "policy check [NAME|FILE]"),
        "diff": (2, 2, "policy diff OLD NEW"),
        "new": (0, 1, "policy new [NAME] [--from netex|xnet] [-o FILE]"),
    }[args.action]
    if not least <= len(args.names) <= most:
        raise UsageError(f"policy {args.action} is written: {form}")
    if args.action != "new" and (args.preset or args.output):
        raise UsageError(f"--from and -o belong to policy new, not to policy {args.action}")
    if args.action == "check":
        from .policy_check import run_check

        return run_check(session, _load(session, args.names))
    if args.action == "diff":
        from .policy_check import run_diff

        run_diff(session, *(_load(session, [name]) for name in args.names))
    elif args.action == "new":
        from .policy_new import run_new

        run_new(session, (args.names or [UNNAMED])[0], args.preset, args.output)
    else:
        _show(session, _load(session, args.names))
    return None


def _load(session: Session, names: list[str]) -> Policy:
    """The named policy, or the one in force."""
    if not names:
        return session.load_policy()
    if names[0] not in PRESETS:
        session.no_named_files("a policy FILE")
    from supporttui.policy import load

    return load(names[0])


def _show(session: Session, policy: Policy) -> None:
    out = session.out
    if out.form == "json":
        out.json(
            {"name": policy.name, "title": policy.title, "hash": policy.hash, "file": as_written(policy.file)}
        )
    elif out.form == "tsv":
        out.tsv(["ladder", "applies_to", "level", "after", "clock", "role"], _ladder_rows(policy))
    else:
        _print(session, policy)


def as_written(value: Any) -> Any:
    """A record of the policy file as JSON has it; durations in the file's own words."""
    from collections.abc import Mapping

    if hasattr(value, "__struct_fields__"):
        return {name: as_written(getattr(value, name)) for name in value.__struct_fields__}
    if isinstance(value, Mapping):
        return {key: as_written(one) for key, one in value.items()}
    if isinstance(value, tuple | list):
        return [as_written(one) for one in value]
    return value if value is None or isinstance(value, str | int | float) else str(value)


def _ladder_rows(policy: Policy) -> list[list[Any]]:
    return [
        [
            ladder.name,
            matcher.said(),
            rung.level,
            str(rung.measure.duration),
            rung.measure.calendar_name,
            rung.role,
        ]
        for matcher, ladder in policy.ladders
        for rung in ladder.rungs
    ]


def _print(session: Session, policy: Policy) -> None:
    out, vendor = session.out, policy.vendor
    out.line(f"{policy.title} ({policy.name}, {policy.hash})")
    phones = ", ".join(f"{phone.region} {phone.number}".strip() for phone in vendor.phones)
    out.pairs((
        ("vendor", vendor.name),
        ("zone", vendor.zone),
        ("telephone", phones),
        ("after hours", vendor.after_hours_phone),
        ("e-mail", vendor.email),
        ("form", vendor.form_url),
        ("desk hours", _hours(policy)),
        ("on reopening", policy.on_reopen),
        ("asks for", ", ".join(policy.required)),
        ("categories", ", ".join(policy.categories)),
        ("plans", ", ".join(policy.plans)),
        ("channels", ", ".join(policy.channels)),
        ("environments", ", ".join(policy.environments)),
    ))  # fmt: skip
    _heading(session, "Severities")
    for one in policy.severities:
        hours = ", worked round the clock" if one.round_the_clock else ""
        out.line(f"  {one.number}  {one.name}{hours}: {one.definition}".rstrip(": "))
    _print_rules(session, policy)
    _print_entitlement(session, policy)
    _print_packages(session, policy)
    _heading(session, "Statuses")
    for status in policy.statuses:
        out.line(
            f"  {status.name} -> {', '.join(status.moves) or 'nowhere'}{'' if status.open else '  (ended)'}"
        )
    _heading(session, "Roles")
    out.pairs(
        (f"  {role.name}", f"{role.title or role.name}: {_told(policy, role)}") for role in policy.roles
    )


def _told(policy: Policy, role: Role) -> str:
    """Whom a role reaches, and who is told when that is nobody."""
    from supporttui.policy.reaching import in_words

    whom = ", ".join(in_words(word) for word in role.reaches) or "nobody"
    return f"{whom}; else {policy.role_title(role.then)}" if role.then else whom


def _heading(session: Session, title: str) -> None:
    session.out.line()
    session.out.line(title)


def _hours(policy: Policy) -> str:
    name = policy.file.support_calendar
    for table in policy.file.calendars:
        if table.name == name:
            if isinstance(table.hours, str):
                return table.hours
            return ", ".join(f"{day} {as_text(spans)}" for day, spans in table.hours.items())
    return "24/7"


def as_text(spans: str | tuple[str, ...]) -> str:
    """Spans of a day as they are written."""
    return spans if isinstance(spans, str) else " and ".join(spans)


def _print_rules(session: Session, policy: Policy) -> None:
    out = session.out
    _heading(session, "Ladders")
    for matcher, ladder in policy.ladders:
        out.line(f"  {ladder.name}: {matcher.said()}")
        for rung in ladder.rungs:
            clock = "" if rung.measure.calendar_name == "always" else f" ({rung.measure.calendar_name})"
            again = f", again every {rung.repeat.duration}" if rung.repeat else ""
            out.line(f"    after {rung.measure.duration}{clock} to {rung.title}{again}")
    if policy.targets:
        _heading(session, "Targets")
    for matcher, target in policy.targets:
        clock = "" if target.measure.calendar_name == "always" else f" ({target.measure.calendar_name})"
        out.line(f"  {target.kind} within {target.measure.duration}{clock}: {matcher.said()} ({target.name})")


def _print_entitlement(session: Session, policy: Policy) -> None:
    """What customers are owed: each rule with its clause, and what follows."""
    table = policy.file.entitlement
    if not table.rules:
        return
    _heading(session, f"Entitlement (days in: {table.days_in})")
    for one in table.rules:
        days = f" {one.days} days" if one.days else ""
        then = f", then {one.after}" if one.after else ""
        billed = f" ({one.billed})" if one.billed else ""
        said = one.tell if one.kind == "advice" else f"{one.within or 'no say'}{then}{billed}"
        if one.kind in ("conflict", "hours", "updates"):
            said = "told"
        session.out.line(f"  {one.name}: {one.kind}{days}: {said} [{one.clause or one.name}]")


def _print_packages(session: Session, policy: Policy) -> None:
    """What a package costs, and how the sentences about buying one are read."""
    from supporttui.policy.packages import in_words, plans_of, readings

    if policy.package is None:
        return
    _heading(session, "Support packages")
    for plan in plans_of(policy.file.plans):
        session.out.line(
            f"  {plan.title} ({plan.name}): {in_words(plan, policy.package.currency, policy.package)}"
        )
    for _key, said in readings(policy.package):
        session.out.line(f"  {said}")


COMMANDS = {"policy": Verb(_configure, _run)}
