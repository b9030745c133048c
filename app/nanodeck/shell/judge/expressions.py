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
_FIND_DOES = {
    **dict.fromkeys(("-exec", "-execdir", "-ok", "-okdir"), "runs another program"),
    **dict.fromkeys(("-fprint", "-fprint0", "-fprintf", "-fls"), "writes a file"),
    "-delete": "deletes files",
}
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
            return f"find: {word} {_FIND_DOES.get(word, 'is not among what only reads')}"
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


def _files(files: Sequence[Word], places: Places, *, contents: bool = True) -> str:
    for word in files:
        if word.text == "-" and not word.filled:
            continue
        look = places.unreadable_pattern if word.filled else places.unreadable
        found = look(word.text, contents=contents)
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
    # Strings are looked at like all the rest: what is one depends on what comes before it.
    bare = program.replace("||", " ").replace(">=", " ")
    printing = bare.partition("print")[2]
    if re.search(r"[|@`]|\bgetline\b", bare) or ">" in printing:
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
    rest = list(words)
    while (
        place := next((at for at, word in enumerate(rest) if word.text in ("--arg", "--argjson")), -1)
    ) >= 0:
        # Both have a name and a value, which are text.
        if len(rest) < place + 3 or any(word.filled for word in rest[place : place + 3]):
            return f"jq: what {rest[place].text} is given is not certain"
        del rest[place : place + 3]
    given = parsed(rest, _JQ)
    if not given.operands or given.operands[0].filled:
        return "jq: what it does is not certain"
    program, *files = given.operands
    if _JQ_FORBIDDEN.search(program.text):
        return f"jq: {program.text} may read more than its files"
    return _files(files, places)


def xxd_doubt(words: Sequence[Word], places: Places) -> str:
    """Why an `xxd` is not known only to read: it takes its options apart in a way of its own."""
    return _plain_doubt(
        "xxd", words, places, names("-b -e -i -p -ps -u -E -C -a"), names("-c -g -l -s -o"), 1
    )


def tree_doubt(words: Sequence[Word], places: Places) -> str:
    """Why a `tree` is not known only to read: it takes its options apart in a way of its own."""
    flags = names(
        """
        -a -d -f -i -x -p -s -u -g -h -D -F -q -N -n -A -S -C -t -r -U -v -c -J -X -Q -ad -da -aC -ah -sh
        --noreport --dirsfirst --filesfirst --gitignore --prune --du --si --inodes --device --matchdirs
        """
    )
    rest = [word for word in words if not re.fullmatch(r"-L\d+", word.text)]
    return _plain_doubt("tree", rest, places, flags, names("-L -P -I"), 100, contents=False)


def _plain_doubt(
    name: str,
    words: Sequence[Word],
    places: Places,
    flags: frozenset[str],
    valued: frozenset[str],
    most: int,
    *,
    contents: bool = True,
) -> str:
    """Doubts about a program whose options each have to stand alone, with at most `most` operands."""
    rest, files = list(words), []
    while rest:
        word = rest.pop(0)
        if word.filled or not word.text.startswith("-") or word.text == "-":
            files.append(word)
        elif word.text in valued and rest and not rest[0].filled:
            value = rest.pop(0).text
            if not re.fullmatch(r"[+-]?(?:0x)?[\da-f]+|[\w.*|?][\w.*|?-]*", value):
                return f"{name}: {word.text} {value} is not certain"
        elif word.text not in flags:
            return f"{name}: {word.text} is not among the options that only read"
    if len(files) > most:
        return f"{name} may write what it is given in the last place"
    return _files(files, places, contents=contents)


_PS_PLAIN = re.compile(r"-(?:[eAfFljyax]+|auxw*|-forest|-no-headers|-sort=[-+\w%,]+)|[auxfwlj]+")
_PS_COLUMNS = names(
    """
    pid ppid pgid user uid comm cmd args command pcpu %cpu pmem %mem rss vsz stat state s etime etimes time
    tty start lstart nice ni nlwp psr
    """
)


def ps_doubt(words: Sequence[Word], places: Places) -> str:
    """Why a `ps` is not known only to read: what it does not understand it takes for the BSD's letters."""
    rest = [word.text for word in words]
    if any(word.filled for word in words):
        return "ps: what it shows is not certain"
    while rest:
        word = rest.pop(0)
        if _PS_PLAIN.fullmatch(word):
            continue
        columns = re.fullmatch(r"-[eAx]*o(.*)", word)
        given = (columns[1] if columns else "") or (rest.pop(0) if rest else "")
        if columns and all(each.partition("=")[0] in _PS_COLUMNS for each in given.split(",")):
            continue
        if word in ("-p", "--pid") and re.fullmatch(r"\d+(?:,\d+)*", given):
            continue
        return f"ps: {word} may show the environment of programs"
    return ""


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


def command_doubt(words: Sequence[Word], places: Places) -> str:
    """Why a `command` is not known only to tell what a name stands for."""
    if found := _uncertain(words):
        return found
    # Behind a name `-v` belongs to the program of that name, which runs.
    return "" if words and words[0].text in ("-v", "-V") else "command starts another program"
