"""What the desk's letters to customers are written with: from whom they come, and what limits them.

Where mail out is not set up there is none, and no letter is ever queued.
"""

from __future__ import annotations

from pathlib import Path

from supporttui.quickclass import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Letterhead:
    """sender: the address that letters come from and customers answer to.  own: every address of ours,
    in small letters: nothing is ever sent to them.  folder: templates of one's own.  url: of the web
    desk, for links, "" for none.  most: automatic letters that leave in an hour, all together.
    """

    sender: str
    own: frozenset[str] = frozenset()
    folder: Path | None = None
    url: str = ""
    most: int = 300

    @property
    def domain(self) -> str:
        return self.sender.rpartition("@")[2]
