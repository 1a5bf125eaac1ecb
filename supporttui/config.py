"""Settings: defaults, file, environment, flags, in that order, each value with its origin.

A later source outranks an earlier one, except that restricted mode, once
switched on by any of them, stays on.  Nothing is imported that a setting
does not need: this module is on the path of every command.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any, NamedTuple

from supporttui.errors import PolicyError, UsageError

APP = "supporttui"
_LINUX = sys.platform == "linux"
YES = frozenset({"1", "true", "yes", "on"})
NO = frozenset({"0", "false", "no", "off"})


class Setting(NamedTuple):
    """One setting: default also fixes its type (str, bool or int); a number lies between least and most.

    check: raises ValueError, in words for people, for a text that can't be used.
    """

    name: str
    default: Any
    variable: str
    help: str
    least: int = 0
    most: int = 0
    check: Callable[[str], object] | None = None


class Value(NamedTuple):
    """A setting's value and where it came from ("default", "SUPPORTTUI_STORE", "--store", a file's path)."""

    value: Any
    origin: str


def _severities(text: str) -> object:
    from supporttui.terminal.quiet import severities

    return severities(text)


def _quiet_hours(text: str) -> object:
    from supporttui.terminal.quiet import quiet_hours

    return quiet_hours(text)


def _arguments(text: str) -> object:
    from supporttui.terminal.child import arguments

    return arguments(text)


SETTINGS = (
    Setting(
        "store",
        "",
        "SUPPORTTUI_STORE",
        "the store: a file, a URL or :memory:; empty: the platform's data folder",
    ),
    Setting("policy", "netex", "SUPPORTTUI_POLICY", "the support policy: netex, xnet or a TOML file"),
    Setting(
        "roster",
        "",
        "SUPPORTTUI_ROSTER",
        "who is on call: a TOML file; empty: roster.toml in the configuration folder",
    ),
    Setting(
        "channels",
        "",
        "SUPPORTTUI_CHANNELS",
        "through what notices leave: a TOML file; empty: channels.toml in the configuration folder",
    ),
    Setting(
        "intake",
        "",
        "SUPPORTTUI_INTAKE",
        "how problems come in: a TOML file; empty: intake.toml in the configuration folder",
    ),
    Setting("actor", "", "SUPPORTTUI_USER", "who acts; empty: the name of the logged-in user"),
    Setting("zone", "local", "SUPPORTTUI_ZONE", "zone of times in text: an IANA name, local or vendor"),
    Setting("theme", "ansi-dark", "SUPPORTTUI_THEME", "the console's theme"),
    Setting("mouse", False, "SUPPORTTUI_MOUSE", "whether the console uses the mouse"),
    Setting("slow", False, "SUPPORTTUI_SLOW", "whether the console saves bytes for a slow line"),
    Setting(
        "restricted",
        False,
        "SUPPORTTUI_RESTRICTED",
        "whether other programs and named files are out of reach",
    ),
    Setting(
        "alarm",
        "1",
        "SUPPORTTUI_ALARM",
        "severities that ring in the console: 1, 1-2, or off",
        check=_severities,
    ),
    Setting(
        "alarm_repeat",
        60,
        "SUPPORTTUI_ALARM_REPEAT",
        "seconds between bells until somebody acknowledges; 0 rings once",
        0,
        3600,
    ),
    Setting(
        "alarm_hook",
        "",
        "SUPPORTTUI_ALARM_HOOK",
        "a program that the alarm starts, with its arguments; no shell reads them",
        check=_arguments,
    ),
    Setting(
        "quiet_hours",
        "",
        "SUPPORTTUI_QUIET_HOURS",
        "when which severities ring no bell, such as 22:00-07:00 sev 2-4",
        check=_quiet_hours,
    ),
    Setting("templates", "", "SUPPORTTUI_TEMPLATES", "a folder of canned replies that the whole desk shares"),
    Setting("page", 50, "SUPPORTTUI_PAGE", "rows that a list prints as text", 1, 100_000),
)


class Settings:
    """The values in force.  Attribute access gives a value, `origin(name)` where it came from."""

    def __init__(self, values: Mapping[str, Value], file: Path, environ: Mapping[str, str]) -> None:
        self.values = dict(values)
        self.file = file
        self._environ = environ

    def text(self, name: str) -> str:
        return str(self.values[name].value)

    def switch(self, name: str) -> bool:
        return bool(self.values[name].value)

    def number(self, name: str) -> int:
        return int(self.values[name].value)

    def path(self, name: str) -> Path:
        """The file that a setting names, or NAME.toml in the configuration folder; need not exist."""
        given = self.text(name)
        return Path(given).expanduser() if given else config_folder(self._environ) / f"{name}.toml"

    def origin(self, name: str) -> str:
        return self.values[name].origin

    @property
    def actor(self) -> str:
        """Who acts: the setting, else the logged-in user's name.  Errors: UsageError."""
        name = self.text("actor") or _login(self._environ)
        if not name.strip() or not name.isprintable() or len(name) > 64:
            raise UsageError(
                f"the actor {name!r} ({self.origin('actor')}) must be 1 to 64 printable characters: give --as NAME"
            )
        return name


def load(environ: Mapping[str, str], flags: Mapping[str, Any] | None = None) -> Settings:
    """Settings from all four sources.  flags: by setting name, only those given.

    Errors: PolicyError for the settings file, UsageError for a variable or a flag.
    """
    file = config_file(environ)
    values = {setting.name: Value(setting.default, "default") for setting in SETTINGS}
    sources = (
        _from_file(file, "SUPPORTTUI_CONFIG" in environ),
        _from_environ(environ),
        _from_flags(flags or {}),
    )
    for source in sources:
        for name, value in source.items():
            # The one who starts us restricted (an SSH key's forced command) has the last word.
            if name == "restricted" and values[name].value is True:
                continue
            values[name] = value
    return Settings(values, file, environ)


