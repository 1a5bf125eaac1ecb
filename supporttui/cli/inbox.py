"""`inbox`: what came in and waits for somebody's decision; accept, attach, merge, reject, block a sender."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from supporttui.errors import UsageError

from .output import Column
from .parser import Parser, Verb, text, ticket, whole

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from supporttui.desk.deciding import Decided
    from supporttui.desk.inbox import Waiting
    from supporttui.store.mail_records import SenderRule

    from .session import Session

VERBS = ("list", "show", "accept", "attach", "merge", "reject", "block", "unblock", "blocked")
FIELDS = (
    "id",
    "kind",
    "at",
    "ticket",
    "claims",
    "sender",
    "subject",
    "why",
    "state",
    "decided_by",
    "version",
)


def _parts() -> Mapping[str, Verb]:
    made = {
        "list": Verb(_configure_list, _run_list),
        "show": Verb(_configure_one, _run_show),
        "accept": Verb(_configure_accept, _run_accept, writes=True),
        "attach": Verb(_configure_attach, _run_attach, writes=True),
        "merge": Verb(_configure_merge, _run_merge, writes=True),
        "reject": Verb(_configure_reject, _run_reject, writes=True),
        "block": Verb(_configure_block, _run_block, writes=True),
        "unblock": Verb(_configure_unblock, _run_unblock),
        "blocked": Verb(_configure_blocked, _run_blocked),
    }
    return {name: made[name] for name in VERBS}


def _configure(parser: Parser) -> None:
    parser.add_argument(
        "verb", nargs="?", choices=VERBS, metavar="VERB", help=f"{', '.join(VERBS)}; list when left out"
    )
    parser.epilog = "supporttui inbox VERB --help prints the page of a verb."


def _no_verb(session: Session) -> None:
    raise UsageError(f"what should be done? {', '.join(VERBS)}")


# -- looking ----------------------------------------------------------------------------------------


def _configure_list(parser: Parser) -> None:
    parser.description = "List what waits for a decision, what can't wait first."
    parser.add_argument("--decided", action="store_true", help="what was decided lately instead")


def _configure_one(parser: Parser) -> None:
    parser.description = (
        "Show one item: whence it came, why it waits, what can be done with it, what was written."
    )
    _id(parser)


def _id(parser: Parser) -> None:
    parser.add_argument(
        "id", type=whole(1, 10**18), metavar="ID", help="the item, by its number in the inbox"
    )


def _run_list(session: Session) -> None:
    from supporttui.desk import inbox

    session.open_existing()
    board = inbox.board(session.desk)
    found = board.decided if session.args.decided else board.rows
    out = session.out
    if out.form == "json":
        out.json_list(_record(one) for one in found)
    elif out.form == "tsv":
        out.tsv(FIELDS, (list(_record(one).values()) for one in found))
    elif not found:
        out.line("nothing was decided yet" if session.args.decided else "nothing waits for a decision")
    else:
        out.table(_columns(session.args.decided), [_cells(session, one) for one in found],
                  [one.item.kind == "call" and one.item.state == inbox.WAITING for one in found])  # fmt: skip
    if board.more and not session.args.decided:
        session.hint(f"{board.more} more wait behind these")


def _record(found: Waiting) -> dict[str, Any]:
    from supporttui.desk.inbox import home_of, own_of

    item = found.item
    values = (
        item.id, item.kind, item.at, own_of(item), home_of(item), found.sender, item.subject, found.why, item.state,
        item.decided_by, item.version,
    )  # fmt: skip
    return dict(zip(FIELDS, values, strict=True))


def _columns(decided: bool) -> Sequence[Column]:
    return (
        Column("id", right=True), Column("came"), Column("decided" if decided else "waits as"),
        Column("ticket", right=True), Column("claims", right=True), Column("from"), Column("subject", flexible=True),
    )  # fmt: skip


def _cells(session: Session, found: Waiting) -> list[str]:
    from supporttui.desk.inbox import DECIDED, WAITING, home_of, own_of

    item = found.item
    state = (
        item.kind if item.state == WAITING else f"{DECIDED.get(item.state, item.state)} by {item.decided_by}"
    )
    return [
        str(item.id), session.local(item.at), state, str(own_of(item) or ""), str(home_of(item) or ""),
        item.sender, item.subject,
    ]  # fmt: skip


def _run_show(session: Session) -> None:
    from supporttui.desk import inbox
    from supporttui.desk.inbox_words import choices

    session.open_existing()
    found = inbox.one(session.desk, session.args.id)
    out, offered = session.out, choices(found) if found.item.state == inbox.WAITING else ()
    if out.form != "text":
        more = {
            "text": found.text, "contact": found.contact,
            "files": [{"id": one.id, "name": one.name, "size": one.size, "hash": one.hash} for one in found.files],
            "decisions": {one.id: one.words for one in offered if not one.why},
        }  # fmt: skip
        whole = _record(found) | more
        if out.form == "json":
            out.json(whole)
        else:
            out.tsv((*FIELDS, "text"), [[*_record(found).values(), found.text]])
        return
    out.pairs(_pairs(session, found))
    out.line()
    names = {"believe": "accept --participant"}
    out.pairs((names.get(one.id, one.id), f"can't: {one.why}" if one.why else one.words) for one in offered)
    if found.text and found.item.kind != "file":
        out.line()
        out.body(found.text)


def _pairs(session: Session, found: Waiting) -> list[tuple[str, str]]:
    from supporttui.desk.attachments import size_text

    item, message = found.item, found.mail
    own, home = (
        f"{one.number} {one.subject} ({one.status})" if one else "" for one in (found.own, found.home)
    )
    pairs = [
        ("item", f"{item.id} ({item.kind})"), ("state", " by ".join(filter(None, (item.state, item.decided_by)))),
        ("came", session.local(item.at)), ("from", item.sender), ("known as", found.contact),
        ("proof", f"sender {message.auth or 'none'}, reference {message.token or 'none'}" if message else ""),
        ("subject", item.subject), ("why", found.why), ("its ticket", own), ("claims", home),
        ("files", ", ".join(f"{one.name} ({size_text(one.size)})" for one in found.files)),
    ]  # fmt: skip
    return [(name, value) for name, value in pairs if value]


# -- deciding ---------------------------------------------------------------------------------------


def _ids(parser: Parser) -> None:
    parser.add_argument(
        "ids", nargs="+", type=whole(1, 10**18), metavar="ID", help="the items, by their numbers in the inbox"
    )


def _configure_accept(parser: Parser) -> None:
    parser.description = (
        "It is right as it lies: a held message becomes its ticket's, a ticket that it made stands."
    )
    _ids(parser)
    parser.add_argument(
        "--participant", action="store_true",
        help="its sender takes part in the ticket from now on: may write to it, and reads what is public of it",
    )  # fmt: skip


def _configure_attach(parser: Parser) -> None:
    parser.description = (
        "Give a message or a file to a ticket; a ticket that the message had made is merged into it."
    )
    _id(parser)
    parser.add_argument(
        "number",
        nargs="?",
        type=ticket,
        default=0,
        metavar="NUMBER",
        help="the ticket; left out: the one it claims",
    )
    parser.add_argument(
        "--participant", action="store_true", help="its sender takes part in the ticket from now on"
    )


def _configure_merge(parser: Parser) -> None:
    parser.description = "Merge the ticket that it made into another one; nothing is copied."
    _id(parser)
    parser.add_argument(
        "number",
        nargs="?",
        type=ticket,
        default=0,
        metavar="INTO",
        help="the ticket; left out: the one it claims",
    )


def _configure_reject(parser: Parser) -> None:
    parser.description = (
        "It is nothing for the desk: a ticket that it made is closed, a message or a file stays out."
    )
    _ids(parser)


def _configure_block(parser: Parser) -> None:
    parser.description = (
        "Let nothing of a sender in any more.  Of an item: reject it and what else waits from its sender."
    )
    parser.add_argument(
        "who", type=text, metavar="WHO", help="an item's number, an address, or @domain for everybody there"
    )
    parser.add_argument("--domain", action="store_true", help="of an item: everybody at its sender's domain")
    parser.add_argument("--reason", type=text, default="", metavar="TEXT", help="why, for the list")


def _configure_unblock(parser: Parser) -> None:
    parser.description = "Let a sender's mail in again."
    parser.add_argument(
        "who", type=text, metavar="WHO", help="the address, or @domain, as inbox blocked lists it"
    )


def _configure_blocked(parser: Parser) -> None:
    parser.description = "List the senders who are blocked."


def _run_accept(session: Session) -> None:
    from supporttui.desk import deciding

    def act(id: int, batch: str) -> Decided:
        return deciding.accept(
            session.desk, id, seen=session.args.seen, participant=session.args.participant, blobs=session.blobs,
            batch=batch,
        )  # fmt: skip

    _each(session, act)


def _run_reject(session: Session) -> None:
    from supporttui.desk import deciding

    _each(session, lambda id, batch: deciding.reject(session.desk, id, seen=session.args.seen, batch=batch))


def _each(session: Session, act: Callable[[int, str], Decided]) -> None:
    """Decide on all the items that were named, or on none: one transaction that one undo takes back."""
    from supporttui.desk import inbox
    from supporttui.desk.act import new_batch, transaction

    ids = list(dict.fromkeys(session.args.ids))
    if len(ids) > 1 and session.args.seen is not None:
        raise UsageError("--if-version goes with one item")
    session.open_existing()
    batch, done = new_batch(), []
    with transaction(session.desk):
        waited = {id for id in ids if inbox.fetch(session.desk, id).state == inbox.WAITING}
        for id in ids:
            along = id in waited and inbox.fetch(session.desk, id).state != inbox.WAITING
            if not along:  # one of the others decided on it too
                done.append(act(id, batch))
    _say(session, done)


def _run_attach(session: Session) -> None:
    from supporttui.desk import deciding

    session.open_existing()
    args = session.args
    _say(
        session,
        [
            deciding.attach(
                session.desk,
                args.id,
                args.number,
                seen=args.seen,
                participant=args.participant,
                blobs=session.blobs,
            )
        ],
    )


def _run_merge(session: Session) -> None:
    from supporttui.desk import deciding

    session.open_existing()
    args = session.args
    _say(session, [deciding.merge(session.desk, args.id, args.number, seen=args.seen)])


def _run_block(session: Session) -> None:
    from supporttui.desk import deciding, senders

    session.open_existing()
    args, desk = session.args, session.desk
    if args.who.isascii() and args.who.isdigit() and len(args.who) < 19:
        _say(session, [deciding.block(desk, int(args.who), domain=args.domain, seen=args.seen)])
        return
    if args.domain or args.seen is not None:
        raise UsageError(
            f"{args.who}: --domain and --if-version go with an item; write @host.example for a domain"
        )
    rule = senders.block(desk, args.who, args.reason)
    said = "no mail of theirs comes in any more"
    if left := deciding.waiting_of(desk, rule.address):
        ids = " ".join(str(one.id) for one in left)
        said += f"; what came before waits still: supporttui inbox reject {ids}"
    _rules(session, [rule], said)


def _run_unblock(session: Session) -> None:
    from supporttui.desk import senders

    session.open_existing()
    _rules(session, [senders.unblock(session.desk, session.args.who)], "their mail comes in again")


def _run_blocked(session: Session) -> None:
    from supporttui.desk import senders

    session.open_existing()
    found = senders.blocked(session.desk)
    if session.form == "text" and found:
        rows = [(one.address, one.reason) for one in found]
        session.out.table((Column("address"), Column("reason", flexible=True)), rows)
    else:
        _rules(session, found, "" if found else "nobody is blocked")


def _rules(session: Session, rules: Sequence[SenderRule], said: str) -> None:
    out = session.out
    if out.form == "json":
        out.json([{"address": one.address, "reason": one.reason} for one in rules])
    elif out.form == "tsv":
        out.tsv(("address", "reason"), [(one.address, one.reason) for one in rules])
    else:
        out.line(": ".join(filter(None, (", ".join(one.address for one in rules), said))))


def _say(session: Session, done: Sequence[Decided]) -> None:
    out = session.out
    records = [
        {"id": one.item.id, "state": one.item.state, "ticket": one.ticket, "version": one.item.version,
         "line": one.line}
        for one in done
    ]  # fmt: skip
    if out.form == "json":
        out.json(records)
    elif out.form == "tsv":
        out.tsv(list(records[0]), [list(one.values()) for one in records])
    else:
        for one in done:
            out.line(one.line)


COMMANDS = {"inbox": Verb(_configure, _no_verb, parts=_parts)}
