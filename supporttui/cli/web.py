"""`web`: the Problem Report Form and the status page, until it is asked to end."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from supporttui.errors import PolicyError, Refused, UsageError

from .parser import Parser, Verb, text

if TYPE_CHECKING:
    from supporttui.intake.settings import Intake

    from .session import Session

EXTRA = ("starlette", "uvicorn", "python_multipart", "jinja2")


def _configure(parser: Parser) -> None:
    parser.add_argument(
        "--host", type=text, metavar="ADDRESS", help="where it listens; [web] of intake.toml has the rest"
    )
    parser.add_argument("--port", type=text, metavar="N", help="port to listen on; 0 takes a free one")
    parser.add_argument("--quiet", action="store_true", help="print nothing while all is well")


def _run(session: Session) -> int:
    if session.settings.switch("restricted"):
        raise Refused("web serves strangers: not allowed in restricted mode")
    _needs_extra()
    from supporttui.intake.web.entering import ACTOR
    from supporttui.intake.web.serve import serve

    settings = _settings(session)
    serve(
        lambda: session.new_desk(ACTOR),
        settings,
        lambda line: _log(session, line),
        lambda url: _ready(session, settings, url),
    )
    return 0


def _needs_extra() -> None:
    from importlib.util import find_spec

    missing = [name for name in EXTRA if find_spec(name) is None]
    if missing:
        raise PolicyError(f"web needs {', '.join(missing)}: pip install 'supporttui[web]'")


def _settings(session: Session) -> Intake:
    from supporttui.intake.settings import load_intake

    settings = load_intake(session.settings.path("intake"))
    web = _with(
        settings.web, host=session.args.host or settings.web.host, port=_port(session, settings.web.port)
    )
    changed: Intake = _with(settings, web=web)
    return changed


def _with(table: Any, **new: Any) -> Any:
    from msgspec.structs import replace

    return replace(table, **new)


def _port(session: Session, usual: int) -> int:
    given = session.args.port
    if given is None:
        return usual
    if not (given.isascii() and given.isdigit() and int(given) <= 65_535):
        raise UsageError(f"'{given[:20]}' is no port: a number up to 65535, or 0 for a free one")
    return int(given)


def _say_what_lacks(session: Session, settings: Intake) -> None:
    """What makes the pages promise less is said when they begin, not when a customer waits."""
    from supporttui.intake.web.fields import CHANNEL

    if session.new_desk("").letterhead is None:
        session.hint("no mail goes out ([mail] in channels.toml): nobody gets an acknowledgement or a status")
    if not settings.web.url:
        session.hint("[web] url is not set in intake.toml: letters carry no link to the status page")
    policy = session.load_policy()
    if policy.channels and CHANNEL not in policy.channels:
        ways = ", ".join(policy.channels)
        session.hint(
            f"the policy '{policy.name}' names as ways to report: {ways}; to take reports here, "
            f"add a [[channel]] '{CHANNEL}' to it"
        )


def _ready(session: Session, settings: Intake, url: str) -> None:
    from supporttui.watch.service import notify

    _say_what_lacks(session, settings)
    notify("READY=1", session.world.environ.get("NOTIFY_SOCKET", ""))
    _log(session, f"listening on {url}")


def _log(session: Session, line: str) -> None:
    if session.args.quiet and not line.startswith(("fault", "not taken")):
        return
    at = session.world.clock.now().strftime("%Y-%m-%dT%H:%M:%SZ")
    try:
        if session.form == "json":
            session.out.json_line({"event": line, "at": at})
        else:
            session.out.line(f"{at} {line}")
        session.out.flush()
    except (OSError, ValueError):
        pass  # nobody reads the log: that ends no service


COMMANDS = {"web": Verb(_configure, _run)}
