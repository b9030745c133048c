"""The explorer: a walk through the tree, a look into files, a selection into the prompt."""

from __future__ import annotations

from nanodeck.contracts.errors import NanodeckError
from nanodeck.contracts.queries import FolderItem, Lines, ListFolder, ReadText
from tests.flows import keyboard
from tests.flows.conftest import Stage, Stager
from tests.flows.fake_engine import FakeEngine, said

TREE = {
    "": (FolderItem("api/", 40), FolderItem("locked/", 0), FolderItem("READ ME.md", 4000)),
    "api/": (FolderItem("deep/", 8), FolderItem("handler.py", 800)),
    "api/deep/": (),
}


def listed(query: ListFolder) -> tuple[FolderItem, ...]:
    if query.folder not in TREE:
        raise NanodeckError("locked cannot be listed: [permission] denied")
    return TREE[query.folder]


def read(query: ReadText) -> Lines:
    if query.path.endswith(".md"):
        raise NanodeckError("READ ME.md is binary (4,000 bytes)")
    return Lines(0, 3, "def handler():\n    return '" + "x" * 200 + "the end'\n")


def engine() -> FakeEngine:
    made = FakeEngine()
    made.answers[ListFolder] = listed
    made.answers[ReadText] = read
    return made


async def sees(deck: Stage, words: str) -> None:
    await keyboard.until(deck.pilot, lambda: words in deck.text, words, lambda: deck.text)


async def test_who_is_asked_whether_to_leave_and_stays_still_picks(stage: Stager) -> None:
    async with stage(engine()) as deck:
        await deck.publish(*said("work"))
        await deck.press("ctrl+x", "e")
        await sees(deck, "READ ME.md")
        await deck.press("end", "ctrl+q", "n")
        await sees(deck, "READ ME.md")
        await deck.press("enter")
        assert deck.deck.area.prompt.text == '@"READ ME.md" '


async def test_files_are_looked_at_selected_and_put_into_the_prompt(stage: Stager) -> None:
    async with stage(engine()) as deck:
        await deck.type("look at")
        await deck.press("ctrl+x", "e")
        await sees(deck, "READ ME.md")
        await deck.press("right")
        await sees(deck, "handler.py")
        await deck.press("right", "down")
        await sees(deck, "def handler")
        assert "the end" not in deck.text
        await deck.press("tab", *["right"] * 12)
        assert "the end" in deck.text
        await deck.press("tab", "space")
        assert "1 item selected, about 200 tokens" in deck.text
        await deck.press("right")
        await sees(deck, "permission")
        await deck.press("end")
        await sees(deck, "is binary")
        await deck.press("space", "enter")
        assert deck.deck.area.prompt.text == 'look at @api/handler.py @"READ ME.md" '
        assert deck.bare


async def test_a_folder_can_be_named_and_nothing_picked(stage: Stager) -> None:
    async with stage(engine(), size=(80, 24)) as deck:
        await deck.type("/explorer api/deep")
        await deck.press("escape", "enter")
        await sees(deck, "(empty)")
        await deck.press("left", "left", "left")
        assert "handler.py" not in deck.text
        await deck.press("escape")
        assert deck.bare
        assert deck.deck.area.prompt.text == ""
        await deck.type("/explorer nowhere")
        await deck.press("escape", "enter")
        await sees(deck, "there is no folder nowhere/")
        await deck.press("slash", "a", "escape", "escape")
        assert deck.bare
