"""Import into the book: whole lines or none, the same file twice changes nothing, hostile files get lines."""

from __future__ import annotations

import csv
import gzip
import random
import time

import pytest

from supporttui.desk import book
from supporttui.desk.undo import redo, undo
from supporttui.errors import DataError, SupportError, UsageError
from supporttui.intake.book import run


@pytest.fixture
def stocked(desk):
    for name in ("Acme Corp", "Beta"):
        book.add(desk, "customer", {"name": name})
    book.add(desk, "product", {"name": "HyperIP"})
    return desk


@pytest.fixture
def take(stocked, tmp_path):
    def take(kind, text, name="in.csv", **more):
        file = tmp_path / name
        file.write_bytes(text if isinstance(text, bytes) else text.encode())
        return run(stocked, kind, file, **more)

    return take


def counts(result):
    return (result.rows, result.added, result.changed, result.unchanged, len(result.rejected))


LICENCES = (
    'Number,Customer,Product,Purchased on,Price,Currency\n'
    'L-1,Acme Corp,HyperIP,2026-01-15,"1,200.00",USD\n'
    'L-2,beta,hyperip,15 Jan 2026,800,usd\n'
)  # fmt: skip


def test_the_same_file_twice_changes_nothing(stocked, take):
    assert counts(take("licence", LICENCES)) == (2, 2, 0, 0, 0)
    events = stocked.store.execute("SELECT * FROM book_event ORDER BY id")
    assert counts(take("licence", LICENCES)) == (2, 0, 0, 2, 0)
    assert stocked.store.execute("SELECT * FROM book_event ORDER BY id") == events


def test_a_mended_line_changes_its_record_and_an_empty_cell_nothing(stocked, take):
    take("licence", LICENCES)
    result = take("licence", "number,customer,product,price,notes\nL-1,Acme Corp,HyperIP,,moved\n")
    assert counts(result) == (1, 0, 1, 0, 0)
    licence = book.find(stocked, "licence", "L-1")
    assert (str(licence.price), licence.notes, licence.version) == ("1200.00", "moved", 2)


def test_all_of_an_import_is_one_undo(stocked, take):
    take("licence", LICENCES)
    assert undo(stocked).description == "undone: 2 changes in the book"
    assert book.listed(stocked, "licence") == []
    redo(stocked)
    assert len(book.listed(stocked, "licence")) == 2


def test_after_an_undo_the_mended_file_is_taken_as_if_nothing_had_been(stocked, take):
    take("customer", "name,notes\nGamma,wrong\nDelta,\n")
    take("licence", LICENCES)
    undo(stocked)
    undo(stocked)
    assert counts(take("customer", "name,key\nGAMMA,7\nDelta,8\n")) == (2, 2, 0, 0, 0)
    assert counts(take("licence", LICENCES)) == (2, 2, 0, 0, 0)
    gamma = book.find(stocked, "customer", "gamma")
    assert (gamma.name, gamma.key, gamma.notes) == ("GAMMA", "7", "")
    undo(stocked)
    undo(stocked)
    assert [one.name for one in book.listed(stocked, "customer")] == ["Acme Corp", "Beta"]
    redo(stocked)
    assert book.find(stocked, "customer", "gamma").key == "7"


def test_a_number_of_another_customer_is_not_moved_silently(stocked, take):
    take("licence", LICENCES)
    result = take("licence", LICENCES.replace("Acme Corp", "Beta"))
    assert counts(result) == (2, 0, 0, 1, 1)
    assert "this is licence L-1 of Acme Corp" in result.rejected[2]


FILES = {
    "site": "customer,code,name,zone,phone\nAcme Corp,A-1,Home,America/Chicago,+1 763 555 0100\n",
    "contact": "customer,name,email,site\nAcme Corp,J. Ortiz,j@acme.example,\n",
    "release": "product,level,released on,replaces\nHyperIP,7.1,2026-01-01,\nHyperIP,7.2,2026-06-01,7.1\n",
    "os-release": "operating system,release,accessed on\nz/OS,3.1,2026-01-02\n",
    "contract": "customer,plan,number,start_on,end_on,renews\nAcme Corp,x,C-1,2026-01-01,2026-12-31,\nAcme Corp,x,C-1,2027-01-01,2027-12-31,C-1\n",
    "host": "customer,name,os,os_release\nAcme Corp,mvs1,z/OS,3.1\nBeta,mvs1,z/OS,3.1\n",
    "modification": "customer,what,noted_on,authorised\nAcme Corp,exit 7,2026-02-01,no\n",
    "quotation": "customer,number,product,support_from,support_to\nAcme Corp,Q-1,HyperIP,2026-01-01,2026-03-31\nAcme Corp,Q-1,,2026-01-01,2026-03-31\n",
    "known-error": "product,title,state\nHyperIP,Tunnel drops,reported\n",
    "customer": "name,customer number,plan\nGamma,7,x\n",
    "product": "name,family\nBFX,Bulk\n",
}  # fmt: skip


