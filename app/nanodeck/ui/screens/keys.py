"""Keys of the deck that mean something to the session: stop, copy, mode, editor, help, leaving."""

from __future__ import annotations

from itertools import islice
from math import inf
from typing import TYPE_CHECKING

from textual import on, work
from textual.actions import SkipAction

from nanodeck.contracts.commands import MAIN_AGENT, Cancel, StopTyped, SwitchMode
from nanodeck.contracts.errors import NanodeckError
from nanodeck.contracts.modes import next_mode
from nanodeck.contracts.options import Options
from nanodeck.contracts.queries import ExportSession
from nanodeck.contracts.text import clean, counted
from nanodeck.contracts.views import SessionView
from nanodeck.core.replies import links, replies
from nanodeck.ui.dialogs.dialog import dialog
from nanodeck.ui.dividers import WHOLE, Axis
from nanodeck.ui.host import Host
from nanodeck.ui.layout import PANES
from nanodeck.ui.screens.desk import Desk
from nanodeck.ui.screens.frame import DeckFrame
from nanodeck.ui.skeleton import shown_folder
from nanodeck.ui.tips import USED, USES, next_tip
from nanodeck_widgets.status import Hint

if TYPE_CHECKING:
    from nanodeck.ui.dialogs.palette import Offer

TWICE_SECONDS = 2.0
REST_SECONDS = 0.5
"""After a stop, escape opens nothing for so long: it may have been meant for the turn."""
SHARES = "shares"
"""The name under which it is remembered where the dividers stand."""


