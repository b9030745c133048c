from __future__ import annotations

import pytest

from nanodeck.contracts.errors import ToolError
from nanodeck.workspace.edits.envelope import FilePatch, PatchHunk, parse_patch

WHOLE = """*** Begin Patch
*** Add File: src/new.py
+one
+
+three
*** Update File: a.py
*** Move to: b.py
@@ class A
@@     def f(self):
 context
-old
+new

+after a blank
@@
-last
*** End of File
*** Delete File: gone.py
*** Copy File: b.txt
*** Copy to: c.txt
*** Add Folder: empty
*** End Patch
"""


def test_every_action_of_an_envelope_is_read() -> None:
    assert parse_patch(WHOLE) == (
        FilePatch("add", "src/new.py", content="one\n\nthree\n"),
        FilePatch(
            "update",
            "a.py",
            "b.py",
            hunks=(
                PatchHunk(
                    "context\nold\n\n", "context\nnew\n\nafter a blank\n", ("class A", "    def f(self):")
                ),
                PatchHunk("last\n", "", at_end=True),
            ),
        ),
        FilePatch("delete", "gone.py"),
        FilePatch("copy", "b.txt", "c.txt"),
        FilePatch("folder", "empty"),
    )


ONE = (FilePatch("update", "a", hunks=(PatchHunk("x\n", "y\n"),)),)
BODY = "*** Update File: a\n@@\n-x\n+y\n"
LENIENT = {
    "no edges": BODY,
    "no end": f"*** Begin Patch\n{BODY}",
    "a fence": f"```diff\n*** Begin Patch\n{BODY}*** End Patch\n```",
    "a fence alone": f"```\n{BODY}```\n",
    "a command": f"apply_patch <<'EOF'\n*** Begin Patch\n{BODY}*** End Patch\nEOF\n",
    "words around": f"Here it is:\n*** Begin Patch\n{BODY}*** End Patch\nThat is all.",
    "CR LF": f"*** Begin Patch\n{BODY}*** End Patch".replace("\n", "\r\n"),
    "odd blanks": "  ***Begin Patch ***\n*** update file:a \n\n@@\n-x\n+y\n\n***End Patch",
    "quotes": BODY.replace("a\n", "`a`\n", 1),
    "no @@": BODY.replace("@@\n", ""),
    "another verb": BODY.replace("Update", "Modify"),
    "a head of a unified diff": BODY.replace("@@", "--- a\n+++ b/a\n@@"),
    "a line without its end": f"{BODY}\\ No newline at end of file\n",
}


@pytest.mark.parametrize("text", LENIENT.values(), ids=LENIENT)
def test_what_is_wrapped_or_spelled_in_another_way_is_read_alike(text: str) -> None:
    assert parse_patch(text) == ONE


def test_a_unified_diff_is_read_too() -> None:
    text = (
        "diff --git a/x.py b/x.py\nindex 1..2 100644\n--- a/x.py\n+++ b/x.py\n@@ -4,2 +4,2 @@ def f():\n"
        " a\n-b\n+c\n@@ -9,0 +10,1 @@\n+d\n--- /dev/null\n+++ b/new\n@@ -0,0 +1,2 @@\n+1\n+2\n"
        "--- a/gone\n+++ /dev/null\n@@ -1 +0,0 @@\n-z\n"
    )
    assert parse_patch(text) == (
        FilePatch(
            "update",
            "x.py",
            hunks=(PatchHunk("a\nb\n", "a\nc\n", ("def f():",), 4), PatchHunk("", "d\n", (), 10)),
        ),
        FilePatch("add", "new", content="1\n2\n"),
        FilePatch("delete", "gone"),
    )


def test_removed_and_added_lines_may_look_like_the_head_of_a_diff() -> None:
    (file,) = parse_patch("*** Update File: a.sql\n@@\n--- a comment\n+++ another\n x\n")
    assert file.hunks == (PatchHunk("-- a comment\nx\n", "++ another\nx\n"),)
    (file,) = parse_patch("*** Update File: a.sql\n@@\n--- x\n+++ y\n@@ -9 +9 @@\n-z\n")
    assert file.hunks == (PatchHunk("-- x\n", "++ y\n"), PatchHunk("z\n", "", line=9))


def test_a_new_file_may_be_empty_or_without_signs_or_a_last_line_end() -> None:
    text = (
        "*** Add File: a\n*** Add File: b\nplain\n\ntext\n*** Add File: c\n+x\n\\ No newline at end of file\n"
    )
    assert [file.content for file in parse_patch(text)] == ["", "plain\n\ntext\n", "x"]


def test_a_context_line_may_have_lost_its_blank() -> None:
    (file,) = parse_patch("*** Update File: a\n@@\ndef f():\n-    x\n+    y\n")
    assert file.hunks == (PatchHunk("def f():\n    x\n", "def f():\n    y\n"),)


def test_a_move_or_a_copy_needs_no_hunks() -> None:
    text = (
        "*** Move File: a\n*** To: b\n*** Update File: c\n*** Copy to: d\n*** Edit File: e\n*** Move to: f\n"
    )
    assert parse_patch(text) == (
        FilePatch("update", "a", "b"),
        FilePatch("copy", "c", "d"),
        FilePatch("update", "e", "f"),
    )


WRONG = {
    "nothing": ("", "has no"),
    "only words": ("please change it", "has no"),
    "an update of nothing": ("*** Update File: a\n", "a: the update has no lines"),
    "a copy to nowhere": ("*** Copy File: a\n", "Copy to"),
    "an added file that moves": ("*** Add File: a\n*** Move to: b\n+x", "only an update moves"),
    "a new file with other lines": ("*** Add File: a\n+x\ny\n", r"a, line 3: every line .* starts with '\+'"),
    "another verb": ("*** Frobnicate File: a\n", "line 1: add, update, delete, move or copy"),
    "a folder to delete": ("*** Delete Folder: a\n", "line 1: a folder can only be added"),
    "a strange line": (
        "*** Update File: a\n@@\n-x\n*** What: y\n",
        r"a, line 4: not understood: \*\*\* What: y",
    ),
}


@pytest.mark.parametrize(("text", "reason"), WRONG.values(), ids=WRONG)
def test_what_cannot_be_read_is_refused_naming_the_line(text: str, reason: str) -> None:
    with pytest.raises(ToolError, match=reason):
        parse_patch(text)


@pytest.mark.parametrize("blanks", [" ", "\t", "a ", "*** "])
def test_a_head_with_no_end_of_blanks_is_read_at_once(blanks: str) -> None:
    path = f"a{blanks * 200_000}b"
    (file,) = parse_patch(f"*** Delete File: {path}\n")
    assert file.path == path


def test_a_place_with_no_end_of_digits_is_none() -> None:
    (file,) = parse_patch(f"*** Update File: a\n@@ -{'1' * 5000},3 +1,3 @@\n-x\n+y\n")
    assert file.hunks[0].line == 0
