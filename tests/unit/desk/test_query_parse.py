"""The query language: what is read, how it prints again, and where an error points."""

from __future__ import annotations

import os
import random
import subprocess
import sys
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from supporttui.desk.query import help_text, parse, to_text
from supporttui.desk.query.parser import MAX_CONDITIONS, MAX_DEPTH, MAX_LENGTH
from supporttui.desk.query.tree import And, FlagTerm, Negation, Or, Term, Text, Value, value_text, word_text
from supporttui.desk.query.words import FIELDS, FLAGS, SORT_KEYS
from supporttui.errors import QueryError
from supporttui.store.criteria import Sort


def plain(name: str, *texts: str) -> Term:
    return Term(name, tuple(Value("", text) for text in texts))


def test_the_example_of_the_issue():
    query = parse(
        'sev:1,2 status:open -tag:spam owner:@me due:<30m overdue customer:"Acme Corp" '
        'reported:>2d product:HyperIP channel:phone "free text" sort:-severity'
    )
    assert query.tree == And(
        (
            plain("sev", "1", "2"),
            plain("status", "open"),
            Negation(plain("tag", "spam")),
            plain("owner", "@me"),
            Term("due", (Value("<", "30m"),)),
            FlagTerm("overdue"),
            Term("customer", (Value("", "Acme Corp", quoted=True),)),
            Term("reported", (Value(">", "2d"),)),
            plain("product", "HyperIP"),
            plain("channel", "phone"),
            Text("free text", phrase=True),
        )
    )
    assert query.sort == Sort("severity", descending=True)


def test_or_binds_weaker_than_blanks_and_parentheses_group():
    assert parse("a b or c").tree == Or((And((Text("a"), Text("b"))), Text("c")))
    assert parse("a (b or c)").tree == And((Text("a"), Or((Text("b"), Text("c")))))
    assert parse("a AND b Or c").tree == parse("a b or c").tree


def test_negation_in_both_spellings_and_its_reach():
    assert parse("-a b").tree == And((Negation(Text("a")), Text("b")))
    assert parse("not a b").tree == parse("-a b").tree
    assert parse("-(a b)").tree == Negation(And((Text("a"), Text("b"))))
    assert parse("not -a").tree == Negation(Negation(Text("a")))


def test_an_empty_query_asks_for_everything_and_may_still_name_an_order():
    assert parse("").tree == parse("  \n\t ").tree == And()
    assert parse("sort:due").tree == And()
    assert parse("sort:due").sort == Sort("due")
    assert parse("a sort:-sev b").tree == And((Text("a"), Text("b")))


def test_comparisons_ranges_and_lists():
    assert parse("sev:<=2").tree == parse("sev<=2").tree == Term("sev", (Value("<=", "2"),))
    assert parse("sev:=2").tree == parse("severity=2").tree == plain("sev", "2")
    assert parse("number:1000..1099").tree == Term("number", (Value("..", "1000", "1099"),))
    assert parse("reported:2026-11-01..").tree == Term("reported", (Value("..", "2026-11-01", ""),))
    assert parse("due:..1d").tree == Term("due", (Value("..", "", "1d"),))
    assert parse('reported:"2026-11-01 9:00".."2026-11-02 9:00"').tree == Term(
        "reported", (Value("..", "2026-11-01 9:00", "2026-11-02 9:00"),)
    )
    assert parse('customer:"Acme, Inc",Globex').tree == Term(
        "customer", (Value("", "Acme, Inc", quoted=True), Value("", "Globex"))
    )


def test_words_with_signs_in_them_stay_words():
    assert parse("covid-19 it's 10:30 a<b S0C4 #x").tree == And(
        tuple(Text(word) for word in ("covid-19", "it's", "10:30", "a<b", "S0C4", "#x"))
    )
    assert parse(r'"say \"hi\" in C:\temp"').tree == Text('say "hi" in C:\\temp', phrase=True)
    assert parse("#1042").tree == plain("number", "1042")
    assert parse("Open").tree == parse("is:open").tree == FlagTerm("open")
    assert parse('"open"').tree == Text("open", phrase=True)


def test_columns_are_kept_for_later_errors():
    tree = parse("open  sev:1,9").tree
    assert isinstance(tree, And)
    term = tree.parts[1]
    assert isinstance(term, Term)
    assert term.column == 7
    assert [value.column for value in term.values] == [11, 13]


@pytest.mark.parametrize(
    ("text", "column", "message", "nearest"),
    [
        ("sev:1 custmer:x", 7, "no field 'custmer'; did you mean 'customer'?", "customer"),
        ("http://x", 1, "no field 'http'; put quotation marks around words", ""),
        ("a sort:sevrity", 8, "no order 'sevrity'", "severity"),
        ("is:opn", 4, "no flag 'opn'; did you mean 'open'?", "open"),
        ('a "b', 3, "never closed", ""),
        ('customer:"b', 10, "never closed", ""),
        ('customer:"b"c', 13, "blank is missing", ""),
        ("a (b", 3, "never closed", ""),
        ("a (", 3, "never closed", ""),
        ("a) b", 2, "closes nothing", ""),
        ("a ()", 3, "nothing between the parentheses", ""),
        ('a ""', 3, "nothing between the quotation marks", ""),
        ("a or", 5, "missing", ""),
        ("or a", 1, "missing", ""),
        ("a and", 6, "missing", ""),
        ("and a", 1, "missing", ""),
        ("a and and b", 7, "missing", ""),
        ("not", 4, "missing", ""),
        ("-or b", 2, "missing", ""),
        ("- a", 1, "right before", ""),
        ("sev:", 5, "nothing after 'sev:'", ""),
        ("sev:1,", 7, "nothing after ','", ""),
        ("sev:< 1", 6, "nothing after '<'", ""),
        ("sev:<<1", 6, "one comparison", ""),
        ("sev:<1..2", 5, "range takes no '<'", ""),
        ("sev:..", 5, "beginning or an end", ""),
        ("sort:due,sev", 6, "one plain word", ""),
        ("sort:due sort:sev", 10, "given twice", ""),
        ("(sort:due)", 2, "stands outside", ""),
        ("-sort:due", 2, "stands outside", ""),
    ],
)
def test_an_error_is_one_line_that_points_at_its_column(text, column, message, nearest):
    with pytest.raises(QueryError) as caught:
        parse(text)
    assert str(caught.value).startswith(f"column {column}: ")
    assert message in str(caught.value)
    assert (caught.value.column, caught.value.nearest) == (column, nearest)


