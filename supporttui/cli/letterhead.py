"""What letters to customers are written with, put together from the files that say how mail goes and comes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from supporttui.config import config_folder

if TYPE_CHECKING:
    from collections.abc import Mapping

    from supporttui.config import Settings
    from supporttui.desk.letterhead import Letterhead

FOLDER = "mail"


def letterhead_of(settings: Settings, environ: Mapping[str, str]) -> Letterhead | None:
    """None where no SMTP server is set up: nothing is sent then.  Errors: PolicyError for a file with a fault."""
    path = settings.path("channels")
    if not path.exists():
        return None
    from supporttui.desk.letterhead import Letterhead
    from supporttui.intake.settings import load_intake
    from supporttui.watch.channels.settings import load_channels

    out = load_channels(path).mail
    if out is None:
        return None
    coming = load_intake(settings.path("intake"))
    addresses = coming.mail.addresses
    return Letterhead(
        sender=addresses[0] if addresses else out.sender,
        own=frozenset(one.lower() for one in (out.sender, *addresses)),
        folder=config_folder(environ) / FOLDER,
        url=coming.web.url,
        most=coming.mail.most_answers,
    )
