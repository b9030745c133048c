"""What a program does that no mode allows: lasting harm beyond the work at hand."""

from __future__ import annotations

import re
from collections.abc import Callable
from fnmatch import fnmatchcase

from nanodeck.shell.judge import losses
from nanodeck.shell.judge.deeds import Deed, Harm
from nanodeck.shell.judge.names import names


def harm_of(deed: Deed) -> Harm | None:
    """The harm in what a program is about to do, as far as its words tell."""
    for name in _meant(deed.name):
        if found := _CHECKS[name](deed):
            return found
    if deed.name.startswith("mkfs"):
        return losses.formats(deed)
    return None


def _meant(name: str) -> list[str]:
    """The programs in the table that `name`, a pattern or not, may stand for."""
    name = name.casefold().removesuffix(".exe")
    if name in _CHECKS:
        return [name]
    if re.fullmatch(r"[*?]+", name):
        # Some file of the folder: what it would delete is the most that can be told.
        return ["rm"]
    if re.search(r"[*?\[]", name):
        return [each for each in _CHECKS if fnmatchcase(each, name)]
    return []


def _kills(deed: Deed) -> Harm | None:
    words = list(deed.words[1:])
    if deed.name == "kill":
        if words[:1] in (["-s"], ["-n"]):
            words = words[2:]
        elif len(words) > 1 and re.fullmatch(r"-\w+", words[0]):
            words = words[1:]
        if {"1", "-1"} & set(words):
            return Harm("harm.processes", "ends every process, or the first of all")
        return None
    everyone = [
        word
        for word in deed.operands
        if re.fullmatch(r"|\.|\.\*|\^|\$|\*|init|systemd|sshd|\.\+|\[?.*a-z.*\]", word)
    ]
    users = [word for word in words if re.fullmatch(r"-[uU]|-[uU]\w+|--user|--euid|--uid", word)]
    if everyone or (users and not [word for word in words if re.fullmatch(r"-[fx]", word)]):
        return Harm("harm.processes", "ends processes that have nothing to do with the work")
    return None


def _powers(deed: Deed) -> Harm | None:
    if deed.option("kc", "--help", "--version", "--show"):
        return None
    if deed.name in ("init", "telinit") and not {"0", "6", "1", "s", "S"} & set(deed.words[1:]):
        return None
    return Harm("harm.power", "stops or restarts the machine")


_UNIT_POWER = re.compile(
    r"poweroff|reboot|halt|kexec|soft-reboot|emergency|rescue|suspend|hibernate|exit|isolate"
)


def _systemd(deed: Deed) -> Harm | None:
    if any(_UNIT_POWER.fullmatch(word) for word in deed.operands[:1]):
        return Harm("harm.power", "stops or restarts the machine")
    units = deed.operands[1:]
    stops = deed.operands[:1] and deed.operands[0] in ("stop", "disable", "mask", "kill")
    if stops and any(re.match(r"(?:sshd?|systemd-|dbus|network|NetworkManager|\*)", unit) for unit in units):
        return Harm("harm.system", f"stops what the machine needs: {' '.join(units)}")
    return None


def _always(rule: str, reason: str) -> Callable[[Deed], Harm | None]:
    def check(deed: Deed) -> Harm | None:
        if deed.option("", "--help", "--version"):
            return None
        return Harm(rule, reason)

    return check


def _words(rule: str, reason: str, *patterns: str) -> Callable[[Deed], Harm | None]:
    """Harm where the words after the program's name, joined by blanks, match one of `patterns`."""
    compiled = re.compile("|".join(patterns), re.IGNORECASE | re.DOTALL)

    def check(deed: Deed) -> Harm | None:
        return Harm(rule, reason) if compiled.search(" ".join(deed.words[1:])) else None

    return check


