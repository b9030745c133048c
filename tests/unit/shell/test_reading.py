"""What is said of a command's words is what the shell makes of them; the rest is not claimed."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path
from random import Random

import pytest

from nanodeck.shell.reading import read_command

BASH = shutil.which("bash")
PRINTER = "words() { printf '%s\\0' \"$@\"; }; for each; do eval \"words $each\"; printf 'END\\0'; done"
CASES = 6000
ALPHABET = "ab  \t\n''\"\"\\\\$#~{}[]*?!=:;&|<>()-_/.,%^+@1é\u00a0\u2003\r\x01\x7f"


def words_of(command: str) -> list[list[str]]:
    return [[word.text for word in part.words] for part in read_command(command).parts]


def words_in_bash(arguments: list[str], folder: Path) -> list[list[str]]:
    """The words a program gets for each of `arguments`, by a real bash."""
    assert BASH
    said = subprocess.run(
        [BASH, "-c", PRINTER, "bash", *arguments], capture_output=True, check=True, cwd=folder, timeout=60
    )
    return [each.split("\0")[:-1] for each in said.stdout.decode().split("END\0")[:-1]]


def certain(arguments: str) -> list[str] | None:
    """The words after the program's name where they are said to be certain."""
    parts = read_command(f"words {arguments}").parts
    if len(parts) != 1 or parts[0].redirects or parts[0].variables or parts[0].joint not in ("", ";"):
        return None
    words = parts[0].words
    return None if any(word.filled for word in words) else [word.text for word in words[1:]]


@pytest.mark.skipif(BASH is None, reason="compares with bash")
def test_words_said_to_be_certain_are_those_bash_hands_over(tmp_path: Path) -> None:
    random = Random(1)
    written = ["".join(random.choices(ALPHABET, k=random.randint(0, 12))) for _ in range(CASES)]
    known = [(text, words) for text in written if (words := certain(text)) is not None]
    assert len(known) > CASES // 10
    # A printf without arguments prints one empty word.
    expected = [(text, words or [""]) for text, words in known]
    got = words_in_bash([text for text, _ in known], tmp_path)
    assert expected == [(text, words) for (text, _), words in zip(known, got, strict=True)]


@pytest.mark.parametrize(
    ("command", "words"),
    [
        ("make all", [["make", "all"]]),
        ("r''m -r\"f\" my\\ file ''", [["rm", "-rf", "my file", ""]]),
        (
            "cd api && rm -rf y; ls | wc -l & echo x",
            [["cd", "api"], ["rm", "-rf", "y"], ["ls"], ["wc", "-l"], ["echo", "x"]],
        ),
        ("make \\\n  -j 4 # as fast as it goes\nls", [["make", "-j", "4"], ["ls"]]),
        ("find . -name x -exec rm {} \\;", [["find", ".", "-name", "x", "-exec", "rm", "{}", ";"]]),
        ("[ -f a ] && ls\r", [["[", "-f", "a", "]"], ["ls\r"]]),
        ("cat > a.py <<'EOF'\nprint(\"$(x)\")\nEOF\nls", [["cat"], ["ls"]]),
        ("", []),
    ],
)
def test_the_words_of_every_part_are_told(command: str, words: list[list[str]]) -> None:
    assert words_of(command) == words


@pytest.mark.parametrize("word", ["$HOME/x", "*.py", "~/x", "{a,b}", '"$1"', "a[bc]", "x=~/y", "$'\\x41'"])
def test_what_the_shell_fills_in_stands_as_it_is_written(word: str) -> None:
    (part,) = read_command(f"rm {word}").parts
    assert [(each.text, each.filled) for each in part.words] == [("rm", False), (word, True)]


def test_where_output_goes_and_what_is_set_are_no_words() -> None:
    (part,) = read_command("CI=1 A=b make 2>>err.log >'out put' 2>&1 <in &").parts
    assert [word.text for word in part.words] == ["make"]
    assert [word.text for word in part.variables] == ["CI=1", "A=b"]
    assert [(each.sign, each.target.text) for each in part.redirects] == [
        ("2>>", "err.log"),
        (">", "out put"),
        ("2>&", "1"),
        ("<", "in"),
    ]
    assert part.joint == "&"


@pytest.mark.parametrize(
    ("command", "why"),
    [
        ("echo $(rm x)", "$(…)"),
        ("echo `rm x`", "`…`"),
        ("echo ${x:-$(rm y)}", "${…}"),
        ("(cd x; rm y)", "( )"),
        ("if true; then rm x; fi", "if"),
        ("f() { rm x; }", "( )"),
        ("! rm x", "!"),
        ("cat <<EOF\n$(rm x)\nEOF", "the shell fills in"),
        ("cat <<EOF\nnever", "no end"),
        ("echo 'open", "no end"),
        ("rm x &&", "missing"),
        ("a[0]=1", "list"),
        ("diff <(ls) x", "where to read"),
        ("wo\\\nrd", "next line"),
    ],
)
def test_more_than_simple_commands_is_said_to_be_a_script(command: str, why: str) -> None:
    reading = read_command(command)
    assert reading.parts == ()
    assert why in reading.script
