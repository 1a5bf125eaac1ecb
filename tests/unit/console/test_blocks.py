"""A reader's place in blocks of lines: what comes, goes, folds or is laid out elsewhere does not move it."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from supporttui.console.present.spans import Span, plain
from supporttui.console.widgets import blocks
from supporttui.console.widgets.blocks import Block, Doc, Lazy, Spot

Sizes = dict[int, int]


def doc(sizes: Sizes, order: list[int] | None = None) -> Doc:
    """A text of blocks: key → number of lines; each line says whose it is."""
    made = {
        key: Block(key, (), Lazy(iter([(Span(f"{key}.{at}"),) for at in range(count)])))
        for key, count in sizes.items()
    }
    return Doc([(key, ()) for key in order or sorted(sizes, reverse=True)], made.__getitem__)


def texts(text: Doc, top: Spot, height: int) -> list[str]:
    return [plain(one.line) for one in blocks.screen(text, top, height)]


def flat(sizes: Sizes) -> list[str]:
    return [f"{key}.{at}" for key in sorted(sizes, reverse=True) for at in range(sizes[key])]


sizes = st.dictionaries(st.integers(1, 60), st.integers(0, 30), min_size=1, max_size=15)
heights = st.integers(1, 25)


@given(sizes, heights, st.integers(0, 400))
def test_moving_is_as_in_one_long_text(made, height, down):
    text, lines = doc(made), flat(made)
    top = blocks.filled(text, blocks.moved(text, blocks.start(text), down), height)
    first = max(0, min(down, len(lines) - height))
    assert texts(text, top, height) == lines[first : first + height]
    back = blocks.moved(text, top, -down)
    assert texts(text, back, height) == lines[max(0, first - down) :][:height]


@given(sizes, heights)
def test_the_end_is_the_last_screen(made, height):
    text = doc(made)
    assert texts(text, blocks.end(text, height), height) == flat(made)[-height:]


@given(sizes, sizes, heights, st.integers(0, 400), st.data())
def test_a_line_that_is_read_stays_where_it_is(before, others, height, down, data):
    old = doc(before)
    top = blocks.filled(old, blocks.moved(old, blocks.start(old), down), height)
    shown = blocks.screen(old, top, height)
    heads = [one.spot for one in shown if one.spot.line == 0]
    if not heads:
        return
    held = data.draw(st.sampled_from(heads))
    row = blocks.row_of(old, top, held, height)
    after = {**before, **{key: count for key, count in others.items() if key != held.key}}
    new = doc(after)
    found = blocks.row_of(new, blocks.hold(old, new, top, held, height), held, height)
    lines = flat(after)
    at = lines.index(f"{held.key}.0")
    reachable = at - row >= 0 and at - row <= len(lines) - height
    if reachable:
        assert found == row, "what came and went elsewhere moved the line"
    else:
        assert found is not None, "it is as near as the ends of the text allow"


@given(sizes, st.sets(st.integers(1, 60)), heights, st.integers(0, 400))
def test_a_block_that_is_gone_leaves_its_place_to_the_next(before, gone, height, down):
    after = {key: count for key, count in before.items() if key not in gone}
    if not any(after.values()):
        return
    old, new = doc(before), doc(after)
    top = blocks.filled(old, blocks.moved(old, blocks.start(old), down), height)
    shown = texts(new, blocks.hold(old, new, top, top, height), height)
    assert shown == flat(after)[flat(after).index(shown[0]) :][:height]
    assert len(shown) == min(height, len(flat(after))), "no empty lines below the end"


def test_only_what_is_looked_at_is_laid_out():
    made: list[int] = []

    def lines(key: int):
        for at in range(100_000):
            made.append(key)
            yield (Span(f"{key}.{at}"),)

    found = {key: Block(key, (), Lazy(lines(key))) for key in range(5)}
    text = Doc([(key, ()) for key in range(5)], found.__getitem__)
    texts(text, blocks.moved(text, blocks.start(text), 50), 40)
    assert len(made) < 200 and set(made) == {0}


def test_members_lead_to_their_block():
    block = Block(3, [(Span("three to five"),)], members=(3, 4, 5))
    text = Doc([(3, (3, 4, 5))], lambda _key: block)
    assert text.block(5) is block
    assert blocks.again(text, text, Spot(4, 7)) == Spot(3, 0)


def test_an_empty_text_has_a_place_too():
    text = Doc((), lambda key: Block(key))
    assert blocks.screen(text, blocks.start(text), 10) == []
    assert blocks.end(text, 10) == blocks.start(text)
