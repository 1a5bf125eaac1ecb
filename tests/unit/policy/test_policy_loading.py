"""Errors of a policy file: one line with the file, the key and the nearest valid word."""

from __future__ import annotations

import subprocess
import sys

import pytest

from supporttui.errors import PolicyError
from supporttui.policy import Policy, load, preset_text, read_policy, template

NETEX = preset_text("netex")


def message(text: str, name: str = "netex.toml") -> str:
    with pytest.raises(PolicyError) as error:
        read_policy(text, name)
    said = str(error.value)
    assert "\n" not in said
    return said


def mended(old: str, new: str, count: int = 1) -> str:
    assert old in NETEX
    return NETEX.replace(old, new, count)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        (
            'after = "10 days"\nrole = "director"',
            'after = "10 days"\nrole = "directer"',
            "netex.toml: ladder[2].rung[0].role: no role 'directer'; did you mean 'director'?",
        ),
        ('on_reopen = "elapsed"', 'on_reopen = "elapse"', "netex.toml: on_reopen: 'elapse' is not a choice; did you mean 'elapsed'?"),
        ("[vendor]", "[vender]", "netex.toml: vender: no such key; did you mean 'vendor'?"),
        ('after = "8 hours"', 'afer = "8 hours"', "netex.toml: ladder[0].rung[0].afer: no such key; did you mean 'after'?"),
        (
            'after = "8 hours"',
            'after = "8 horus"',
            "netex.toml: ladder[0].rung[0].after: no unit of time 'horus' in '8 horus'; did you mean 'hours'?",
        ),
        ('after = "8 hours"', "after = 8", "netex.toml: ladder[0].rung[0].after: expected text like '8 hours', not 8"),
        ('after = "8 hours"\n', "", "netex.toml: ladder[0].rung[0].after: missing; every [[ladder.rung]] needs it"),
        ("when = { severity = 2 }", "when = { severity = 7 }", "netex.toml: ladder[1].when.severity: no severity '7'"),
        ("when = { severity = 2 }", 'when = { environment = "prod" }', "netex.toml: ladder[1].when.environment: no environment 'prod'; did you mean 'production'?"),
        ("when = { severity = 2 }", 'when = { plan = "gold" }', "netex.toml: ladder[1].when.plan: this policy names no plan at all"),
        ("number = 2", 'number = "two"', "netex.toml: severity[1].number: expected a whole number, not text"),
        ("number = 2", "number = 1", "netex.toml: severity[1].number: 1 is already the number of severity[0]"),
        ('clock = "always"', 'clock = "alwys"', "netex.toml: ladder[0].clock: no clock 'alwys'; did you mean 'always'?"),
        ('zone = "America/Chicago"', 'zone = "America/Chikago"', "netex.toml: vendor.zone: no time zone 'America/Chikago'; did you mean 'America/Chicago'?"),
        ("hours = { mon-fri =", "hours = { mon-fryday =", "netex.toml: calendar[0].hours.mon-fryday: no day 'fryday'; did you mean 'friday'?"),
        ('["08:00-17:00"]', '["8-17"]', "netex.toml: calendar[0].hours.mon-fri: can't read the hours '8-17'; write '08:00-17:00'"),
        ('["08:00-17:00"]', "[]", "netex.toml: calendar[0].hours: no open hours at all"),
        ('support_calendar = "support"', 'support_calendar = "suport"', "netex.toml: support_calendar: no calendar 'suport'; did you mean 'support'?"),
        ('moves = ["open", "closed"]', 'moves = ["open", "close"]', "netex.toml: status[4].moves[1]: no status 'close'; did you mean 'closed'?"),
        ("escalation = []", 'escalation = ["waiting"]', "netex.toml: pauses.escalation[0]: no status 'waiting'"),
        ("escalation = []", "escalations = []", "netex.toml: pauses.escalations: no such key; did you mean 'escalation'?"),
        ('"contact_phone", "contact_email"', '"contact_fone", "contact_email"', "netex.toml: required[2]: no field of a ticket 'contact_fone'; did you mean 'contact_phone'?"),
        ('then = "president"', 'then = "presidents"', "netex.toml: role[1].then: no role 'presidents'; did you mean 'president'?"),
        ('name = "owner"', 'name = "director"', "netex.toml: role[1].name: 'director' is already the name of role[0]"),
        ("default_severity = 3", 'default_severity = "Minro"', "netex.toml: default_severity: no severity 'Minro'; did you mean 'minor'?"),
        ('name = "netex"', 'name = netex"', "netex.toml: not TOML: "),
    ],
)  # fmt: skip
def test_each_fault_is_one_line_with_key_and_nearest_word(old: str, new: str, said: str) -> None:
    assert message(mended(old, new)).startswith(said)


