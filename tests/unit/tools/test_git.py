"""The git tool: what it answers, what it asks about, and what of a repository it never runs."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from nanodeck.contracts.errors import ToolError
from nanodeck.tools.builtin import usable_tools
from nanodeck.tools.git import GitArguments, git
from nanodeck.tools.pull_request import pull_request
from nanodeck.tools.registry import Effect, find_tool
from tests.unit.tools.bench import Bench
from tests.unit.workspace import repositories


@pytest.fixture
def repository(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> Bench:
    """A repository with a commit, in which somebody may commit."""
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", str(bench.folder.parent / "gitconfig"))
    repositories.git(bench.folder, "init", "-q", "-b", "trunk")
    repositories.commit(bench.folder, {"a.py": b"one\n", "deep/b.py": b"b\n"})
    repositories.git(bench.folder, "config", "user.name", "n")
    repositories.git(bench.folder, "config", "user.email", "n@example.org")
    return bench


async def shown(bench: Bench, **arguments: object) -> str:
    """What a person who is asked reads."""
    assert git.shown
    return await git.shown(git.parse(json.dumps(arguments)), bench.context)


def effect(**arguments: object) -> Effect:
    return git.effect_of(git.parse(json.dumps(arguments)))


def test_looking_is_free_and_writing_is_not() -> None:
    looks = [effect(action=action) for action in ("status", "diff", "log", "branch")]
    writes = [effect(action="add", all=True), effect(action="commit", message="m")]
    assert set(looks) == {Effect.READ}
    assert {*writes, effect(action="branch", name="b"), effect(action="commit", amend=True)} == {
        Effect.EXECUTE
    }


@pytest.mark.parametrize(
    ("called", "arguments", "expected"),
    [
        ("git_status", {}, GitArguments("status")),
        ("git_diff", {"staged": True, "file": "a.py"}, GitArguments("diff", ["a.py"], staged=True)),
        ("git_diff", {"base": "main", "stat": True}, GitArguments("diff", base="main", stat=True)),
        ("git_log", {"count": 5, "branch": "x"}, GitArguments("log", count=5, base="x")),
        ("git_log", {"author": "n", "since": "1 day"}, GitArguments("log", author="n", since="1 day")),
        ("git_add", {"files": ["a"]}, GitArguments("add", ["a"])),
        ("git_add", {"update": True}, GitArguments("add", update=True)),
        ("Git_Commit", {"message": "m", "noVerify": True}, GitArguments("commit", message="m")),
        ("git", {"action": "status"}, GitArguments("status")),
    ],
)
def test_names_and_arguments_of_other_agents_are_understood(
    called: str, arguments: dict[str, object], expected: GitArguments
) -> None:
    assert find_tool(called) is git
    assert git.parse(json.dumps(arguments), called) == expected


@pytest.mark.parametrize(
    ("arguments", "problem"),
    [
        ({"action": "add"}, "add needs paths"),
        ({"action": "commit", "message": "  "}, "commit needs a message"),
        ({"action": "diff", "base": "--output=/tmp/x"}, "no name of a commit"),
        ({"action": "branch", "name": "-f"}, "no name of a commit"),
        ({"action": "diff", "base": "HEAD:.env", "paths": ["a.py"]}, "no name of a commit"),
        ({"action": "push"}, "push"),
    ],
)
def test_what_cannot_be_is_said_before_anybody_is_asked(arguments: dict[str, object], problem: str) -> None:
    with pytest.raises(ToolError, match=problem):
        git.parse(json.dumps(arguments))


async def test_status_diff_and_log_answer_for_the_workspace(repository: Bench) -> None:
    assert (await repository.call(git, action="diff")).text == "(no differences)"
    repository.put("a.py", b"two\n")
    repository.put("new", b"")
    assert (await repository.call(git, action="status")).text == "## trunk\n M a.py\n?? new"
    assert "-one\n+two" in (await repository.call(git, action="diff")).text
    assert "a.py | 2 +-" in (await repository.call(git, action="diff", stat=True)).text
    assert (await repository.call(git, action="diff", paths="deep")).text == "(no differences)"
    assert (await repository.call(git, action="log")).text.endswith(" n (HEAD -> trunk) first")
    assert (await repository.call(git, action="log", grep="nothing like it")).text == "(no commits)"


async def test_a_commit_is_shown_with_its_message_and_files_and_then_made(repository: Bench) -> None:
    repository.put("a.py", b"two\n")
    assert "add 'a.py'" in await shown(repository, action="add", paths=["a.py"])
    staged = await repository.call(git, action="add", paths=["a.py"])
    assert "a.py | 2 +-" in staged.text
    asked = await shown(repository, action="commit", message="Two\n\nnot one", body="at all")
    assert asked.startswith("git commit -F - --\n\nTwo\n\nnot one\n\nat all\n\non trunk:\n a.py | 2 +-")
    assert asked.endswith("no hook of the repository is run, and the commit is not signed")
    made = await repository.call(git, action="commit", message="Two\n\nnot one", body="at all")
    assert "Two" in made.text
    assert "Two" in (await repository.call(git, action="log")).text
    assert (await repository.call(git, action="status")).text == "## trunk"


async def test_what_git_refuses_reads_like_git(repository: Bench) -> None:
    with pytest.raises(ToolError, match="nothing to commit"):
        await repository.call(git, action="commit", message="m")
    with pytest.raises(ToolError, match="did not match any files"):
        await repository.call(git, action="add", paths=["gone"])
    with pytest.raises(ToolError, match="bad revision"):
        await repository.call(git, action="diff", base="gone")


async def test_a_branch_is_made_once_and_then_switched_to(repository: Bench) -> None:
    assert await shown(repository, action="branch", name="side") == "git switch --no-guess -c side"
    await repository.call(git, action="branch", name="side")
    assert await shown(repository, action="branch", name="trunk") == "git switch --no-guess trunk"
    listed = (await repository.call(git, action="branch")).text.splitlines()
    assert sorted(line[:8].strip() for line in listed) == ["* side", "trunk"]


@pytest.mark.parametrize("hook", ["pre-commit", "commit-msg", "post-commit", "prepare-commit-msg"])
async def test_no_hook_of_the_repository_runs(repository: Bench, hook: str) -> None:
    ran = repository.folder / "ran"
    path = repository.put(f".git/hooks/{hook}", f"#!/bin/sh\ntouch '{ran}'\n".encode())
    path.chmod(0o755)
    await repository.call(git, action="commit", message="m", amend=True)
    assert not ran.exists()


async def test_no_program_that_the_repository_names_runs(repository: Bench) -> None:
    ran = repository.folder / "ran"
    program = repository.put("evil", f"#!/bin/sh\ntouch '{ran}'\ncat\n".encode())
    program.chmod(0o755)
    repository.put(".gitattributes", b"*.py filter=evil diff=evil\n")
    for name in ("core.fsmonitor", "gpg.program", "filter.evil.clean", "diff.evil.command", "core.editor"):
        repositories.git(repository.folder, "config", name, str(program))
    repositories.git(repository.folder, "config", "commit.gpgSign", "true")
    repositories.git(repository.folder, "config", "log.showSignature", "true")
    repository.put("a.py", b"two\n")
    for looks in ("status", "diff", "log", "branch"):
        await repository.call(git, action=looks)
    with pytest.raises(ToolError, match="that is for the user to do"):
        await repository.call(git, action="add", all=True)
    repositories.git(repository.folder, "config", "--unset", "filter.evil.clean")
    await repository.call(git, action="add", all=True)
    await repository.call(git, action="commit", message="m")
    assert not ran.exists()


def test_they_are_offered_where_they_can_do_something(
    repository: Bench, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    programs = {"git": "/bin/git"}
    monkeypatch.setattr("nanodeck.tools.builtin.shutil.which", lambda name: programs.get(name))

    def offered(folder: Path) -> list[str]:
        return [tool.name for tool in usable_tools(folder) if tool.name in ("git", "pull_request")]

    assert offered(repository.folder / "deep") == ["git"]
    programs["gh"] = "/bin/gh"
    assert offered(repository.folder) == ["git", "pull_request"]
    assert offered(tmp_path) == []
    del programs["git"]
    assert offered(repository.folder) == []


async def test_gh_is_asked_with_the_body_as_its_input_and_neutral_settings(
    repository: Bench, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A stand-in for gh prints what it got."""
    program = tmp_path / "bin" / "gh"
    program.parent.mkdir()
    program.write_text('#!/bin/sh\nprintf "%s|" "$@"; cat; git config --get core.hooksPath\n')
    program.chmod(0o755)
    monkeypatch.setenv("PATH", str(program.parent), prepend=":")
    arguments = {"action": "create", "title": "T; x", "body": "B\n", "base": "main", "draft": True}
    assert pull_request.shown
    asked = await pull_request.shown(pull_request.parse(json.dumps(arguments)), repository.context)
    assert asked == "gh pr create '--title=T; x' --body-file=- --base=main --draft\n\nB\n"
    made = await repository.call(pull_request, **arguments)
    assert made.text == "pr|create|--title=T; x|--body-file=-|--base=main|--draft|B\n/dev/null"
    with pytest.raises(ToolError, match="needs a title"):
        pull_request.parse('{"action": "create"}', "git_pr")


async def test_a_diff_leaves_out_what_holds_secrets_unless_it_is_asked_for(repository: Bench) -> None:
    repositories.commit(repository.folder, {"deep/.env": b"KEY=1\n", "a\n.pem": b"1\n"})
    for name in ("deep/.env", "a\n.pem"):
        repository.put(name, b"hidden\n")
    left_out = "(left out, as it may hold secrets: deep/.env)"
    alone = await repository.call(git, action="diff", paths=["deep"])
    assert alone.text == left_out
    repository.put("deep/b.py", b"seen\n")
    text = (await repository.call(git, action="diff", base="HEAD")).text
    assert "+seen" in text
    assert "hidden" not in text
    assert left_out in text
    assert "deep/.env" in (await repository.call(git, action="diff", stat=True)).text
    assert "+hidden" in (await repository.call(git, action="diff", paths=["deep/.env"])).text
