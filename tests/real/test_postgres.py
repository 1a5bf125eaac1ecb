"""The same store on a real PostgreSQL server.

Where from, in this order: the server that SUPPORTTUI_TEST_PG names (a postgresql:// URL of
an empty database), else Debian's binaries run for the time of the tests on loopback.  In CI
a missing server fails; elsewhere the tests are skipped and say so.
"""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import tempfile
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from supporttui.errors import NotFound, Stopped, StoreBusy, StoreError, StoreUnfit, UsageError
from supporttui.policy.timeline import Deadline
from supporttui.store import (
    bulk,
    customers,
    customers_seen,
    deadlines,
    drafts,
    journal,
    links,
    meta,
    open_store,
    tickets,
    views,
    watches,
)
from supporttui.store.criteria import AllOf, AnyOf, Compare, Flag, Not, Sort, Words
from supporttui.store.records import Draft, View
from supporttui.store.session import Store

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
TABLES = (
    "link ticket_tag journal deadline ticket contact customer draft saved_view watch meta "
    "notice oncall_override maintenance desk_event site product product_release os_release licence contract host "
    "installation modification quotation known_error known_error_ticket worked billed_month stopwatch book_event "
    "message attachment participant sender_rule intake_item tally"
).split()


def _binaries() -> Path | None:
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[4]))
    if found:
        return found[-1].parent
    on_path = shutil.which("initdb")
    return Path(on_path).resolve().parent if on_path else None


def _as_other_user(folder: Path) -> list[str]:
    """PostgreSQL refuses to run as root: then the folder goes to postgres, or nobody, and so do the commands."""
    if os.geteuid() != 0:
        return []
    users = Path("/etc/passwd").read_text()
    user = "postgres" if "\npostgres:" in users else "nobody"
    shutil.chown(folder, user)
    return ["runuser", "-u", user, "--"]


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _serve(binaries: Path, folder: Path) -> Iterator[str]:
    prefix = _as_other_user(folder)
    data, port = folder / "data", _free_port()
    options = f"-p {port} -c listen_addresses=127.0.0.1 -c unix_socket_directories={folder} -c fsync=off"

    def run(*command: str) -> None:
        subprocess.run([*prefix, *command], check=True, capture_output=True, cwd=folder, timeout=60)

    run(
        str(binaries / "initdb"),
        "-D",
        str(data),
        "-U",
        "desk",
        "-A",
        "trust",
        "-E",
        "UTF8",
        "--locale=C.UTF-8",
    )
    run(str(binaries / "pg_ctl"), "-D", str(data), "-w", "-l", str(folder / "log"), "-o", options, "start")
    try:
        yield f"postgresql://desk:secret@127.0.0.1:{port}/postgres"
    finally:
        run(str(binaries / "pg_ctl"), "-D", str(data), "-w", "-m", "immediate", "stop")


def _unavailable(reason: str) -> None:
    if os.environ.get("CI") == "true":
        pytest.fail(f"in CI the PostgreSQL tests must run, but {reason}")
    pytest.skip(f"PostgreSQL not tested: {reason}")


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    try:
        import psycopg  # noqa: F401
    except ImportError:
        _unavailable("psycopg is not installed")
    given = os.environ.get("SUPPORTTUI_TEST_PG")
    binaries = _binaries()
    if given:
        yield given
    elif binaries is None:
        _unavailable("there is neither SUPPORTTUI_TEST_PG nor a PostgreSQL on this machine")
    else:
        folder = Path(tempfile.mkdtemp(prefix="supporttui-pg-"))
        folder.chmod(0o755)
        try:
            yield from _serve(binaries, folder)
        finally:
            shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def store(server: str) -> Iterator[Store]:
    with open_store(server) as opened:
        _empty(server)
        yield opened


def _empty(server: str) -> None:
    """Take every row away, the journal's guard included for that moment: only a test may."""
    import psycopg

    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute("SET session_replication_role = replica")
        connection.execute(f"TRUNCATE {', '.join(TABLES)} RESTART IDENTITY")


def report(store: Store, subject: str = "link down", **values: object) -> int:
    fields = {"subject": subject, "severity": 2, "status": "new", "reported_at": NOW, **values}
    return tickets.insert(store, fields)


def write(store: Store, number: int, text: str, **values: object) -> int:
    entry = {"ticket": number, "version": 1, "at": NOW, "recorded_at": NOW, "actor": "ana", "kind": "note"}
    return journal.append(store, **{**entry, "text": text, **values})


