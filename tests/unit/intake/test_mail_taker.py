"""The gateway's short way through a resident taker, as processes: it says 0 only for what is committed."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
import tomllib
from argparse import Namespace
from collections.abc import Iterator
from pathlib import Path

import pytest

from supporttui.cli.intake import spool_of
from supporttui.cli.session import Session, World
from supporttui.clock import SystemClock
from supporttui.config import load
from supporttui.intake.mail import front, spool
from supporttui.store import open_store, tickets

ROOT = Path(__file__).resolve().parents[3]
SOON = 20.0  # seconds: a busy machine


def mail(number: int) -> bytes:
    return f"From: p{number}@c{number}.example\nSubject: Problem {number}\nMessage-ID: <{number}@c.example>\n\nhelp\n".encode()


class Site:
    """A desk in a folder of its own, and the programs that are run for it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.store = folder / "desk.sqlite3"
        self.environment = {
            "PATH": os.environ["PATH"], "HOME": str(folder), "PYTHONPATH": str(ROOT), "SUPPORTTUI_STORE": str(self.store),
            "SUPPORTTUI_ZONE": "UTC", "LANG": "C.UTF-8", "SUPPORTTUI_SAY": "1",
        }  # fmt: skip
        self.takers: list[subprocess.Popen[bytes]] = []

    def run(self, *words: str, raw: bytes = b"", **more: str) -> subprocess.CompletedProcess[bytes]:
        return subprocess.run([sys.executable, "-m", "supporttui", *words], input=raw, capture_output=True,
                              env={**self.environment, **more}, cwd=self.folder, timeout=60)  # fmt: skip

    def serve(self, *words: str) -> subprocess.Popen[bytes]:
        taker = subprocess.Popen(
            [sys.executable, "-m", "supporttui", "intake", "serve", *words], env=self.environment, cwd=self.folder,
            stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        )  # fmt: skip
        self.takers.append(taker)
        until(lambda: (self.folder / "spool" / front.NAME).exists() or taker.poll() is not None)
        return taker

    def numbers(self) -> list[str]:
        with open_store(str(self.store)) as store:
            return sorted(found.subject for n in range(1, 50) if (found := tickets.get(store, n)) is not None)

    def left(self) -> list[str]:
        return spool.waiting(str(self.folder / "spool"))


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    tmp_path.chmod(0o700)
    made = Site(tmp_path)
    yield made
    for taker in made.takers:
        taker.kill()
        taker.communicate()


def until(true) -> None:
    end = time.monotonic() + SOON
    while not true():
        assert time.monotonic() < end
        time.sleep(0.01)


def test_a_taker_takes_what_gateways_hand_over_and_tells(site):
    taker = site.serve()
    for number in (1, 2):
        done = site.run("intake", "mail", "--from", "<>", raw=mail(number))
        assert done.returncode == 0 and done.stdout.startswith(f"new: ticket {number}".encode())
    assert site.run("intake", "mail", raw=mail(1)).stdout.startswith(b"duplicate: ticket 1")
    assert site.numbers() == ["Problem 1", "Problem 2"] and site.left() == []
    taker.terminate()
    out, err = taker.communicate(timeout=SOON)
    assert (taker.returncode, err) == (
        0,
        b"supporttui: " + bytes(site.store) + b": a new store was made here\n",
    )
    assert [line[:13] for line in out.splitlines()] == [b"new: ticket 1", b"new: ticket 2", b"duplicate: ti"]
    assert not (site.folder / "spool" / front.NAME).exists()


