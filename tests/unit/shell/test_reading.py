"""What is said of a command's words is what the shell makes of them; the rest is not claimed."""

from __future__ import annotations

import pytest

from nanodeck.shell.reading import read_command


def words_of(command: str) -> list[list[str]]:
    return [[word.text for word in part.words] for part in read_command(command).parts]


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


@pytest.mark.parametrize(
    "word", ["$HOME/x", "*.py", "~/x", "{a,b}", '"$1"', "a[bc]", "x=~/y", "$'\\x41'", "a{b}{c,d}"]
)
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
        ('echo "$\\\n[1+1]"', "next line"),
    ],
)
def test_more_than_simple_commands_is_said_to_be_a_script(command: str, why: str) -> None:
    reading = read_command(command)
    assert reading.parts == ()
    assert why in reading.script