def rung(key: str, due: datetime, state: str = "armed", level: int = 1) -> Deadline:
    return Deadline(
        key=key, kind="escalation", role=key, level=level, label=key, due_at=due, state=state, severity=2
    )


def found(store: Store, where: object) -> list[int]:
    return [line.number for line in tickets.page(store, where, Sort("number"), limit=100)]


def test_a_ticket_comes_back_as_it_went_in(store):
    number = report(
        store, "Éclair \x00 \ud800", tags=("VIP", "vip", "x"), customer="Acme", external_id="INC1"
    )
    ticket = tickets.get(store, number)
    assert ticket.subject == "Éclair � �"
    assert ticket.tags == ("vip", "x")
    assert ticket.reported_at == NOW and ticket.next_due_at is None and ticket.version == 1
    assert tickets.find_external(store, "INC1") == number
    assert tickets.get(store, number + 1) is None


def test_compare_and_set(store):
    number = report(store)
    assert tickets.update(store, number, 1, {"status": "open"})
    assert not tickets.update(store, number, 1, {"status": "closed"})
    assert tickets.get(store, number).status == "open"


def test_the_journal_is_append_only(store):
    import psycopg

    entry = write(store, report(store), "hello")
    for sql in ("UPDATE journal SET text = 'x'", "DELETE FROM journal", "TRUNCATE journal"):
        with pytest.raises(StoreError, match="append-only"), store.write():
            store.execute(sql)
    assert [one.text for one in journal.recent(store, limit=5)] == ["hello"]
    assert journal.latest_id(store) == entry
    assert psycopg  # the guard is the server's own: no client can go round it


def test_criteria_and_words(store):
    one = report(
        store, "Résumé of covid-19 case", description="host a.example.com", owner="José", tags=("vip",)
    )
    two = report(store, "other", severity=1, customer="Acme Corp")
    write(store, two, "please restart the gateway")
    assert found(store, Words("resume")) == [one]
    assert found(store, Words("covid-19 example")) == [one]
    assert found(store, Words("restart the", phrase=True)) == [two]
    assert found(store, Words("the restart", phrase=True)) == []
    assert found(store, Words("gate*")) == [two]
    assert found(store, Compare("owner", "=", "JOSÉ")) == [one]
    assert found(store, Compare("tag", "=", "VIP")) == [one]
    assert found(store, Compare("customer", "contains", "CORP")) == [two]
    assert found(store, Compare("customer", "starts", "acme")) == [two]
    assert found(store, Not(Compare("severity", "<", 2))) == [one]
    assert found(store, AnyOf((Compare("tag", "=", "vip"), Words("gateway")))) == [one, two]
    assert found(store, AllOf((Flag("open"), Compare("resolved_at", "=", None)))) == [one, two]
    for hostile in ("' OR 1=1 --", '"', "a & | !", "<->", ":*", "\\", "%s", "a'b:*", "(", "\x00"):
        found(store, Words(hostile))
        found(store, Words(hostile, phrase=True))
        assert found(store, Compare("subject", "contains", hostile)) == []


@pytest.mark.parametrize("key", ["due", "number", "severity", "status", "owner", "customer", "subject"])
@pytest.mark.parametrize("descending", [False, True])
def test_pages_in_a_row_are_the_whole_list(store, key, descending):
    for index in range(11):
        report(store, "sub" + "AbÉ"[index % 3], owner="Zé" if index % 2 else "anna", severity=index % 3 + 1)
    sort = Sort(key, descending)
    whole = tickets.page(store, AllOf(), sort, limit=50)
    walked = tickets.page(store, AllOf(), sort, limit=4)
    while page := tickets.page(store, AllOf(), sort, limit=4, after=walked[-1]):
        walked += page
    assert walked == whole and len(whole) == 11
    assert tickets.page(store, AllOf(), sort, limit=3, before=whole[7].number) == whole[4:7]
    assert tickets.rank(store, AllOf(), sort, whole[5].number) == 5
    assert tickets.count(store, AllOf()) == 11 and tickets.count(store, AllOf(), 3) == 3


def test_deadlines_fire_once(store):
    number = report(store)
    late = NOW + timedelta(hours=8)
    deadlines.replace(
        store, number, [rung("director", late), rung("president", NOW + timedelta(days=1))], "p1"
    )
    assert tickets.get(store, number).next_due_at == late
    assert deadlines.due(store, NOW) == []
    assert [line.key for line in deadlines.due(store, late)] == ["director"]
    assert deadlines.fire(store, number, "director", late, "p2")
    assert not deadlines.fire(store, number, "director", late, "p2")
    assert tickets.get(store, number).overdue_since == late
    assert [line.key for line in deadlines.upcoming(store, limit=5)] == ["director", "president"]
    assert deadlines.next_due(store) == NOW + timedelta(days=1)
    with store.write():
        tickets.update(store, number, 1, {"resolved_at": NOW})
    assert deadlines.upcoming(store, limit=5) == [] and deadlines.next_due(store) is None


