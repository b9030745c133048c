"""The programs that only read, each with all the options that leave it so; what is not listed asks."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Sequence
from functools import lru_cache

from nanodeck.contracts.requests import Word
from nanodeck.shell.judge.expressions import (
    awk_doubt,
    command_doubt,
    find_doubt,
    jq_doubt,
    ps_doubt,
    sed_doubt,
    test_doubt,
    tree_doubt,
    xxd_doubt,
)
from nanodeck.shell.judge.forms import FORMS, form_doubt
from nanodeck.shell.judge.git import git_doubt
from nanodeck.shell.judge.names import names
from nanodeck.shell.judge.operands import KINDS
from nanodeck.shell.judge.options import NotListed, Parsed, Table, parsed
from nanodeck.shell.judge.places import Places
from nanodeck.shell.judge.reasons import why_unlisted

_GREP = Table(
    "pattern",
    "abcEFGhHiIlLnoPqrsTUvVwxyzZ0",
    "ABCem",
    "extended-regexp fixed-strings basic-regexp perl-regexp ignore-case no-ignore-case invert-match "
    "word-regexp line-regexp count color? colour? files-with-matches files-without-match max-count= "
    "only-matching quiet silent no-messages byte-offset with-filename no-filename label= line-number "
    "initial-tab null null-data after-context= before-context= context= text binary-files= include= "
    "exclude= exclude-dir= recursive regexp= line-buffered version",
)
_RG = Table(
    "search",
    "abcFHiIlnNopPqsSuUvVwx.0",
    "ABCegjMmtTEr",
    "files files-with-matches files-without-match count count-matches ignore-case smart-case "
    "case-sensitive fixed-strings word-regexp line-regexp invert-match line-number no-line-number "
    "with-filename no-filename heading no-heading only-matching pcre2 multiline multiline-dotall hidden "
    "no-ignore no-ignore-vcs unrestricted after-context= before-context= context= glob= iglob= type= "
    "type-not= max-count= max-depth= max-columns= max-filesize= sort= sortr= color= column no-column json "
    "stats trim null quiet text crlf replace= regexp= vimgrep type-list version passthru no-messages "
    "one-file-system threads= encoding= no-config pretty byte-offset sort-files engine= dfa-size-limit= "
    "regex-size-limit= include-zero",
)
_FD = Table(
    "sought",
    "HIusigaFp01",
    "eEtdS",
    "hidden no-ignore unrestricted case-sensitive ignore-case glob absolute-path fixed-strings full-path "
    "extension= exclude= type= max-depth= min-depth= exact-depth= size= changed-within= changed-before= "
    "max-results= print0 color= version",
)
_SUM = Table("paths", "btz", "", "binary text tag zero version")
_TABLES = {
    "ls": Table(
        "names",
        "aAbBcCdfFgGhHiklmnNopqQrRsStuUvxXZ10",
        "ITw",
        "all almost-all author escape block-size= ignore-backups color? directory classify? file-type "
        "format= full-time group-directories-first no-group human-readable si dereference-command-line "
        "hide= hyperlink? indicator-style= inode ignore= kibibytes numeric-uid-gid literal "
        "hide-control-chars show-control-chars quote-name quoting-style= reverse recursive size sort= "
        "time= time-style= tabsize= width= context zero version",
    ),
    "cat": Table(
        "paths",
        "AbeEnstTuv",
        "",
        "show-all number-nonblank show-ends number squeeze-blank show-tabs show-nonprinting version",
    ),
    "head": Table("paths", "qvz0", "nc", "lines= bytes= quiet silent verbose zero-terminated version"),
    "tail": Table("paths", "qvz0", "nc", "lines= bytes= quiet silent verbose zero-terminated version"),
    "wc": Table("paths", "clLmw", "", "bytes chars lines max-line-length words total= version"),
    "grep": _GREP,
    "egrep": _GREP,
    "fgrep": _GREP,
    "rg": _RG,
    "sort": Table(
        "paths",
        "bdfgiMhnRrVcCmsuz",
        "kt",
        "ignore-leading-blanks dictionary-order ignore-case general-numeric-sort ignore-nonprinting "
        "month-sort human-numeric-sort numeric-sort random-sort reverse sort= version-sort check? merge "
        "stable unique zero-terminated key= field-separator= debug parallel= version",
    ),
    "uniq": Table(
        "paths",
        "cdDiuz",
        "fsw",
        "count repeated all-repeated? skip-fields= group? ignore-case skip-chars= unique check-chars= "
        "zero-terminated version",
        1,
    ),
    "cut": Table(
        "paths",
        "nsz",
        "bcdf",
        "bytes= characters= delimiter= fields= complement only-delimited output-delimiter= zero-terminated "
        "version",
    ),
    "tr": Table("words", "cCdst", "", "complement delete squeeze-repeats truncate-set1 version", 2),
    "diff": Table(
        "compare",
        "abBcdefinNpqrstTuwyZE0",
        "CFIUWx",
        "normal brief report-identical-files context? unified? ed rcs side-by-side width= left-column "
        "suppress-common-lines show-c-function show-function-line= label= expand-tabs initial-tab "
        "recursive new-file unidirectional-new-file ignore-file-name-case exclude= ignore-case "
        "ignore-tab-expansion ignore-trailing-space ignore-space-change ignore-all-space "
        "ignore-blank-lines ignore-matching-lines= text strip-trailing-cr minimal speed-large-files "
        "color? tabsize= version",
    ),
    "cmp": Table("paths", "bls", "in", "print-bytes ignore-initial= verbose bytes= quiet silent version", 2),
    "comm": Table(
        "paths", "123z", "", "check-order nocheck-order output-delimiter= total zero-terminated", 2
    ),
    "join": Table(
        "paths", "iz", "12aejotv", "ignore-case check-order nocheck-order header zero-terminated", 2
    ),
    "paste": Table("paths", "sz", "d", "delimiters= serial zero-terminated version"),
    "stat": Table("names", "ft", "c", "file-system format= printf= terse version"),
    "file": Table(
        "paths", "biIhkNnr0", "", "brief mime mime-type mime-encoding no-dereference extension version"
    ),
    "du": Table(
        "names",
        "0abchHklmsSxP",
        "Bdt",
        "all apparent-size block-size= bytes total max-depth= human-readable inodes separate-dirs si "
        "summarize threshold= time? time-style= exclude= one-file-system null no-dereference version",
    ),
    "df": Table(
        "names",
        "ahHiklPT",
        "Btx",
        "all block-size= human-readable si inodes local portability print-type type= exclude-type= "
        "output? total",
    ),
    "pwd": Table("none", "LP"),
    "echo": Table("any", "neE"),
    "printf": Table("format"),
    "true": Table("any"),
    "false": Table("any"),
    ":": Table("any"),
    "which": Table("words", "a"),
    "type": Table("words", "aftpP"),
    "date": Table("date", "uRI", "d", "utc universal date= rfc-3339= rfc-email iso-8601? resolution version"),
    "uname": Table(
        "none",
        "asnrvmpio",
        "",
        "all kernel-name nodename kernel-release kernel-version machine processor hardware-platform "
        "operating-system version",
    ),
    "whoami": Table("none", "", "", "version"),
    "id": Table("words", "aGgnruzZ", "", "context group groups name real user zero version"),
    "groups": Table("words"),
    "logname": Table("none"),
    "hostname": Table("none", "s"),
    "nproc": Table("none", "", "", "all ignore= version"),
    "arch": Table("none"),
    "uptime": Table("none", "psV", "", "pretty since version"),
    "free": Table("none", "bkmghltwV", "", "bytes kibi mebi gibi human wide total si lohi version"),
    "tty": Table("none", "s"),
    "locale": Table("words", "ackm"),
    "getconf": Table("words", "a"),
    "lscpu": Table("none", "aeJpxy", "", "all extended? json parse? version"),
    "sleep": Table("numbers"),
    "basename": Table("words", "az", "s", "multiple suffix= zero version"),
    "dirname": Table("words", "z", "", "zero version"),
    "realpath": Table(
        "names", "emsqzLP", "", "canonicalize-existing canonicalize-missing no-symlinks quiet strip zero"
    ),
    "readlink": Table(
        "names", "femnqsvz", "", "canonicalize canonicalize-existing canonicalize-missing no-newline zero"
    ),
    **dict.fromkeys(names("md5sum sha1sum sha224sum sha256sum sha384sum sha512sum"), _SUM),
    "b2sum": Table("paths", "btz", "l", "binary text tag zero length= version"),
    "cksum": Table("paths", "", "a", "algorithm= tag version"),
    "sum": Table("paths", "rs"),
    "shasum": Table("paths", "bt", "a", "binary text algorithm="),
    "md5": Table("paths", "qr"),
    "nl": Table(
        "paths",
        "p",
        "bdfhilnsvw",
        "body-numbering= section-delimiter= header-numbering= line-increment= number-format= no-renumber "
        "number-separator= starting-line-number= number-width= version",
    ),
    "tac": Table("paths", "br", "s", "before regex separator= version"),
    "rev": Table("paths"),
    "fold": Table("paths", "bs0", "w", "bytes spaces width= version"),
    "fmt": Table(
        "paths", "cstu", "wgp", "crown-margin split-only tagged-paragraph uniform-spacing width= goal="
    ),
    "column": Table(
        "paths", "tx", "socN", "table fillrows separator= output-separator= output-width= table-columns="
    ),
    "expand": Table("paths", "i0", "t", "initial tabs= version"),
    "unexpand": Table("paths", "a", "t", "all first-only tabs= version"),
    "seq": Table("numbers", "w", "fs", "format= separator= equal-width version", 3),
    "expr": Table("any"),
    "factor": Table("numbers"),
    "od": Table(
        "paths",
        "abcdfhilosvx",
        "AjNSt",
        "address-radix= skip-bytes= read-bytes= format= output-duplicates width?",
    ),
    "hexdump": Table("paths", "bcCdovx", "ns"),
    "hd": Table("paths", "v", "ns"),
    "strings": Table("binaries", "af", "nte", "all bytes= radix= encoding= print-file-name version"),
    "zcat": Table("paths"),
    "base64": Table("paths", "d", "w", "decode wrap= version"),
    "shuf": Table("paths", "rz", "n", "head-count= repeat zero-terminated version"),
    "iconv": Table("paths", "cls", "ft", "from-code= to-code= list silent version"),
    "numfmt": Table(
        "words", "z", "d", "to= from= suffix= padding= field= delimiter= header? round= grouping"
    ),
    "tsort": Table("paths", most=1),
    "pgrep": Table("words", "acflnovx", "utg", "full list-name list-full count newest oldest exact"),
    "pidof": Table("words", "sx"),
    "who": Table("none", "abdHlmpqrsTu"),
    "w": Table("none", "hsfoi"),
    "whereis": Table("words", "bms"),
    "lsblk": Table("none", "afmnpJlOtS", "o", "all fs list json output= paths bytes"),
    "lsb_release": Table("none", "aidrcs", "", "all id description release codename short"),
    "fd": _FD,
    "fdfind": _FD,
    "nm": Table("binaries", "aACDgnpru"),
    "readelf": Table("binaries", "hlSsdnaeVW"),
    "objdump": Table("binaries", "dhtTxfprsC"),
    "size": Table("binaries", "AB"),
    "cal": Table("numbers", "3jmy1"),
}
_EXPRESSIONS: dict[str, Callable[[Sequence[Word], Places], str]] = {
    "find": find_doubt,
    "sed": sed_doubt,
    "awk": awk_doubt,
    "gawk": awk_doubt,
    "mawk": awk_doubt,
    "jq": jq_doubt,
    "xxd": xxd_doubt,
    "tree": tree_doubt,
    "ps": ps_doubt,
    "command": command_doubt,
    "test": test_doubt,
    "[": test_doubt,
    "git": git_doubt,
}
# Their own version is all they are asked: no project's file has a say in it.
_SAY_VERSION = names(
    """
    python python3 node perl ruby php java gcc g++ clang cc make cmake bash git rg jq sed awk gawk tree
    curl java javac bash openssl docker ruff black mypy uv gh kubectl helm
    """
)
_PATTERN_OPTION = re.compile(r"(--[a-z-]+=)[\w.*?-]+")
_VERSION_OPTIONS = {
    **dict.fromkeys(("python", "python3", "ssh"), "-V"),
    **dict.fromkeys(("node", "php", "ruby"), "-v"),
    **dict.fromkeys(("java", "javac"), "-version"),
}
# What they start in their turn, by its name.
_CALLED = {
    "egrep": "grep",
    "fgrep": "grep",
    "zcat": "gzip",
    "tar": "gzip bzip2 xz zstd lzma lzip lzop compress",
}
# What looks like an option is a word like all others to them.
_TAKE_ANYTHING = names("echo true false : expr")
_BUILTINS = names("echo printf true false : pwd type command test [ cd")


def unproven(words: Sequence[Word], places: Places) -> str:
    """Why the program that `words` start is not known only to read; empty where it is."""
    name, rest = words[0].text, words[1:]
    for program in (name, *_CALLED.get(name, "").split()):
        if program not in _BUILTINS and _replaced(program, places.root):
            return f"{program} may be a program of the workspace"
    if len(rest) == 1 and _tells_of_itself(name, rest[0].text):
        return ""
    if name in FORMS:
        return form_doubt(words, places)
    rest = [_left(word, places) for word in rest]
    try:
        if name in _EXPRESSIONS:
            return _EXPRESSIONS[name](rest, places)
        if (table := _TABLES.get(name)) is None:
            return why_unlisted(name)
        given = Parsed((), tuple(rest)) if name in _TAKE_ANYTHING else parsed(rest, table)
        return _operand_doubt(name, given, table, places)
    except NotListed as error:
        return f"{name}: {error}"


def _tells_of_itself(name: str, option: str) -> bool:
    """Whether a program is only asked for its version or how it is used."""
    if option == "--version":
        return name in _SAY_VERSION
    return _VERSION_OPTIONS.get(name) == option or (option == "--help" and name in _TABLES)


def _left(word: Word, places: Places) -> Word:
    """`word`, certain where it is an option with a pattern that no file's name begins like."""
    found = _PATTERN_OPTION.fullmatch(word.text) if word.filled else None
    return Word(word.text) if found and not places.begins(found[1]) else word


def _replaced(name: str, root: str) -> bool:
    """Whether the search path finds a program of this name in the workspace, first or by the way."""
    return any(
        os.path.exists(f"{folder}/{name}") for folder in _own_folders(os.environ.get("PATH", ""), root)
    )


@lru_cache(maxsize=8)
def _own_folders(search: str, root: str) -> tuple[str, ...]:
    """The folders of a search path that lie in the workspace."""
    whole = (os.path.realpath(os.path.join(root, entry)) for entry in search.split(os.pathsep))
    return tuple(folder for folder in whole if f"{folder}/".startswith(f"{root}/"))


def _operand_doubt(name: str, given: Parsed, table: Table, places: Places) -> str:
    if len(given.operands) > table.most:
        return f"{name} may write what it is given in the last place"
    return KINDS[table.operands](given, places)
