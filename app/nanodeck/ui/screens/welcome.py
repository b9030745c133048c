"""The first screen where nothing is configured: from nothing to a model with arrow keys alone."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Literal, NamedTuple

from rich.style import Style
from rich.text import Text
from textual import events, on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.screen import Screen
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option

from nanodeck import __version__
from nanodeck.contracts.commands import AddProvider, Command, SwitchModel
from nanodeck.contracts.errors import NanodeckError
from nanodeck.contracts.model import ServerFound
from nanodeck.contracts.queries import FindServers, ListModels
from nanodeck.contracts.text import one_line
from nanodeck.ui.asking import Asking
from nanodeck_widgets.glyphs import glyphs, in_signs
from nanodeck_widgets.palette import Palette, palette_of

if TYPE_CHECKING:
    from nanodeck.ui.dialogs.provider import Draft

DEMO = SwitchModel("demo")
DEMO_PROMPT = "The tests of this project fail. Find out why and fix it."
_ABOUT = "A deck for coding agents: you see every change as a diff and decide before it lands."
_SAMPLE = (
    ("y", "hunk 1/2", "@@ 41 def login(request)"),
    ("-", "41", "    limit = None"),
    ("+", "41", "    limit = TokenBucket(rate=5, per=60)"),
    ("n", "hunk 2/2", "@@ 88 def refresh(request)"),
    ("-", "88", '    log.debug("refresh")'),
    ("+", "88", '    print("refresh")'),
)
SAMPLE_WIDTH = 72
_LOOKING = "looking for model servers on this machine and for keys …"
_NOTHING = (
    "nothing found: no model server answers on its usual port, and no known key is in the environment. "
    "Start a server and press r, or try the demo."
)


class Choice(NamedTuple):
    """A row of the list: what it says, what more about it, what it does."""

    label: str
    about: str
    act: Literal["use", "add", "demo", "look", "quit"]
    server: ServerFound | None = None


def server_choice(server: ServerFound) -> Choice:
    """What can be done with a server or a key that was found; a key's value is never known here."""
    title = one_line(server.title, 40)
    if server.kind == "key":
        return Choice(f"Use {title}", f"key in {one_line(server.key_variable, 60)}", "use", server)
    count = len(server.models)
    models = one_line(server.models[0], 40) if count == 1 else f"{count} models" if count else "no models yet"
    return Choice(f"Use {title}", f"{models} at {one_line(server.base_url, 60)}", "use", server)


_ALWAYS = (
    Choice("Add a provider", "URL, key and model of any OpenAI-compatible server", "add"),
    Choice("Try the demo", "a scripted model at a real job: needs nothing", "demo"),
    Choice("Look again", "", "look"),
    Choice("Quit", "", "quit"),
)