def test_eight_callers_fire_a_rung_once(store, server):
    number = report(store)
    deadlines.replace(store, number, [rung("director", NOW)], "p")
    won: list[bool] = []

    def fire() -> None:
        with open_store(server) as mine:
            won.append(deadlines.fire(mine, number, "director", NOW, "p"))

    threads = [threading.Thread(target=fire) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(won) == [False] * 7 + [True]


def test_customers_links_views_drafts_meta(store):
    one, two = report(store), report(store)
    assert customers.ensure(store, "Acme", plan="gold") == customers.ensure(store, "ACME")
    assert customers.get(store, "acme").plan == "gold"
    customers.add_contact(store, "acme", "Ann", email="ann@example.com")
    assert [contact.email for contact in customers.contacts(store, "ACME")] == ["ann@example.com"]
    assert links.add(store, one, two, "causes") and not links.add(store, one, two, "causes")
    assert links.of_ticket(store, two) == [(one, "caused-by")]
    views.save(store, View(name="Hot", query="sev:1"))
    assert views.get(store, "HOT").query == "sev:1" and views.delete(store, "hot")
    drafts.save(store, Draft(actor="ana", ticket=one, kind="reply", body="hi", updated_at=NOW))
    drafts.save(store, Draft(actor="ana", ticket=one, kind="reply", body="hello", updated_at=NOW))
    assert drafts.get(store, "ana", one, "reply").body == "hello"
    meta.put(store, "policy", "abc")
    assert meta.get(store, "policy") == "abc"


def test_bulk_rows_are_like_others(store):
    rows = [{"subject": f"t{i}", "severity": 3, "status": "new", "reported_at": NOW} for i in range(50)]
    with bulk.loading(store):
        numbers = bulk.tickets(store, rows)
        bulk.deadlines(store, [(number, rung("director", NOW)) for number in numbers], "p")
    assert report(store, "after") == numbers[-1] + 1
    assert len(deadlines.due(store, NOW)) == 50
    assert found(store, Words("t7")) == [numbers[7]]


def test_a_failed_write_leaves_nothing(store):
    with pytest.raises(RuntimeError), store.write():
        report(store)
        raise RuntimeError
    with store.write():
        report(store, "kept")
        with pytest.raises(StoreError), store.write():
            report(store, "dropped")
            write(store, 999_999, "for no ticket")
    assert [line.subject for line in tickets.page(store, AllOf(), Sort(), limit=9)] == ["kept"]


def test_a_lost_connection_comes_back(store, server):
    import psycopg

    number = report(store)
    with psycopg.connect(server, autocommit=True) as other:
        kill = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid() AND datname IS NOT NULL"
        other.execute(kill)
        assert tickets.get(store, number).number == number
        other.execute(kill)
        assert tickets.update(store, number, 1, {"status": "open"})
        with pytest.raises(StoreError, match="reached"), store.write():
            report(store, "lost")
            other.execute(kill)
            report(store, "lost too")
    assert found(store, AllOf()) == [number]


def test_data_version_tells_of_others_only(store, server):
    before = store.data_version()
    number = report(store)
    assert store.data_version() == before
    with open_store(server) as other:
        tickets.update(other, number, 1, {"status": "open"})
    assert store.data_version() != before


def test_a_search_may_take_so_long_and_no_longer(store):
    with pytest.raises(Stopped, match="50 ms"), store.limited(50):
        store.execute("SELECT pg_sleep(5)")
    assert found(store, AllOf()) == []


def test_interrupt(store):
    timer = threading.Timer(0.1, store.interrupt)
    timer.start()
    with pytest.raises(Stopped):
        store.execute("SELECT pg_sleep(20)")


def test_a_writer_waits_for_another_but_not_for_ever(store, server):
    with open_store(server) as other:
        other.execute("SET lock_timeout = '50ms'")
        with store.write():
            report(store)
            with pytest.raises(StoreBusy), other.write():
                raise AssertionError("two writers at once")
        assert report(other) > 0


def test_the_record_of_watches_is_append_only(store):
    first = watches.append(store, at=NOW, actor="ana", note="calm")
    watches.append(store, at=NOW, actor="raj")
    watches.append(store, at=NOW, actor="raj", undoes=first + 1)
    assert [(one.actor, one.note) for one in watches.standing(watches.recent(store))] == [("ana", "calm")]
    for sql in ("UPDATE watch SET actor = 'x'", "DELETE FROM watch", "TRUNCATE watch"):
        with pytest.raises(StoreError, match="append-only"), store.write():
            store.execute(sql)


def test_what_the_tickets_tell_of_customers(store):
    one = report(
        store, customer="Acme", contact="Bo", contact_phone="+1 2", site="7", product="BFX", release="5"
    )
    other = report(store, customer="ACME", contact="Bo", status="closed", resolved_at=NOW, severity=4)
    customers.ensure(store, "Acme", plan="gold")
    customers.add_contact(store, "Acme", "Al", email="al@acme.example")
    assert ("Acme", "Al", "al@acme.example", "") in customers_seen.of_book(store)
    assert ("Acme", "Bo", "", "+1 2", "7") in customers_seen.people(store)
    assert customers_seen.people(store, other) == [] and customers_seen.latest_ticket(store) == other
    assert customers_seen.open_counts(store, ["ACME", "none"]) == {"acme": 1}
    assert customers_seen.severities(store, "acme") == [(2, 1, 1), (4, 0, 1)]
    assert customers_seen.products(store, "acme") == [("BFX", "5", 1, NOW)]
    assert customers_seen.ended(store, "acme", 10) == [(other, NOW)]
    assert customers_seen.of_one(store, "acme")[-1] == ("Bo", "", "+1 2", "7")
    assert customers_seen.spelled(store, "acme") == "ACME" and one < other


def test_handover_wall_and_customer_page(store):
    from supporttui.clock import ManualClock
    from supporttui.desk import customers as known
    from supporttui.desk import handover, wall, write
    from supporttui.desk.report import NewTicket
    from supporttui.desk.report import report as enter
    from supporttui.desk.session import Desk
    from supporttui.watch.tick import tick

    clock = ManualClock(NOW)
    desk = Desk(store, "netex", clock, "ana")
    number = enter(
        desk, NewTicket(subject="down", severity=1, customer="Acme", contact_phone="+1 (2) 34")
    ).number
    write.note(desk, number, "handover: look at the dump")
    handover.accept(desk, "calm")
    clock.advance(seconds=9 * 3600)
    tick(desk)
    page = handover.report(desk, since=NOW)
    totals = {section.id: section.total for section in page.sections}
    assert (totals["unanswered"], totals["notes"], totals["unowned"], totals["severe"]) == (1, 1, 1, 1)
    assert page.watch is not None and page.watch.note == "calm"
    (burning,) = wall.read(desk).burning
    assert burning.line.number == number and burning.told[0].role == "director"
    directory = known.Directory()
    directory.refresh(desk)
    assert directory.search(desk, "1-23 4")[0].name == "Acme"
    assert known.page(desk, "acme").open[0].number == number


def test_eight_open_a_new_database_at_once(server):
    import psycopg

    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute("DROP DATABASE IF EXISTS fresh")
        connection.execute("CREATE DATABASE fresh")
    url = server.rpartition("/")[0] + "/fresh"
    facts: list[object] = []

    def look() -> None:
        with open_store(url) as opened:
            facts.append(opened.info()["schema"])

    threads = [threading.Thread(target=look) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(facts) == 8 and len(set(facts)) == 1
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("INSERT INTO schema_step VALUES (999, 'later')")
    with pytest.raises(StoreUnfit, match="schema 999"):
        open_store(url)
    with open_store(url, readonly=True) as opened, pytest.raises(StoreUnfit, match="reading only"):
        report(opened)


def test_a_foreign_database_is_left_alone(server):
    import psycopg

    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute("DROP DATABASE IF EXISTS foreign_one")
        connection.execute("CREATE DATABASE foreign_one")
    url = server.rpartition("/")[0] + "/foreign_one"
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("CREATE TABLE ticket (id int)")
    with pytest.raises(StoreUnfit, match="did not make"):
        open_store(url)


def test_no_password_is_shown(store, server):
    assert "secret" not in store.url and store.url.startswith("postgresql://")
    with pytest.raises(StoreError) as caught:
        open_store("postgresql://desk:hunter2@127.0.0.1:1/none?password=hunter3")
    assert "hunter" not in str(caught.value) and caught.value.__cause__ is None
    with pytest.raises(UsageError, match="pg_dump"):
        store.backup("/tmp/never")
    with pytest.raises(NotFound):
        tickets.page(store, AllOf(), Sort(), limit=1, after=10**9)
