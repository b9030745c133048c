"""How the approval layer shows more than a screen has rows for."""

from __future__ import annotations

import pytest

from nanodeck.contracts.requests import Writes
from tests.widgets.approval_stage import approval_stage, described, request


@pytest.mark.parametrize("size", [(60, 20), (80, 24), (120, 40), (200, 60)])
async def test_everything_known_about_a_command_can_be_read_at_every_size(size: tuple[int, int]) -> None:
    writes = Writes(("out put.log",), ("build", "/etc/hosts"), "make")
    async with approval_stage(*size) as (app, pilot):
        app.offer(request("r1", described("cd api && make 'a  b' > 'out put.log'", writes)))
        await pilot.pause()
        first = app.drawn()
        assert "writes  out put.log" in first
        assert "deletes ⚠ build, /etc/hosts" in first
        seen = [first]
        for key in ["down"] * 12:
            await app.later(pilot, key)
            seen.append(app.drawn())
        whole = " ".join(" ".join(seen).replace("┃", " ").split())
        for words in (
            "and anything else it can: not known before it runs (make)",
            "runs 1 cd api &&",
            "2 make 'a b' >'out put.log'",
            "folder /home/me/api",
            "sandbox none: it can do all",
            "env without A_KEY; with PAGER=cat",
        ):
            assert words in whole


async def test_a_small_screen_shows_what_asks_why_what_holds_it_and_every_choice() -> None:
    async with approval_stage(80, 24) as (app, pilot):
        app.offer(
            request("r1", described("cd api && make all && rm -rf build", Writes((), ("build",), "make")))
        )
        await app.later(pilot, "f6")
        shown = app.drawn()
        for words in (
            "$ cd api && make all && rm -rf build",
            "bash asks in normal mode",
            "deletes build",
            "sandbox none: it can do all",
            "1  cd api &&",
            "2  make all &&",
            "3  rm -rf build",
            "1 y  once",
            "e    edit the command first",
        ):
            assert words in shown
        assert "rows" not in shown


async def test_a_request_can_have_all_the_room_and_gives_it_back() -> None:
    async with approval_stage(80, 24) as (app, pilot):
        app.offer(request("r1", "\n".join(f"line-{number}." for number in range(12))), request("r2"))
        await app.later(pilot, "f6")
        assert "v more" in app.drawn()
        assert "line-11." not in app.drawn()
        await app.later(pilot, "v")
        assert "line-11." in app.drawn()
        assert "rows" not in app.drawn()
        assert app.answers == []
        await app.later(pilot, "right")
        assert "last line" not in app.drawn()
        await app.later(pilot, "left", "f6")
        assert "v more" in app.drawn()


async def test_where_there_is_no_room_the_choices_are_a_word_each() -> None:
    async with approval_stage(60, 16) as (app, pilot):
        app.offer(request("r1", "\n".join(f"line-{number}." for number in range(12))))
        await app.later(pilot, "f6")
        assert "1 y once  2 s session  4 n deny  tab reason  e edit" in app.drawn()
        await app.later(pilot, "n")
        assert [answer[1] for answer in app.answers] == ["deny"]


@pytest.mark.parametrize("size", [(80, 24), (120, 40), (200, 60), (60, 20)])
async def test_no_character_of_a_command_is_cut_off(size: tuple[int, int]) -> None:
    command = " ".join(f"--option-{number}=value" for number in range(50))
    async with approval_stage(*size) as (app, pilot):
        app.offer(request("r1", command))
        seen: set[str] = set()
        for key in ("home", *["down"] * 30):
            await app.later(pilot, key)
            seen.update(app.drawn().replace("│", " ").replace("┃", " ").split())
        assert {word for word in command.split() if word not in seen} == set()
        assert "1 y" in app.drawn()


async def test_a_command_higher_than_the_room_scrolls_and_the_choices_stay() -> None:
    async with approval_stage() as (app, pilot):
        app.offer(request("r1", "\n".join(f"line-{number}." for number in range(60))))
        await pilot.pause()
        assert "line-0." in app.drawn()
        assert "of 60" in app.drawn()
        await app.later(pilot, "end")
        drawn = app.drawn()
        assert "line-59." in drawn
        assert "1 y  once" in drawn
        assert "mode.normal" in drawn