class WelcomeScreen(Screen[Command | None]):
    """Dismissed with the command that sets the model up, or None: the person wants to leave."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("r", "look", "look again")]
    VERTICAL_BREAKPOINTS = [(0, "-low"), (24, "-high"), (32, "-tall")]  # noqa: RUF012 (Textual declares it as an instance's)

    def __init__(self, link: Asking) -> None:
        super().__init__(classes="welcome")
        self._link = link
        self._choices: tuple[Choice, ...] = _ALWAYS
        self._draft: Draft | None = None

    def compose(self) -> ComposeResult:
        """What this is, what was found, what can be done."""
        with Vertical(id="box"):
            yield Static(Text.assemble(("nanodeck", "bold"), f" {__version__}"), id="name", markup=False)
            yield Static(_ABOUT, id="about", markup=False)
            yield Static(_sample(palette_of(self.app)), id="sample", markup=False)
            yield Static("Which model shall it work with?", id="question", markup=False)
            yield OptionList(markup=False)
            yield Static(_LOOKING, id="said", markup=False)
            yield Static(in_signs("↑↓ choose · enter takes it · r looks again"), id="keys", markup=False)

    def on_mount(self, event: events.Mount) -> None:
        """Everything that needs no answer can be chosen at once."""
        self._fill(())
        self.set_focus(self.query_one(OptionList))
        self.action_look()

    def action_look(self) -> None:
        """Look for servers and keys."""
        self._say(_LOOKING)
        self._look()

    @work(exclusive=True, group="look")
    async def _look(self) -> None:
        try:
            found = await self._link.ask(FindServers())
        except NanodeckError as error:
            self._say(f"could not look: {one_line(error.message, 300)}", error=True)
            return
        servers = tuple(server for server in found if server.kind == "key" or server.models)
        empty = [one_line(server.title, 40) for server in found if server not in servers]
        said = f"{' and '.join(empty)} runs but has no model yet" if empty else ""
        self._say(said if servers or empty else _NOTHING)
        self._fill(servers)

    def _fill(self, servers: tuple[ServerFound, ...]) -> None:
        options = self.query_one(OptionList)
        place = options.highlighted
        before = self._choices[place] if place is not None and options.option_count else None
        self._choices = (*(server_choice(server) for server in servers), *_ALWAYS)
        options.clear_options()
        column = 2 + max(len(choice.label) for choice in self._choices)
        muted = palette_of(self.app).muted
        options.add_options([Option(_shown(choice, column, muted)) for choice in self._choices])
        # A person who has moved already keeps the row, everybody else gets what was found first.
        moved = before is not None and place != 0 and before in self._choices
        options.highlighted = self._choices.index(before) if moved and before is not None else 0

    @on(OptionList.OptionSelected)
    def _selected(self, event: OptionList.OptionSelected) -> None:
        choice = self._choices[event.option_index]
        if choice.server is not None:
            self._use(choice.server)
        elif choice.act == "add":
            self._add()
        elif choice.act == "look":
            self.action_look()
        else:
            self.dismiss(DEMO if choice.act == "demo" else None)

    @work(exclusive=True, group="use")
    async def _use(self, server: ServerFound) -> None:
        models, problem = server.models, ""
        if not models:
            self._say(f"asking {one_line(server.title, 40)} for its models …")
            models, problem = await self._models_of(server)
            self._say(problem, error=bool(problem))
        if problem or not models:
            self._add(server, problem)
            return
        model: str | None = models[0]
        if len(models) > 1:
            from nanodeck.ui.dialogs.choice import ChoiceScreen

            title = f"Which model of {one_line(server.title, 40)}?"
            model = await self.app.push_screen_wait(ChoiceScreen(title, models))
        if model:
            known = server.kind == "configured"
            add = AddProvider(server.provider, server.base_url, model)
            self.dismiss(SwitchModel(model, server.provider) if known else add)

    async def _models_of(self, server: ServerFound) -> tuple[tuple[str, ...], str]:
        try:
            lists = await self._link.ask(ListModels())
        except NanodeckError as error:
            return (), one_line(error.message, 300)
        for models in lists:
            if models.provider == server.provider:
                return models.models, one_line(models.error, 300)
        return (), ""

    @work(exclusive=True, group="use")
    async def _add(self, server: ServerFound | None = None, said: str = "") -> None:
        from nanodeck.ui.dialogs.provider import Draft, ProviderScreen

        if server is None:
            screen = ProviderScreen(self._link, draft=self._draft, said=said)
        else:
            screen = ProviderScreen(
                self._link,
                name=server.provider,
                draft=Draft(server.base_url),
                key_variable=server.key_variable,
                said=said,
            )
        added = await self.app.push_screen_wait(screen)
        if added is not None:
            self.dismiss(added)
        elif server is None:
            self._draft = screen.draft

    def _say(self, text: str, *, error: bool = False) -> None:
        line = self.query_one("#said", Static)
        line.update(Text(text))
        line.set_class(error, "-error")


def _sample(palette: Palette) -> Text:
    """What a review looks like, for somebody who has never seen one."""
    signs = glyphs()
    looks = {
        "-": (palette.removed, palette.removed_sign),
        "+": (palette.added, palette.added_sign),
    }
    verdicts = {
        "y": (f"{signs.done} accepted", palette.success),
        "n": (f"{signs.failed} rejected", palette.error),
    }
    rows: list[Text] = []
    for sign, number, code in _SAMPLE:
        if sign in verdicts:
            said, style = verdicts[sign]
            rows.append(
                Text.assemble((number, palette.text), "  ", (said, style), (f"  {code}", palette.muted))
            )
            continue
        ground, mark = looks[sign]
        line = Text.assemble(
            (f"  {number} ", ground + palette.muted), (f"{sign} ", ground + mark), (code, ground)
        )
        line.pad_right(SAMPLE_WIDTH - line.cell_len)
        line.stylize_before(ground)
        rows.append(line)
    return Text("\n").join(rows)


def _shown(choice: Choice, column: int, muted: Style) -> Text:
    return Text.assemble(f"{choice.label:<{column}}", (choice.about, muted))
