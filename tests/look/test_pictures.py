"""The pictures in docs/ show the program as it is, and drawing them again gives the same files."""

from __future__ import annotations

import pytest

from tests.look.gallery import SHOTS, known
from tests.look.pictures import PICTURES, ROOT, drawn, words


@pytest.mark.parametrize("name", PICTURES)
async def test_a_picture_is_current(name: str):
    file = ROOT / "docs" / f"{name}.svg"
    found = await drawn(PICTURES[name])
    assert words(file.read_text(encoding="utf-8")) == words(found), "stale: run python tests/look/pictures.py"


async def test_the_same_program_draws_the_same_picture():
    assert await drawn(PICTURES["ticket"]) == await drawn(PICTURES["ticket"])


def test_the_gallery_has_only_screens_that_there_are():
    assert [shot.name for shot in SHOTS if not known(shot)] == []
    assert len({shot.name for shot in SHOTS}) == len(SHOTS)
