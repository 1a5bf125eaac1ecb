"""The console as a whole: desk, clock, theme, first screen; nothing more.

What keys do is in `actions`, what is read when is in `keeper`, how things look
is in `present` and `widgets`.
"""

from __future__ import annotations

import asyncio
import gc
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager, ExitStack, nullcontext, suppress
from dataclasses import replace
from datetime import tzinfo
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from textual.screen import Screen
from textual.worker import WorkerFailed

from supporttui.desk.session import Desk
from supporttui.errors import SupportError
from supporttui.store.records import Draft
from supporttui.verbs.keymap import Keymap
from supporttui.verbs.registry import BY_ID, Verb
from supporttui.when import zone_of

from . import drafts
from .actions import find
from .alarm import Alarm, Plan
from .dialogs.dialog import Dialog
from .facts import PolicyFacts, read_facts
from .history import History
from .keeper import Keeper
from .link import Link
from .performer import Performer
from .present.setting import ASCII, UNICODE, Setting
from .question import Question
from .reader import Reader
from .screens.triage import Triage
from .sheet import SteadySheet
from .shift import Shift
from .tending import Tending
from .thrifty import Thrifty
from .trouble import Trouble
from .typeahead import TypeAhead
from .viewing import Viewing
from .walls import Walled
from .wardrobe import Wardrobe
from .widgets.ink import Ink
from .widgets.prompt_bar import PromptBar
from .work import Work

if TYPE_CHECKING:
    from supporttui.policy import Policy
    from supporttui.verbs.commandfile import Command

    from .ahead import Ahead
    from .editor import Editing
    from .program import Program

D = TypeVar("D", bound=Dialog[Any])
FIRST_PAINT = 1.5  # seconds after which the screen is shown even without rows


