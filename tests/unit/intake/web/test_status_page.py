"""The status page: it tells nobody but who has the secret link, and writes only to the address on file."""

from __future__ import annotations

import random
import statistics
import string
import time

import pytest

from supporttui.desk import book, kept, status_answer, write
from supporttui.desk.reference import link_token, reference_of
from supporttui.desk.report import NewTicket, report
from supporttui.desk.status_link import status_url
from supporttui.store import notices

from .conftest import visiting, words_of

ANN, BEN = "ann@globex.example", "ben@globex.example"
SECRET = "core contains their password"


@pytest.fixture
def number(web):
    def make(desk):
        made = report(desk, NewTicket(subject="Transfers stop", contact_email=ANN, severity=2)).number
        write.note(desk, made, SECRET)
        write.reply(desk, made, "We look into it.\n<b>Tomorrow</b> we know more.")
        return made

    return web.desk(make)


def reference(web, number):
    return web.desk(lambda desk: reference_of(desk, number))


async def letters(web, number):
    """Who is written to about a status, once all questions are answered."""
    await web.site.status.asking.finish()
    found = web.desk(lambda desk: notices.of_ticket(desk.store, number))
    return [one.address for one in found if one.data.get("letter", {}).get("kind") == "status"]


async def test_the_status_goes_to_the_address_on_file(web, browser, number):
    said = words_of((await browser.follow(await browser.ask(reference(web, number), ANN))).text)
    assert "If this reference and this address belong together" in said
    assert await letters(web, number) == [f"letter:{ANN}"]


async def test_capitals_and_blanks_make_no_difference(web, browser, number):
    await browser.ask(f"  {reference(web, number).upper()} ", " Ann@Globex.example")
    assert len(await letters(web, number)) == 1


async def test_who_takes_part_gets_it_at_the_own_address(web, browser, number):
    web.desk(lambda desk: kept.insert(desk, "participant", {"ticket": number, "email": BEN}))
    await browser.ask(reference(web, number), BEN)
    assert await letters(web, number) == [f"letter:{BEN}"]


@pytest.mark.parametrize("email", ["eve@evil.example", "ann@globex.example.evil.example", BEN])
async def test_nobody_else_gets_anything(web, browser, number, email):
    await browser.ask(reference(web, number), email)
    assert await letters(web, number) == []


async def test_known_and_unknown_read_the_same(web, browser, number):
    """The answers, headers and bytes, to: right, wrong address, no such ticket, a reference that was made up."""
    asked = [
        (reference(web, number), ANN),
        (reference(web, number), BEN),
        ("99999-" + "a" * 16, ANN),
        ("77", ANN),
        ("x", ANN),
    ]
    seen = set()
    for ref, email in asked:
        answer = await browser.ask(ref, email)
        shown = await browser.follow(answer)
        seen.add(
            (
                answer.status_code,
                tuple(answer.headers.raw),
                answer.content,
                tuple(shown.headers.raw),
                shown.content,
            )
        )
    assert len(seen) == 1


async def test_known_and_unknown_take_the_same_time(web, browser, number):
    """Nothing is looked up before the answer: the medians lie within a fraction of what a look-up takes."""
    web.site.status.questions.most = 10_000
    token = await browser.token("/status")
    right, times = reference(web, number), {True: [], False: []}
    for turn in range(60):
        known = bool(turn % 2)
        began = time.perf_counter()
        await browser.ask(right if known else "99999-" + "a" * 16, ANN, token=token)
        times[known].append(time.perf_counter() - began)
        await web.site.status.asking.finish()
    known, unknown = (statistics.median(times[one]) for one in (True, False))
    assert abs(known - unknown) < 0.25 * max(known, unknown) + 0.0005, (known, unknown)


async def test_what_is_not_filled_in_is_said(browser):
    answer = await browser.ask("", "nobody")
    assert answer.status_code == 422
    assert '<a href="#reference">' in answer.text and '<a href="#email">' in answer.text
    assert 'id="reference-fault"' in answer.text and 'value="nobody"' in answer.text


