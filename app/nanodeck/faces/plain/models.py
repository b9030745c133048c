"""`/model` in lines: every model of every provider by number, or a provider added by hand."""

from __future__ import annotations

from nanodeck.contracts.commands import AddProvider, SwitchModel
from nanodeck.contracts.queries import ListModels, ModelList, TryProvider
from nanodeck.contracts.text import one_line
from nanodeck.core.addresses import provider_name, whole_url
from nanodeck.faces.plain.talk import Talk, choose

MOST_ROWS = 40
MORE = "add a provider: URL and key of any OpenAI-compatible server"
SCRIPTED = "demo"


async def pick_model(talk: Talk, argument: str) -> None:
    """Switch to the model called `argument`, or to one that is picked."""
    if argument:
        talk.send(SwitchModel(argument))
        return
    lists = await talk.query(ListModels())
    for models in lists:
        if models.error:
            talk.say(f"{one_line(models.provider)}: {one_line(models.error, 500)}")
    found = [SwitchModel(name, models.provider) for models in lists for name in models.models]
    if all(one.provider == SCRIPTED for one in found):
        talk.say("No model server answers and no key is set.")
    elif len(found) > MOST_ROWS:
        talk.say(f"{len(found) - MOST_ROWS} more are not listed: /model NAME takes any.")
    rows = [_row(one) for one in found[:MOST_ROWS]]
    place = await choose(talk, "Which model?", [*rows, MORE])
    if place is None:
        return
    if place < len(rows):
        talk.send(found[place])
    else:
        await add_provider(talk)


def _row(model: SwitchModel) -> str:
    about = ", a script at a real job: needs nothing" if model.provider == SCRIPTED else ""
    return f"{one_line(model.provider)}/{one_line(model.name)}{about}"


async def add_provider(talk: Talk) -> None:
    """URL, key and model of a server, tried before anything is stored."""
    talk.say("A provider is added. An empty URL gives it up.")
    while typed := (await talk.hear("URL, like https://api.example.com/v1 or localhost:8080:")).strip():
        url = whole_url(typed)
        if not url:
            talk.say("That is no URL of a server.")
            continue
        key = (await talk.hear("Key; an empty line if it needs none:", secret=True)).strip()
        talk.say(f"Asking {one_line(url)} ...")
        answer = await talk.query(TryProvider(url, key))
        if answer.error:
            talk.say(f"It does not work: {one_line(answer.error, 500)}")
        if model := await _model(talk, answer):
            talk.send(AddProvider(provider_name(url), url, model, key))
            return
    talk.say("Nothing added.")


async def _model(talk: Talk, answer: ModelList) -> str:
    """The model to use; empty goes back to the URL."""
    if answer.models:
        place = await choose(talk, "Which model?", [one_line(name) for name in answer.models])
        return "" if place is None else answer.models[place]
    return (await talk.hear("The model's name, to use it all the same; an empty line goes back:")).strip()
