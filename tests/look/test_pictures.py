"""The pictures in docs/ show the program as it is, and drawing them again gives the same files."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.look.gallery import SHOTS, known, sample
from tests.look.pictures import PICTURES, ROOT, drawn, words


@pytest.fixture(scope="module")
def store(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("pictures")
    folder.chmod(0o700)
    return sample(folder)


@pytest.mark.parametrize("name", PICTURES)
async def test_a_picture_is_current(store: Path, name: str):
    file = ROOT / "docs" / f"{name}.svg"
    found = await drawn(PICTURES[name], store)
    assert words(file.read_text(encoding="utf-8")) == words(found), "stale: run python tests/look/pictures.py"


async def test_the_same_program_draws_the_same_picture(store: Path):
    assert await drawn(PICTURES["ticket"], store) == await drawn(PICTURES["ticket"], store)


def test_the_gallery_has_only_screens_that_there_are():
    assert [shot.name for shot in SHOTS if not known(shot)] == []
    assert len({shot.name for shot in SHOTS}) == len(SHOTS)
