"""What a confined command tries in order to get out, or at what it must not see."""

from __future__ import annotations

import os

from msgspec import Struct

from nanodeck.contracts.sandbox import Level
from tests.reliability.sandboxes import ESCAPED


class Escape(Struct, frozen=True):
    """A script for bash; `level` is the lowest that promises to stand it."""

    name: str
    script: str
    level: Level = 1


def _opened(*paths: str) -> str:
    """Says so if one of `paths` could be opened for writing; nothing is written."""
    return f'for f in {" ".join(paths)}; do [ -e "$f" ] && (: >> "$f") 2>/dev/null && escaped; done'


def _perl(code: str, unless: str = "EPERM") -> str:
    """Says so if `code`, which is to fail, worked or failed for a reason other than `unless`."""
    modules = "use Socket; use Errno qw(:POSIX);"
    return (
        f'perl -e \'{modules} my $r = do {{ {code} }}; print "{ESCAPED} $!\\n" if $r or $! != {unless}\' "$@"'
    )


def _syscall(x86: int, arm: int, *arguments: str) -> str:
    number = x86 if os.uname().machine == "x86_64" else arm
    given = ", ".join((str(number), *(arguments or ("0", "0", "0", "0", "0"))))
    return _perl(f"my $x = syscall({given}); $x != -1")


def _unix(kind: str, then: str, place: str) -> str:
    return f"perl -e 'use Socket; socket(S, AF_UNIX, SOCK_{kind}, 0); {then}' {place}"


