"""What the judge says of a command and of each part of it."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from nanodeck.contracts.judging import JudgedPart
from nanodeck.shell.judge import judge
from tests.reliability.judged import commands, workspace


def part(command: str, folder: Path, *, text: str = "") -> JudgedPart:
    """The one part of `command`, or that with this `text`."""
    parts = judge(command, folder, folder).parts
    (found,) = [each for each in parts if not text or each.text == text]
    return found


@pytest.mark.parametrize(
    ("command", "verdict"),
    [
        ("ls -la && wc -l *.py", "allow"),
        ("cat ../x", "ask"),
        ("npm test", "ask"),
        ("", "ask"),
        ("timeout 5 bash -c 'rm -rf /'", "deny"),
    ],
)
def test_a_command_is_allowed_asked_about_or_denied(command: str, verdict: str, tmp_path: Path) -> None:
    assert judge(command, tmp_path, tmp_path).verdict == verdict


def test_what_is_dangerous_and_wanted_is_never_denied() -> None:
    with workspace() as root:
        denied = [command for command in commands("wanted") if judge(command, root, root).verdict == "deny"]
    assert denied == []


def test_the_lists_are_as_long_as_they_have_to_be() -> None:
    reading, lookalikes, destructive = (
        len(set(commands(name))) for name in ("reading", "lookalikes", "destructive")
    )
    assert reading >= 150
    assert destructive >= 100
    assert lookalikes >= 250
    assert reading + lookalikes + destructive >= 600


def test_the_part_that_decided_is_told_with_its_reason(tmp_path: Path) -> None:
    said = judge("ls && rm -rf y; pwd", tmp_path, tmp_path)
    assert (said.verdict, said.part) == ("ask", "rm -rf y")
    assert said.reason == "rm deletes files"
    assert [(each.text, each.verdict) for each in said.parts] == [
        ("ls", "allow"),
        ("rm -rf y", "ask"),
        ("pwd", "allow"),
    ]


@pytest.mark.parametrize(
    ("command", "reason"),
    [
        ("npm test", "npm may run what the project brings"),
        ("git push", "git push reaches the network"),
        ("find src -delete", "find: -delete deletes files"),
        ("ls > 'a b'", "writes to a b"),
        ("cat < ../x", "reads ../x"),
        ("echo $HOME", "what $HOME stands for is not certain"),
        ("tar xf a.tar", "tar only reads where it lists what an archive holds"),
        ("frobnicate", "frobnicate is not among the programs that only read"),
    ],
)
def test_what_asks_says_what_it_does(command: str, reason: str, tmp_path: Path) -> None:
    assert judge(command, tmp_path, tmp_path).reason == reason


def test_words_are_told_decoded(tmp_path: Path) -> None:
    assert part("r''m -r\"f\" my\\ file", tmp_path).argv == ("rm", "-rf", "my file")


@pytest.mark.parametrize(
    ("command", "certain"),
    [
        ("npm test", True),
        ("npm test 2>&1", True),
        ("npm test > log", False),
        ("CI=1 npm test", False),
        ("npm $x", False),
        ("(npm test)", False),
        ("npm 'te\x1bst'", False),
    ],
)
def test_only_words_that_run_exactly_so_are_certain(command: str, certain: bool, tmp_path: Path) -> None:
    found = part(command, tmp_path)
    assert found.argv[0] == "npm"
    assert found.certain is certain


def test_what_a_wrapper_runs_is_a_part_of_its_own(tmp_path: Path) -> None:
    said = judge("timeout 5 npm publish", tmp_path, tmp_path)
    assert [(each.argv, each.folded_from) for each in said.parts] == [
        (("timeout", "5", "npm", "publish"), ""),
        (("npm", "publish"), "timeout 5 npm publish"),
    ]


def test_what_a_shell_is_given_is_taken_apart(tmp_path: Path) -> None:
    said = judge("bash -c 'cd x && npm publish'", tmp_path, tmp_path)
    assert [each.argv for each in said.parts if each.folded_from][:2] == [("cd", "x"), ("npm", "publish")]


def test_a_folder_outside_of_the_workspace_asks_for_everything(tmp_path: Path) -> None:
    inside = tmp_path / "inside"
    inside.mkdir()
    assert judge("ls", tmp_path, inside).verdict == "ask"
    assert judge("ls", inside, inside).verdict == "allow"


def test_a_program_of_the_workspace_is_not_the_one_in_the_table(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "ls").write_text("#!/bin/sh\n")
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    assert judge("ls", tmp_path, tmp_path).verdict == "ask"
    assert judge("wc -l ls", tmp_path, tmp_path).verdict == "allow"


@pytest.mark.parametrize(
    "setting",
    [
        "[core]\n\tfsmonitor = ./x",
        "[diff \"x\"]\n\ttextconv = ./x",
        "[filter \"x\"]\n\tclean = ./x",
        "[include]\n\tpath = x",
        "[core] fsmonitor = ./x",
        "[core]\n\tworktree = /",
        "[core]\n\thooksPath = ~/x",
        "[remote \"o\"]\n\tpromisor = true",
        "[log]\n\tshowSignature = true",
    ],
)  # fmt: skip
def test_a_repository_that_may_start_programs_asks(setting: str) -> None:
    with workspace() as root:
        assert judge("git status", root, root).verdict == "allow"
        with (root / ".git" / "config").open("a") as settings:
            settings.write(f"{setting}\n")
        assert judge("git status", root, root).verdict == "ask"


def test_a_hook_that_reading_starts_asks() -> None:
    with workspace() as root:
        hook = root / ".git" / "hooks" / "post-index-change"
        hook.parent.mkdir(exist_ok=True)
        hook.touch()
        assert judge("git diff", root, root).verdict == "ask"
        hook.rename(root / "post-index-change")
        (root / ".git" / "config").open("a").write("[core]\n\thooksPath = .\n")
        assert judge("git diff", root, root).verdict == "ask"


def test_a_secret_below_a_folder_asks_for_a_search_of_all_of_it() -> None:
    with workspace() as root:
        assert judge("grep -rn x .", root, root).verdict == "ask"
        assert judge("grep -rn x src", root, root).verdict == "allow"
        assert judge("grep -rn --include='*.py' x .", root, root).verdict == "allow"
        (root / ".env").unlink()
        assert judge("grep -rn x .", root, root).verdict == "allow"


@pytest.mark.parametrize(
    ("command", "verdict"),
    [
        ("rm -rf / \ud800", "deny"),
        ("rm -rf '/\0'", "deny"),
        ("a=a; " + "a=$a$a; " * 60 + "rm -rf /", "deny"),
        ("<<A x;y\n\nA\n<<A\nz\nA\nrm -rf /", "deny"),
        ("$(" * 3_000 + "rm -rf /", "deny"),
        ("sudo " * 3_000 + "rm -rf /", "deny"),
        ("f() { g; }; g() { f; }; f; rm -rf /", "deny"),
        ("{a,b}" * 30, "ask"),
        ("`" * 5_001, "ask"),
        ("while " * 3_000, "ask"),
    ],
    ids=lambda text: text[:12].encode("unicode_escape").decode(),
)
def test_no_command_is_too_strange_to_be_judged(command: str, verdict: str, tmp_path: Path) -> None:
    assert judge(command, tmp_path, tmp_path).verdict == verdict


def test_of_no_repository_nothing_can_be_started(tmp_path: Path) -> None:
    assert judge("git status", tmp_path, tmp_path).verdict == "allow"
    assert judge("git diff a.py ../a.py", tmp_path, tmp_path).verdict == "ask"


def test_a_repository_around_the_workspace_asks() -> None:
    with workspace() as root:
        assert judge("git log", root / "src", root / "src").verdict == "ask"
        assert judge("git log", root / "src", root).verdict == "allow"


def test_a_repository_without_files_asks(tmp_path: Path) -> None:
    (tmp_path / "objects").mkdir()
    (tmp_path / "HEAD").touch()
    assert judge("git status", tmp_path, tmp_path).verdict == "ask"


@pytest.mark.parametrize(
    ("command", "texts"),
    [
        ("env sh -c 'ls >x; make'", ["env sh -c 'ls >x; make'", "sh -c 'ls >x; make'", "ls >x", "make"]),
        ("timeout 5 make -j2", ["timeout 5 make -j2", "make -j2"]),
        ("nice -n 5 make 'a b'", ["nice -n 5 make 'a b'", "make 'a b'"]),
        ("find . -name '*.py' | xargs rm", ["find . -name '*.py'", "xargs rm", "rm ./…"]),
    ],
)
def test_parts_are_shown_word_by_word_and_no_amount_is_a_program(
    command: str, texts: list[str], tmp_path: Path
) -> None:
    assert [part.text for part in judge(command, tmp_path, tmp_path).parts] == texts


@pytest.fixture(scope="module")
def with_tracked_secrets() -> Iterator[Path]:
    """A repository that tracks what holds secrets, in an index of the version that shortens names."""
    with workspace() as root:
        (root / "src" / "deep").mkdir()
        (root / "src" / "deep" / "server.key").write_text("x\n")
        for arguments in (("add", "."), ("update-index", "--index-version", "4")):
            subprocess.run(("git", *arguments), cwd=root, check=True, timeout=60)
        yield root


@pytest.mark.parametrize(
    ("command", "verdict"),
    [
        ("git diff", "ask"),
        ("git diff --stat", "allow"),
        ("git diff --stat -p", "ask"),
        ("git diff tests", "allow"),
        ("git diff src", "ask"),
        ("git diff -- '*.py'", "allow"),
        ("git diff -- '*y'", "ask"),
        ("git diff -- . ':!.env' ':!*.key'", "allow"),
        ("git diff -- ':!.env' ':(exclude)src'", "allow"),
        ("git diff -- ':!.env'", "ask"),
        ("git diff -- ':(top)tests'", "ask"),
        ("git diff tests --", "ask"),
        ("git --literal-pathspecs diff -- . ':!.env' ':!*.key'", "ask"),
        ("git -C tests diff .", "allow"),
        ("git -C src diff .", "ask"),
        ("git diff 1234abcd -- a.py", "ask"),
        ("git show", "ask"),
        ("git show HEAD:a.py", "allow"),
        ("git show HEAD:a.py HEAD", "ask"),
        ("git show ':/x'", "ask"),
        ("git show 'HEAD^{/a:b}'", "ask"),
        ("git show --name-only", "allow"),
        ("git log -3", "allow"),
        ("git log -p", "ask"),
        ("git log -p a.py", "allow"),
        ("git log -U1", "ask"),
        ("git grep tests", "ask"),
        ("git grep x tests", "allow"),
        ("git grep -e x tests", "allow"),
        ("git grep -l x", "allow"),
        ("git grep -- x tests", "ask"),
        ("git cat-file -p HEAD", "allow"),
        ("git cat-file -p 1234abcd", "ask"),
        ("git stash show -p", "ask"),
        ("git status -v", "ask"),
        ("git blame a.py", "allow"),
    ],
)
def test_what_shows_contents_of_tracked_secrets_asks(
    command: str, verdict: str, with_tracked_secrets: Path
) -> None:
    assert judge(command, with_tracked_secrets, with_tracked_secrets).verdict == verdict


def test_an_index_of_another_layout_asks() -> None:
    with workspace() as root:
        (root / ".git" / "index").write_bytes(b"DIRC\0\0\0\x02\0\0\0\x09")
        assert judge("git diff", root, root).reason == "git: what it tracks is not certain"
        assert judge("git diff --stat", root, root).verdict == "allow"


@pytest.mark.parametrize(
    ("address", "verdict"),
    [
        ("https://me:s3cret@example.org/x", "ask"),
        ("https://ghp_0123456789012345678901@github.com/x", "ask"),
        ("ssh://git@github.com/x", "allow"),
    ],
)
def test_a_remote_with_a_password_in_its_address_asks(address: str, verdict: str) -> None:
    with workspace() as root:
        with (root / ".git" / "config").open("a") as settings:
            settings.write(f'[remote "origin"]\n\turl = {address}\n')
        assert judge("git remote -v", root, root).verdict == verdict
        assert judge("git log", root, root).verdict == "allow"


def test_a_search_looks_for_secrets_among_all_files_or_asks(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("nanodeck.shell.judge.places._MOST_BELOW", 13)
    for number in range(10):
        (tmp_path / f"{number}.py").touch()
    assert judge("grep -rn x .", tmp_path, tmp_path).verdict == "allow"
    (tmp_path / "dist" / ".aws").mkdir(parents=True)
    assert judge("rg x", tmp_path, tmp_path).verdict == "allow"
    (tmp_path / "dist" / ".aws" / "credentials").touch()
    said = judge("grep -rn x .", tmp_path, tmp_path)
    assert said.reason == "would read dist/.aws/credentials, which may hold secrets"
    (tmp_path / "more.py").touch()
    (tmp_path / "most.py").touch()
    assert judge("rg x", tmp_path, tmp_path).reason.endswith("too many files to look for secrets among them")