class DeckKeys(DeckFrame):
    """What the global keys do to the session in `session`."""

    def __init__(self, options: Options, host: Host) -> None:
        super().__init__(host.now, host.gate.clock)
        self.host = host
        self.options = options
        self.session = SessionView(folder=options.folder, cwd=options.folder)
        # The mode asked for last: a second key may come before the engine has said that it changed.
        self.mode = self.session.mode
        self._interrupted = -inf
        # When the agent came to rest.
        self.rested = -inf

    @property
    def turn_runs(self) -> bool:
        """Whether the agent works."""
        return bool(self.session.agent(MAIN_AGENT).turn)

    @property
    def something_runs(self) -> bool:
        """Whether the agent works, or a command of the person."""
        return self.turn_runs or bool(self.session.agent(MAIN_AGENT).typed)

    def first_hints(self) -> tuple[Hint, ...]:
        """How to get the mouse back, and to the oldest request where that is not open already."""
        freed = self.host.preferences.mouse and not self.host.has_mouse
        mouse = (Hint(self.keymap.first("deck.switch_mouse"), "take the mouse back"),) if freed else ()
        if not self.session.requests or self.place == "approval":
            return mouse
        review = bool(self.session.waiting[0].changeset)
        key = self.keymap.first("deck.oldest_request")
        if review and self.place == "diff":
            return (*mouse, Hint(key, "next request")) if len(self.session.requests) > 1 else mouse
        return (*mouse, Hint(key, "review" if review else "answer"))

    def used(self, use: str) -> None:
        """The tip for what was used is not needed any more."""
        known = self._known
        if use in USES and use not in known:
            self.host.remember(USED, sorted({*known, use}))
            self.show_hints()

    @property
    def _known(self) -> set[str]:
        kept = self.host.remembered.get(USED)
        return {use for use in kept if isinstance(use, str)} if isinstance(kept, list | tuple) else set()

    def show_hints(self) -> None:
        """Keys that help here, and a tip where nothing else is asked of the person."""
        super().show_hints()
        calm = bool(self.session.session) and self.place == "prompt" and not self.session.requests
        wanted = calm and self.host.preferences.tips
        self.area.show_tip(next_tip(self.session, self._known, self.keymap) if wanted else "")

    def action_escape(self) -> None:
        """The first that applies: close what is open, pane to prompt, stop the turn."""
        place, pane = self.place, self.pane_in_focus
        if place == "approval" or (place == "prompt" and self.area.prompt.has_list):
            raise SkipAction
        if pane is not None:
            if pane is not self.focused or pane.finder.typing:
                raise SkipAction
            if not pane.close_inner():
                self.go_to("prompt")
        elif place == "prompt" and self.area.prompt.leave_insert():
            pass
        elif not self._stop() and place == "prompt" and self._may_escape:
            self.area.prompt.escape()

    @property
    def _may_escape(self) -> bool:
        """Whether escape means the prompt: not while the stop before it may still be meant."""
        return bool(self.area.prompt.text) or (
            self.host.gate.now - self.rested > REST_SECONDS
            and bool(self.session.agent(MAIN_AGENT).turns)
            and not self.session.pressing
        )

    def _stop(self) -> bool:
        """Stop the turn, else what the person runs; False when nothing runs."""
        if self.turn_runs:
            self.host.send(Cancel())
        elif self.session.agent(MAIN_AGENT).typed:
            self.host.send(StopTyped())
        else:
            return False
        return True

    def action_interrupt(self) -> None:
        """Copy what is selected, else stop the turn; pressed twice it leaves."""
        if self._copy_selection():
            return
        now = self.host.gate.now
        twice, self._interrupted = now - self._interrupted < TWICE_SECONDS, now
        if twice:
            self.action_quit()
        elif not self._stop():
            self.app.notify("ctrl+c again leaves nanodeck", timeout=TWICE_SECONDS)

    def action_copy(self) -> None:
        """Copy what is selected, else the command that asks, else the last reply."""
        subject = self.approval.subject if self.place == "approval" else ""
        if subject:
            self._copied(subject)
        elif not self._copy_selection():
            self.copy_reply()

    def copy_reply(self, nth: int = 1) -> None:
        """Copy the last reply, or the `nth` last."""
        text = next(islice(replies(self.session), nth - 1, None), "")
        if text:
            self._copied(text)
        else:
            there = "is no reply" if nth == 1 else f"are not {nth} replies"
            self.app.notify(f"there {there} to copy yet", timeout=3)

    def copy_code(self) -> None:
        """Copy the last block of code in a reply."""
        from nanodeck.core.fences import last_code

        if code := last_code(replies(self.session)):
            self._copied(code)
        else:
            self.app.notify("there is no code to copy yet", timeout=3)

    @work(exclusive=True, group="export")
    async def export(self, path: str) -> None:
        """Write the conversation to a file."""
        try:
            written = await self.host.ask(ExportSession(path))
        except NanodeckError as error:
            advice = f" ({error.advice})" if error.advice else ""
            self.app.notify(f"{error.message}{advice}", severity="error", markup=False)
        else:
            self.app.notify(f"written: {clean(shown_folder(written))}", markup=False)

    def _copy_selection(self) -> bool:
        if self.place == "prompt" and (text := self.area.prompt.selected_text):
            self._copied(text)
            return True
        focused = self.pane_in_focus
        for pane in sorted(self.panes.values(), key=lambda pane: pane is not focused):
            if pane.copy_selection():
                # It has done its service, and the next ctrl+c is meant for the turn.
                pane.selector.clear()
                return True
        return False

    def _copied(self, text: str) -> None:
        self.app.copy_to_clipboard(text)
        self.app.notify(f"copied {counted(len(text), 'character')}", timeout=2)

    def action_switch_mouse(self) -> None:
        """Leave the mouse to the terminal's own selection, or take it back."""
        self.host.switch_mouse()
        self.show_hints()
        if self.host.has_mouse:
            self.app.notify("the mouse is the deck's again", timeout=3)
        else:
            key = self.keymap.first("deck.switch_mouse")
            self.app.notify(
                f"the mouse is the terminal's: select with it, {key} takes it back", timeout=6, markup=False
            )

    # Dividers.

    def rearranged(self) -> None:
        """The panes have the shares of the room that were given to them."""
        kept = self.host.remembered.get(SHARES)
        shares = kept if isinstance(kept, dict) else {}
        sound = {key: part for key, part in shares.items() if isinstance(part, int) and 0 < part < WHOLE}
        self.body.divide(self.arrangement.dividers, sound)

    @on(Desk.DividerMoved)
    def _divider_moved(self, message: Desk.DividerMoved) -> None:
        kept = self.host.remembered.get(SHARES)
        others = kept if isinstance(kept, dict) else {}
        self.host.remember(SHARES, {**others, message.divider.key: message.share})

    def action_wider(self) -> None:
        """Make the pane in focus wider."""
        self._push("x", 1)

    def action_narrower(self) -> None:
        """Make the pane in focus narrower."""
        self._push("x", -1)

    def action_higher(self) -> None:
        """Make the pane in focus higher."""
        self._push("y", 1)

    def action_lower(self) -> None:
        """Make the pane in focus lower."""
        self._push("y", -1)

    def _push(self, axis: Axis, larger: int) -> None:
        pane = self.place if self.place in PANES else "chat"
        if not self.body.push(pane, axis, larger):
            self.app.notify("no other pane is beside it to give room or take it", timeout=3)

    def action_cycle_mode(self) -> None:
        """Normal, auto-accept, plan, also in mid-turn."""
        self.mode = next_mode(self.mode)
        self.host.send(SwitchMode(self.mode))

    def action_suspend(self) -> None:
        """Back to the shell for a while."""
        self.app.action_suspend_process()

    def action_editor(self) -> None:
        """Write the prompt in the person's editor."""
        from nanodeck.ui.editor import edit_text

        with self.app.suspend():
            edited, problem = edit_text(self.area.prompt.whole_text)
        if problem:
            self.app.notify(problem, severity="error", markup=False)
        else:
            self.area.prompt.replace_text(edited.rstrip("\n"))
        self.go_to("prompt")

    def action_history(self) -> None:
        """Search what was sent before."""
        self.go_to("prompt")
        if self.place == "prompt":
            self.area.prompt.search_history()

    @dialog
    async def action_links(self) -> None:
        """Pick a link of the conversation and open it."""
        from nanodeck.ui.dialogs.choice import ChoiceScreen

        found = links(self.session)
        if not found:
            self.app.notify("there are no links in the conversation yet", timeout=3)
            return
        link = await self.app.push_screen_wait(ChoiceScreen("Links, the last one first", found))
        if link is not None:
            self.app.open_url(link)

    @dialog
    async def action_settings(self) -> None:
        """What the person can set about the deck."""
        from nanodeck.ui.dialogs.settings import SettingsScreen

        listed = await self.app.push_screen_wait(SettingsScreen(self.host))
        if listed:
            self.run_command(listed, "")

    def run_command(self, name: str, argument: str) -> None:
        """Run a slash command."""
        raise NotImplementedError

    @dialog
    async def action_palette(self) -> None:
        """Every action and command by name."""
        from nanodeck.ui.dialogs.palette import PaletteScreen

        picked = await self.app.push_screen_wait(PaletteScreen(self.keymap))
        if picked is not None:
            self.call_later(self._do, picked)

    async def _do(self, offer: Offer) -> None:
        """Actions run where they belong: those of a pane after it got the focus."""
        if offer.action is None:
            self.run_command(offer.command, "")
        elif offer.action.where == "deck":
            self.used(offer.action.id)
            await self.run_action(offer.action.name)
        elif self.go_to(offer.action.where) and (pane := self.pane_in_focus) is not None:
            pane.act(offer.action.name)

    def action_help(self) -> None:
        """Keys and commands."""
        self.show_help("")

    def show_help(self, words: str) -> None:
        """Keys and commands, those with `words` first."""
        from nanodeck.ui.dialogs.help import HelpScreen

        self.app.push_screen(HelpScreen(self.place, words))

    # Leaving.

    def action_leave(self) -> None:
        """Leave if there is nothing in the prompt that would be lost; in a text delete, as shells do."""
        if self.place == "prompt" and self.area.prompt.text:
            self.area.prompt.act("delete_right")
        elif self.place == "prompt":
            self.action_quit()

    def action_undo_edit(self) -> None:
        """Undo in the prompt."""
        self.area.prompt.act("undo")

    def action_redo_edit(self) -> None:
        """Redo in the prompt."""
        self.area.prompt.act("redo")

    @dialog
    async def action_quit(self) -> None:
        """Leave; what still runs is listed first."""
        running = [job.title for job in self.session.jobs if job.status == "running"]
        running += [typed.title for typed in self.session.agent(MAIN_AGENT).typed]
        if self.turn_runs or running:
            from nanodeck.ui.dialogs.quit import QuitScreen

            if not await self.app.push_screen_wait(QuitScreen(running, turn_runs=self.turn_runs)):
                return
        self.app.exit()