def test_the_gateway_through_a_taker_loads_nothing_that_it_does_not_need(site):
    site.serve("--quiet")
    done = subprocess.run(
        [sys.executable, "-X", "importtime", "-m", "supporttui", "intake", "mail"], input=mail(1), capture_output=True,
        env=site.environment, timeout=60,
    )  # fmt: skip
    assert done.returncode == 0
    loaded = {line.rpartition("|")[2].strip() for line in done.stderr.decode().splitlines()}
    assert "supporttui.intake.mail.front" in loaded
    heavy = {
        "peewee",
        "msgspec",
        "email",
        "argparse",
        "json",
        "re",
        "socket",
        "tomllib",
        "supporttui.cli.entry",
    }
    # Python itself loads some of them to run a module by its name.
    bare = subprocess.run([sys.executable, "-X", "importtime", "-m", "supporttui", "--version"], capture_output=True,
                          env=site.environment, timeout=60)  # fmt: skip
    already = {line.rpartition("|")[2].strip() for line in bare.stderr.decode().splitlines()}
    assert loaded & heavy <= already


def test_only_one_taker_for_a_spool(site):
    site.serve()
    done = site.run("intake", "serve")
    assert done.returncode == 77 and b"takes mails from" in done.stderr and done.stderr.count(b"\n") == 1


def test_a_killed_taker_leaves_a_socket_that_harms_nobody(site):
    taker = site.serve()
    assert site.run("intake", "mail", raw=mail(1)).returncode == 0
    taker.kill()
    taker.wait()
    assert (site.folder / "spool" / front.NAME).exists()
    assert site.run("intake", "mail", raw=mail(2)).returncode == 0  # by itself
    site.serve("--quiet")
    assert site.run("intake", "mail", raw=mail(3)).returncode == 0
    assert site.numbers() == ["Problem 1", "Problem 2", "Problem 3"]


def test_a_taker_that_goes_in_the_middle_costs_nothing(site):
    """Whoever listens there takes the name and says nothing: the gateway does the work itself."""
    folder = site.folder / "spool"
    folder.mkdir(mode=0o700)
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind(str(folder / front.NAME))
        listening.listen()
        gateway = subprocess.Popen([sys.executable, "-m", "supporttui", "intake", "mail"], env=site.environment,
                                   stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE)  # fmt: skip
        line, _ = listening.accept()
        assert gateway.stdin is not None
        gateway.stdin.write(mail(1))
        gateway.stdin.close()
        assert line.recv(1000).endswith(b".mail\n")
        line.close()
    assert gateway.wait(60) == 0
    gateway.stdout.close()
    gateway.stderr.close()
    assert site.numbers() == ["Problem 1"] and site.left() == []


@pytest.mark.parametrize("served", [True, False])
def test_a_mail_server_hears_nothing_that_it_could_pass_on_to_a_stranger(site, served):
    """Postfix puts what a command prints into the delivery report that any sender may ask for."""
    if served:
        site.serve("--quiet")
    done = site.run("intake", "mail", raw=mail(1), SUPPORTTUI_SAY="")
    assert (done.returncode, done.stdout, done.stderr) == (0, b"", b"") and site.numbers() == ["Problem 1"]
    (site.folder / "spool").chmod(0o777)
    done = site.run("intake", "mail", raw=mail(2), SUPPORTTUI_SAY="")
    assert (done.returncode, done.stdout) == (75, b"")
    assert done.stderr == b"supporttui: the mail could not be taken now: try again\n"
    done = site.run("intake", "mail", "--nonsense", raw=mail(2), SUPPORTTUI_SAY="")
    assert (done.returncode, done.stderr.count(b"\n")) == (75, 1) and b"nonsense" not in done.stderr


def test_a_spool_that_others_may_write_in_is_used_by_nobody(site):
    site.serve("--quiet")
    (site.folder / "spool").chmod(0o777)
    done = site.run("intake", "mail", raw=mail(1))
    assert done.returncode == 75 and b"chmod 700" in done.stderr


def test_a_taker_takes_what_lay_in_the_spool_before(site):
    name = spool.put(str(site.folder / "spool"), [mail(1)])
    os.utime(site.folder / "spool" / name, (time.time() - 3600,) * 2)
    site.serve()
    until(lambda: not site.left())
    assert site.numbers() == ["Problem 1"]


