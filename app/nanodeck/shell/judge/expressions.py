"""Programs whose operands are a language of their own: find, sed, awk, jq, test."""

from __future__ import annotations

import re
from collections.abc import Sequence

from nanodeck.contracts.requests import Word
from nanodeck.shell.judge.names import names
from nanodeck.shell.judge.options import Table, parsed
from nanodeck.shell.judge.places import Places

_FIND_ALONE = names(
    """
    ! ( ) , -not -a -and -o -or -print -print0 -prune -empty -true -false -quit -ls -depth -xdev -mount
    -daystart -readable -writable -executable -nouser -nogroup -noleaf -ignore_readdir_race -d
    """
)
_FIND_VALUED = names(
    """
    -name -iname -path -ipath -wholename -iwholename -regex -iregex -regextype -type -xtype -size -mtime
    -mmin -atime -amin -ctime -cmin -maxdepth -mindepth -perm -user -group -uid -gid -links -inum
    -printf -used -fstype -lname -ilname -context
    """
)
_FIND_FILES = names("-newer -anewer -cnewer -samefile")
_SED = Table(
    "any", "nErsuz", "e", "quiet silent regexp-extended expression= separate null-data debug posix version"
)
_SED_ADDRESS = r"(?:\d+|\$|/(?:[^/\\\n]|\\[^\n])*/I?|\d+~\d+)"
_SED_SUBSTITUTE = r"s([/|#,:%@!])(?:(?!\1)[^\\\n]|\\[^\n])*\1(?:(?!\1)[^\\\n]|\\[^\n])*\1[gpiI0-9]*"
_SED_COMMAND = re.compile(
    rf"\s*(?:{_SED_ADDRESS}(?:\s*,\s*(?:[+~]?\d+|{_SED_ADDRESS}))?\s*)?!?\s*(?:[pdPDqQ=lnNgGhHx]|{_SED_SUBSTITUTE})\s*"
)
_AWK = Table("any", "", "Fv", "field-separator= version")
_AWK_KEYWORDS = names(
    """
    BEGIN END if else for in while do next exit print printf break continue delete return
    """
)
_AWK_FUNCTIONS = names(
    """
    length substr index split sub gsub match toupper tolower sprintf int sqrt exp log sin cos atan2 rand
    srand gensub strtonum
    """
)
_AWK_VARIABLES = names(
    """
    NR NF FNR FS OFS RS ORS FILENAME SUBSEP RSTART RLENGTH OFMT CONVFMT
    """
)
_AWK_STRINGS = re.compile(r'"(?:[^"\\\n]|\\[^\n])*"')
_JQ = Table(
    "any",
    "rcsSnaejMC",
    "",
    "raw-output compact-output slurp sort-keys null-input ascii-output exit-status join-output "
    "monochrome-output color-output tab seq stream version",
)
_JQ_FORBIDDEN = re.compile(
    r"\benv\b|\bimport\b|\binclude\b|\$ENV|\$__|\bget_search_list\b|\bmodulemeta\b|\binput_filename\b"
)
_TEST_UNARY = names(
    """
    -e -f -d -r -w -x -s -L -h -n -z -b -c -p -S -g -u -k -O -G -N -t
    """
)
_TEST_BINARY = names("= == != < > -eq -ne -lt -le -gt -ge -nt -ot -ef")


def _uncertain(words: Sequence[Word]) -> str:
    return next((f"{word.text} is not certain before it runs" for word in words if word.filled), "")


def find_doubt(words: Sequence[Word], places: Places) -> str:
    """Why a `find` is not known only to read."""
    if found := _uncertain(words):
        return found
    rest = [word.text for word in words]
    while rest and rest[0] in ("-P", "-H"):
        rest.pop(0)
    while rest and not rest[0].startswith(("-", "(", "!", ",")):
        if found := places.unreadable(rest.pop(0), contents=False):
            return found
    while rest:
        word = rest.pop(0)
        if word in _FIND_ALONE:
            continue
        if not rest or word not in _FIND_VALUED | _FIND_FILES:
            return f"find: {word} is not among what only reads"
        value = rest.pop(0)
        if word in _FIND_FILES and (found := places.unreadable(value, contents=False)):
            return found
    return ""


