"""Which calls of git only read: commands and options in a table, in a repository that starts no programs."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Sequence
from pathlib import Path

from nanodeck.contracts.requests import Word
from nanodeck.shell.judge.names import names
from nanodeck.shell.judge.options import Parsed, Table, parsed
from nanodeck.shell.judge.places import Places
from nanodeck.shell.judge.reasons import why_unlisted_of_git
from nanodeck.shell.judge.showing import secret_shown, shown_paths, shows_contents
from nanodeck.shell.judge.tracked import UnreadableIndex

_DIFF = (
    "patch no-patch unified? raw stat? numstat shortstat dirstat? summary compact-summary name-only "
    "name-status color? no-color color-words? word-diff? word-diff-regex? color-moved? no-renames "
    "find-renames? find-copies? check full-index binary abbrev? diff-filter? text ignore-space-at-eol "
    "ignore-cr-at-eol ignore-space-change ignore-all-space ignore-blank-lines ignore-matching-lines? "
    "inter-hunk-context? function-context exit-code quiet no-ext-diff no-textconv minimal patience "
    "histogram diff-algorithm? anchored? relative? no-relative pickaxe-all pickaxe-regex src-prefix? "
    "dst-prefix? no-prefix cached staged merge-base cc combined-all-paths no-indent-heuristic "
    "indent-heuristic stat-width? stat-name-width? stat-count? ignore-submodules? no-color-moved"
)
_LOG = (
    f"{_DIFF} oneline graph decorate? no-decorate all branches? tags? remotes? glob? exclude? max-count= "
    "skip= since= after= until= before= author= committer= grep= invert-grep all-match regexp-ignore-case "
    "extended-regexp fixed-strings perl-regexp merges no-merges min-parents? max-parents? first-parent "
    "not reverse follow date= relative-date pretty? format? abbrev-commit no-abbrev-commit topo-order "
    "date-order author-date-order simplify-by-decoration simplify-merges ancestry-path? full-history "
    "dense sparse left-right left-only right-only cherry-pick cherry-mark cherry boundary walk-reflogs "
    "source parents children count no-walk? show-linear-break? log-size no-notes notes? full-diff "
    "decorate-refs? decorate-refs-exclude? clear-decorations no-mailmap use-mailmap dd diff-merges? "
    "no-diff-merges remerge-diff objects no-graph reflog no-expand-tabs expand-tabs? date-order"
)
_DIFF_SHORT = "psuwbazRWqtmc0"
_ATTACHED = "UMCBXl"
_TABLES = {
    "status": Table(
        "revisions",
        "svbz",
        "",
        "short branch show-stash porcelain? long verbose untracked-files? ignored? column? no-column "
        "ahead-behind no-ahead-behind renames no-renames ignore-submodules? find-renames?",
        attached="u",
    ),
    "diff": Table("revisions", _DIFF_SHORT, "GSI", f"{_DIFF} base ours theirs", attached=_ATTACHED),
    "log": Table("revisions", f"{_DIFF_SHORT}giFEP", "nGSLI", _LOG, attached=_ATTACHED),
    "show": Table("revisions", f"{_DIFF_SHORT}giFEP", "nGSLI", _LOG, attached=_ATTACHED),
    "rev-list": Table("revisions", "iFEPg0", "n", _LOG),
    "shortlog": Table("revisions", "snec", "", f"summary numbered email committer group? {_LOG}"),
    "diff-tree": Table(
        "revisions",
        f"{_DIFF_SHORT}r",
        "GS",
        f"{_DIFF} root no-commit-id stdin pretty? format?",
        attached=_ATTACHED,
    ),
    "diff-index": Table("revisions", _DIFF_SHORT, "GS", _DIFF, attached=_ATTACHED),
    "diff-files": Table("revisions", _DIFF_SHORT, "GS", _DIFF, attached=_ATTACHED),
    "branch": Table(
        "list",
        "arvq",
        "",
        "all remotes verbose list show-current merged= merged? no-merged= no-merged? contains= contains? "
        "no-contains= points-at= sort= format? color? no-color column? no-column abbrev? ignore-case",
    ),
    "tag": Table(
        "list",
        "ln0",
        "",
        "list sort= format? contains= no-contains= merged= no-merged= points-at= column? no-column color? "
        "ignore-case",
    ),
    "remote": Table("remote", "v", "", "verbose"),
    "rev-parse": Table(
        "revisions",
        "q",
        "",
        "show-toplevel abbrev-ref? short? verify git-dir git-common-dir absolute-git-dir "
        "is-inside-work-tree is-inside-git-dir is-bare-repository is-shallow-repository show-prefix "
        "show-cdup symbolic symbolic-full-name quiet all branches? tags? remotes? show-object-format? "
        "show-superproject-working-tree",
    ),
    "ls-files": Table(
        "revisions",
        "cdmoisuktvzf",
        "x",
        "cached deleted modified others ignored stage unmerged killed exclude-standard exclude? full-name "
        "error-unmatch abbrev? directory no-empty-directory eol deduplicate debug sparse",
    ),
    "ls-tree": Table(
        "revisions", "rtdlz", "", "name-only name-status full-name full-tree long abbrev? object-only format?"
    ),
    "blame": Table(
        "revisions",
        "bcefFlnpstw0",
        "L",
        "line-porcelain porcelain show-email show-name show-number date= since= root show-stats "
        "score-debug incremental no-progress color-lines color-by-age abbrev? first-parent reverse",
    ),
    "describe": Table(
        "revisions",
        "",
        "",
        "tags all always long abbrev? dirty? broken? contains exact-match match? exclude? candidates? "
        "first-parent debug",
    ),
    "reflog": Table("reflog", f"{_DIFF_SHORT}giFEP", "nGSLI", _LOG),
    "stash": Table(
        "stash",
        _DIFF_SHORT,
        "U",
        f"{_DIFF} oneline include-untracked only-untracked max-count= format? pretty? date=",
    ),
    "worktree": Table("worktree", "vz", "", "porcelain verbose"),
    "cat-file": Table("revisions", "tspe"),
    "merge-base": Table("revisions", "a", "", "all octopus is-ancestor independent fork-point"),
    "for-each-ref": Table(
        "revisions",
        "",
        "",
        "format? sort= count? contains= no-contains= merged= no-merged= points-at= shell perl python tcl "
        "ignore-case exclude? include-root-refs",
    ),
    "show-ref": Table(
        "revisions", "qsdh", "", "heads branches tags verify quiet hash? abbrev? head dereference"
    ),
    "symbolic-ref": Table("one", "q", "", "short quiet recurse"),
    "name-rev": Table("revisions", "", "", "name-only tags refs? exclude? always all"),
    "count-objects": Table("revisions", "vH", "", "verbose human-readable"),
    "check-ignore": Table("revisions", "qvn", "", "quiet verbose non-matching no-index"),
    "cherry": Table("revisions", "v", "", "abbrev?"),
    "config": Table("config", "lz", "", "get get-all name-only show-origin local"),
    "grep": Table(
        "revisions",
        "abcEFGhHiIlLnopPqvwWz0",
        "ABCem",
        "extended-regexp fixed-strings basic-regexp perl-regexp ignore-case invert-match word-regexp "
        "count color? no-color files-with-matches name-only files-without-match max-count= only-matching "
        "quiet line-number column null after-context? before-context? context? heading break text "
        "show-function function-context cached untracked exclude-standard max-depth? recursive and or not "
        "all-match full-name",
    ),
    "version": Table("none", "", "", "build-options"),
}
_GLOBAL = ("--no-pager", "-P", "--no-optional-locks", "--no-replace-objects")
_SETTINGS = re.compile(
    r"core\.(?:repositoryformatversion|filemode|bare|logallrefupdates|ignorecase|precomposeunicode|symlinks|"
    r"autocrlf|eol|safecrlf|quotepath|abbrev|compression|untrackedcache|preloadindex|fscache|longpaths|"
    r"hidedotfiles|editor|sharedrepository|sparsecheckout|sparsecheckoutcone|commitgraph|multipackindex|whitespace|"
    r"checkstat|trustctime|bigfilethreshold|packedgitlimit|packedgitwindowsize|deltabasecachelimit|excludesfile)"
    r"|diff\.(?:algorithm|renames|renamelimit|mnemonicprefix|noprefix|colormoved|colormovedws|context|relative)"
    r"|remote\..+\.(?:url|pushurl|fetch|push|mirror|prune|prunetags|tagopt|gh-resolved|proxy|skipdefaultupdate)"
    r"|extensions\.(?:objectformat|worktreeconfig|refstorage|noop|compatobjectformat|relativeworktrees)"
    r"|log\.(?:abbrevcommit|date|decorate|follow|mailmap|showroot|graphcolors)"
    r"|(?:user|branch|submodule|color|pull|push|fetch|init|commit|rebase|merge|status|format|gui|advice|column|tag|gc|"
    r"pack|index|feature|rerere|receive|transfer|http|credential|lfs|svn|svn-remote|maintenance|url|versionsort|am|"
    r"apply|notes|blame|help|grep|github|hub|gitlab|annex|bugtraq|stash|alias|mergetool|difftool|remotes|"
    r"vscode-merge-base|github-pr-owner-number)\..*",
)
_HOOKS = "core.hookspath"
_WITH_PASSWORD = re.compile(r"\w+://[^/@]*:[^/@]+@|\w+://[^/@:]{20,}@")
_SECTION = re.compile(r"\[\s*([\w.-]+)(?:\s+\"((?:[^\"\\]|\\.)*)\")?\s*\]\s*(?:[#;].*)?")
_SETTING = re.compile(r"([A-Za-z][\w-]*)\s*(?:=\s*(.*))?")
_ELSEWHERE = names("GIT_DIR GIT_WORK_TREE GIT_COMMON_DIR")
_LINK_IN_INDEX = b"\0\0\xe0\0"
_KEY = re.compile(
    r"(?:user\.(?:name|email)|core\.\w+|branch\.[\w./-]+\.\w+|remote\.[\w-]+\.(?:url|fetch)|init\.\w+|pull\.\w+|push\.\w+)",
    re.IGNORECASE,
)
_READS_FILES = names(
    """
    status diff log show blame grep stash reflog diff-tree diff-index diff-files describe
    ls-files
    """
)


def git_doubt(words: Sequence[Word], places: Places) -> str:
    """Why a call of git is not known only to read."""
    rest = list(words)
    while rest and rest[0].text.startswith("-"):
        option = rest.pop(0)
        if option.filled or (option.text not in _GLOBAL and option.text != "-C"):
            return f"git: {option.text} is not among the options that only read"
        if option.text == "-C":
            if not rest or (found := places.unproven_move([option, rest[0]])):
                return f"git: {found}" if rest else "git: -C leads nowhere"
            places = places.moved([option, rest.pop(0)])
    if not rest or rest[0].filled:
        return "git: what it does is not certain"
    name = rest.pop(0).text
    if (table := _TABLES.get(name)) is None:
        return why_unlisted_of_git(name)
    given = parsed(rest, table)
    return (
        _operand_doubt(name, table, given, places)
        or _option_doubt(given, places)
        or _repository_doubt(name, places)
        or _contents_doubt(name, rest, given, places)
    )


def _contents_doubt(name: str, words: Sequence[Word], given: Parsed, places: Places) -> str:
    """What holds secrets of what it shows."""
    if (top := _top_of(places)) is None or not shows_contents(name, given):
        return ""
    paths = shown_paths(name, words, given, places.folder)
    try:
        found = secret_shown(_stores(top)[0] / "index", os.path.relpath(places.folder, top), paths)
    except UnreadableIndex:
        return "git: what it tracks is not certain"
    return f"git: may show {found}, which may hold secrets: ':!{found}' leaves it out" if found else ""


def _option_doubt(given: Parsed, places: Places) -> str:
    if any("%G" in value or "%(signature" in value for _, value in given.options):
        return "git: checks signatures with another program"
    ranges = (value.rpartition(":")[2] for value in given.values("-L"))
    return next((found for name in ranges if (found := places.unreadable(name))), "")


def _operand_doubt(name: str, table: Table, given: Parsed, places: Places) -> str:
    texts = [word.text for word in given.operands]
    if found := next((word.text for word in given.operands if word.filled), ""):
        return f"git: {found} is not certain before it runs"
    kind = table.operands
    if kind == "list" and texts and not given.has("--list", "-l"):
        return f"git {name} {texts[0]} makes one"
    if kind == "none" and texts:
        return f"git {name} takes nothing"
    if kind == "one" and len(texts) != 1:
        return f"git {name} may change it"
    if kind == "remote" and texts and texts[0] != "get-url":
        return f"git remote {texts[0]} is not among what only reads"
    if kind in ("stash", "worktree", "reflog"):
        allowed = {"stash": ("list", "show"), "worktree": ("list",), "reflog": ("show",)}[kind]
        if (texts[:1] or kind != "reflog") and (texts[:1] or [""])[0] not in allowed:
            return f"git {name} is known only to read as git {name} {allowed[0]}"
    if kind == "config":
        reads = given.has("--get", "--get-all") or not given.options
        plain = reads and len(texts) == 1 and _KEY.fullmatch(texts[0])
        if not plain:
            return "git config may change settings or show secret ones"
    if given.has("--untracked") and (found := places.unreadable_tree(".")):
        return found
    for text in texts:
        if text.startswith((":!", ":^", ":(exclude)")):
            continue
        for piece in (text, *text.split(":")[1:]):
            if piece and (found := places.unreadable(piece)):
                return found
    return ""


def _repository_doubt(name: str, places: Places) -> str:
    """Why the repository itself may start programs when it is read."""
    top = _top_of(places)
    if name == "version" or (top is None and not _ELSEWHERE & os.environ.keys()):
        # Where there is none, git says so and does no more.
        return ""
    if top is None or not top.is_relative_to(places.root) or not (top / ".git").exists():
        return "git: the repository is not the workspace's"
    own, common = _stores(top)
    hooks = common / "hooks"
    for file in (common / "config", own / "config.worktree"):
        for setting, value in _settings(file):
            if name in ("remote", "config") and _WITH_PASSWORD.match(value):
                return f"git: {setting} holds a password"
            if setting == _HOOKS:
                hooks = top / value
                if not re.fullmatch(r"[\w./-]+", value):
                    return "git: where the repository's hooks are is not plain"
            elif not _SETTINGS.fullmatch(setting) or setting.endswith((".driver", ".command", ".program")):
                return f"git: the repository's settings may start a program: {setting}"
    # git writes its index anew while it reads, and calls this one then.
    if (hooks / "post-index-change").exists():
        return "git: the repository has a hook that runs when it is read"
    return _submodule_doubt(own) if name in _READS_FILES else ""


def _top_of(places: Places) -> Path | None:
    folder = Path(places.folder)
    return next((parent for parent in (folder, *folder.parents) if _is_repository(parent)), None)


def _submodule_doubt(folder: Path) -> str:
    try:
        linked = _LINK_IN_INDEX in (folder / "index").read_bytes()
        shared = any(name.startswith("sharedindex") for name in os.listdir(folder))
    except OSError:
        return ""
    return "git: its submodules may start programs of their own" if linked or shared else ""


def _is_repository(folder: Path) -> bool:
    bare = (folder / "HEAD").exists() and (folder / "objects").exists()
    return bare or (folder / ".git").exists()


def _stores(top: Path) -> tuple[Path, Path]:
    """The folders that hold a repository's own and its common files."""
    own = top / ".git"
    try:
        if own.is_file():
            text = own.read_text("utf-8", "replace").strip()
            own = Path(os.path.realpath(top / text.removeprefix("gitdir:").strip()))
        common = (own / "commondir").read_text("utf-8", "replace").strip()
    except OSError:
        return own, own
    return own, Path(os.path.realpath(own / common))


def _settings(file: Path) -> Iterator[tuple[str, str]]:
    """Names, in lower case, and values of the settings in `file`; what is not plain is its own name."""
    try:
        text = file.read_text("utf-8", "replace")
    except OSError:
        return
    section = ""
    for line in text.split("\n"):
        line = line.strip()
        if not line or line[0] in "#;":
            continue
        if found := _SECTION.fullmatch(line):
            section = found[1].casefold() + (f".{found[2]}" if found[2] is not None else "")
        elif (found := _SETTING.fullmatch(line)) and section and not line.endswith("\\"):
            yield f"{section}.{found[1].casefold()}", found[2] or ""
        else:
            yield line, ""
