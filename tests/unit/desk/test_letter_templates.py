"""Templates of letters: your own before the shipped ones, no gaps, no surprises."""

from __future__ import annotations

from pathlib import Path

import pytest

from supporttui.desk import letter_templates as templates

DOCS = Path(__file__).parents[3] / "docs" / "mail.md"


def made(tmp_path, text, name="answer"):
    (tmp_path / f"{name}.txt").write_text(text)
    return templates.read(tmp_path / f"{name}.txt")


@pytest.mark.parametrize("name", templates.NAMES)
def test_the_shipped_ones_can_be_used(name):
    template, faults = templates.load(name, None)
    assert faults == [] and template.name == name
    subject, text = templates.fill(template, {"number": "1042", "text": "Hello"})
    assert "1042" in subject and "{" not in text and "«" not in text


def test_a_line_of_which_nothing_is_known_is_left_out_and_leaves_no_gap(tmp_path):
    template, _ = made(
        tmp_path, "subject: x\n\nHello {contact},\n\n{link}\n\n{text}\n{number} {link}\n{{me}}\n"
    )
    assert templates.fill(template, {"text": "a\n\nb {me}", "number": "7"}) == (
        "x",
        "a\n\nb {me}\n7 \n{me}\n",
    )


def test_the_first_subject_of_which_all_is_known_is_used(tmp_path):
    template, _ = made(tmp_path, "subject: Re: {subject}\nsubject: About {number}\n\nx\n")
    assert templates.fill(template, {"number": "7"})[0] == "About 7"
    assert templates.fill(template, {"number": "7", "subject": "a {me}\nBcc: x"})[0] == "Re: a {me} Bcc: x"


@pytest.mark.parametrize(("text", "line", "column", "words"), [
    ("subject: x\n\nHello {contct}\n", 3, 7, "did you mean 'contact'"),
    ("subject: {sbject}\n\nHello\n", 1, 10, "did you mean 'subject'"),
    ("Hello\n", 1, 1, "begins with no `subject"),
    ("subject:\n\nHello\n", 1, 1, "begins with no `subject"),
    ("subject: x\n\n \n", 0, 0, "holds no text"),
])  # fmt: skip
def test_a_fault_is_told_with_its_place(tmp_path, text, line, column, words):
    template, faults = made(tmp_path, text)
    assert template is None
    assert (faults[0].line, faults[0].column) == (line, column) and words in faults[0].message


def test_your_own_is_used_before_the_shipped_one_unless_it_has_a_fault(tmp_path):
    made(tmp_path, "subject: Mine {number}\n\n{text}\n", "status")
    assert templates.load("status", tmp_path)[0].subjects == ("Mine {number}",)
    made(tmp_path, "subject: Mine {nmber}\n\n{text}\n", "status")
    template, faults = templates.load("status", tmp_path)
    assert (
        template.subjects == ("Automatic answer: status of {number}",)
        and "did you mean 'number'" in faults[0].message
    )
    (tmp_path / "answer.txt").write_bytes(b"\xff")
    assert "not UTF-8" in templates.load("answer", tmp_path)[1][0].message


def test_the_documentation_names_every_placeholder_and_file():
    text = DOCS.read_text()
    for name, meaning in templates.PLACEHOLDERS.items():
        assert f"| `{{{name}}}` | {meaning} |" in text
    for name in templates.NAMES:
        assert f"`{name}.txt`" in text
