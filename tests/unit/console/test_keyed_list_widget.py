"""The list widget in a running app: keys, pages from outside, and what it repaints."""

from __future__ import annotations

from typing import Any

import pytest
from textual.app import App, ComposeResult

from supporttui.console.present.spans import Line, Span, fit_line, line, plain
from supporttui.console.widgets.keyed_drawing import Look, thumb_lines
from supporttui.console.widgets.keyed_list import KeyedList
from supporttui.console.widgets.keyed_state import Held, Page


def draw(key: Any, row: Any, width: int, look: Look) -> Line:
    mark = "*" if look.marked else "~" if look.kept else " "
    return fit_line(line(Span(">" if look.cursor else " "), f"{mark}{key} {row}"), width)


class Source:
    """A desk with many tickets, read by place."""

    def __init__(self, keys: list[int]) -> None:
        self.keys = keys

    def page(self, first: int, count: int, *asked: int) -> Page[str]:
        keys = self.keys[first : first + count]
        places = {key: self.keys.index(key) for key in asked if key in self.keys}
        return Page(tuple((key, f"row {key}") for key in keys), first, len(self.keys), places)

    def around(self, asked: tuple[int, ...]) -> Page[str]:
        key = next((key for key in asked if key in self.keys), None)
        place = self.keys.index(key) if key is not None else 0
        return self.page(max(0, place - 150), 330, *asked[:1])


class Bench(App[None]):
    def __init__(self, source: Source) -> None:
        super().__init__()
        self.source = source
        self.asked = 0

    def compose(self) -> ComposeResult:
        yield KeyedList(draw, id="list", empty=lambda width: [line("nothing here: press n")])

    @property
    def list(self) -> KeyedList:
        return self.query_one(KeyedList)

    def on_mount(self) -> None:
        self.animation_level = "none"
        self.list.focus()
        self.list.restart(self.source.page(0, 330))

    def on_keyed_list_wants(self, event: KeyedList.Wants) -> None:
        self.asked += 1
        event.source.put(self.source.page(event.first, event.count))

    def shown(self) -> list[str]:
        return [plain(spans).rstrip("▐ ") for spans in self.list.lines_shown]


@pytest.fixture
def many() -> Bench:
    return Bench(Source(list(range(100_000))))


async def test_only_a_screenful_is_drawn_of_a_hundred_thousand(many: Bench):
    async with many.run_test(size=(40, 10)) as pilot:
        await pilot.pause()
        assert many.shown()[:2] == [">  0 row 0".replace(">  ", "> "), "  1 row 1"]
        assert len(many.shown()) == 10 and len(many.list.held.rows) <= 330


async def test_the_end_is_one_jump_away_and_its_page_is_asked_for(many: Bench):
    async with many.run_test(size=(40, 10)) as pilot:
        many.list.to_end(last=True)
        await pilot.pause()
        assert many.list.cursor == 99_999
        assert many.shown()[-1] == "> 99999 row 99999"
        many.list.to_end(last=False)
        await pilot.pause()
        assert many.list.cursor == 0


async def test_walking_down_reads_ahead_so_that_no_row_is_ever_missing(many: Bench):
    async with many.run_test(size=(40, 10)) as pilot:
        for _ in range(60):
            many.list.page_by(1)
            assert not any("…" in text for text in many.shown())
            await pilot.pause()
        assert many.list.cursor == 60 * 9
        assert many.asked < 20


async def test_arrivals_above_don_t_move_the_screen_or_repaint_it(many: Bench):
    async with many.run_test(size=(40, 10)) as pilot:
        many.list.move(50)
        await pilot.pause()
        before, cursor = many.shown(), many.list.cursor
        many.source.keys[:0] = [-3, -2, -1]
        merged = many.list.merge(many.source.around(many.list.held.candidates()))
        assert many.shown() == before and many.list.cursor == cursor
        assert merged.above == 3


async def test_the_cursors_row_goes_and_its_neighbour_below_takes_over(many: Bench):
    async with many.run_test(size=(40, 10)):
        many.list.move(5)
        many.source.keys.remove(5)
        merged = many.list.merge(many.source.around(many.list.held.candidates()))
        assert many.list.cursor == 6 and merged.lost == 5


async def test_a_kept_row_stays_dimmed_until_it_is_released(many: Bench):
    async with many.run_test(size=(40, 10)):
        many.list.move(3)
        many.source.keys.remove(3)
        many.list.keep(3, "closed", matches=False)
        many.list.merge(many.source.around(many.list.held.candidates()))
        assert many.shown()[3] == ">~3 closed" and many.list.cursor == 3
        many.list.held.kept.clear()
        many.list.merge(many.source.around(many.list.held.candidates()))
        assert many.list.cursor == 4 and "3 closed" not in " ".join(many.shown())


async def test_marks_and_ranges_follow_the_tickets(many: Bench):
    async with many.run_test(size=(40, 10)):
        many.list.mark(Held.toggle_mark)
        many.list.move(2)
        many.list.mark(Held.mark_range)
        many.list.move(2)
        many.list.mark(Held.mark_range)
        many.source.keys.reverse()
        many.list.merge(many.source.around(many.list.held.candidates()))
        assert many.list.held.marks.keys == {0, 2, 3, 4}


async def test_an_empty_list_teaches():
    app = Bench(Source([]))
    async with app.run_test(size=(40, 10)) as pilot:
        await pilot.pause()
        assert app.shown() == ["nothing here: press n"]
        app.list.move(1)
        app.list.to_end(last=True)
        assert app.list.cursor is None


async def test_a_move_repaints_two_lines_and_a_still_screen_none(
    many: Bench, monkeypatch: pytest.MonkeyPatch
):
    async with many.run_test(size=(40, 10)) as pilot:
        await pilot.pause()
        painted: list[Any] = []
        monkeypatch.setattr(many.list, "refresh", lambda *regions, **_: painted.extend(regions))
        many.list.move(1)
        assert sorted({region.y for region in painted}) == [0, 1]
        painted.clear()
        many.list.paint()
        assert painted == []


async def test_resizing_keeps_the_cursor_in_sight(many: Bench):
    async with many.run_test(size=(40, 20)) as pilot:
        many.list.move(15)
        await pilot.resize_terminal(40, 6)
        await pilot.pause()
        assert many.list.cursor == 15 and any(text.startswith(">") for text in many.shown())


def test_the_thumb_is_at_the_ends_when_the_list_is():
    assert thumb_lines(0, 10, 10) is None
    assert thumb_lines(0, 10, 100) == range(1)
    assert thumb_lines(90, 10, 100) == range(9, 10)
    assert thumb_lines(5, 10, 20) == range(2, 7)


async def test_a_page_that_comes_too_late_does_not_lose_the_cursor(many: Bench):
    async with many.run_test(size=(40, 10)) as pilot:
        late = many.source.page(50_000, 330)
        many.list.put(late)
        await pilot.pause()
        assert many.list.cursor == 0 and many.shown()[0] == "> 0 row 0"


async def test_the_wheel_leaves_the_cursor_on_its_ticket_however_far_it_goes(many: Bench):
    async with many.run_test(size=(40, 10)) as pilot:
        for _ in range(40):
            many.list.scroll_rows(50)
            await pilot.pause()
        assert many.list.cursor == 0 and many.shown()[0] == "  2000 row 2000"
        many.list.move(1)
        await pilot.pause()
        assert many.list.cursor == 1 and "> 1 row 1" in many.shown()