def test_limits_are_said_clearly():
    for text, words in (
        ("a" * (MAX_LENGTH + 1), "4,000 characters"),
        ("(" * (MAX_DEPTH + 1) + "a" + ")" * (MAX_DEPTH + 1), "50 deep"),
        ("-" * (MAX_DEPTH + 1) + "a", "50 deep"),
        ("a " * (MAX_CONDITIONS + 1), "200 conditions"),
        ("sev:" + ",".join(["1"] * (MAX_CONDITIONS + 1)), "200 conditions"),
    ):
        with pytest.raises(QueryError, match=words):
            parse(text)
    parse("(" * MAX_DEPTH + "a" + ")" * MAX_DEPTH)
    parse("a " * MAX_CONDITIONS)


def test_what_no_store_can_hold_is_replaced_before_it_gets_there():
    assert parse('"a\0b"').tree == Text("a\ufffdb", phrase=True)
    assert parse("x\ud800").tree == Text("x\ufffd")


# -- round trip ------------------------------------------------------------------------------------

PIECES = [
    *(f"{field.name}:" for field in FIELDS),
    *FLAGS,
    *(f"sort:{key}" for key in SORT_KEYS),
    *[
        "(",
        ")",
        "-",
        ",",
        "..",
        "<",
        "<=",
        ">",
        ">=",
        "=",
        '"',
        ":",
        "#",
        "*",
        "@me",
        "none",
        "any",
        "or",
        "and",
        "not",
        "is:",
        "sort:",
        "sev<",
        "due>=",
        "\\",
        '\\"',
        "\\\\",
        "'",
        "%",
        ";",
        "--",
    ],
    *[
        "1",
        "2",
        "30m",
        "2d",
        "2026-11-01",
        "today",
        "16:00",
        "Acme",
        "Hyper*",
        "*IP*",
        "spam",
        "word",
        "über",
        "日本",
        "\u202e",
        "\x1b[31m",
        "[/red]",
    ],
    *(" ", " ", " ", "  ", "\n", "\0", "\ud800", '"Acme Corp"', '"', "#1042", "99999999999999999999"),
]

messy = st.lists(st.sampled_from(PIECES), max_size=14).map("".join) | st.text(max_size=40)


@settings(max_examples=600, deadline=None)
@given(messy)
def test_a_tree_printed_and_read_again_is_the_same_tree(text):
    try:
        query = parse(text)
    except QueryError:
        return
    again = parse(to_text(query.tree, query.sort))
    assert again == query


@given(st.text(min_size=1, max_size=20).filter(lambda text: not set(text) & {"\0"}))
def test_text_from_data_can_be_quoted_into_a_query(text):
    text = text.encode("utf-8", "replace").decode()
    term = parse(f"customer:{value_text(text)}").tree
    assert isinstance(term, Term)
    (value,) = term.values
    assert value.text == text
    assert value.relation == ""
    assert value.quoted or value.text.lower() not in ("none", "any", "*")
    if text.strip():
        words = parse(word_text(text)).tree
        assert isinstance(words, Text)
        assert words.text == text


# -- fuzz ------------------------------------------------------------------------------------------


def fuzz(count: int, seed: int) -> int:
    """Parse so many random queries; how many were accepted.  Anything but QueryError escapes."""
    chance = random.Random(seed)
    accepted = 0
    for _ in range(count):
        text = "".join(chance.choices(PIECES, k=chance.randint(0, 16)))
        try:
            parse(text)
            accepted += 1
        except QueryError as error:
            assert "\n" not in str(error)
            assert 1 <= error.column <= len(text) + 1
    return accepted


def test_ten_thousand_random_queries_raise_nothing_unexpected():
    """SUPPORTTUI_FUZZ=1000000 python -m pytest tests/unit/desk/test_query_parse.py -k random  for the long run."""
    count = int(os.environ.get("SUPPORTTUI_FUZZ", "10000"))
    began = time.process_time()
    accepted = fuzz(count, seed=20261120)
    assert time.process_time() - began < count / 2000
    assert count / 100 < accepted < count  # both sides were really met


# -- help and weight -------------------------------------------------------------------------------


def test_the_help_names_every_field_flag_and_order():
    text = help_text()
    for name in (*(field.name + ":" for field in FIELDS), *FLAGS, *(f"sort:{key}" for key in SORT_KEYS)):
        assert f"  {name} " in text
    assert max(map(len, text.splitlines())) <= 110


def test_queries_load_neither_policy_nor_msgspec_nor_textual():
    code = (
        "import sys; from supporttui.desk.query import parse, resolve; from datetime import datetime, UTC;"
        "resolve(parse('sev:1 due:<30m'), now=datetime.now(UTC), me='ana');"
        "print(sorted(m for m in sys.modules if m.split('.')[0] in"
        " ('msgspec', 'textual', 'rich', 'peewee', 'apsw', 'zoneinfo') or m == 'supporttui.policy.load'))"
    )
    out = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert out.stdout.strip() == "[]"
