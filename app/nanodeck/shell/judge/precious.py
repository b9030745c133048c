"""Which paths nobody wants deleted, overwritten or opened to all, in whatever mode."""

from __future__ import annotations

import os
import posixpath
import re
from fnmatch import fnmatchcase

from msgspec import Struct

from nanodeck.shell.judge.names import names
from nanodeck.shell.judge.scope import UNKNOWN, UNSET

_WHOLE = names(
    """
    / /bin /boot /dev /etc /home /lib /lib32 /lib64 /libx32 /media /mnt /nix /opt /proc /root /run /sbin
    /snap /srv /sys /tmp /usr /var /system /library /applications /users /volumes /private /cores
    /usr/bin /usr/lib /usr/lib32 /usr/lib64 /usr/libexec /usr/sbin /usr/share /usr/include /usr/src
    /usr/local /usr/local/bin /usr/local/lib /usr/local/sbin /usr/local/share /usr/local/etc /var/lib
    /var/log /var/cache /var/spool /var/mail /var/run /var/www /var/db /var/backups /var/opt /var/tmp
    /private/etc /private/var /private/tmp /system/library /lib/modules /mnt/c /mnt/c/windows
    /mnt/c/users
    """
)
_TREES = tuple(
    names(
        """
        /etc /boot /bin /sbin /lib /lib32 /lib64 /dev /proc /sys /usr/bin /usr/sbin /usr/lib
        /usr/lib64 /usr/libexec /var/lib /var/spool /var/mail /var/backups /system /private/etc
        """
    )
)
# What images of containers are built without, and what is rebuilt by itself.
_CHEAP = (
    "/var/lib/apt/lists",
    "/dev/shm",
    "/dev/null",
    "/dev/stdout",
    "/dev/stderr",
    "/dev/tty",
    "/dev/tcp",
    "/dev/udp",
    "/dev/fd",
)
_HOME = names(
    """
    desktop documents downloads library movies music pictures public templates videos applications .aws
    .azure .bash_history .bash_logout .bash_profile .bashrc .config .docker .gitconfig .gnupg .kube
    .local .local/share .mozilla .netrc .password-store .pki .profile .ssh .thunderbird .zsh_history
    .zshenv .zprofile .zshrc .vault-token .git-credentials .git
    """
)
_HOME_TREES = (".ssh", ".gnupg", ".aws", ".password-store", ".kube", ".pki", "library/keychains")
_CRITICAL = re.compile(
    r"/(?:private/)?etc/(?:passwd|group|g?shadow|sub[ug]id|sudoers|fstab|crypttab|hosts|hostname|resolv\.conf"
    r"|nsswitch\.conf|profile|environment|ld\.so\.(?:preload|conf)|crontab|machine-id|inittab|securetty"
    r"|(?:sudoers|pam|cron|ssh|profile|ld\.so\.conf)\.(?:d|daily|hourly)|(?:ssh|pam\.d|security)/.*)(?:-|/.*)?"
)
_DISK = re.compile(
    r"/dev/(?:(?:sd|hd|vd|xvd)[a-z*?]|nvme\d|nvme\*|mmcblk|r?disk\d|md\d|md/|dm-|mapper/|loop\d|sr\d|nbd|zvol|"
    r"disk/|mem$|kmem$|port$|zd\d|vg|root$)"
)
_KERNEL = (
    "/proc/sysrq",
    "/proc/sys/kernel",
    "/sys/block",
    "/sys/class/block",
    "/sys/firmware",
    "/sys/power",
    "/boot/",
)
_SIGNS = re.compile(r"[*?\[]")