def test_a_taker_that_can_t_write_the_store_says_75_and_then_it_can(site):
    taker = site.serve("--quiet")
    assert site.run("intake", "mail", raw=mail(1)).returncode == 0
    aside = site.folder / "moved.sqlite3"
    os.rename(site.store, aside)
    site.store.mkdir()
    taker.send_signal(signal.SIGHUP)  # opens the store anew
    time.sleep(0.2)
    done = site.run("intake", "mail", raw=mail(2))
    assert done.returncode == 75 and done.stderr.startswith(b"supporttui: ") and len(site.left()) == 1
    site.store.rmdir()
    os.rename(aside, site.store)
    assert site.run("intake", "retry").returncode == 0
    assert site.run("intake", "mail", raw=mail(3)).returncode == 0
    assert site.numbers() == ["Problem 1", "Problem 2", "Problem 3"] and site.left() == []


def test_whatever_is_said_to_a_taker_it_goes_on(site):
    site.serve("--quiet")
    for said in (b"", b"\n", b"no\n", b"../../etc/passwd.mail\n", b"x" * 5_000, b"\xff\xfe.mail\n"):
        with socket.socket(socket.AF_UNIX) as line:
            line.connect(str(site.folder / "spool" / front.NAME))
            line.sendall(said)
            line.shutdown(socket.SHUT_WR)
    assert site.run("intake", "mail", raw=mail(1)).returncode == 0


# -- whatever goes wrong is "try again" ----------------------------------------------------------------


@pytest.mark.parametrize(("words", "environment"), [
    (["intake", "mail", "--nonsense"], {}), (["--nonsense", "intake", "mail"], {}), (["intake", "mail", "word"], {}),
    (["--store", "/no/such/folder/x.sqlite3", "intake", "mail"], {}), (["intake", "mail"], {"SUPPORTTUI_POLICY": "nowhere"}),
    (["intake", "mail"], {"SUPPORTTUI_INTAKE": "/dev/null/x"}), (["intake", "mail"], {"SUPPORTTUI_CONFIG": "/no/such.toml"}),
    (["intake", "mail"], {"SUPPORTTUI_STORE": "/proc/version"}), (["intake", "mail", "--from"], {}),
    (["--policy", "nowhere", "intake", "mail"], {"SUPPORTTUI_DEBUG": "1"}),
])  # fmt: skip
def test_a_mistake_of_ours_never_gives_a_mail_back(site, words, environment):
    done = site.run(*words, raw=mail(1), **environment)
    assert done.returncode == 75, done.stderr
    assert done.stderr.startswith(b"supporttui: ") and done.stderr.count(b"\n") == 1


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP, signal.SIGINT])
def test_a_signal_is_try_again_too(site, number):
    gateway = subprocess.Popen([sys.executable, "-m", "supporttui", "intake", "mail"], env=site.environment,
                               stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE)  # fmt: skip
    until(lambda: (site.folder / "spool").is_dir() and any((site.folder / "spool").iterdir()))
    gateway.send_signal(number)
    gateway.communicate(timeout=SOON)
    assert gateway.returncode == 75 and site.left() == []


def test_a_reader_of_our_output_that_went_away_changes_nothing(site):
    gateway = subprocess.Popen([sys.executable, "-m", "supporttui", "intake", "mail"], env=site.environment,
                               stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE)  # fmt: skip
    gateway.stdout.close()
    gateway.stdout = None
    gateway.communicate(mail(1), timeout=60)
    assert gateway.returncode == 0 and site.numbers() == ["Problem 1"]


def test_a_full_disk_is_try_again(site):
    # Compiled modules that are cut off would break whoever loads them next.
    code = "import resource, sys; sys.dont_write_bytecode = True; resource.setrlimit(resource.RLIMIT_FSIZE, (100, 100)); sys.argv = ['supporttui', 'intake', 'mail']; " \
           "from supporttui.__main__ import main; sys.exit(main())"  # fmt: skip
    done = subprocess.run([sys.executable, "-c", code], input=mail(1) + b"x" * 1_000, capture_output=True,
                          env=site.environment, timeout=60)  # fmt: skip
    assert done.returncode == 75 and b"File too large" in done.stderr and done.stderr.count(b"\n") == 1
    assert os.listdir(site.folder / "spool") == []