def sed_doubt(words: Sequence[Word], places: Places) -> str:
    """Why a `sed` is not known only to read."""
    given = parsed(words, _SED)
    scripts, files = given.values("-e", "--expression"), list(given.operands)
    if not scripts:
        if not files or files[0].filled:
            return "sed: what it does is not certain"
        scripts = [files.pop(0).text]
    for script in scripts:
        for line in re.split(r"\n", script):
            if not _sed_reads(line):
                return f"sed: {script} may do more than print"
    return _files(files, places)


def _sed_reads(line: str) -> bool:
    """Whether a line of a script is made of commands that only change what is printed."""
    at = 0
    while at < len(line):
        found = _SED_COMMAND.match(line, at)
        if not found or found.group().count("[") != found.group().count("]"):
            return False
        at = found.end()
        if at < len(line) and line[at] != ";":
            return False
        at += 1
    return bool(line.strip())


def _files(files: Sequence[Word], places: Places) -> str:
    for word in files:
        if word.text == "-" and not word.filled:
            continue
        found = places.unreadable_pattern(word.text) if word.filled else places.unreadable(word.text)
        if found:
            return found
    return ""


def awk_doubt(words: Sequence[Word], places: Places) -> str:
    """Why an `awk` is not known only to read."""
    given = parsed(words, _AWK)
    if not given.operands or given.operands[0].filled:
        return "awk: what it does is not certain"
    for value in given.values("-v"):
        if not re.fullmatch(r"[a-z]\w*=[\w .,:/-]*", value, re.ASCII):
            return f"awk: -v {value} may do more than print"
    program, *files = given.operands
    if not _awk_reads(program.text):
        return f"awk: {program.text} may do more than print"
    if any("=" in word.text for word in files):
        return "awk: a file's name that sets a variable"
    return _files(files, places)


def _awk_reads(program: str) -> bool:
    if re.search(r"\\\n", program):
        return False
    bare = _AWK_STRINGS.sub('""', program)
    if re.search(r"[|>@`'\\]|\bgetline\b", bare.replace("||", "").replace("\\.", ".").replace("\\/", "/")):
        return False
    for found in re.finditer(r"([A-Za-z_]\w*)(\s*\()?", bare, re.ASCII):
        name, called = found[1], found[2]
        if called and name not in _AWK_FUNCTIONS | _AWK_KEYWORDS:
            return False
        if name.isupper() and len(name) > 1 and name not in _AWK_KEYWORDS | _AWK_VARIABLES:
            return False
        if name in ("system", "close", "fflush", "function", "func", "nextfile", "load", "include"):
            return False
    return True


def jq_doubt(words: Sequence[Word], places: Places) -> str:
    """Why a `jq` is not known only to read."""
    given = parsed(words, _JQ)
    if not given.operands or given.operands[0].filled:
        return "jq: what it does is not certain"
    program, *files = given.operands
    if _JQ_FORBIDDEN.search(program.text):
        return f"jq: {program.text} may read more than its files"
    return _files(files, places)


def test_doubt(words: Sequence[Word], places: Places) -> str:
    """Why a `test` or `[` is not known only to read."""
    if found := _uncertain(words):
        return found
    for place, word in enumerate(words):
        text = word.text
        if text.startswith("-") and len(text) > 1 and not re.fullmatch(r"-\d+", text):
            if text not in _TEST_UNARY | _TEST_BINARY and text not in ("-a", "-o"):
                return f"test: {text} is not among what only reads"
            if text in _TEST_UNARY - {"-n", "-z", "-t"} and place + 1 < len(words):
                following = words[place + 1].text
                if found := places.unreadable(following, contents=False):
                    return found
    return ""