@pytest.mark.parametrize("kind", FILES)
def test_every_kind_can_be_imported_again_and_again(stocked, take, kind):
    lines = FILES[kind].count("\n") - 1
    first = take(kind, FILES[kind])
    assert counts(first) == (lines, lines, 0, 0, 0), first.rejected
    again = take(kind, FILES[kind])
    assert counts(again) == (lines, 0, 0, lines, 0), again.rejected


def test_installations_name_their_host_by_its_customer(stocked, take):
    take("host", FILES["host"])
    text = "customer,host,product,tcp/ip,installed on\nBeta,mvs1,HyperIP,yes,2026-01-01\n,mvs1,HyperIP,no,2026-01-01\n"
    result = take("installation", text)
    assert counts(result) == (2, 1, 0, 0, 1)
    assert "may be #1" in result.rejected[3]
    assert take("installation", text).unchanged == 1


def test_what_a_list_prints_can_be_imported(stocked, take):
    take("licence", LICENCES)
    lines = ["\t".join(["id", *(one.name for one in book.fields_of("licence")), "version"])]
    for one in book.listed(stocked, "licence"):
        lines.append(
            "\t".join([str(one.id), *book.texts(stocked, "licence", one).values(), str(one.version)])
        )
    assert counts(take("licence", "\n".join(lines), "in.tsv")) == (2, 0, 0, 2, 0)


BAD = (
    "number,customer,product,price,currency,purchased on\n"
    "L-1,Acme Corp,HyperIP,12,USD,2026-01-15\n"
    "L-2,Nobody,HyperIP,12,USD,2026-01-15\n"
    "L-3,Acme Corp,HyperIP,12.345,USD,2026-01-15\n"
    "L-4,Acme Corp,HyperIP,12,USD,15/01/2026\n"
    "L-5,Acme Corp,HyperIP\n"
    ",,,,,\n"
    "L-6,Beta,HyperIP,12,USD,2026-01-15\n"
)


def test_rejects_hold_the_reason_and_are_an_import_once_mended(stocked, take, tmp_path):
    rejects = tmp_path / "rejects.csv"
    result = take("licence", BAD, rejects_path=rejects)
    assert counts(result) == (7, 2, 0, 0, 5)
    with rejects.open(newline="", encoding="utf-8") as stream:
        rows = list(csv.DictReader(stream))
    assert [row["line"] for row in rows] == ["3", "4", "5", "6", "7"]
    reasons = [row["reason"] for row in rows]
    for told, reason in zip(
        ("no customer 'Nobody'", "USD has 2 digits", "two ways", "3 cells", "empty line"),
        reasons,
        strict=True,
    ):
        assert told in reason
    assert rejects.stat().st_mode & 0o077 == 0
    mended = (
        rejects.read_text()
        .replace("Nobody", "Beta")
        .replace("12.345", "12.34")
        .replace("15/01/2026", "2026-01-15")
    )
    assert counts(take("licence", mended, "mended.csv")) == (5, 4, 0, 0, 1)
    with pytest.raises(UsageError, match="overwrite the file"):
        take("licence", BAD, "same.csv", rejects_path=tmp_path / "same.csv")


HOSTILE = {
    "byte order mark": b"\xef\xbb\xbfname,key\r\nGamma,1\r\n",
    "utf-16": "name,key\nGamma,1\n".encode("utf-16"),
    "crlf and a break in a cell": b'name,notes\r\nGamma,"one\r\ntwo"\r\n',
    "semicolons": b"name;key\nGamma;1\n",
    "tabs": b"name\tkey\nGamma\t1\n",
    "json lines": b'{"name": "Gamma", "key": "1"}\n',
    "old mac": b"name,key\rGamma,1\r",
}


@pytest.mark.parametrize("sort", HOSTILE)
def test_files_as_other_programs_write_them(stocked, take, sort):
    result = take("customer", HOSTILE[sort], "in.jsonl" if sort == "json lines" else "in.csv")
    assert counts(result) == (1, 1, 0, 0, 0), result.rejected
    assert book.find(stocked, "customer", "Gamma").name == "Gamma"


def test_a_compressed_file(stocked, take):
    assert take("customer", gzip.compress(b"name\nGamma\n"), "in.csv.gz").added == 1


@pytest.mark.parametrize(
    ("line", "told"),
    [
        (b"Gam\x00ma,1", "NUL"),
        (b"Caf\xe9,1", "not UTF-8"),
        (b"x" * 1_000_000 + b",1", "500 are allowed"),
        (b'"unclosed,1', "cells"),
        (b"Gamma,1,2,3", "4 cells"),
        (b"acme corp,1\nBETA,1", "is Acme Corp's already"),
    ],
)
def test_hostile_lines_get_a_reason_and_the_rest_is_taken(stocked, take, line, told):
    result = take("customer", b"name,key\nDelta,9\n" + line + b"\n")
    assert book.find(stocked, "customer", "Delta").key == "9"
    assert len(result.rejected) == 1
    (reason,) = result.rejected.values()
    assert told in reason and len(reason) < 300 and "\n" not in reason


