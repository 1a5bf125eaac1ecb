"""The numbers that docs and promises name, held where nothing else would notice that one has moved."""

from __future__ import annotations

import msgspec
import pytest

from supporttui.desk import answering, excerpts, mail_reports, reference
from supporttui.desk.letterhead import Letterhead
from supporttui.desk.reference import link_token, number_of, reference_of
from supporttui.intake import uploads
from supporttui.intake.mail import child, mime, reading, spool
from supporttui.intake.settings import MB, Intake, UploadsTable, read_intake
from supporttui.intake.web import asking, status_pages

HEAD = b"From: ann@acme.example\nMessage-ID: <1@acme.example>\n\n"


def test_a_mail_of_ten_megabytes_is_read_and_one_byte_more_is_a_fault():
    assert Intake().mail.most_mb * MB == 10_000_000
    assert "fault" not in reading.read(HEAD + b"x" * (10_000_000 - len(HEAD))).values
    assert reading.read(HEAD + b"x" * (10_000_001 - len(HEAD))).values["fault"] == "larger than 10 MB"


def test_the_limits_of_the_reader():
    assert (child.MEMORY, child.CPU_SECONDS) == (512 << 20, 5)
    limits = (mime.MOST_HEADER_BYTES, mime.MOST_HEADERS, mime.MOST_DEPTH, mime.MOST_PARTS)
    assert limits == (100 * 1024, 1_000, 20, 200)
    assert spool.LOOSE == 0o022


def test_what_is_signed_is_long_enough(desk):
    signature = reference_of(desk, 1042).partition("-")[2]
    assert len(signature) * 5 == reference.BYTES * 8 >= 64
    assert len(link_token(desk, 1042, "ann@acme.example").partition("-")[2]) * 5 >= 128
    for at in range(len(signature)):
        other = "a" if signature[at] != "a" else "b"
        assert number_of(desk, f"1042-{signature[:at]}{other}{signature[at + 1 :]}") == 0


def test_the_caps_of_letters_and_the_storm():
    assert answering.CAPS["acknowledgement"] == (1, 10)
    assert Letterhead(sender="a@b.example").most == Intake().mail.most_answers == 300
    assert (mail_reports.STORM, mail_reports.STORM_WITHIN.total_seconds()) == (20, 600)


def test_two_looks_are_the_fewest_and_four_kib_the_most_of_a_file_in_a_journal():
    assert UploadsTable(folder="/x").looks == 2 and excerpts.FIRST_BYTES <= 4096
    with pytest.raises(Exception, match="looks"):
        read_intake('[uploads]\nfolder = "/x"\nlooks = 1\n', "intake.toml")
    assert uploads._NOFOLLOW and msgspec.structs.asdict(UploadsTable(folder="/x"))["most_mb"] == 2000


def test_questions_for_a_status_are_few_and_take_their_time():
    assert Intake().web.questions_an_hour == 20 and answering.CAPS["status"] == (6, 30)
    assert status_pages.REFUSED_AFTER >= 0.3 and asking.LATEST >= 3
