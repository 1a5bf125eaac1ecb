"""views.toml: everything wrong is one line, and what a person wrote stays as it was."""

from __future__ import annotations

import stat
import tomllib
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from supporttui.desk import viewfile
from supporttui.errors import DataError

names = st.text(alphabet=st.characters(exclude_categories=("Cs",)), min_size=1, max_size=30).filter(
    lambda text: text.strip() and len(" ".join(text.split())) <= 60
)
CLEAN = "# a comment of mine\n\n[[view]]\nname = 'Kept'\nquery = 'open'\n# below\n"


def file(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "views.toml"
    path.write_text(text, encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("view = 1\n", "view: must be written [[view]]"),
        ("[[views]]\nname = 'x'\n", ":1: views: unknown; did you mean 'view'?"),
        ("[[view]]\nquery = 'open'\n", ":1: name: is missing"),
        ("[[view]]\nname = 'x'\n", ":1: query: is missing"),
        ("[[view]]\nname = 'x'\nquery = 5\n", ":3: query: must be text in quotes, not 5"),
        ("[[view]]\nname = 'x'\nquery = ''\norder = 'a'\n", ":4: order: must be a whole number"),
        ("[[view]]\nname = 'x'\nquery = ''\norder = true\n", ":4: order: must be a whole number, not True"),
        ("[[view]]\nname = 'x'\nquery = ''\nbell = 1\n", ":4: bell: must be true or false"),
        ("[[view]]\nname='x'\nquery=''\n[[view]]\nname='X'\nquery='open'\n", "is the name of the view in line 1"),
        ("\n[[view]]\nname = 'x'\nquery = 'open ('\n", ":4: query, column 6: this '(' is never closed"),
        ("[[view]\n", "not TOML"),
        ("\x00", "not TOML"),
    ],
)  # fmt: skip
def test_a_fault_names_file_line_and_key(tmp_path: Path, text: str, fault: str):
    path = file(tmp_path, text)
    found = viewfile.read(path)
    assert len(found.faults) == 1 and fault in found.faults[0] and "\n" not in found.faults[0], found.faults
    assert found.faults[0].startswith(str(path))


def test_what_is_no_file_of_views(tmp_path: Path):
    assert viewfile.read(tmp_path / "none.toml").faults == ()
    assert "not a file" in viewfile.read(tmp_path).faults[0]
    (tmp_path / "views.toml").write_bytes(b"\xff\xfe")
    assert "not UTF-8" in viewfile.read(tmp_path / "views.toml").faults[0]
    file(tmp_path, "# " + "x" * viewfile.MOST_BYTES)
    assert "too large" in viewfile.read(tmp_path / "views.toml").faults[0]


def test_one_faulty_view_leaves_the_others(tmp_path: Path):
    found = viewfile.read(file(tmp_path, "[[view]]\nname = 'a'\nquery = 7\n" + CLEAN))
    assert [view.name for view in found.views] == ["Kept"] and len(found.faults) == 1


@settings(max_examples=60, deadline=None)
@given(
    name=names, query=st.sampled_from(["open", 'customer:"Acme Corp"', "subject:\"it's\" 'x'", "a\\b", ""])
)
def test_a_view_comes_back_as_it_was_put_and_goes_without_a_trace(tmp_path_factory, name: str, query: str):
    path = file(tmp_path_factory.mktemp("views"), CLEAN)
    viewfile.put(path, name, query)
    text = path.read_text(encoding="utf-8")
    written = tomllib.loads(text)["view"][-1]
    assert written == {"name": name, "query": query}
    found = viewfile.read(path)
    if name.casefold() == "kept":
        return
    assert text.startswith(CLEAN)
    assert " ".join(name.split())[:60] == found.views[-1].name and found.views[-1].query == query
    assert viewfile.remove(path, found.views[-1].name)
    assert path.read_text(encoding="utf-8").strip() == CLEAN.strip()


def test_writing_over_a_view_keeps_its_other_lines(tmp_path: Path):
    path = file(
        tmp_path,
        "[[view]]\nname = 'A'  # why\norder = 3\nquery = 'open'\n# end\n\n[[view]]\nname = 'B'\nquery = ''\n",
    )
    viewfile.put(path, "a", "sev:1")
    found = {view.name: view for view in viewfile.read(path).views}
    assert found["a"].query == "sev:1" and found["a"].order == 3 and found["B"].query == ""
    assert "# end" in path.read_text()
    viewfile.move(path, "B", 1)
    viewfile.move(path, "Mine", 2)
    assert [(one.name, one.order) for one in viewfile.read(path).views] == [("a", 3), ("B", 1), ("Mine", 2)]


def test_the_file_is_private_keeps_its_mode_and_links_stay_links(tmp_path: Path):
    path = tmp_path / "folder" / "views.toml"
    viewfile.put(path, "A", "open")
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    path.chmod(0o640)
    viewfile.put(path, "B", "open")
    assert stat.S_IMODE(path.stat().st_mode) == 0o640
    link = tmp_path / "views.toml"
    link.symlink_to(path)
    viewfile.put(link, "C", "open")
    assert link.is_symlink() and len(viewfile.read(path).views) == 3
    assert list(path.parent.iterdir()) == [path]


def test_a_folder_that_cannot_be_written_is_one_line(tmp_path: Path):
    blocked = tmp_path / "file"
    blocked.write_text("x")
    with pytest.raises(DataError, match="can't be"):
        viewfile.put(blocked / "views.toml", "A", "open")


def test_the_stamp_changes_with_the_file(tmp_path: Path):
    path = tmp_path / "views.toml"
    assert viewfile.stamp(path) == viewfile.stamp(None) == (0, 0, 0)
    viewfile.put(path, "A", "open")
    first = viewfile.stamp(path)
    viewfile.put(path, "B", "open")
    assert viewfile.stamp(path) != first != (0, 0, 0)