def test_a_file_full_of_mistakes_costs_what_another_file_costs(stocked, take):
    """No cell makes the import search for long: not a megabyte of slashes, not a thousand unknown names."""
    host = "customer,name\n" + "".join(f"Nobody {at},mvs{at}\n" for at in range(1500))
    began = time.process_time()
    assert len(take("host", host).rejected) == 1500
    slashes = f"customer,host,product,installed on\nBeta,{'a/' * 500_000},HyperIP,{'9' * 500_000}\n"
    (reason,) = take("installation", slashes, "in2.csv").rejected.values()
    assert "500 are allowed" in reason
    assert time.process_time() - began < 4


def test_another_encoding_is_said(stocked, take):
    assert take("customer", b"name\nCaf\xe9\n", encoding="latin-1").added == 1
    assert book.find(stocked, "customer", "café")
    with pytest.raises(UsageError, match="no encoding"):
        take("customer", b"name\nx\n", encoding="klingon")
    with pytest.raises(UsageError, match="no encoding"):
        take("customer", b"name\nx\n", encoding="rot13")


@pytest.mark.parametrize(
    ("header", "told"),
    [
        ("name,colour", "column 'colour': a customer has no field"),
        ("nam,key", "did you mean 'name'"),
        ("name,Name", "two columns are the field name"),
        ("name,name", "two columns are called"),
        ("", "line 1 must name the columns"),
        ("id,version", "line 1 must name the columns"),
    ],
)
def test_a_header_that_means_nothing_ends_it_before_it_begins(stocked, take, header, told):
    with pytest.raises(DataError) as error:
        take("customer", f"{header}\nGamma,1\n")
    assert told in str(error.value)


def test_columns_with_other_names(stocked, take):
    result = take("customer", "Company,Region\nGamma,West\n", columns={"Company": "name", "Region": ""})
    assert result.added == 1
    with pytest.raises(DataError, match="no column 'Firm'"):
        take("customer", "Company\nGamma\n", columns={"Firm": "name"})


def test_a_dry_run_writes_nothing(stocked, take):
    result = take("licence", BAD, dry_run=True)
    assert counts(result) == (7, 2, 0, 0, 5) and result.dry_run
    assert book.listed(stocked, "licence", removed=True) == []
    assert not stocked.store.in_write


def test_an_interrupted_import_keeps_whole_batches_and_goes_on(stocked, tmp_path, monkeypatch):
    monkeypatch.setattr("supporttui.intake.book.BATCH", 10)
    file = tmp_path / "in.csv"
    file.write_text("name\n" + "".join(f"Customer {at}\n" for at in range(35)))

    def stop(done, _total):
        if done == 20:
            raise KeyboardInterrupt

    result = run(stocked, "customer", file, progress=stop)
    assert result.stopped and result.added == 20
    assert len(book.listed(stocked, "customer", words="Customer")) == 20
    assert counts(run(stocked, "customer", file)) == (35, 15, 0, 20, 0)


def test_what_was_removed_is_not_brought_back_silently(stocked, take):
    take("licence", LICENCES)
    book.remove(stocked, "licence", 1)
    result = take("licence", LICENCES)
    assert counts(result) == (2, 0, 0, 1, 1)
    assert "licence restore '#1' first" in result.rejected[2]


def test_licences_without_numbers_that_agree_count_as_one(stocked, take):
    text = "customer,product,purchased on\nBeta,HyperIP,2026-01-01\nBeta,HyperIP,2026-01-01\nBeta,HyperIP,2026-02-01\n"
    assert counts(take("licence", text)) == (3, 2, 0, 1, 0)


def test_formulas_that_our_own_export_disarmed_come_back_as_they_were(stocked, take):
    take("customer", "name\n'=Gamma\n")
    assert book.find(stocked, "customer", "=Gamma")


def test_the_spelling_by_which_a_line_is_recognised_changes_nothing(stocked, take):
    assert counts(take("customer", "name\nACME CORP\n")) == (1, 0, 0, 1, 0)
    assert book.find(stocked, "customer", "acme corp").name == "Acme Corp"


@pytest.mark.parametrize("seed", range(4))
def test_whatever_the_file_holds_there_is_no_traceback(stocked, take, seed):
    rng = random.Random(seed)
    cells = ["", "Acme Corp", "HyperIP", "2026-01-01", "1,2", '"', "\x1b[31m", "\x00", "\ud7ff", "=1+1", "-", "9" * 40, "yes",
             "a" * 600, "'", "\r", "\u202e", "#1", "2999-12-31", "USD", "1e5", "\t"]  # fmt: skip
    for kind in book.SHEETS:
        names = [one.name for one in book.fields_of(kind)]
        lines = [",".join(names)]
        for _ in range(25):
            lines.append(
                ",".join(rng.choice(cells) for _ in range(len(names) + rng.choice((0, 0, 0, 1, -1))))
            )
        try:
            result = take(kind, "\n".join(lines).encode("utf-8", "replace"), f"{kind}{seed}.csv")
        except SupportError as told:
            assert "\n" not in str(told)
            continue
        assert result.rows == result.added + result.changed + result.unchanged + len(result.rejected)
