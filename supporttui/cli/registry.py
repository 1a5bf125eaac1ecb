"""Every command and every global option, as plain data.

`--help` and the choice of a family's module come from here, so that a start
imports one family only.  The options of a command live in its family and are
read from there by help, completions and docs/cli.md.
"""

from __future__ import annotations

from typing import NamedTuple


class Command(NamedTuple):
    """One command: its family is the module supporttui.cli.<family>, which lists it in COMMANDS."""

    name: str
    family: str
    group: str
    summary: str


class GlobalOption(NamedTuple):
    """An option that every command takes, before or after its name.

    value: what its argument is called in help, or "" for a switch.
    setting: the setting of supporttui.config that it sets.
    """

    flag: str
    value: str
    setting: str
    summary: str


COMMANDS = (
    Command("report", "report", "Tickets", "report a problem: a new ticket"),
    Command("list", "listing", "Tickets", "list tickets that match a query"),
    Command("show", "show", "Tickets", "show one ticket with its deadlines and journal"),
    Command("set", "change", "Tickets", "set fields: severity, status, owner, subject, customer, product …"),
    Command("tag", "change", "Tickets", "add and remove tags"),
    Command("reply", "write", "Tickets", "write a public reply to the customer"),
    Command("note", "write", "Tickets", "write an internal note"),
    Command("call", "telephone", "Tickets", "put a telephone call on record: they called, or you did"),
    Command(
        "status", "telephone", "Tickets", "what the customer may know of a ticket, to read out or to send"
    ),
    Command("log", "effort", "Tickets", "log time spent on a ticket"),
    Command("expense", "effort", "Tickets", "enter what was spent on a ticket"),
    Command("timer", "timer", "Tickets", "the stopwatch: start, pause, stop, discard or show it"),
    Command("resolve", "close", "Tickets", "mark a ticket as resolved"),
    Command("close", "close", "Tickets", "close a ticket"),
    Command("reopen", "close", "Tickets", "reopen a resolved or closed ticket"),
    Command("merge", "relate", "Tickets", "merge a ticket into another one"),
    Command("link", "relate", "Tickets", "link two tickets"),
    Command("attach", "attachments", "Tickets", "attach a file to a ticket"),
    Command("attachments", "attachments", "Tickets", "list a ticket's files; view, save, move or remove one"),
    Command(
        "participant",
        "participants",
        "Tickets",
        "who takes part in a ticket beside its contact: add, remove, list",
    ),
    Command("undo", "history", "Tickets", "take back the last change"),
    Command("redo", "history", "Tickets", "do again what was taken back"),
    Command("deadlines", "clock", "The clock", "list deadlines, now or as they will stand at a time"),
    Command("explain", "clock", "The clock", "explain how each deadline of a ticket came about"),
    Command("ack", "attention", "The clock", "acknowledge: say by when the next update comes"),
    Command("snooze", "attention", "The clock", "put a ticket aside until a time"),
    Command("escalate", "attention", "The clock", "escalate a ticket by hand, now"),
    Command("tick", "clock", "The clock", "fire every deadline that is due, once"),
    Command(
        "handover",
        "handover",
        "The clock",
        "what one shift leaves to the next, as Markdown; accept the watch",
    ),
    Command("tour", "tour", "The desk", "learn the console in eleven steps on a temporary desk"),
    Command("watch", "watching", "The clock", "watch the clock without a console and send what is owed"),
    Command("web", "web", "The clock", "serve the Problem Report Form and the status page"),
    Command(
        "rehearse", "rehearse", "The clock", "play the policy on a copy of the store: what would be told when"
    ),
    Command("oncall", "oncall", "The clock", "who is on call, now or at a time; take a turn over"),
    Command("notices", "notices", "The clock", "list notices: waiting, dead or all of a ticket; try again"),
    Command("letters", "letters", "The clock", "list letters to customers, print one, check their templates"),
    Command("maintenance", "maintenance", "The clock", "hold notices back for a customer, a product or all"),
    Command(
        "customer",
        "book",
        "Customers and contracts",
        "customers with their sites, contacts, licences and tickets: add, look up, change, import",
    ),
    Command("site", "book", "Customers and contracts", "places of a customer, each with its site ID"),
    Command("contact", "book", "Customers and contracts", "people at a customer"),
    Command("product", "book", "Customers and contracts", "products and their families"),
    Command(
        "release",
        "book",
        "Customers and contracts",
        "releases of a product: when, what they replace, how long supported",
    ),
    Command(
        "os", "book", "Customers and contracts", "releases of operating systems, and when the team got access"
    ),
    Command("licence", "book", "Customers and contracts", "what customers bought or rent"),
    Command(
        "contract", "book", "Customers and contracts", "periods of support packages; quote and renew them"
    ),
    Command(
        "renewals",
        "renewals",
        "Customers and contracts",
        "packages that end soon: who may renew, until when, at what price",
    ),
    Command("host", "book", "Customers and contracts", "hosts of a customer: the CPUs on which products run"),
    Command(
        "installation", "book", "Customers and contracts", "which release of which product is on which host"
    ),
    Command(
        "modification", "book", "Customers and contracts", "changes of the host software that were noted"
    ),
    Command("quotation", "book", "Customers and contracts", "quotations that grant free support"),
    Command(
        "known",
        "known",
        "Customers and contracts",
        "known errors: their tickets, suggestions, and what is still owed",
    ),
    Command(
        "inbox", "inbox", "The desk", "what came in and waits for a decision: accept, attach, reject, block"
    ),
    Command("intake", "intake", "The desk", "take in what comes by mail and other ways"),
    Command("policy", "policy", "The desk", "show, check, compare or start a support policy"),
    Command("who", "who", "The desk", "say who is on which ticket now, reading or writing"),
    Command("views", "views", "The desk", "list the views and how many tickets they hold"),
    Command("billing", "billing", "The desk", "what a month's work comes to; freeze it, or credit a line"),
    Command("import", "importing", "The desk", "import tickets and histories from JSONL or CSV"),
    Command("export", "export", "The desk", "export tickets as JSONL, CSV or everything"),
    Command("backup", "backup", "The desk", "write a consistent copy of the store"),
    Command("keys", "keys", "The desk", "list the console's verbs with their keys, or check keys.toml"),
    Command("templates", "templates", "The desk", "list the canned replies, or check their files"),
    Command("info", "info", "The desk", "print paths, versions, settings and what the terminal can do"),
    Command("man", "man", "The desk", "print the manual page"),
    Command("completions", "completions", "The desk", "print shell completions for bash, zsh or fish"),
)

