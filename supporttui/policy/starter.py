"""The policy that `supporttui policy new` writes: small, commented, and fit to run as it stands."""

from __future__ import annotations

import json

from supporttui.errors import PolicyError
from supporttui.policy.civil import find_zone

_TEXT = """\
# A support policy for supporttui. Check it with: supporttui policy check FILE
#
# Durations: "30 min", "8 hours", "3 days", "2 weeks", "1 month" run on the wall clock
# (a day is 24 hours). "4 business hours", "2 business days" and "end of business day"
# count on a calendar. "50% of response" and "100% over resolution" measure by a target.

name = @NAME@
title = @TITLE@

# A reopened ticket: "continue" (time while it was over does not count), "restart" (a new
# ladder from the reopening) or "elapsed" (nothing is forgiven).
on_reopen = "continue"

# The severity of a report without one: a number or a name.
default_severity = "Normal"

# Whose hours business durations count, and when the desk is open.
support_calendar = "office"

# Whether a message from the customer ends "waiting-customer".
customer_message_ends_waiting = true

# For how long notices may be held back at one go (`supporttui maintenance`).
maintenance_at_most = "4 hours"

# What every report must say; `asked` is welcome but may be missing.
required = ["customer", "contact", "product", "description"]
asked = ["contact_email", "contact_phone", "release", "os"]


[vendor]
name = @VENDOR@
zone = @ZONE@
email = ""
after_hours_phone = ""

# One [[vendor.phone]] for each region.
[[vendor.phone]]
region = "main"
number = "+00 000 0000000"


# Hours: "24/7", or days and spans. "22:00-02:00" runs into the next day, "24:00" ends one.
# country = "US" and region = "MN" close public holidays; ics = ["holidays.ics"] reads a file.
[[calendar]]
name = "office"
hours = { mon-fri = ["09:00-17:00"] }
holidays = { 2030-01-01 = "New Year" }
overrides = { 2030-12-24 = ["09:00-12:00"] }


# The most severe first. `number` may be left out.
[[severity]]
name = "Critical"
definition = "The customer's system is down."
round_the_clock = true

[[severity]]
name = "Normal"
definition = "Work goes on, with trouble."

[[severity]]
name = "Low"
definition = "A question or a wish."


# Whom rules tell. reaches: "owner" (of the ticket), "desk" (every analyst at a console),
# "@name", "oncall:ROTATION" (of roster.toml), an e-mail address, a telephone number, or a channel
# of channels.toml such as "webhook:ops". then: the role that is told when this one reaches nobody.
[[role]]
name = "owner"
reaches = ["owner", "desk"]

[[role]]
name = "lead"
title = "Team lead"
reaches = ["desk"]

[[role]]
name = "manager"
title = "Support manager"
reaches = ["desk"]


[[status]]
name = "new"
moves = ["open", "waiting-customer", "waiting-vendor", "resolved", "closed"]

[[status]]
name = "open"
moves = ["waiting-customer", "waiting-vendor", "resolved", "closed"]

[[status]]
name = "waiting-customer"
waiting = "customer"
moves = ["open", "waiting-vendor", "resolved", "closed"]

[[status]]
name = "waiting-vendor"
waiting = "vendor"
moves = ["open", "waiting-customer", "resolved", "closed"]

[[status]]
name = "resolved"
open = false
moves = ["open", "closed"]

[[status]]
name = "closed"
open = false
moves = ["open"]


# Statuses in which each kind of clock stands still.
[pauses]
escalation = ["waiting-customer"]
update = ["waiting-customer"]
resolution = ["waiting-customer"]


# Targets: response, update, workaround or resolution. `when` may name severity, plan,
# channel, category, environment, product and customer; for each kind the first match wins.
[[target]]
name = "critical response"
kind = "response"
when = { severity = "Critical" }
after = "30 min"
warn = ["50%", "5 min before"]

[[target]]
name = "response"
kind = "response"
after = "4 business hours"
warn = ["75%"]

[[target]]
name = "critical updates"
kind = "update"
when = { severity = "Critical" }
after = "2 hours"


# Ladders: the first one that matches is the one. start = "report" (the usual),
# "classification" or "acknowledgement"; clock = "always" or a calendar's name.
[[ladder]]
name = "critical"
when = { severity = "Critical" }

[[ladder.rung]]
after = "1 hour"
role = "lead"

[[ladder.rung]]
after = "4 hours"
role = "manager"
repeat = "2 hours"

[[ladder]]
name = "everything else"

[[ladder.rung]]
after = "100% over response"
role = "lead"

[[ladder.rung]]
after = "10 business days"
role = "manager"


# Who hears of a promised update that did not come.
[promise]
role = "owner"
warn = ["15 min before"]

# How long an acknowledgement and a snooze may last.
[[acknowledgement]]
name = "critical"
when = { severity = "Critical" }
usual = "30 min"
at_most = "4 hours"

[[acknowledgement]]
name = "everything else"
usual = "1 day"
at_most = "14 days"

[[snooze]]
name = "every ticket"
usual = "1 day"
at_most = "14 days"


# Words that a ticket may carry; [[plan]], [[category]] and [[environment]] work alike.
[[channel]]
name = "phone"

[[channel]]
name = "email"

[[environment]]
name = "production"

[[environment]]
name = "test"

# Support packages, for a yearly percentage of the purchase price. renewal_days: they can be renewed
# so long before their last day; purchase_days as purchase_reading says: "last-call" (the console
# urges from then on), "opens" (not earlier) or "latest" (not later). after_lapse: "none" or "new".
# rounding: "half-up", "half-even", "up", "down"; rounded: "total" or "lines"; currency: of prices
# without one; forced_with_reason: whether a reason allows a renewal outside these days.
[[plan]]
name = "one-year"
title = "One year"
years = 1
rate_percent = "15"

[[plan]]
name = "two-years"
title = "Two years"
years = 2
rate_percent = "10"

[package]
renewal_days = 90
purchase_days = 14
purchase_reading = "last-call"
after_lapse = "none"
rounding = "half-up"
rounded = "total"
currency = ""
forced_with_reason = false

# Whether an error that can be reproduced and hurts owes its customers a workaround, or a correction
# planned for a release (`supporttui known owed` lists what is still owed). clause: the [[term]] that says so.
[known_errors]
owes_a_way_out = false
clause = ""

# What becomes of mails. A customer's answer to a ticket that has ended: "reopen" it, or a new one that
# is "linked" to it; after reopen_days (0: never) a new one in any case. call_severities: those that need a
# telephone call; such a mail is entered and put before somebody at once. unknown_sender: "ticket",
# or "wait" until somebody takes it in. acknowledge: whether a new ticket is acknowledged by mail.
[intake]
reply_to_resolved = "reopen"
reply_to_closed = "linked"
reopen_days = 30
call_severities = [1]
unknown_sender = "ticket"
acknowledge = true

# What a customer is owed, told with every ticket. Support rests on a rule of the kinds "charge"
# (a monthly charge), "package", "quotation" or "warranty": one that covers is enough. The kinds
# "superseded", "os-release", "modification" and "category" limit it: the gravest wins. "conflict",
# "hours", "updates" and "advice" only tell. within, after, without: what follows while it holds, when
# it does so no longer, and when nothing of the kind is on file: "covered", "discretion", "billable",
# "consulting", "uncovered", "unclear", or "" for no say. What isn't on file never refuses anything.
# clause: the [[term]] that it comes from. days_in: "vendor", "customer" or "either".
[entitlement]
days_in = "vendor"

[[entitlement.rule]]
name = "support package"
kind = "package"
clause = "Packages"
within = "covered"
after = "uncovered"
without = "unclear"

[[entitlement.rule]]
name = "older releases"
kind = "superseded"
clause = "Older releases"
days = 180
within = "covered"
after = "discretion"
billed = "time and materials"

[[entitlement.rule]]
name = "support hours"
kind = "hours"
clause = "Support hours"

[[term]]
name = "Packages"
text = "A package covers support from its first day to its last."

[[term]]
name = "Support hours"
text = "The hours of the calendar; critical tickets are worked round the clock."

[[term]]
name = "Older releases"
days = 180
text = "A release is supported for 180 days after the next one came out."

# A test system is never critical.
[[cap]]
name = "test systems"
when = { environment = "test" }
at_most = "Normal"

# Critical must be reported by telephone; otherwise = "Normal" would lower it.
[[demand]]
name = "critical by telephone"
severity = "Critical"
channel = "phone"

# Critical lasts only while the customer can be reached round the clock.
[[lower]]
name = "nobody to call back"
severity = "Critical"
to = "Normal"


# Time and billing. Billable time is rounded up to whole units, for each "entry" or for what was
# worked on a ticket in a "day"; `minimum` is the least that this is billed as. `expenses` are
# the kinds that may be entered (empty: any). No tax is worked out.
[billing]
unit = "15 min"
per = "entry"
minimum = "0 min"
currency = "EUR"
expenses = ["travel", "material"]

# What an hour costs: the first [[rate]] that matches is the one. `when` as above; `coverage` may
# name "discretion", "billable", "consulting" and "uncovered". hourly = "" is not known yet:
# its hours are billed without money. The surcharge is for time outside of `calendar`.
[[rate]]
name = "standard"
hourly = ""
after_hours_percent = "50"
calendar = "office"
"""


def template(name: str = "my-desk", vendor: str = "Our company", zone: str = "UTC") -> str:
    """The TOML of a new policy; it loads and passes `check`.

    zone: IANA name.  Errors: PolicyError for an empty name or an unknown zone.
    """
    for what, word in (("name", name), ("vendor", vendor)):
        if not word.strip():
            raise PolicyError(f"{what}: a new policy needs one")
    find_zone(zone, "zone")
    values = {"@NAME@": name, "@TITLE@": f"Support by {vendor}", "@VENDOR@": vendor, "@ZONE@": zone}
    text = _TEXT
    for mark, value in values.items():
        text = text.replace(mark, json.dumps(value, ensure_ascii=False))
    return text
