"""An application in which no key overtakes another, and none is lost between screens."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from textual import events
from textual.message_pump import MessagePump

from nanodeck.ui.door import Door
from nanodeck.ui.gate import Gate
from nanodeck.ui.painted import PaintedApp


class KeyedApp(PaintedApp, inherit_bindings=False):
    """Every key passes here first, in the order of arrival; `take_key` sees it before any widget does."""

    def __init__(self, gate: Gate, *, ansi_color: bool | None = None) -> None:
        super().__init__(ansi_color=ansi_color)
        self.gate = gate
        self.door = Door()

    async def take_key(self, event: events.Key) -> bool:
        """Do what a key means before any widget sees it. True when it is used up."""
        return False

    def meant(self, event: events.Key) -> events.Key:
        """The key that `event` stands for; the same where it stands for itself."""
        return event

    async def on_event(self, event: events.Event) -> None:
        """Keys and pastes come here once from the terminal, and once more on their way to a widget."""
        if isinstance(event, events.Key | events.Paste) and not event.is_forwarded:
            self.gate.key()
            if self.door.overdue:
                await self.open_door(self.door.token)
            if self.door.holds(event):
                return
            if isinstance(event, events.Key):
                event = self.meant(event)
                if await self.take_key(event):
                    return
            if len(self.screen_stack) > 1:
                # The key may close what is open: the next one is for what is there then.
                focused = self.screen.focused or self.screen
                token = self.door.close()
                await super().on_event(event)
                self._open_after([*focused.ancestors_with_self[:-1]], token)
                return
        await super().on_event(event)

    async def open_door(self, token: int) -> None:
        """What was asked for is there: it gets what was typed for it."""
        for event in self.door.open(token):
            await self.on_event(event)

    def push_screen(self, screen: Any, *arguments: Any, **options: Any) -> Any:
        """Show a screen; what is typed before it is there waits for it."""
        token = self.door.close()
        pushed = super().push_screen(screen, *arguments, **options)
        self.screen.call_after_refresh(self.call_later, self.open_door, token)
        return pushed

    def pop_screen(self) -> Any:
        """Close a screen; what is typed after the key that closed it is for the one below."""
        popped = super().pop_screen()
        # What was to open the door may be gone with the screen.
        self.screen.call_later(self.call_later, self.open_door, self.door.close())
        return popped

    def _open_after(self, pumps: Sequence[MessagePump], token: int) -> None:
        """Open the door once what `pumps` have in their queues now is dealt with, one after the other."""
        for place, pump in enumerate(pumps):
            if pump.is_running:
                pump.call_later(self._open_after, pumps[place + 1 :], token)
                return
        self.call_later(self.open_door, token)