GLOBAL_OPTIONS = (
    GlobalOption(
        "--store", "URL|PATH", "store", "the store to use: a file, sqlite:///…, postgresql://… or :memory:"
    ),
    GlobalOption("--policy", "NAME|FILE", "policy", "the support policy: netex, xnet or a TOML file"),
    GlobalOption("--as", "NAME", "actor", "who acts; written into the journal"),
    GlobalOption("--zone", "ZONE", "zone", "zone of times in text: an IANA name, local or vendor"),
    GlobalOption("--theme", "NAME", "theme", "the console's theme"),
    GlobalOption("--mouse", "", "mouse", "let the console use the mouse"),
    GlobalOption("--slow", "", "slow", "fewer bytes for slow lines: timers repaint every 10 s"),
    GlobalOption(
        "--restricted", "", "restricted", "start no other program and touch no file that the user names"
    ),
)

# They stand alone: each opens the console, none goes with a command.
CONSOLE_OPTIONS = (
    GlobalOption("--demo", "", "demo", "open the console on a temporary desk with sample tickets"),
    GlobalOption("--seed", "N", "seed", "with --demo: other sample tickets"),
    GlobalOption(
        "--wall", "", "wall", "open the console on the wall: what burns, in large digits, read-only"
    ),
    GlobalOption(
        "--scenario",
        "NAME",
        "scenario",
        "open the console on a temporary desk in the middle of a story; or list",
    ),
    GlobalOption("--play", "", "play", "with --scenario: play the story at a person's pace, with captions"),
    GlobalOption("--speed", "X", "speed", "with --play: X times as fast"),
)

EXIT_CODES = (
    (0, "done"),
    (64, "the command line, a field or a query was written wrongly"),
    (65, "a file or standard input isn't what it should be"),
    (66, "no such ticket, view or file"),
    (70, "a fault in supporttui itself"),
    (74, "the store or the output can't be read or written"),
    (75, "someone else changed the ticket meanwhile, or the store is busy: look, then try again"),
    (77, "refused by the policy, the workflow or restricted mode"),
    (78, "a policy, settings file or store that can't be used as it is"),
    (130, "interrupted with Ctrl-C"),
    (141, "whoever read the output went away"),
)


def find(name: str) -> Command | None:
    """The command of that name, or None."""
    return next((command for command in COMMANDS if command.name == name), None)


def console_option(flag: str) -> GlobalOption | None:
    """The option written so that opens the console ("--demo"), or None."""
    return next((option for option in CONSOLE_OPTIONS if option.flag == flag), None)


def global_option(flag: str) -> GlobalOption | None:
    """The global option written so ("--store"), or None."""
    return next((option for option in GLOBAL_OPTIONS if option.flag == flag), None)
