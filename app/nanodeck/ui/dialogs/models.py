"""`/model`: every model of every provider, or a name typed."""

from __future__ import annotations

from collections.abc import Iterable

from rich.text import Text

from nanodeck.contracts.commands import SwitchModel
from nanodeck.contracts.model import ModelRef
from nanodeck.contracts.queries import ListModels, ModelList
from nanodeck.contracts.text import one_line
from nanodeck.ui.asking import Asking
from nanodeck.ui.dialogs.picker import PickerRow, PickerScreen
from nanodeck_widgets.glyphs import glyphs
from nanodeck_widgets.palette import palette_of

MOST_OF_ONE_PROVIDER = 200


class ModelScreen(PickerScreen):
    """Dismissed with the `SwitchModel` picked, or None."""

    heading = "Models"
    placeholder = "type to filter, or a model's whole name"
    loading_text = "asking the providers …"

    def __init__(self, link: Asking, current: ModelRef | None = None) -> None:
        super().__init__()
        self._link = link
        self._current = current
        self._lists: tuple[ModelList, ...] = ()

    async def load(self) -> str:
        """Ask every provider at once."""
        self._lists = await self._link.ask(ListModels())
        return "" if self._lists else "no provider is set up and no local server answers: type a name"

    def rows(self, words: str) -> list[PickerRow]:
        """Providers as headings over their models; what was typed is a name too."""
        found = [row for models in self._lists for row in self._provider(models, words.lower().split())]
        if words and not any(self._is_named(row, words) for row in found):
            found.append(PickerRow(Text(f"  use the name “{one_line(words, 100)}”"), SwitchModel(words)))
        return found

    @staticmethod
    def _is_named(row: PickerRow, words: str) -> bool:
        command = row.command
        return isinstance(command, SwitchModel) and words in (
            command.name,
            f"{command.provider}/{command.name}",
        )

    def _provider(self, models: ModelList, words: list[str]) -> Iterable[PickerRow]:
        fitting = [
            name
            for name in models.models
            if all(word in f"{models.provider}/{name}".lower() for word in words)
        ]
        if not fitting and (words or not models.error):
            return
        source = f"  {one_line(models.source, 80)}" if models.source else ""
        muted = palette_of(self.app).muted
        yield PickerRow(Text.assemble((one_line(models.provider, 40), "bold"), (source, muted)))
        if models.error:
            yield PickerRow(Text(f"  {glyphs().failed} {one_line(models.error, 300)}"))
        for name in fitting[:MOST_OF_ONE_PROVIDER]:
            current = self._current == ModelRef(models.provider, name)
            sign, after = (glyphs().done, "  in use") if current else (" ", "")
            yield PickerRow(
                Text.assemble(f"{sign} {one_line(name, 100)}", (after, muted)),
                SwitchModel(name, models.provider),
            )
        if len(fitting) > MOST_OF_ONE_PROVIDER:
            yield PickerRow(Text(f"  {len(fitting) - MOST_OF_ONE_PROVIDER} more: type to filter", muted))