_DROPS = _words(
    "harm.remote",
    "deletes a whole database",
    r"\bdrop\s+(?:database|schema|user|role|owned)\b",
    r"\bflush(?:all|db)\b",
    r"dropDatabase",
    r"\bdrop\s+keyspace\b",
)
_REMOTE = "deletes what others use, for good"
_PACKAGES = _words(
    "harm.system",
    "removes what the system cannot do without",
    r"(?:\b(?:remove|purge|autoremove|erase|uninstall|del)\b|(?<!\S)(?:-R\w*|-e|--erase|--purge)(?!\S)).*"
    r"(?<!\S)(?:\*|'\*'|\.\*|libc6|glibc|bash|coreutils|systemd|dpkg|apt|sudo|linux|linux-image\S*|kernel\S*|python3|"
    r"openssh-server|util-linux|base-files|login|passwd|init|grub\S*|pacman|rpm|yum|dnf|musl|busybox|apk-tools|/)"
    r"(?!\S)",
)
_SYSTEM = _always("harm.system", "changes users, their passwords or the firewall of the machine")
_CHECKS: dict[str, Callable[[Deed], Harm | None]] = {
    **dict.fromkeys(
        ("rm", "grm", "unlink", "rimraf", "trash", "srm", "wipe", "rmdir", "rd", "del", "deltree"),
        losses.deletes,
    ),
    **dict.fromkeys(("mv", "gmv"), losses.moves),
    **dict.fromkeys(("cp", "gcp", "install", "ln", "link", "scp"), losses.replaces),
    **dict.fromkeys(("tee", "sponge", "touch", "gtee"), losses.writes_all),
    **dict.fromkeys(("truncate", "fallocate"), losses.truncates),
    **dict.fromkeys(("dd", "gdd", "dcfldd"), losses.copies_blocks),
    **dict.fromkeys(("sed", "gsed", "perl", "ex", "ed"), losses.edits_in_place),
    **dict.fromkeys(
        ("chmod", "chown", "chgrp", "setfacl", "chattr", "chflags", "lchown", "chcon"), losses.opens_up
    ),
    **dict.fromkeys(
        ("mkfs", "mke2fs", "mkswap", "mkdosfs", "newfs", "format", "mkntfs", "mkudffs"), losses.formats
    ),
    **dict.fromkeys(
        names(
            """
    fdisk sfdisk cfdisk gdisk sgdisk cgdisk parted partprobe wipefs blkdiscard badblocks hdparm nvme
    tune2fs resize2fs e2fsck fsck debugfs cryptsetup pvcreate pvremove vgremove lvremove mdadm zpool
    dmsetup losetup grub-install swapoff swapon kpartx sg_format flashrom ddrescue xfs_repair btrfs diskutil
    """
        ),
        losses.on_disks,
    ),
    **dict.fromkeys(("shred", "gshred"), losses.shreds),
    **dict.fromkeys(("find", "gfind"), losses.finds),
    "rsync": losses.syncs,
    "tar": losses.archives,
    "umount": _words(
        "harm.system", "takes away what everything runs on", r"(?<!\S)(?:-\w*a|--all|/|/home|/usr|/var)(?!\S)"
    ),
    **dict.fromkeys(("kill", "pkill", "killall", "skill"), _kills),
    "killall5": _always("harm.processes", "ends every process"),
    **dict.fromkeys(("shutdown", "reboot", "halt", "poweroff", "init", "telinit", "pm-suspend"), _powers),
    "systemctl": _systemd,
    "loginctl": _words(
        "harm.power", "stops the machine or ends somebody's session", r"^(?:poweroff|reboot|halt|terminate)"
    ),
    **dict.fromkeys(
        (
            "userdel",
            "deluser",
            "groupdel",
            "delgroup",
            "usermod",
            "passwd",
            "chpasswd",
            "visudo",
            "vipw",
            "gpasswd",
        ),
        _SYSTEM,
    ),
    "iptables": _words("harm.system", "opens or breaks the firewall", r"(?<!\S)(?:-F|--flush|-X|-P)"),
    "ip6tables": _words("harm.system", "opens or breaks the firewall", r"(?<!\S)(?:-F|--flush|-X|-P)"),
    "nft": _words("harm.system", "empties the firewall", r"\bflush\s+ruleset|delete\s+table"),
    "ufw": _words("harm.system", "opens the firewall", r"\b(?:disable|reset)\b"),
    "setenforce": _words("harm.system", "turns a protection off", r"\b(?:0|permissive)\b"),
    "crontab": _words("harm.delete", "deletes every planned job", r"(?<!\S)-\w*r"),
    "history": _words("harm.delete", "deletes the shell's history", r"(?<!\S)-\w*c"),
    **dict.fromkeys(("lvremove", "vgremove", "pvremove"), _always("harm.disk", "deletes a volume")),
    **dict.fromkeys(("zpool", "zfs"), _words("harm.disk", "deletes a volume", r"^(?:destroy|labelclear)\b")),
    "cryptsetup": _words(
        "harm.disk", "makes a volume unreadable", r"luks(?:Format|Erase|KillSlot|RemoveKey)|\berase\b"
    ),
    "diskutil": _words("harm.disk", "erases a disk", r"erase|partitionDisk|zeroDisk|secureErase|apfs delete"),
    "mdadm": _words("harm.disk", "breaks a volume", r"--zero-superblock|--stop|--remove"),
    "nvme": _words("harm.disk", "erases a disk", r"^(?:format|sanitize|write-zeroes)\b"),
    "hdparm": _words(
        "harm.disk",
        "erases a disk",
        r"--security-(?:erase|set-pass)|--trim-sector|--make-bad-sector|--write-sector",
    ),
    "sysctl": _words("harm.system", "changes how the system itself runs", r"\bkernel\.\S+="),
    **dict.fromkeys(
        names(
            """
    apt apt-get aptitude dpkg yum dnf rpm pacman zypper apk brew
    """
        ),
        _PACKAGES,
    ),
    **dict.fromkeys(
        names(
            """
    mysql mariadb psql sqlite3 mongo mongosh redis-cli cqlsh mysqladmin sqlcmd
    """
        ),
        _DROPS,
    ),
    "dropdb": _always("harm.remote", "deletes a whole database"),
    **dict.fromkeys(
        ("terraform", "tofu", "terragrunt", "pulumi", "cdk", "vagrant", "serverless", "sls"),
        _words(
            "harm.remote",
            _REMOTE,
            r"\bdestroy\b.*(?:-auto-approve|--yes|-y\b|--force|-f\b|--non-interactive)",
            r"(?:-auto-approve|--yes)\b.*\bdestroy\b",
            r"apply\b.*-destroy",
        ),
    ),
    **dict.fromkeys(
        ("kubectl", "oc", "k3s", "k9s"),
        _words(
            "harm.remote",
            _REMOTE,
            r"\bdelete\b.*(?:\s--all\b|\s-A\b)",
            r"\bdelete\s+(?:ns|namespaces?|nodes?|pvs?|crds?)\b",
        ),
    ),
    "aws": _words(
        "harm.remote",
        _REMOTE,
        r"\bs3\s+rb\b.*--force",
        r"\bs3\s+rm\b.*--recursive",
        r"\b(?:terminate-instances|delete-(?:db|stack|bucket|cluster|table|user|vpc|volume|snapshot)\S*)",
    ),
    "gsutil": _words("harm.remote", _REMOTE, r"\b(?:rm|rb)\b.*(?:-r|\*\*)", r"-m\s+rm"),
    "gcloud": _words("harm.remote", _REMOTE, r"\bdelete\b"),
    "az": _words("harm.remote", _REMOTE, r"\bdelete\b"),
    "doctl": _words("harm.remote", _REMOTE, r"\bdelete\b"),
    "heroku": _words("harm.remote", _REMOTE, r"(?:apps:)?destroy\b", r"pg:reset"),
    "gh": _words("harm.remote", _REMOTE, r"^repo\s+delete\b", r"\b-X\s*DELETE\b", r"--method[ =]DELETE"),
    "helm": _words("harm.remote", _REMOTE, r"\b(?:uninstall|delete)\b.*--no-hooks"),
    **dict.fromkeys(
        ("docker", "podman", "nerdctl"),
        _words(
            "harm.remote",
            "reaches the whole machine, or what all other containers have",
            r"\bsystem\s+prune\b.*(?:-\w*a|--all|--volumes)",
            r"\bvolume\s+prune\b.*(?:-\w*f|--force|-a)",
            r"\bsystem\s+reset\b",
            r"(?:-v|--volume)[= ]?/:(?!\S*:ro)",
            r"--mount[= ](?!\S*(?:ro|readonly)\b)\S*\b(?:src|source)=/(?:,|\s|$)",
        ),
    ),
    "npm": _words("harm.remote", _REMOTE, r"\bunpublish\b"),
    "cargo": _words("harm.remote", _REMOTE, r"\byank\b"),
    "git": _words(
        "harm.history",
        "destroys history for good",
        r"\breflog\s+expire\b.*--expire(?:-unreachable)?=(?:now|all)",
        r"\bpush\b.*\s--mirror\b",
        r"\bfilter-branch\b.*\brm\b.*--all",
    ),
}