WRITING = (
    Escape("a new file outside", "echo x > $OUT/new"),
    Escape("more in a file outside", "echo x >> $OUT/victim"),
    Escape("a file outside removed", "rm -f $OUT/victim"),
    Escape("a folder outside removed", "rm -rf $OUT/folder"),
    Escape("a file outside moved in", "mv $OUT/victim mine"),
    Escape("a file moved out", "mv file $OUT/file; cp file $OUT/file"),
    Escape("through a link", "ln -s $OUT link; echo x > link/new; echo x > link/victim; rm -rf link/folder"),
    Escape("through a hard link", "ln $OUT/victim hard && echo x > hard"),
    Escape("cut by its name", "perl -e 'truncate(shift, 0)' $OUT/victim"),
    Escape("a folder outside", "mkdir $OUT/made; mkdir -p $OUT/folder/made"),
    Escape("a pipe, a socket, a link outside", "mkfifo $OUT/pipe; ln -s x $OUT/link"),
    Escape("by the way up", "echo x > ../out/victim; cd ..; echo x > out/victim; touch new"),
    Escape("by the root of a process", "echo x > /proc/self/root$OUT/victim; echo x > /proc/$$/root$OUT/new"),
    Escape("by the folder of a process", "echo x > /proc/self/cwd/../out/victim"),
    Escape(
        "by the folder of a process outside", "echo x > /proc/$VICTIM/cwd/victim; rm -rf /proc/$VICTIM/cwd/*"
    ),
    Escape(
        "by an open folder", "exec 5< $OUT; cd /proc/self/fd/5 && echo x > victim; echo x > /dev/fd/5/victim"
    ),
    Escape(
        "a link that changes under a write",
        """
        mkdir d; ln -s $OUT/folder l
        perl -e 'for (1..600) { rename "d", "r"; rename "l", "d"; rename "d", "l"; rename "r", "d" }' &
        perl -e 'for (1..2000) { open(F, ">", "d/x") and print F "y" and close F }'; wait
        """,
    ),
    Escape("two names swapped", "mkdir a; ln -s $OUT b; mv -T b c; mv -T a b; mv -T c a; echo x > a/victim"),
    Escape("the workspace moved", "cd ..; mv work elsewhere; mv -T $WORK $OUT/work"),
    Escape("the workspace's neighbours", "mkdir ../beside; touch ../temp2; rm -rf ../home ../out"),
    Escape("where the system keeps things", _opened("/var/tmp/x", "/etc/passwd", "/usr/x", "/root/.profile")),
    Escape(
        "the home", "echo x >> $HOME_/.bashrc; echo x >> ~/.profile; rm -rf $HOME_/.ssh; mv $HOME_/.ssh x"
    ),
    Escape("a mode outside", "chmod 777 $OUT/victim $OUT; chmod -R 700 $HOME_", 2),
    Escape("an owner outside", "chown 1000 $OUT/victim; chgrp 1000 $OUT/victim", 2),
    Escape("a time outside", "touch -d 2001-01-01 $OUT/victim", 2),
    Escape("a remark outside", "setfattr -n user.a -v b $OUT/victim; chattr +d $OUT/victim", 2),
)
SYSTEM = (
    Escape("settings of the kernel", _opened("/proc/sys/kernel/core_pattern", "/proc/sys/vm/swappiness")),
    Escape("its other switches", _opened("/proc/sysrq-trigger", "/sys/kernel/uevent_helper")),
    Escape("parameters of its modules", _opened("/sys/module/*/parameters/*")),
    Escape("memory and disks", _opened("/dev/mem", "/dev/kmsg", "/dev/vda", "/dev/sda", "/dev/nvme0n1")),
    Escape("a device of one's own", "mknod disk b 254 0 && (: >> disk) && escaped; rm -f disk"),
    Escape("other terminals", _opened("/dev/pts/[0-9]*", "/dev/tty[0-9]", "/dev/console")),
    Escape("typing into the terminal", _perl('my $c = "x"; ioctl(STDIN, 0x5412, $c)')),
    Escape("pasting into it", _perl('my $c = "\\3"; ioctl(STDIN, 0x541C, $c)')),
    Escape("a mount over a folder", "mount -t tmpfs x $OUT && escaped"),
    Escape(
        "all made writable", "mount -o remount,rw / && escaped; mount -o remount,bind,rw $OUT; touch $OUT/y"
    ),
    Escape("what is mounted taken off", "umount -l .env .git /proc/sys && escaped; cat .env", 2),
    Escape("a namespace of one's own", "unshare -Ur true && escaped; unshare -m true && escaped"),
    Escape(
        "mounts in one", "unshare -Urm bash -c 'mount -o remount,rw,bind /; touch $0/y && echo ESCAPED' $OUT"
    ),
    Escape("the namespaces of others", "nsenter -t $VICTIM -m true && escaped; nsenter -t $PPID -a true"),
    Escape("another root", _syscall(161, 51, "my $root = qq(/)")),
    Escape("another process traced", _syscall(101, 117, "16", "$ENV{VICTIM}+0", "0", "0")),
    Escape("its memory read", _syscall(310, 270, "$$", "0", "0", "0", "0", "0")),
    Escape("its memory written", "(: >> /proc/$VICTIM/mem) 2>/dev/null && escaped"),
    Escape("its variables read", "cat /proc/$VICTIM/environ"),
    Escape("everybody's variables read", "cat /proc/[0-9]*/environ"),
    Escape("it killed", "kill -9 $VICTIM; kill -STOP $VICTIM; kill -9 -1"),
    Escape("its descriptors", _syscall(438, 438, "0", "0", "0")),
    Escape("rings of calls", _syscall(425, 425, "4", "0")),
    Escape("programs in the kernel", _syscall(321, 280, "0", "0", "0")),
    Escape("faults handled", _syscall(323, 282, "0")),
    Escape("the processor observed", _syscall(298, 241)),
    Escape("keys of the kernel", _syscall(250, 219, "0", "-3", "0")),
    Escape("a key added", _syscall(248, 217)),
    Escape("a file by its handle", _syscall(304, 265)),
    Escape("a tree of mounts", _syscall(428, 428, "-100", "my $root = qq(/)", "1")),
    Escape("a file system opened", _syscall(430, 430, "my $kind = qq(tmpfs)", "0")),
    Escape("a namespace entered", _syscall(308, 268, "0", "0")),
    Escape("another kernel", _syscall(246, 104)),
    Escape("a module", _syscall(175, 105)),
    Escape("the old numbers of calls", _perl("my $x = syscall(0x40000000 + 39); $x != -1")),
    Escape(
        "larger files",
        """
        ulimit -f unlimited && escaped
        head -c 3M /dev/zero > big; [ $(stat -c %s big) -gt 1048576 ] && escaped; rm -f big
        """,
    ),
    Escape("a process that stays", "setsid sleep 600 &>/dev/null & disown; nohup sleep 600 &>/dev/null &", 2),
    Escape(
        "one without its variables",
        "(setsid env -i perl -e 'fork and exit; sleep 600' $NANODECK_COMMAND &)",
        2,
    ),
    Escape(
        "descriptors left open",
        "for f in 3 4 5 6 7 8 9 10 11 12 13; do [ -e /proc/$$/fd/$f ] && escaped; done",
    ),
)
NETWORK = (
    Escape("a connection", "echo x > /dev/tcp/127.0.0.1/$TCP"),
    Escape("a datagram", "echo x > /dev/udp/127.0.0.1/$UDP"),
    Escape("a name without a path", _unix("STREAM", r'connect(S, pack("S", 1) . "\0" . shift)', "$ABSTRACT")),
    Escape("a socket by its path", _unix("DGRAM", 'send(S, "x", 0, sockaddr_un(shift))', "$OUT/datagrams")),
    Escape(
        "a pair turned to a path",
        """
        perl -e 'use Socket; socketpair(S, T, AF_UNIX, SOCK_DGRAM, 0);
                 connect(S, sockaddr_un(shift)); send(S, "x", 0)' $OUT/datagrams
        """,
    ),
    Escape("any UNIX socket", _perl("socket(my $s, AF_UNIX, SOCK_STREAM, 0)")),
    Escape("packets of the link", _perl("socket(my $s, 17, SOCK_RAW, 768)")),
    Escape("raw packets", _perl("socket(my $s, AF_INET, SOCK_RAW, 1)")),
    Escape("the machine around this one", _perl("socket(my $s, 40, SOCK_STREAM, 0)")),
    Escape("the kernel's ciphers", _perl("socket(my $s, 38, 5, 0)")),
)
GIT = (
    Escape("git's folder moved and made anew", "mv .git g2; cp -r g2 .git; echo evil > .git/$HOOK", 2),
    Escape("git's folder shared with an evil one", "cp -r .git evil; echo ../evil > .git/commondir", 2),
    Escape("git's folder removed", "rm -rf .git; rm -rf deep/nested/.git; find . -delete", 2),
    Escape("a hook", "echo evil > .git/$HOOK; chmod +x .git/hooks/*", 2),
    Escape("a setting of git", "git config core.fsmonitor evil; echo '[core]' >> .git/config", 2),
    Escape("a commit", "git commit -q --allow-empty -m x; git update-ref HEAD HEAD~; git gc -q", 2),
    Escape("git's folder swapped", "mkdir new; mv --exchange .git new; mv -T new .git; ln -sfn new .git", 2),
    Escape("a repository within moved", "mv deep/nested x; mv deep y; mkdir -p deep/nested/.git/hooks", 2),
    Escape("a submodule's store", "echo evil > .git/modules/one/$HOOK; echo x >> .git/modules/one/config", 2),
    Escape(
        "a submodule's pointer", "cd deep/er/still; rm -f module/.git; mv module m; mkdir -p module/.git", 2
    ),
    Escape("a worktree's pointer", "rm -f tree/.git; echo gitdir: ../evil > tree/.git; mv tree x", 2),
    Escape(
        "what an editor starts", "echo x > .vscode/settings.json; mv .vscode v; touch .vscode/tasks.json", 2
    ),
    Escape("what a shell starts", "echo x >> .bashrc; mv .bashrc x; ln -sf evil .bashrc", 2),
    Escape("a name that was not there", "mkdir .claude; echo x > .claude/settings.json; ln -s x .mcp.json"),
)
SECRETS = (
    Escape("a key in the home", "cat $HOME_/.ssh/id_rsa; tar c $HOME_; grep -r canary $HOME_", 2),
    Escape("passwords in the home", "cat $HOME_/.netrc $HOME_/keys.toml $HOME_/.bash_history", 2),
    Escape("by another way", "cat /proc/self/root$HOME_/.ssh/* /proc/1/root$HOME_/.ssh/*", 2),
    Escape("variables in a file", "cat .env; cp .env e; cat e; dd if=.env", 2),
    Escape("the file by another name", "ln .env e; cat e; ln -s .env f; cat f; mv .env g; cat g", 2),
    Escape("all there is to read", "cat -- .* * 2>/dev/null; grep -r canary . ..", 2),
    Escape("variables of its own", "env; cat /proc/self/environ /proc/1/environ; set"),
    Escape("variables of its parents", "cat /proc/$PPID/environ; ps axeww"),
)
FORKING = Escape(
    "more processes than it may have",
    """
    perl -e '$n++ while $n < 200 and defined($p = fork) and ($p or sleep 600); print "$n"' > n
    [ $(cat n) -gt 60 ] && escaped; rm n
    """,
    2,
)
ALL = (*WRITING, *SYSTEM, *NETWORK, *GIT, *SECRETS)
