"""Files, folders and disks that a program is about to delete, write over or open to all."""

from __future__ import annotations

import re
from collections.abc import Sequence

from nanodeck.shell.judge.deeds import Deed, Harm
from nanodeck.shell.judge.scope import UNKNOWN, UNSET
from nanodeck.shell.judge.searches import searched


def _lost(deed: Deed, targets: Sequence[str], doing: str = "deletes") -> Harm | None:
    for target in targets:
        if found := deed.ground.inside(target, deed.folder):
            return Harm("harm.delete", f"{doing} {found}")
    return None


def deletes(deed: Deed) -> Harm | None:
    if deed.option("", "--no-preserve-root"):
        return Harm("harm.delete", "deletes without sparing the root folder")
    targets = deed.operands
    if found := _lost(deed, targets):
        return found
    if deed.option("rR", "--recursive"):
        for target in targets:
            if re.match(rf"{UNSET}/(?:$|\*|\.\*|{UNSET})", target) and not target.strip(f"{UNSET}/.*"):
                return Harm(
                    "harm.delete",
                    "deletes everything if its variable is empty: write ${NAME:?} instead of $NAME",
                )
    return None


def moves(deed: Deed) -> Harm | None:
    *sources, goal = deed.operands or [""]
    if deed.option("t", "--target-directory"):
        sources = [*sources, goal]
    # In a loop over all files each gets a longer name and stays where it is.
    sources = [one for one in sources if one not in ("*", "./*") or goal == one or not goal.startswith(one)]
    return _lost(deed, sources, "moves away") or replaces(deed)


def replaces(deed: Deed) -> Harm | None:
    """Harm in what the last operand is replaced by."""
    goal = (deed.operands or [""])[-1]
    sources = deed.operands[:-1]
    places = [goal, *(f"{goal}/{source.rstrip('/').rsplit('/', 1)[-1]}" for source in sources)]
    return _overwrites(deed, places)


def _overwrites(deed: Deed, targets: Sequence[str]) -> Harm | None:
    for target in targets:
        if found := deed.ground.critical(target, deed.folder):
            return Harm("harm.overwrite", f"writes over {found}")
    return None


def writes_all(deed: Deed) -> Harm | None:
    return _overwrites(deed, deed.operands)


def truncates(deed: Deed) -> Harm | None:
    return _lost(deed, deed.operands, "empties") or _overwrites(deed, deed.operands)


def copies_blocks(deed: Deed) -> Harm | None:
    targets = [word[3:] for word in deed.words[1:] if word.startswith("of=")]
    return _overwrites(deed, targets) or _lost(deed, targets, "writes over")


def edits_in_place(deed: Deed) -> Harm | None:
    if not deed.option("i", "--in-place"):
        return None
    others = [one for one in deed.operands if not deed.ground.is_root(one, deed.folder)]
    return _overwrites(deed, others) or _lost(deed, others, "changes")


def opens_up(deed: Deed) -> Harm | None:
    """Changes of modes and owners."""
    operands = deed.operands
    extra = [word for word in deed.words[1:] if re.fullmatch(r"-[rwxXst]+", word)]
    targets = operands if extra else operands[1:]
    mode = extra[0] if extra else (operands or [""])[0]
    if re.fullmatch(r"0?[0-7]00|u[-+=][rwx]*|go?[-=][rwx]*|go?-[rwx]*,?u\+[rwx]*", mode) and mode not in (
        "000",
        "0000",
    ):
        # What is taken from others alone is no harm to keys.
        targets = [target for target in targets if "/.ssh" not in target]
    for target in targets:
        at_root = deed.ground.is_root(target, deed.folder)
        if at_root and not re.fullmatch(r"0*|[augo]*-[rwx]*[rw][rwx]*|[augo]*=", mode):
            continue
        recursive = deed.option("R", "--recursive")
        found = deed.ground.inside(target, deed.folder) if recursive else ""
        if found or (found := deed.ground.critical(target, deed.folder) or _program(deed, target)):
            return Harm("harm.permissions", f"changes who may use {found}")
        if not recursive and (found := deed.ground.whole(target, deed.folder)):
            if re.fullmatch(r"0*7{3}|0{1,4}|a-.*|a\+.*w.*|-[rwx]+|a=.*|\+[rwx]*w[rwx]*", mode):
                return Harm("harm.permissions", f"changes who may use {found}")
            if deed.name in ("chown", "chgrp") and not at_root:
                return Harm("harm.permissions", f"changes who owns {found}")
    return None


def _program(deed: Deed, target: str) -> str:
    """What program of the system `target` is."""
    found = deed.ground.inside(target, deed.folder)
    return found if re.search(r": /(?:usr/)?s?bin/", found) else ""


def formats(deed: Deed) -> Harm | None:
    targets = deed.operands
    if all(not word.startswith("/dev") and UNKNOWN not in word for word in targets):
        return None if targets else Harm("harm.disk", "formats a disk")
    return Harm("harm.disk", "formats a disk or a part of one")


def on_disks(deed: Deed) -> Harm | None:
    if deed.option("l", "--list", "--print", "--show", "--version", "--help", "--info", "--dump"):
        return None
    if any(deed.ground.disk(word) for word in deed.operands):
        if "print" in deed.words:
            return None
        return Harm("harm.disk", "changes how a disk is divided or what is on it")
    return None


def shreds(deed: Deed) -> Harm | None:
    return _overwrites(deed, deed.operands) or deletes(deed)


def finds(deed: Deed) -> Harm | None:
    words = deed.words
    writes = [
        words[place + 1] for place, word in enumerate(words[:-1]) if word.startswith(("-fprint", "-fls"))
    ]
    if found := _overwrites(deed, writes):
        return found
    if "-delete" not in words:
        return None
    return _lost(deed, searched(words))


def archives(deed: Deed) -> Harm | None:
    """What `tar` deletes once it has packed it."""
    return _lost(deed, deed.operands) if deed.option("", "--remove-files") else None


def syncs(deed: Deed) -> Harm | None:
    operands = deed.operands
    if operands and deed.option("", "--delete", "--delete-after", "--delete-before", "--delete-excluded"):
        return _lost(deed, operands[-1:], "deletes what its source lacks from")
    if deed.option("", "--remove-source-files"):
        return _lost(deed, operands[:-1])
    return _overwrites(deed, operands[-1:])