@pytest.mark.parametrize(
    ("rules", "said"),
    [
        ('[[ladder]]\nname = "x"\n[[ladder.rung]]\nafter = "50% of response"\nrole = "owner"', "ladder[4].rung[0].after: '50% of response' needs a [[target]] of kind 'response', and there is none"),
        ('[[target]]\nname = "x"\nkind = "response"\nafter = "50% of resolution"', "target[0].after: '50% of resolution' is a share of a target; a target needs a time of its own"),
        ('[[target]]\nname = "x"\nkind = "reponse"\nafter = "1 h"', "target[0].kind: 'reponse' is not a choice; did you mean 'response'?"),
        ('[[target]]\nname = "x"\nkind = "update"\nafter = "1 h"\n[[ladder]]\nname = "x"\n[[ladder.rung]]\nafter = "50% of update"\nrole = "owner"', "ladder[4].rung[0].after: '50% of update': updates repeat"),
        ('[[target]]\nname = "x"\nkind = "response"\nafter = "end of business day"\n[[ladder]]\nname = "x"\n[[ladder.rung]]\nafter = "50% over response"\nrole = "owner"', "ladder[4].rung[0].after: '50% over response': 'end of business day' has no length to go over"),
        ('[[target]]\nname = "x"\nkind = "response"\nclock = "support"\nafter = "2 days"', "target[0].after: '2 days' on the clock 'support' could mean two things"),
        ('[[target]]\nname = "x"\nkind = "response"\nclock = "support"\nafter = "2d"', "target[0].after: '2d' on the clock 'support' could mean two things"),
        ('[[target]]\nname = "x"\nkind = "response"\nafter = "0 min"', "target[0].after: '0 min' leaves no time to meet it"),
        ('[[ladder]]\nname = "x"\n[[ladder.rung]]\nafter = "1 h"\nrole = "owner"\nrepeat = "1 month"', "ladder[4].rung[0].repeat: '1 month' can't be repeated"),
        ('[[calendar]]\nname = "x"\nhours = "24x7"', "calendar[1].hours: '24x7' are no hours; write \"24/7\""),
        ('[[calendar]]\nname = "x"\nhours = "24/7"\nholidays = ["2026-01-01"]', "calendar[1].holidays: a calendar that is open 24/7 never closes"),
        ('[[calendar]]\nname = "x"\ncountry = "USA!"\nhours = { mon = ["09:00-10:00"] }', "calendar[1].country: no public holidays known for 'USA!'"),
        ('[[calendar]]\nname = "x"\nhours = { mon = ["09:00-25:00"] }', "calendar[1].hours.mon: no time '25:00'"),
        ('[[calendar]]\nname = "x"\nhours = { mon = ["09:00-17:00"], mon-fri = ["09:00-17:00"] }', "calendar[1].hours.mon-fri: mon is given twice"),
        ('[[calendar]]\nname = "x"\nhours = { mon = ["09:00-17:00"] }\nholidays = ["2026-02-30"]', "calendar[1].holidays: no date '2026-02-30'; write YYYY-MM-DD"),
        ('[[calendar]]\nname = "x"\nhours = { mon = ["09:00-17:00"] }\noverrides = { 24-12-2026 = [] }', "calendar[1].overrides.24-12-2026: no date '24-12-2026'"),
        ('[[calendar]]\nname = "always"\nhours = "24/7"', "calendar[1].name: 'always' is the wall clock"),
        ('[[calendar]]\nname = "x"\nzone = "Mars/Base"\nhours = { mon = ["09:00-17:00"] }', "calendar[1].zone: no time zone 'Mars/Base'"),
        ('[[calendar]]\nname = "x"\nics = ["a.ics"]\nhours = { mon = ["09:00-17:00"] }', "calendar[1].ics[0]: 'a.ics' can't be looked for"),
        ('[[cap]]\nname = "x"\nat_most = 9', "cap[0].at_most: no severity '9'"),
        ('[[snooze]]\nname = "x"\nusual = "50% of response"', "snooze[2].usual: '50% of response' is no length of time"),
    ],
)  # fmt: skip
def test_rules_that_have_no_meaning_are_refused(rules: str, said: str) -> None:
    assert message(f"{NETEX}\n{rules}\n").startswith(f"netex.toml: {said}")


def test_business_time_needs_a_calendar_to_count_on() -> None:
    text = NETEX.replace('support_calendar = "support"', "").replace('"8 hours"', '"8 business hours"', 1)
    assert "there is no support_calendar to count it on" in message(text)


def test_toml_errors_name_the_line() -> None:
    assert "line 3" in message('name = "x"\n[vendor]\nname ~ "y"\n')


