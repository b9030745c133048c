"""What goes back: the files with what becomes of each, and whether the conversation goes with them."""

from __future__ import annotations

from typing import ClassVar

from rich.text import Text
from textual import events, on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.screen import ModalScreen
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option

from nanodeck.contracts.commands import Rewind
from nanodeck.contracts.errors import NanodeckError
from nanodeck.contracts.queries import PlanRewind
from nanodeck.contracts.rewinding import REWIND_WORDS, RewindFile, RewindPlan, RewindWhat, about_file
from nanodeck.contracts.sources import Source
from nanodeck.contracts.text import counted, one_line
from nanodeck.ui.asking import Asking
from nanodeck.ui.dialogs.steplist import StepList
from nanodeck_widgets.glyphs import glyphs, in_signs
from nanodeck_widgets.palette import palette_of

PROMPT_LENGTH = 70
_KEYS: dict[str, RewindWhat] = {"b": "both", "f": "files", "c": "conversation", "s": "summary"}


class RewindScreen(ModalScreen[Rewind | Source | None]):
    """Dismissed with the `Rewind` to carry out, the `Source` of its diff to look at first, or None."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "close", "close", priority=True),
        *(Binding(key, f"go_back('{what}')", REWIND_WORDS[what]) for key, what in _KEYS.items()),
        Binding("d", "look", "look at the diff first"),
        Binding("space", "skip", "leave a file alone"),
    ]

    def __init__(self, link: Asking, turn: str, text: str) -> None:
        super().__init__(classes="dialog picker rewind")
        self._link = link
        self._turn = turn
        self._text = text
        self._plan: RewindPlan | None = None
        self._skip: set[str] = set()

    def compose(self) -> ComposeResult:
        """To before what, the files, what can be done."""
        with Vertical(id="box"):
            said = one_line(self._text, PROMPT_LENGTH)
            yield Static(Text(f"Back to before “{said}”", style="bold"), markup=False)
            yield StepList(markup=False)
            yield Static("reading …", id="said", markup=False)
            yield Static("esc closes", id="keys", markup=False)

    def on_mount(self, event: events.Mount) -> None:
        """What it would do is found out beside the keys."""
        self.query_one(OptionList).display = False
        self._read()

    @work(exclusive=True)
    async def _read(self) -> None:
        try:
            self._plan = await self._link.ask(PlanRewind(self._turn))
        except NanodeckError as error:
            advice = f" ({error.advice})" if error.advice else ""
            self._say(one_line(f"{error.message}{advice}", 500))
            return
        options = self.query_one(OptionList)
        options.add_options([Option(self._row(file)) for file in self._plan.files])
        options.display = bool(self._plan.files)
        if self._plan.files:
            options.highlighted = 0
            options.focus()
        self._tell()

    def _row(self, file: RewindFile) -> Text:
        signs, palette = glyphs(), palette_of(self.app)
        goes = file.state in ("restore", "merge") and file.path not in self._skip
        sign = signs.done if goes else signs.waiting
        about = "left alone, as you wish" if file.path in self._skip else about_file(file)
        row = Text.assemble((sign, palette.success if goes else palette.muted), f" {one_line(file.path)}")
        tally = f"  +{file.added} -{file.removed}" if goes and (file.added or file.removed) else ""
        return row.append(in_signs(f"{tally}  {about}"), palette.muted)

    @property
    def _going(self) -> list[RewindFile]:
        """The files that would be written."""
        files = self._plan.files if self._plan else ()
        return [f for f in files if f.state in ("restore", "merge") and f.path not in self._skip]

    def _tell(self) -> None:
        """Say what it comes to, and the keys that do something."""
        plan = self._plan
        if plan is None:
            return
        going = self._going
        files = counted(len(going), "file") if going else "no file"
        said = f"{counted(plan.messages, 'message')} and {files} would go back"
        self._say(f"{said}; {one_line(plan.problem, 300)}" if plan.problem else said)
        keys = "b files and conversation · f files · " if going else ""
        keys += "c conversation · s summarise it from here"
        keys += " · d look at the diff · space leaves a file alone" if plan.files else ""
        self.query_one("#keys", Static).update(in_signs(f"{keys} · esc closes"))

    def _say(self, words: str) -> None:
        self.query_one("#said", Static).update(Text(in_signs(words)))

    @on(OptionList.OptionSelected)
    def _selected(self) -> None:
        self.action_skip()

    def action_skip(self) -> None:
        """Leave the file alone, or no longer."""
        options = self.query_one(OptionList)
        place = options.highlighted
        if self._plan is None or place is None:
            return
        file = self._plan.files[place]
        if file.state in ("restore", "merge"):
            self._skip ^= {file.path}
            options.replace_option_prompt_at_index(place, self._row(file))
            self._tell()

    def action_go_back(self, what: RewindWhat) -> None:
        """Decided."""
        if self._plan is None:
            return
        if what in ("files", "both") and not self._going:
            self._say("there is no file that could be put back")
        else:
            self.dismiss(Rewind(self._turn, what, tuple(sorted(self._skip))))

    def action_look(self) -> None:
        """Look at what it does to the files first."""
        if self._plan is not None and self._plan.files:
            self.dismiss(Source("rewind", self._turn))

    def action_close(self) -> None:
        """Nothing goes back."""
        self.dismiss(None)