class ConsoleApp(Walled, Thrifty, TypeAhead, inherit_bindings=False):
    """One analyst's console.

    beating: whether time passes by itself; tests let it pass by hand.
    """

    CSS_PATH = "styles/console.tcss"
    ENABLE_COMMAND_PALETTE = False
    TITLE = "supporttui"

    def __init__(
        self,
        desk: Desk,
        zone: tzinfo,
        *,
        wardrobe: Wardrobe | None = None,
        ascii: bool = False,
        restricted: bool = False,
        slow: bool = False,
        view: str = "",
        views_file: Path | None = None,
        keymap: Keymap | None = None,
        history: History | None = None,
        alarm: Plan | None = None,
        ahead: Ahead | None = None,
        beating: bool = True,
    ) -> None:
        self.wardrobe = wardrobe or Wardrobe()
        self.ink = Ink(self.wardrobe.on.palette, ascii=ascii)
        super().__init__()
        self.wardrobe.dress(self)
        self.stylesheet = SteadySheet(variables=self.get_css_variables())
        self.zone = zone
        self._desk = desk
        self.ahead = ahead
        self.facts: PolicyFacts = ahead.facts if ahead else read_facts(desk)
        setting = Setting(
            actor=desk.actor,
            desk_name=self.facts.desk_name,
            zone=zone,
            vendor_zone=zone_of(self.facts.zone),
            severities=self.facts.severities,
            awake=self.facts.awake,
            after_hours=self.facts.after_hours,
            glyphs=ASCII if ascii else UNICODE,
        )
        keymap = keymap or Keymap()
        if restricted:
            keymap = keymap.without("commands")
        self.shift = Shift(desk.clock, setting, keymap, restricted=restricted, slow=slow)
        self.shift.sets(readonly=ahead.readonly if ahead else desk.store.readonly)
        self.link = Link(desk)
        self.triage = Triage(self.shift)
        self.trouble = Trouble(self)
        self.reader = Reader(self)
        self.keeper = Keeper(self)
        self.viewing = Viewing(self, views_file)
        self.alarm = Alarm(self.to_terminal, self.say_soon, alarm or Plan(zone=zone))
        self.history = history or History()
        self.tending = Tending(self)
        self.work = Work(self)
        self.drafts: dict[tuple[int, str], Draft] = {}
        self.marked_versions: dict[int, int] = {}
        self.crash: BaseException | None = None
        self.left_unsent: list[Draft] = []
        self.editing: Editing | None = None
        self.template_folders: list[tuple[str, Path]] = []
        self.own: dict[str, Command] = {}  # commands of one's own by name; none where they are not allowed
        self.environ: Mapping[str, str] = {}  # what those are started with
        self.programs: set[Program] = set()
        self.children_hear: Callable[[], AbstractContextManager[None]] = nullcontext
        self.ready = asyncio.Event()
        self._view = view
        self.start = ""  # a verb that is run before the first frame
        self._beating = beating
        self._dialogs: dict[type[Any], Dialog[Any]] = {}
        self._hold = ExitStack()
        self.performer = Performer(self)

    @property
    def policy(self) -> Policy:
        """The policy in force."""
        return self._desk.policy

    # -- start and end --------------------------------------------------------------------------

    def get_default_screen(self) -> Screen[Any]:
        return self.triage

    def on_load(self) -> None:
        self.animation_level = "none"
        self._hold.enter_context(self.batch_update())

    def on_mount(self) -> None:
        self.set_timer(FIRST_PAINT, self._hold.close)
        self.run_worker(self._begin(), name="begin")

    async def _begin(self) -> None:
        """Show what the first frame shows, then let time pass."""
        if self.ahead is not None:
            while not self.triage.is_mounted:
                await asyncio.sleep(0)
            self._show_ahead(self.ahead)
        else:
            await self._read_first()
        self.viewing.tell()
        if self.start:
            self.perform(BY_ID[self.start])
        self._reveal()
        self.run_worker(self.reader.read_when_stale(), name="reader")
        self.run_worker(self.reader.count_when_read(), name="counter")
        if self._beating:
            self.run_worker(self.keeper.beat_for_ever(), name="heartbeat")
        if self.drafts:
            self._tell_drafts()
        self.ready.set()

    def _show_ahead(self, ahead: Ahead) -> None:
        """What was read while the screen was loaded."""
        self.drafts, self.ahead = ahead.drafts, None
        self.viewing.starts(ahead.file)
        self.triage.show_views(ahead.views)
        chosen = ahead.views[ahead.view]
        self.triage.view, self.triage.question = ahead.view, Question(chosen.name, chosen.query)
        self.keeper.starts(ahead)

    async def _read_first(self) -> None:
        """Read it here; what can't be read is told."""
        try:
            found, self.drafts = await self.link.run(
                lambda desk: (self.viewing.gather(desk), drafts.load(desk))
            )
            self.triage.show_views(found)
            names = [view.name.casefold() for view in found]
            self.triage.view = names.index(self._view.casefold()) if self._view.casefold() in names else 0
            chosen = found[self.triage.view]
            self.triage.question = Question(chosen.name, chosen.query)
            await self.keeper.first_reading()
        except SupportError as error:
            self.say(str(error), "error")

    def _reveal(self, rounds: int = 4) -> None:
        """Paint at last, once the start's own messages (resize, resume, focus) have been served: one frame."""
        if rounds:
            self.call_later(self.triage.call_later, self._reveal, rounds - 1)
        else:
            self._hold.close()
            if not gc.isenabled():
                gc.freeze()  # what a start makes stays until the end
                gc.enable()

    def _tell_drafts(self) -> None:
        """Offer what was left unsent, by a dropped line too; the bottom line counts it until it is gone."""
        named = [f"{number} {kind}" if number else "a new report" for number, kind in self.drafts]
        more = f" and {len(named) - 4} more" if len(named) > 4 else ""
        key = self.shift.keymap.shown(BY_ID["drafts"]) or ":drafts"
        self.say(f"unsent drafts: {', '.join(named[:4])}{more}; {key} goes on with them", "warning")

    def leave(self) -> None:
        """The end that the analyst asked for."""
        self.end_programs()
        self.exit(0)

    def drop(self) -> None:
        """The line dropped, or we were asked to end: note what is unsent while there are widgets, then end."""
        self.left_unsent = self.unsent()
        self.end_programs()
        self.exit(0)

    def end_programs(self) -> None:
        """What still runs of one's own commands ends with the console."""
        for program in tuple(self.programs):
            program.kill()

    def unsent(self) -> list[Draft]:
        """Text in an open dialog, as the drafts that it becomes when the console ends now."""
        kept = [dialog.unsent_draft() for dialog in self._dialogs.values()]
        if self.editing is not None:
            kept.append(self.editing.unsent_draft())
        return [self._draft(*one) for one in kept if one is not None]

    def last_words(self) -> list[Draft]:
        """What is unsent at the very end; an editor that was open has had a moment to save."""
        found = self.left_unsent or self.unsent()
        if self.editing is None:
            return found
        self.editing.hang_up()
        last, recovery = self.editing.unsent_draft(), self.editing.recovery()
        if not recovery:
            self.editing.tidy()
        if last is None:
            return found
        ticket, kind, body, data = last
        draft = self._draft(ticket, kind, body, data | ({"recovery": recovery} if recovery else {}))
        return [one for one in found if (one.ticket, one.kind) != (ticket, kind)] + [draft]

    def _draft(self, ticket: int, kind: str, body: str, data: dict[str, str]) -> Draft:
        return Draft(
            actor=self.shift.setting.actor,
            ticket=ticket,
            kind=kind,
            body=body,
            data=data,
            updated_at=self.shift.now(),
        )

    def _handle_exception(self, error: Exception) -> None:
        """A fault ends the console without printing anything that a ticket said."""
        self._return_code = 70
        if self.crash is None:
            self.crash = error.error if isinstance(error, WorkerFailed) else error
            with suppress(Exception):
                self.left_unsent = self.unsent()
        if self._exception is None:
            self._exception = error
            self._exception_event.set()
        self._close_messages_no_wait()

    # -- verbs ----------------------------------------------------------------------------------

    def perform(self, verb: Verb, argument: str | None = None) -> None:
        """Run a verb, with the answer to its question or without, or say why it can't run."""
        self.performer.perform(verb, argument)

    @property
    def acting(self) -> Verb | None:
        """The verb that is under way; moves never are."""
        return self.performer.acting

    def back(self) -> None:
        """Esc on the main screen, or while keys wait for a verb."""
        self.performer.back()

    def dialog(self, kind: type[D]) -> D:
        """The one dialog of its kind, made when it is first needed and kept."""
        found = self._dialogs.get(kind)
        if found is None:
            found = self._dialogs[kind] = kind()
            self.install_screen(found, kind.__name__)
        return found  # type: ignore[return-value]

    def on_prompt_bar_typed(self, event: PromptBar.Typed) -> None:
        find.typed(self.work, event.kind, event.text)

    def on_prompt_bar_entered(self, event: PromptBar.Entered) -> None:
        find.entered(self.work, event.kind, event.text)

    def on_prompt_bar_left(self, event: PromptBar.Left) -> None:
        find.left(self.work, event.kind)

    # -- what is said and how it looks ----------------------------------------------------------

    def say(self, text: str, tone: str = "", more: Sequence[str] = ()) -> None:
        """One line for the analyst, kept for the messages page; `more` stands there alone."""
        self.shift.say(text, tone, more)
        self._paint_said()

    def tell(self, text: str, tone: str = "") -> None:
        """`say` what happened by itself, beside the answer to a key that has just been given."""
        self.shift.tell(text, tone)
        self._paint_said()

    def _paint_said(self) -> None:
        if self.triage.is_mounted:
            self.triage.paint_bars("footer")
            if isinstance(self.screen, Dialog):
                self.screen.paint_footer()

    def say_soon(self, text: str) -> None:
        """`say` from another thread, as a warning."""
        if self._loop is not None:
            self._loop.call_soon_threadsafe(self.say, text, "warning")

    def to_terminal(self, sequence: str) -> None:
        """A sequence of ours for the terminal, past the screen; made by `terminal.osc`, never from data as it is."""
        if self._driver is not None:
            self._driver.write(sequence)

    def change_setting(self, **changes: Any) -> None:
        """Write lines otherwise from now on."""
        self.shift.setting = replace(self.shift.setting, **changes)
        self.triage.queue.list.paint()
        self.triage.timers.list.paint()
        self.triage.queue.paint_heading()
