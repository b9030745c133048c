"""`/settings` and `/theme` in lines: what is set here is the full screen's, and that is said."""

from __future__ import annotations

from nanodeck.contracts.commands import SavePreference
from nanodeck.contracts.preferences import CHOICES, TITLES, Kept
from nanodeck.contracts.text import clean
from nanodeck.faces.plain.talk import Talk, choose


async def set_preferences(talk: Talk, argument: str) -> None:
    """The preferences by number; a number changes one, until an empty line."""
    kept = talk.load_kept()
    talk.say(*(f"Wrong in the settings: {clean(problem)}" for problem in kept.problems))
    talk.say(f"Kept in {clean(kept.settings_path)}. Only the full screen follows these.")
    preferences = kept.preferences
    names = tuple(TITLES)
    while True:
        rows = [f"{TITLES[name]}: {_shown(getattr(preferences, name))}" for name in names]
        place = await choose(talk, "Which one changes?", rows)
        if place is None:
            return
        name = names[place]
        value = await _other_value(talk, name, getattr(preferences, name))
        if value is not None:
            preferences = preferences._replace(**{name: value})  # type: ignore[arg-type]  # by name
            talk.send(SavePreference(name, value))
            talk.say(f"{TITLES[name]}: {_shown(value)}")


async def _other_value(talk: Talk, name: str, value: bool | str) -> bool | str | None:
    """Another value for a preference; None leaves it."""
    if isinstance(value, bool):
        return not value
    if choices := CHOICES.get(name):
        place = await choose(talk, f"{TITLES[name]}:", choices)
        return None if place is None else choices[place]
    return (await talk.hear(f"{TITLES[name]}, by name (an empty line leaves it):")).strip() or None


def _shown(value: bool | str) -> str:
    return ("on" if value else "off") if isinstance(value, bool) else clean(value)


async def tell_theme(talk: Talk, argument: str) -> None:
    """Lines have the terminal's own colours."""
    kept: Kept = talk.load_kept()
    talk.say(f"Lines have your terminal's own colours. The full screen's theme is {kept.preferences.theme}:")
    talk.say("  /settings sets it by name; the full screen's /theme shows all of them.")
