"""A provider by hand: URL, key and model, tested before anything is stored."""

from __future__ import annotations

from typing import ClassVar, NamedTuple

from rich.text import Text
from textual import events, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.screen import ModalScreen
from textual.widgets import Input, Static

from nanodeck.contracts.commands import AddProvider
from nanodeck.contracts.errors import NanodeckError
from nanodeck.contracts.queries import ModelList, TryProvider
from nanodeck.contracts.text import one_line
from nanodeck.core.addresses import provider_name, whole_url
from nanodeck.ui.asking import Asking
from nanodeck_widgets.glyphs import in_signs


class Draft(NamedTuple):
    """What stands in the fields."""

    url: str = ""
    key: str = ""
    model: str = ""


class ProviderScreen(ModalScreen[AddProvider | None]):
    """Dismissed with the provider to add once its server answered, or None."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "cancel", "back", priority=True),
        # Not the field's own message: keys typed right after it would still go into the field.
        Binding("enter", "enter", "next", priority=True),
        Binding("down,tab", "step(1)", "next field", priority=True),
        Binding("up,shift+tab", "step(-1)", "previous field", priority=True),
    ]

    def __init__(
        self,
        link: Asking,
        *,
        name: str = "",
        draft: Draft | None = None,
        key_variable: str = "",
        said: str = "",
    ) -> None:
        super().__init__(classes="dialog provider")
        self._link = link
        self._name = name
        self.draft = draft or Draft()
        self._key_variable = key_variable
        self._said = said
        self._warned_of: tuple[str, str] | None = None

    def compose(self) -> ComposeResult:
        """Three fields and what the server says."""
        key_hint = f"empty: {self._key_variable} from the environment" if self._key_variable else ""
        with Vertical(id="box"):
            yield Static(Text("Add a provider (OpenAI-compatible)", style="bold"), markup=False)
            yield from self._field("URL", self.draft.url, "https://api.example.com/v1 or localhost:8080")
            yield from self._field("Key", self.draft.key, key_hint or "empty if it needs none")
            yield from self._field("Model", self.draft.model, "empty: choose from what the server lists")
            yield Static(self._said, id="said", markup=False)
            yield Static(in_signs("enter tests and uses it · ↑↓ fields · esc back"), id="keys", markup=False)

    @staticmethod
    def _field(label: str, value: str, placeholder: str) -> ComposeResult:
        with Horizontal(classes="field"):
            yield Static(label, classes="label", markup=False)
            yield Input(
                value, placeholder=placeholder, password=label == "Key", id=label.lower(), compact=True
            )

    def on_mount(self, event: events.Mount) -> None:
        """Start where something is missing."""
        # Not the field's own `focus`: that waits for its turn, and keys typed until then would be lost.
        self.set_focus(self.query_one("#model" if self.draft.url else "#url", Input))
        self._say(self._said)

    def action_cancel(self) -> None:
        """Nothing added; `draft` holds what was typed."""
        self.draft = self._fields()
        self.dismiss(None)

    def action_step(self, step: int) -> None:
        """Another field."""
        fields = list(self.query(Input))
        focused = self.focused
        place = fields.index(focused) if isinstance(focused, Input) else 0
        self.set_focus(fields[(place + step) % len(fields)])

    def action_enter(self) -> None:
        """On from a lone URL to the key; else test what was typed, once the field has all of it."""
        field = self.focused
        if not isinstance(field, Input):
            return
        if field.id == "url" and not any(self._fields()[1:]):
            self.action_step(1)
        else:
            field.call_later(self._try)

    @work(exclusive=True)
    async def _try(self) -> None:
        typed, key, model = self._fields()
        url = whole_url(typed)
        if not url:
            self._say("the URL must be like https://api.example.com/v1", "error")
            self.set_focus(self.query_one("#url", Input))
            return
        self._say(f"asking {one_line(url)} …")
        try:
            answer = await self._link.ask(TryProvider(url, key))
        except NanodeckError as error:
            answer = ModelList("", (), f"{error.message}; {error.advice}" if error.advice else error.message)
        if chosen := await self._settle(answer, url, model):
            self.dismiss(AddProvider(self._name or provider_name(url), url, chosen, key))

    async def _settle(self, answer: ModelList, url: str, model: str) -> str:
        """The model to use, or empty when the person has to do something first."""
        if answer.error and (not model or self._warned_of != (url, model)):
            self._warned_of = (url, model)
            again = "; enter again uses it all the same" if model else ""
            self._say(f"{one_line(answer.error, 400)}{again}", "error")
            return ""
        if not model:
            from nanodeck.ui.dialogs.choice import ChoiceScreen

            if len(answer.models) == 1:
                return answer.models[0]
            self._say("")
            return await self.app.push_screen_wait(ChoiceScreen("Which model?", answer.models)) or ""
        if answer.models and model not in answer.models and self._warned_of != (url, model):
            self._warned_of = (url, model)
            self._say(
                f"the server does not list {one_line(model, 80)}: enter again uses it all the same", "warning"
            )
            return ""
        return model

    def _fields(self) -> Draft:
        return Draft(*(self.query_one(f"#{name}", Input).value.strip() for name in Draft._fields))

    def _say(self, text: str, tone: str = "") -> None:
        line = self.query_one("#said", Static)
        line.update(Text(text))
        line.set_class(tone == "error", "-error")
        line.set_class(tone == "warning", "-warning")
        line.display = bool(text)
