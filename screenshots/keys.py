"""Writes the table of keys into the README: `python -m screenshots.keys`."""

from __future__ import annotations

from pathlib import Path

from nanodeck.ui.actions import ACTIONS, WHERE_TITLES, actions_in
from nanodeck_widgets.keymap import Keymap

README = Path(__file__).resolve().parent.parent / "README.md"
START, END = "<!-- keys: made by python -m screenshots.keys -->", "<!-- end of keys -->"


def key_table() -> str:
    """Every action with its id and its keys, as Markdown."""
    keymap, lines = Keymap(ACTIONS), ["| keys | | id |", "|---|---|---|"]
    for where, title in WHERE_TITLES.items():
        lines.append(f"| **{title}** | | |")
        for action in actions_in(where):
            keys = " ".join(f"`{key}`" for key in keymap.shown(action.id)) or "with vim keys"
            lines.append(f"| {keys.replace('|', chr(92) + '|')} | {action.title} | `{action.id}` |")
    return "\n".join(lines)


def with_keys(text: str) -> str:
    """`text` of a README with the table as it is now."""
    before, _, rest = text.partition(START)
    _, _, after = rest.partition(END)
    return f"{before}{START}\n\n{key_table()}\n\n{END}{after}"


if __name__ == "__main__":
    README.write_text(with_keys(README.read_text(encoding="utf-8")), encoding="utf-8")
