"""Which files a command is said to touch: never fewer than the list claims."""

from __future__ import annotations

import pytest

from nanodeck.shell.reading import read_command
from nanodeck.shell.writing import Place, touched_by


def shown(places: tuple[Place, ...]) -> list[str]:
    return [f"{place.folder or '?'}/{place.word.text}" for place in places]


@pytest.mark.parametrize(
    ("command", "written", "deleted", "unknown"),
    [
        ("ls -la | grep x", [], [], []),
        ("echo x > a 2>&1", ["./a"], [], []),
        ("echo x >> a 2> b < c", ["./a", "./b"], [], []),
        ("echo x > /dev/null 2>&1", [], [], []),
        ("echo x >& both", ["./both"], [], []),
        ("echo x 2>&-", [], [], []),
        ("make &> log", ["./log"], [], ["make"]),
        ("cat > a.py <<'EOF'\nx\nEOF", ["./a.py"], [], []),
        ("touch a b && mkdir -p c/d", ["./a", "./b", "./c/d"], [], []),
        ("cp -r src build && mv a b", ["./build", "./b"], ["./a"], []),
        ("rm -rf build 'my file'", [], ["./build", "./my file"], []),
        ("rm -rf -- -x", [], ["./-x"], []),
        ("rm -rf $BUILD/x", [], ["./$BUILD/x"], ["$BUILD/x"]),
        ("rm --no-preserve-root -rf /", [], [], ["rm"]),
        ("touch -t 1200 a", [], [], ["touch"]),
        ("chmod -R a+x bin", ["./bin"], [], []),
        ("ls | tee -a log", ["./log"], [], []),
        ("cd api && touch x", ["./api/x"], [], []),
        ("cd api && cd ../web && touch x | tee y", ["./api/../web/x", "./api/../web/y"], [], []),
        ("cd api; touch x", ["?/x"], [], []),
        ("ls || cd api && touch x", ["?/x"], [], []),
        ("cd $X && touch x", ["?/x"], [], []),
        ("cd && touch x", ["?/x"], [], []),
        ("cd a | touch x && touch y", ["?/x", "?/y"], [], []),
        ("pytest -q && npm test", [], [], ["pytest", "npm"]),
        ("LD_PRELOAD=x ls", [], [], ["LD_PRELOAD=x", "ls"]),
        ("PATH=.; ls", [], [], ["PATH=."]),
        ("$EDITOR x", [], [], ["$EDITOR"]),
        ("./ls", [], [], ["./ls"]),
        ("echo x > $LOG", ["./$LOG"], [], ["$LOG"]),
        ("> a", ["./a"], [], []),
    ],
)
def test_what_is_written_deleted_and_not_known(
    command: str, written: list[str], deleted: list[str], unknown: list[str]
) -> None:
    touched = touched_by(read_command(command).parts)
    assert shown(touched.written) == written
    assert shown(touched.deleted) == deleted
    assert list(touched.unknown) == unknown
