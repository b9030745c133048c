"""Text that wants to be more than text: planted wherever something from outside is shown."""

from __future__ import annotations

import json
from pathlib import Path

from tests.support.model_server import Reply

PAYLOADS = (
    "\x1b[6;66;66m",  # CSI: colours
    "\x1b[?1049l",  # CSI: leave the alternate screen
    "\x1b[6n",  # CSI: make the terminal type
    "\x1b]52;c;Q0FOQVJZ\x07",  # OSC 52: write the clipboard
    "\x1b]8;;http://canary.example/\x1b\\",  # OSC 8: a link
    "\x1b]0;canary\x07",  # OSC 0: the window's title
    "\x1bP666canary\x1b\\",  # DCS
    "\x1b_Gcanary\x1b\\",  # APC
    "\x9b6;66;66m",  # CSI in one character
    "\x9d52;c;Q0FOQVJZ\x9c",  # OSC in one character
    "\u202ecanary\u202c",  # bidirectional override
)
RAW = (
    *(payload.encode() for payload in PAYLOADS[3:8]),
    *(b"\x1b[6;66;66m", b"\x1b[6n", b"\x1b]52", b"\x1b]8;"),
    *(code.encode() for code in "\x9b\x9d\u202e"),
)
"""Bytes of which none may reach a terminal while text with PAYLOADS is shown."""

ODD = "[red]odd[/red] $x ${HOME} `id` %s {0}"
HOSTILE = f"{ODD} {''.join(PAYLOADS)} end"
TABLE = f"| a | b |\n|---|---|\n| {ODD} | [x](http://a\x1b]8;;) |"
FILE_NAME = "[red]\x1b]52;c;Q0FOQVJZ\x07$x.txt"
LONG_LINE = "x" * 1_000_000


def plant(folder: Path) -> None:
    """Files with hostile names and contents, in places that are listed, read and searched."""
    (folder / FILE_NAME).write_text(f"first {HOSTILE}\nsecond\n", encoding="utf-8")
    (folder / "[bold].py").write_text(f"# {HOSTILE}\nvalue = 1\n", encoding="utf-8")
    (folder / "long.txt").write_text(f"{LONG_LINE}\n", encoding="utf-8")
    (folder / "nul.txt").write_bytes(b"a\0b\n")
    (folder / "AGENTS.md").write_text(f"be {HOSTILE}\n", encoding="utf-8")


def turn() -> list[Reply]:
    """A turn that brings hostile text to every place: tools, diff, tasks, job, approval, reply, names."""
    task = {"subject": f"task {HOSTILE}", "status": "in_progress", "active_form": HOSTILE}
    printing = "import sys; sys.stdout.write(" + json.dumps(HOSTILE + "\0 nul") + ")"
    command = f"python3 -c '{printing}'; cat long.txt"
    edit = {"path": "[bold].py", "old_string": "value = 1\n", "new_string": f"value = 2  # {HOSTILE}\n"}
    new = {"path": "new\x1b[31m.txt", "content": HOSTILE}
    return [
        Reply([f"Looking {HOSTILE}\n\n"], reasoning=[f"hm {HOSTILE}"], calls=[("ls", {"path": "."})]),
        Reply(
            calls=[
                ("read", {"path": FILE_NAME}),
                ("read", {"path": "[bold].py"}),
                ("read", {"path": "long.txt"}),
                ("read", {"path": "nul.txt"}),
                ("grep", {"pattern": "odd", "output_mode": "content"}),
                (f"fly{HOSTILE}", {"a": HOSTILE}),
                ("task", {"tasks": [task]}),
            ]
        ),
        Reply(calls=[("bash", {"command": f": '{HOSTILE}'; sleep 0", "background": True})]),
        Reply(calls=[("bash", {"command": command})]),
        Reply(["Now the edit."], calls=[("edit", edit), ("write", new)]),
        Reply([f"# Done {HOSTILE}\n\n{TABLE}\n\n```py\n{HOSTILE}\n```\n"]),
    ]