def config_folder(environ: Mapping[str, str]) -> Path:
    """The platform's folder for settings; need not exist."""
    if _LINUX:
        # What platformdirs answers there, without its import on every start.
        base = environ.get("XDG_CONFIG_HOME", "")
        return Path(base if base.strip() else Path(environ.get("HOME") or Path.home()) / ".config") / APP
    import platformdirs

    return Path(platformdirs.user_config_dir(APP, appauthor=False))


def template_folders(settings: Settings, environ: Mapping[str, str]) -> list[tuple[str, Path]]:
    """Where canned replies are looked for: (origin, folder), one's own before the desk's."""
    folders = [("own", config_folder(environ) / "templates")]
    shared = settings.text("templates")
    return [*folders, ("shared", Path(shared).expanduser())] if shared else folders


def state_folder(environ: Mapping[str, str]) -> Path:
    """The platform's folder for what a program remembers, such as lines that were typed; need not exist."""
    if _LINUX:
        base = environ.get("XDG_STATE_HOME", "")
        home = Path(environ.get("HOME") or Path.home())
        return Path(base if base.strip() else home / ".local" / "state") / APP
    import platformdirs

    return Path(platformdirs.user_state_dir(APP, appauthor=False))


def config_file(environ: Mapping[str, str]) -> Path:
    """The settings file: SUPPORTTUI_CONFIG, else config.toml in the platform's folder."""
    named = environ.get("SUPPORTTUI_CONFIG", "")
    return Path(named) if named else config_folder(environ) / "config.toml"


def _login(environ: Mapping[str, str]) -> str:
    for variable in ("LOGNAME", "USER", "LNAME", "USERNAME"):
        if environ.get(variable):
            return environ[variable]
    try:
        import pwd

        return pwd.getpwuid(os.getuid()).pw_name
    except (ImportError, KeyError):
        return ""


def _from_file(file: Path, must_exist: bool) -> dict[str, Value]:
    try:
        raw = file.read_bytes()
    except (FileNotFoundError, NotADirectoryError):
        if must_exist:
            raise PolicyError(f"{file}: no such settings file; SUPPORTTUI_CONFIG names it") from None
        return {}
    except OSError as error:
        raise PolicyError(f"{file}: the settings can't be read: {error.strerror}") from None
    return {name: Value(value, str(file)) for name, value in _decoded(file, raw).items()}


def _decoded(file: Path, raw: bytes) -> dict[str, Any]:
    import tomllib

    try:
        given = tomllib.loads(raw.decode("utf-8"))
    except UnicodeDecodeError as error:
        raise PolicyError(f"{file}: byte {error.start + 1} is not UTF-8") from None
    except tomllib.TOMLDecodeError as error:
        raise PolicyError(f"{file}: not TOML: {error}") from None
    known = {setting.name: setting for setting in SETTINGS}
    for name, value in given.items():
        if name not in known:
            raise PolicyError(f"{file}: unknown setting {name!r}{nearest(name, known)}")
        _check_type(f"{file}: {name}", known[name], value, PolicyError)
    return given


def _check_type(where: str, setting: Setting, value: Any, error: type[Exception]) -> None:
    if type(value) is not type(setting.default):
        wanted = {str: "text", bool: "true or false", int: "a whole number"}[type(setting.default)]
        raise error(f"{where}: must be {wanted}, not {value!r}")
    if setting.most and not setting.least <= value <= setting.most:
        raise error(f"{where}: must be {setting.least} to {setting.most}, not {value}")
    if setting.check is not None:
        try:
            setting.check(value)
        except ValueError as wrong:
            raise error(f"{where}: {wrong}") from None


def _from_environ(environ: Mapping[str, str]) -> dict[str, Value]:
    found = {}
    for setting in SETTINGS:
        given = environ.get(setting.variable, "")
        if given:
            found[setting.name] = Value(_read(setting, given), setting.variable)
    return found


def _read(setting: Setting, given: str) -> Any:
    value: Any = given
    if isinstance(setting.default, bool):
        if given.lower() not in YES | NO:
            raise UsageError(f"{setting.variable}: must be 1 or 0, not {given!r}")
        value = given.lower() in YES
    elif isinstance(setting.default, int):
        digits = given.isascii() and given.isdigit() and len(given) < 10
        value = int(given) if digits else given
    _check_type(setting.variable, setting, value, UsageError)
    return value


def _from_flags(flags: Mapping[str, Any]) -> dict[str, Value]:
    written = {"actor": "--as"}
    return {name: Value(value, written.get(name, f"--{name}")) for name, value in flags.items()}


def nearest_option(flag: str, options: Iterable[str]) -> str:
    """`nearest` among long options; the dashes that all of them begin with bring none of them near.

    An option that has the word in it is nearer than one with like letters: --contact-phone for --phone.
    """
    options = list(options)
    having = [one for one in options if flag.lstrip("-") in one[2:].split("-")]
    if len(having) == 1:
        return f"; did you mean {having[0]!r}?"
    hint = nearest(flag.lstrip("-"), [one[2:] for one in options], cutoff=0.65)
    return hint.replace("mean '", "mean '--", 1)


def nearest(word: str, words: Any, cutoff: float = 0.6) -> str:
    """What to add to a line about an unknown word: "; did you mean 'x'?" or ""."""
    import difflib

    close = difflib.get_close_matches(word, list(words), n=1, cutoff=cutoff)
    return f"; did you mean {close[0]!r}?" if close else ""