def test_a_name_that_is_no_preset(tmp_path) -> None:
    with pytest.raises(PolicyError, match="no policy 'netx'; did you mean 'netex'\\?"):
        load("netx")
    with pytest.raises(PolicyError, match=r"no\.toml: can't be read: no such file"):
        load(tmp_path / "no.toml")
    with pytest.raises(PolicyError, match="can't be read: is a directory"):
        load(tmp_path)
    (tmp_path / "binary.toml").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(PolicyError, match=r"binary\.toml: not UTF-8 text"):
        load(tmp_path / "binary.toml")
    (tmp_path / "huge.toml").write_bytes(b"#" * (1 << 20) + b"##")
    with pytest.raises(PolicyError, match=r"huge\.toml: larger than 1 MiB"):
        load(tmp_path / "huge.toml")


def test_a_file_is_loaded_from_its_path(tmp_path) -> None:
    path = tmp_path / "mine.toml"
    path.write_text(template("mine", zone="Europe/Vienna"), encoding="utf-8")
    policy = load(path)
    assert isinstance(policy, Policy)
    assert (policy.name, policy.zone.key, policy.source) == ("mine", "Europe/Vienna", "mine.toml")
    assert load(str(path)).hash == policy.hash


def test_the_hash_changes_with_the_meaning_only() -> None:
    hash_ = load("netex").hash
    assert len(hash_) == 12
    lines = [line for line in NETEX.splitlines() if not line.startswith("#") and line.strip()]
    assert read_policy("\n\n".join(lines), "other.toml").hash == hash_
    assert read_policy(mended('"24 hours"', '"1 day"'), "netex.toml").hash == hash_
    assert read_policy(mended('"24 hours"', '"23 hours"'), "netex.toml").hash != hash_
    assert load("xnet").hash != hash_


def test_severities_without_numbers_are_numbered_by_order() -> None:
    policy = load("xnet")
    assert [(each.number, each.name) for each in policy.severities] == [
        (1, "Priority"),
        (2, "Normal"),
        (3, "Request"),
    ]
    assert policy.severity("normal").number == policy.severity(2).number == policy.default_severity == 2
    with pytest.raises(PolicyError, match="no severity 'Norml'; did you mean 'Normal'\\?"):
        policy.severity("Norml")


def test_the_xnet_preset_says_what_the_page_says() -> None:
    policy = load("xnet")
    rates = {plan.name: (plan.years, plan.rate_percent) for plan in policy.file.plans}
    assert rates == {"smp-1y": (1, "15"), "smp-2y": (2, "10"), "none": (0, "")}
    covered = {choice.name for choice in policy.file.categories if choice.covered}
    basic = {"installation", "registration", "licensing", "key-code", "feature-request", "bug"}
    assert covered == basic | {"operation"}
    assert [phone.number for phone in policy.vendor.phones] == ["019-989 7509", "013-939 7509"]
    assert policy.vendor.email == "support@xnet.my"
    assert policy.calendars["office"].zone.key == "Asia/Kuala_Lumpur"


def test_workflow_and_roles() -> None:
    policy = load("netex")
    assert policy.may_move("new", "open")
    assert not policy.may_move("closed", "resolved")
    assert policy.moves("resolved") == ("open", "closed")
    assert policy.moves("from another policy") == tuple(status.name for status in policy.statuses)
    assert [role.name for role in policy.told("director")] == ["director"]
    assert policy.role_title("gone") == "gone"


def test_a_role_that_reaches_nobody_falls_through() -> None:
    policy = read_policy(mended('reaches = ["desk"]\nthen = "president"', 'then = "president"'), "x.toml")
    assert [role.name for role in policy.told("director")] == ["director", "president"]


def test_limits_of_acknowledging_and_snoozing(kit) -> None:
    policy, at = load("netex"), kit.at("2026-05-11T10:00")
    facts = kit.ticket("2026-05-11T10:00", severity=1).facts
    assert policy.acknowledgement_limits(facts, at) == (
        kit.at("2026-05-11T11:00"),
        kit.at("2026-05-11T18:00"),
    )
    assert policy.snooze_limits(facts, at) == (kit.at("2026-05-11T10:30"), kit.at("2026-05-11T12:00"))
    assert kit.policy("").snooze_limits(facts, at) == (None, None)


def test_the_record_types_load_neither_the_decoder_nor_a_calendar() -> None:
    code = "import sys, supporttui.policy.timeline; print([m for m in ('msgspec', 'supporttui.policy.calendar') if m in sys.modules])"
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert found.stdout.strip() == "[]"


def test_names_are_functions_whatever_was_imported_first() -> None:
    code = (
        "import supporttui.policy.explaining, supporttui.policy as p;"
        "print(all(callable(getattr(p, name)) for name in ('load', 'plan', 'classify', 'explain', 'check', 'diff')))"
    )
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert found.stdout.strip() == "True"
