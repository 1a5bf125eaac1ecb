"""Settings come from four sources in a fixed order, and each says where it came from."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from supporttui import config
from supporttui.errors import PolicyError, UsageError


@pytest.fixture
def home(tmp_path: Path) -> dict[str, str]:
    return {"HOME": str(tmp_path), "LOGNAME": "ana"}


def write(home: dict[str, str], text: str) -> Path:
    file = config.config_file(home)
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text)
    return file


def test_without_any_source_the_defaults_hold(home):
    settings = config.load(home)
    assert settings.text("policy") == "netex"
    assert settings.origin("policy") == "default"
    assert settings.switch("mouse") is False
    assert settings.number("page") == 50


def test_a_later_source_outranks_an_earlier_one(home):
    file = write(home, 'policy = "xnet"\ntheme = "mono"\nzone = "UTC"')
    environ = {**home, "SUPPORTTUI_THEME": "night", "SUPPORTTUI_ZONE": "Europe/Berlin"}
    settings = config.load(environ, {"zone": "America/Chicago"})
    assert settings.values["policy"] == ("xnet", str(file))
    assert settings.values["theme"] == ("night", "SUPPORTTUI_THEME")
    assert settings.values["zone"] == ("America/Chicago", "--zone")


def test_an_empty_variable_counts_as_not_set(home):
    assert config.load({**home, "SUPPORTTUI_THEME": ""}).origin("theme") == "default"


@pytest.mark.parametrize("source", ["file", "environment", "flag"])
def test_restricted_once_on_stays_on(home, source):
    environ, flags = {**home, "SUPPORTTUI_RESTRICTED": "0"}, {}
    if source == "file":
        write(home, "restricted = true")
    elif source == "environment":
        environ["SUPPORTTUI_RESTRICTED"] = "1"
    else:
        flags["restricted"] = True
    assert config.load(environ, flags).switch("restricted") is True


def test_the_environment_cannot_lift_a_restriction_of_the_file(home):
    file = write(home, "restricted = true")
    settings = config.load({**home, "SUPPORTTUI_RESTRICTED": "no"})
    assert settings.values["restricted"] == (True, str(file))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("polcy = 'xnet'", "unknown setting 'polcy'; did you mean 'policy'?"),
        ("mouse = 'yes'", "mouse: must be true or false, not 'yes'"),
        ("page = true", "page: must be a whole number, not True"),
        ("page = 0", "page: must be 1 to 100000, not 0"),
        ("theme = 3", "theme: must be text, not 3"),
        ("theme = ", "not TOML"),
        ("alarm = 'loud'", "alarm: 'loud' is no severity; write them as 1, 1-2 or 2,4"),
        ("alarm_repeat = 4000", "alarm_repeat: must be 0 to 3600, not 4000"),
        (
            "quiet_hours = 'at night'",
            "quiet_hours: 'at night' is no span of quiet hours; write it as 22:00-07:00 sev 2-4",
        ),
        ('alarm_hook = "play \'it"', 'alarm_hook: "play \'it": no closing quotation'),
        ("[table]\na = 1", "unknown setting 'table'"),
    ],
)
def test_a_bad_file_is_named_with_the_key(home, text, said):
    file = write(home, text)
    with pytest.raises(PolicyError) as caught:
        config.load(home)
    assert str(caught.value).startswith(f"{file}: ")
    assert said in str(caught.value)
    assert "\n" not in str(caught.value)


def test_bytes_that_are_no_text_are_pointed_at(home):
    write(home, "").write_bytes(b'theme = "\xff"')
    with pytest.raises(PolicyError, match="byte 10 is not UTF-8"):
        config.load(home)


def test_a_file_named_by_the_environment_must_exist(home, tmp_path):
    missing = tmp_path / "none.toml"
    with pytest.raises(PolicyError, match="no such settings file"):
        config.load({**home, "SUPPORTTUI_CONFIG": str(missing)})
    missing.write_text("slow = true")
    settings = config.load({**home, "SUPPORTTUI_CONFIG": str(missing)})
    assert settings.values["slow"] == (True, str(missing))


@pytest.mark.parametrize(("given", "value"), [("1", True), ("Yes", True), ("off", False)])
def test_switches_in_the_environment(home, given, value):
    assert config.load({**home, "SUPPORTTUI_MOUSE": given}).switch("mouse") is value


@pytest.mark.parametrize("variable", ["SUPPORTTUI_MOUSE", "SUPPORTTUI_PAGE"])
def test_a_bad_variable_is_named(home, variable):
    with pytest.raises(UsageError, match=variable):
        config.load({**home, variable: "maybe"})


def test_the_actor_is_the_setting_else_the_login(home):
    assert config.load(home).actor == "ana"
    assert config.load({**home, "SUPPORTTUI_USER": "raj"}).actor == "raj"
    assert config.load({**home, "SUPPORTTUI_USER": "raj"}, {"actor": "eva"}).actor == "eva"


@pytest.mark.parametrize("name", ["a\x1b[2Jb", "  ", "x" * 65, "a\nb"])
def test_an_actor_that_would_break_a_line_is_refused(home, name):
    with pytest.raises(UsageError, match="--as NAME"):
        _ = config.load(home, {"actor": name}).actor


@pytest.mark.skipif(sys.platform != "linux", reason="the rule is written out for Linux only")
@pytest.mark.parametrize("base", [None, "", "/elsewhere"])
def test_the_folder_is_the_one_of_platformdirs(monkeypatch, base):
    import os

    import platformdirs

    monkeypatch.delenv("XDG_CONFIG_HOME", raising=False)
    if base is not None:
        monkeypatch.setenv("XDG_CONFIG_HOME", base)
    assert str(config.config_folder(os.environ)) == platformdirs.user_config_dir(
        "supporttui", appauthor=False
    )


def test_every_setting_has_a_variable_of_its_own():
    variables = [setting.variable for setting in config.SETTINGS]
    assert len(set(variables)) == len(variables)
    assert all(variable.startswith("SUPPORTTUI_") for variable in variables)