class Ground(Struct, frozen=True):
    """What a command stands on: the workspace's `root` and the person's `home`, both absolute."""

    root: str
    home: str

    def disk(self, target: str) -> bool:
        """Whether `target` is a disk, a part of one, or the memory."""
        return bool(_DISK.match(posixpath.normpath(target).casefold()))

    def whole(self, target: str, folder: str | None) -> str:
        """What of value is lost with all of `target`; empty where that is its owner's to say."""
        return next((found for path in self._paths(target, folder) if (found := self._whole(path))), "")

    def inside(self, target: str, folder: str | None) -> str:
        """What of value `target` belongs to or is; a part of it counts, too."""
        for path in self._paths(target, folder):
            if found := self._whole(path) or self._inside(path):
                return found
        return ""

    def critical(self, target: str, folder: str | None) -> str:
        """What of the system or of a person's access is decided by the contents of `target`."""
        for path in self._paths(target, folder):
            low = path.casefold()
            if _CRITICAL.fullmatch(low) or low.startswith(_KERNEL):
                return f"what the system runs by: {path}"
            if self.disk(low):
                return f"a disk: {path}"
            inside_home = self._in_home(low)
            if inside_home in (".ssh/authorized_keys", ".ssh/config") or inside_home.startswith(".ssh/id_"):
                return f"keys: {path}"
        return ""

    def is_root(self, target: str, folder: str | None) -> bool:
        """Whether `target` is the workspace or everything in it."""
        return any(_matches(path, self.root) for path in self._paths(target, folder))

    def _whole(self, path: str) -> str:
        low, root, home = path.casefold(), self.root.casefold(), self.home.casefold()
        if any(_matches(low, one) for one in _WHOLE):
            return f"a folder of the system: {path}"
        if _matches(low, home) or re.fullmatch(r"/(?:home|users)/[^/]+(?:/\*)?", low):
            if not root.startswith(f"{low.rstrip('*/')}/") and self._within(low):
                return ""
            return f"a home folder: {path}"
        if _matches(low, root) or any(_matches(low, one) for one in _ancestors(root)):
            return "the workspace" if _matches(low, root) else f"a folder the workspace is in: {path}"
        if _matches(low, f"{root}/.git"):
            return "the repository's whole history"
        inside_home = self._in_home(low)
        if inside_home and any(_matches(inside_home, one) for one in _HOME):
            return f"a person's own things: {path}"
        return ""

    def _inside(self, path: str) -> str:
        low = path.casefold()
        if self._within(low) or low.startswith(_CHEAP):
            return ""
        if any(low.startswith(f"{tree}/") for tree in _TREES):
            return f"a part of the system: {path}"
        if self._in_home(low).startswith(tuple(f"{tree}/" for tree in _HOME_TREES)):
            return f"keys: {path}"
        return ""

    def _within(self, low: str) -> bool:
        root = self.root.casefold()
        return root != "/" and low.startswith(f"{root}/")

    def _in_home(self, low: str) -> str:
        home = f"{self.home.casefold().rstrip('/')}/"
        if low.startswith(home):
            return low[len(home) :]
        other = re.match(r"/(?:home|users)/[^/]+/(.+)", low)
        return other[1] if other and not self._within(low) else ""

    def _paths(self, target: str, folder: str | None) -> list[str]:
        """`target` absolute and plain, as it is written and as links lead; nothing where that is unknown."""
        if target.startswith((UNSET + "/", UNKNOWN + "/")) and not target.startswith(UNKNOWN):
            target = target[1:]
        target = target.replace(UNSET, "")
        if target.startswith(UNKNOWN) or not target:
            return []
        target = re.sub(rf"^/+{UNKNOWN}.*", "/*", target).replace(UNKNOWN, "unknown")
        if not target.startswith("/"):
            if folder is None:
                return []
            target = posixpath.join(folder, target)
        plain = posixpath.normpath(target)
        plain = plain[1:] if plain.startswith("//") else plain
        plain = _without_all(plain)
        parent, name = posixpath.split(plain)
        try:
            real = plain if _SIGNS.search(parent) else posixpath.join(os.path.realpath(parent), name)
        except ValueError:  # no file can be called so
            real = plain
        return list(dict.fromkeys((plain, real)))


def _without_all(path: str) -> str:
    """`path` without the star at its end that stands for all in it."""
    while re.search(r"/(?:\*+|\.\*|\.\[!?\^?\.?\]\*|\.\?\?\*|\{,\.\}\*)$", path):
        path = path.rsplit("/", 1)[0] or "/"
    return path


def _ancestors(path: str) -> list[str]:
    found = []
    while path != "/":
        path = posixpath.dirname(path)
        found.append(path)
    return found


def _matches(path: str, one: str) -> bool:
    """Whether `path`, signs of a pattern and all, may stand for `one`."""
    if path == one:
        return True
    if not _SIGNS.search(path):
        return False
    names, others = path.split("/"), one.split("/")
    return len(names) == len(others) and all(map(fnmatchcase, others, names))