def test_a_store_that_can_t_be_opened_leaves_the_mail_in_the_spool(site):
    site.store.mkdir()
    assert site.run("intake", "mail", raw=mail(1)).returncode == 75
    assert site.run("intake", "retry").returncode != 0 and len(site.left()) == 1
    site.store.rmdir()
    assert site.run("intake", "retry").returncode == 0
    assert site.numbers() == ["Problem 1"] and site.left() == []


# -- what the short way knows of settings ----------------------------------------------------------------


@pytest.mark.parametrize("text", [
    'store = "/srv/desk.sqlite3"\n', "store = '/srv/desk.sqlite3'  # here\n", '# store = "x"\npage = 10\n', "",
    'theme = "x"\nstore="/srv/d#sk.sqlite3"\n', '[other]\nstore = "x"\n', 'stored = "x"\n', 'store = "a\\tb"\n',
    '"store" = "x"\n', 'page = """\nstore = "x"\n"""\n', "store = \n", 'store = "open\n', "other.store = \"x\"\n",
])  # fmt: skip
def test_a_settings_file_is_understood_as_toml_has_it_or_left_to_who_reads_toml(tmp_path, text):
    path = tmp_path / "config.toml"
    path.write_text(text)
    try:
        found = front.plain_value(str(path), "store")
    except front.Odd:
        return
    assert found == tomllib.loads(text).get("store", "")


@pytest.mark.parametrize("text", [
    '[files]\nfolder = "/mnt/f"\n', '[uploads]\nfolder = "/srv/up"\n', '[uploads]\nfolder = "u"\n[files]\nmost_mb = 3\n',
    '[ files ]\nfolder = "/mnt/f"\n[imap]\nfolder = "INBOX"\n', 'files.folder = "/mnt/f"\n', 'files = { folder = "/mnt/f" }\n',
])  # fmt: skip
def test_a_folder_for_files_is_found_in_its_table_or_left_to_who_reads_toml(tmp_path, text):
    path = tmp_path / "intake.toml"
    path.write_text(text)
    try:
        found = front.plain_value(str(path), "folder", "files")
    except front.Odd:
        return
    assert found == tomllib.loads(text).get("files", {}).get("folder", "")


@pytest.mark.parametrize("words", [
    ["intake", "retry"], ["intake", "mail", "--json"], ["--policy=x", "intake", "mail"], ["--help", "intake", "mail"],
    ["intake", "mail", "--store"], ["mail", "intake"],
])  # fmt: skip
def test_what_is_out_of_the_ordinary_goes_the_long_way(words):
    with pytest.raises(front.Odd):
        front._options(words)


def test_options_may_stand_anywhere():
    assert front._options(["--store=a", "intake", "--from", "<>", "mail"]) == {"--store": "a", "--from": "<>"}


def test_the_short_and_the_long_way_use_the_same_spool(site, monkeypatch):
    monkeypatch.setenv("HOME", str(site.folder))
    monkeypatch.setenv("XDG_DATA_HOME", "")
    (site.folder / ".config" / "supporttui").mkdir(parents=True)
    (site.folder / ".config" / "supporttui" / "intake.toml").write_text('[files]\nfolder = "~/mine"\n')
    (site.folder / "config.toml").write_text('store = "~/other/x.sqlite3"\n')
    for environ, words in [
        ({"HOME": str(site.folder)}, []), ({"HOME": str(site.folder)}, ["--store", "a.sqlite3"]),
        ({"HOME": str(site.folder), "SUPPORTTUI_CONFIG": str(site.folder / "config.toml")}, []),
        ({"HOME": str(site.folder), "SUPPORTTUI_INTAKE": "/nowhere/intake.toml"}, []),
    ]:  # fmt: skip
        given = words[1] if words else ""
        settings = load(environ, {"store": given} if given else {})
        world = World(sys.stdin, sys.stdout, sys.stderr, environ, SystemClock())
        assert front._folder(given, environ) == spool_of(Session(world, settings, Namespace()))
