"""Comments by keys: written in a review, listed, changed, dropped, sent; there again after a restart."""

from __future__ import annotations

from pathlib import Path

from textual.widgets import TextArea

from nanodeck.contracts.modes import Mode
from nanodeck.ui.dialogs.comment import CommentScreen
from nanodeck.ui.dialogs.comments import CommentsScreen
from tests.flows.conftest import LiveStager
from tests.flows.live_deck import LiveDeck
from tests.support.model_server import ModelServer, Reply

EDITS = [{"old_string": f"line {n}\n", "new_string": f"LINE {n}\n"} for n in (3, 30)]
CALLS = [("edit", {"path": path, "edits": EDITS}) for path in ("a.py", "b.py")]
READS = [("read", {"path": path}) for path in ("a.py", "b.py")]


async def reviewing(deck: LiveDeck) -> None:
    await deck.say("edit both")
    await deck.review()


def two_files(project: Path) -> None:
    for name in ("a.py", "b.py"):
        (project / name).write_text("".join(f"line {n}\n" for n in range(1, 41)))


async def test_r5_comments_on_two_files_survive_a_restart_and_go_as_one_message(
    live: LiveStager, project: Path
) -> None:
    """R5: comments in two files go as one message: path, old and new line numbers, excerpt."""
    two_files(project)
    replies = Reply(calls=READS), Reply(calls=CALLS), Reply(["all right"])
    with ModelServer(*replies) as server:
        async with live(server) as deck:
            await reviewing(deck)
            await deck.comment("no capitals")
            await deck.sees("❝ commented")
            await deck.sees("no capitals")
            # Words are not lost by one esc, and neither by another key after it.
            await deck.press("]", "v", "c")
            await deck.until(lambda: isinstance(deck.app.screen, CommentScreen), "the comment box")
            await deck.type("why ")
            await deck.press("escape")
            assert "esc again loses what you wrote" in deck.text
            await deck.press("ctrl+j")
            await deck.type("here?")
            await deck.press("enter")
            await deck.until(lambda: len(deck.state.comments) == 2, "the second comment")
            assert deck.state.comments[1].text == "why \nhere?"
            assert (deck.state.comments[1].old, deck.state.comments[1].new) == ((3, 3), None)
            await deck.press("escape", "escape", "escape")
            await deck.until(lambda: not deck.deck.turn_runs, "the stop")
            session = deck.state.session
        async with live(server, resume=session) as deck:
            await deck.until(lambda: len(deck.state.comments) == 2, "the comments of before")
            await deck.command("/comments")
            await deck.until(lambda: isinstance(deck.app.screen, CommentsScreen), "the list")
            assert "a.py, lines 1-6" in deck.text
            assert "2 comments to send in one message" in deck.text
            await deck.press("s")
            await deck.sees("all right")
            await deck.rests()
            assert not deck.state.comments
    said = str(server.requests[-1]["messages"][-1]["content"])
    assert "a.py, old lines 1-6, new lines 1-6:\n```diff\n line 1\n line 2\n-line 3\n+LINE 3\n" in said
    assert "b.py, old line 3:\n```diff\n-line 3\n```\nwhy \nhere?" in said


async def test_the_list_goes_to_a_comment_writes_it_anew_and_throws_it_away(
    live: LiveStager, project: Path
) -> None:
    two_files(project)
    with ModelServer(Reply(calls=READS), Reply(calls=CALLS), Reply(["done"])) as server:
        async with live(server) as deck:
            await reviewing(deck)
            await deck.press("C")
            await deck.until(lambda: isinstance(deck.app.screen, CommentsScreen), "the empty list")
            assert "None yet" in deck.text
            await deck.press("escape")
            await deck.comment("first")
            await deck.press("]")
            await deck.comment("second")
            await deck.press("C", "s")
            assert "these go with the review that waits" in deck.text
            await deck.press("e")
            await deck.until(lambda: isinstance(deck.app.screen, CommentScreen), "the first comment")
            assert deck.app.screen.query_one(TextArea).text == "first"
            await deck.type(" of all")
            await deck.press("enter")
            await deck.until(lambda: isinstance(deck.app.screen, CommentsScreen), "the list again")
            assert "first of all" in deck.text
            await deck.press("j", "d")
            assert "d again throws this comment away" in deck.text
            await deck.press("k", "j", "d", "d")
            await deck.until(lambda: len(deck.state.comments) == 1, "one comment less")
            await deck.press("enter")
            await deck.until(
                lambda: deck.at("diff") and deck.deck.diff.current == 0, "the comment in the diff"
            )
            # Emptied, it is gone.
            await deck.press("c")
            await deck.until(lambda: isinstance(deck.app.screen, CommentScreen), "the comment")
            deck.app.screen.query_one(TextArea).load_text("  ")
            await deck.press("enter")
            await deck.until(lambda: not deck.state.comments, "no comment")
            assert "? undecided" in deck.text


async def test_r5_without_any_approval_the_diff_of_the_session_is_commented_and_sent(
    live: LiveStager, project: Path
) -> None:
    """R5: where nothing asks, lines of what was applied are commented and sent as one message."""
    two_files(project)
    replies = Reply(calls=READS), Reply(calls=CALLS), Reply(["done"]), Reply(["all right"])
    with ModelServer(*replies) as server:
        async with live(server, mode=Mode.AUTO_ACCEPT) as deck:
            await deck.say("edit both")
            await deck.sees("done")
            await deck.rests()
            await deck.press("ctrl+x", "d", "o")
            await deck.type("session")
            await deck.press("enter")
            await deck.sees("this session")
            await deck.until(lambda: deck.deck.diff.rows is not None, "the diff")
            await deck.press("v", "down")
            await deck.comment("spell it")
            await deck.sees("❝ you: spell it")
            await deck.press("escape", "]", "j")
            await deck.comment("both?")
            await deck.press("ctrl+x", "c", "ctrl+x", "d", "[", "C")
            await deck.until(lambda: isinstance(deck.app.screen, CommentsScreen), "the list")
            await deck.press("down", "enter")
            await deck.until(lambda: deck.at("diff") and deck.deck.diff.current == 3, "the second comment")
            await deck.press("escape")
            await deck.command("/comments send please look")
            await deck.sees("all right")
            await deck.rests()
            assert not deck.state.comments
    said = str(server.requests[-1]["messages"][-1]["content"])
    assert said.startswith(
        "please look\n\na.py, new line 3:\n```diff\n+LINE 3\n```\nspell it\n\nb.py, old lines 27-33"
    )