async def test_another_site_can_ask_nothing(web, browser, number):
    assert (await browser.ask(reference(web, number), ANN, token="made-up")).status_code == 422
    assert await letters(web, number) == []


async def test_questions_are_slowed_down(web, browser, number):
    token = await browser.token("/status")
    asked = [
        (await browser.ask(f"{n}", ANN, token=token)).status_code
        for n in range(web.settings.web.questions_an_hour + 1)
    ]
    assert asked[-1] == 429 and set(asked[:-1]) == {303}
    async with visiting(web, "192.0.2.200") as other:
        assert (await other.ask("1", ANN)).status_code == 303


# -- the secret link -----------------------------------------------------------------------------


async def test_the_secret_link_shows_the_status_at_once(web, browser, number):
    url = web.desk(lambda desk: status_url(desk, "http://desk.example", number, ANN))
    answer = await browser.get(url.removeprefix("http://desk.example"))
    said = words_of(answer.text)
    assert (
        answer.status_code == 200
        and f"Problem {number}" in said
        and "Severity: 2 (System highly impacted)" in said
    )
    assert (
        "We look into it." in said
        and "<b>Tomorrow</b> we know more." in said
        and "<b>Tomorrow" not in answer.text
    )
    assert SECRET not in answer.text
    assert answer.headers["cache-control"] == "no-store"


@pytest.mark.parametrize("many", [80, pytest.param(4000, marks=pytest.mark.slow)])
async def test_guesses_show_nothing_and_tell_nothing(web, browser, number, many):
    """0 hits; every wrong link is the same page after the same time, whether there is such a ticket or not."""
    web.site.status.refused_after = 0.02
    dice, pages, times = random.Random(6), set(), {True: [], False: []}
    right = web.desk(lambda desk: link_token(desk, number, ANN))
    near = [right[:-1] + letter for letter in "abcdefgh234567" if letter != right[-1]]
    made_up = ["".join(dice.choices("abcdefghijklmnopqrstuvwxyz234567", k=32)) for _ in range(many)]
    other = web.desk(lambda desk: link_token(desk, number, BEN))
    guesses = [
        *near,
        other,
        *(f"{number if n % 2 else 9000 + n}-{one}" for n, one in enumerate(made_up)),
        string.punctuation,
    ]
    for guess in guesses:
        began = time.perf_counter()
        answer = await browser.get("/status/" + guess.replace("/", "").replace("?", "").replace("#", ""))
        times[guess.startswith(f"{number}-")].append(time.perf_counter() - began)
        pages.add((answer.status_code, answer.content, tuple(answer.headers.raw)))
    assert len(pages) == 1 and pages.pop()[0] == 404
    assert abs(statistics.median(times[True]) - statistics.median(times[False])) < 0.004


async def test_the_page_and_the_letter_say_what_is_read_out_on_the_telephone(web, browser):
    """One text whatever the way, with the times of the customer's own zone where the book has it."""

    def make(desk):
        book.add(desk, "customer", {"name": "Globex", "zone": "Asia/Tokyo"})
        made = report(desk, NewTicket(subject="Stops", customer="Globex", contact_email=ANN)).number
        return (
            made,
            status_answer.answer(desk, made).lines(),
            status_url(desk, "http://desk.example", made, ANN),
        )

    made, lines, url = web.desk(make)
    assert any(" JST" in line for line in lines)
    page = words_of((await browser.get(url.removeprefix("http://desk.example"))).text)
    assert all(" ".join(line.split()) in page for line in lines[1:])
    await browser.ask(reference(web, made), ANN)
    await web.site.status.asking.finish()
    (letter,) = [
        one.data["letter"]
        for one in web.desk(lambda desk: notices.of_ticket(desk.store, made))
        if one.data.get("letter", {}).get("kind") == "status"
    ]
    assert "\n".join(lines) in letter["text"]
