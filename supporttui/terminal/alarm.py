"""What a terminal is told to wake its analyst: bell, window title, desktop notice, in its own form.

Over SSH only the terminal's line reaches the analyst's desk, so everything
here is a sequence for it.  tmux and screen stand between: each hands a
sequence on only when it is wrapped in its way.  A terminal that would print a
sequence as text gets the bell alone.

Invariant: nothing but digits, words of the policy and of this program gets in,
cleaned and capped by `osc`.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from supporttui.quickclass import dataclass

from . import osc
from .abilities import Abilities

NAME = "supporttui"
NAMED = 4  # tickets that a title or a notice names before it says that there are more


@dataclass(frozen=True, slots=True)
class Outlet:
    """How this terminal is reached.

    titles: it takes titles and notices.  tmux, screen: what stands between.  ascii: it reads no UTF-8.
    """

    titles: bool = True
    tmux: bool = False
    screen: bool = False
    ascii: bool = False

    @classmethod
    def of(cls, terminal: Abilities) -> Outlet:
        return cls(terminal.titles, terminal.tmux, terminal.screen, not terminal.utf8)

    def title(self, text: str) -> str:
        """Set the window's title.  tmux takes it for its pane's; screen is asked to pass it on."""
        return self._through_screen(osc.title(text, ascii=self.ascii)) if self.titles else ""

    def keep_title(self) -> str:
        """Have the terminal remember the title that it has now."""
        return self._through_screen(osc.push_title()) if self.titles else ""

    def give_back_title(self) -> str:
        """The remembered title again; our name where the terminal remembers none."""
        return self.title(NAME) + self._through_screen(osc.pop_title()) if self.titles else ""

    def notice(self, heading: str, text: str) -> str:
        """A desktop notice."""
        if not self.titles:
            return ""
        if self.screen:
            return "".join(self._through_screen(one) for one in osc.notices(heading, text, ascii=self.ascii))
        return osc.notice(heading, text, tmux=self.tmux, ascii=self.ascii)

    def _through_screen(self, sequence: str) -> str:
        return osc.for_screen(sequence) if self.screen else sequence


def title_words(numbers: Sequence[tuple[int, int]]) -> str:
    """ "S1:2 1042 1057", from (severity, ticket) pairs; the most severe first."""
    ordered = sorted(set(numbers))
    counts = {severity: sum(one == severity for one, _ in ordered) for severity, _ in ordered}
    heads = " ".join(f"S{severity}:{count}" for severity, count in counts.items())
    return f"{heads} {named(number for _, number in ordered)}"


def named(numbers: Iterable[int]) -> str:
    """ "1042 1057 1060 1063 ..."."""
    words = [str(int(number)) for number in numbers]
    return " ".join(words[:NAMED]) + (" ..." if len(words) > NAMED else "")
