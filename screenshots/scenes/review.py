"""A review with everything in it that can become of a hunk, and every kind of change."""

from __future__ import annotations

from msgspec.structs import replace

from nanodeck.contracts import events as ev
from nanodeck.contracts.changes import Changeset, FileDiff, Hunk, HunkMark
from nanodeck.contracts.comments import comment_on
from nanodeck.contracts.lines import lines_of
from nanodeck.contracts.requests import Request, ReviewDetail
from nanodeck.contracts.rules import Why
from nanodeck.contracts.sources import Source
from nanodeck.core.review import ProposedFile, propose
from screenshots.scenes.replay import replayed, replied, said
from screenshots.scenes.scene import Player

HANDLER = b'''\
"""The login."""

import json
import time

from api.errors import Refused
from api.users import authenticate

ATTEMPTS = 3


def client_of(request):
    """Who asks, as far as that can be known."""
    forwarded = request.headers.get("x-forwarded-for", "")
    return forwarded.split(",")[0].strip() or request.ip


def login(request):
    """Let somebody in.

    None of what is said here is code: return, if, while.
    """
    limit = None
    user = authenticate(request.name, request.password)
    if user is None:
        time.sleep(ATTEMPTS)
        raise Refused("wrong name or password")
    return session_for(user, minutes=30)


def logout(request):
    session = session_of(request)
    session.close()
    return redirect("/")


def session_for(user, minutes):
    token = sign({"user": user.id, "until": time.time() + minutes * 60})
    return json.dumps({"token": token})


def describe(request):
    name = request.headers.get("user-agent", "unknown")
    return f"{name} from {request.ip}"
'''
_REPLACED = (
    (b"import time\n\n", b"import time\n\nfrom api.limits import TokenBucket\n"),
    (
        b"    None of what is said here is code: return, if, while.\n",
        b"    None of what is said here is code: return, if, for, while.\n",
    ),
    (b"    limit = None\n", b"    limit = bucket_of(client_of(request))\n    limit.take_or_refuse()\n"),
    (
        b"    session = session_of(request)\n    session.close()\n",
        b"    if session := session_of(request):\n        session.close()\n",
    ),
    (
        b'"unknown")\n    return f"{name} from {request.ip}"',
        b'"unknown")\n    return f"{name} ({client_of(request)})"',
    ),
)
LIMITS = '''\
"""Who may try how often: 漢字 and\ttabs stand in line, \x1b[31mescapes\x1b[0m and [b]markup[/b] are text."""

RATE, PER = 5, 60
'''.encode()


def _proposed() -> Changeset:
    new = HANDLER
    for before, after in _REPLACED:
        assert before in new
        new = new.replace(before, after)
    files = [ProposedFile("api/handler.py", HANDLER, new), ProposedFile("api/limits.py", None, LIMITS)]
    # The login is split, so that its changes are decided on one by one.
    changeset = propose("s1", ["c2"], files).split("api/handler.py", 2).changeset
    handler, limits = changeset.files
    stale = replace(handler.hunks[-1], stale="line 48 is another one now")
    handler = replace(handler, hunks=(*handler.hunks[:-1], stale))
    return replace(changeset, files=(handler, limits, *_OTHERS))


def _whole(path: str, kind: str, **facts: object) -> FileDiff:
    return FileDiff(path, kind, (Hunk(1, 1, 0, 1, 0, "", ""),), **facts)  # type: ignore[arg-type]


_OTHERS = (
    _whole("api/throttle.py", "renamed", old_path="api/slow_down.py"),
    _whole("run.sh", "modified", modes=(0o100644, 0o100755)),
    _whole("docs/login.png", "modified", sizes=(18_432, 20_117)),
)
CHANGES = _proposed()
REVIEW = Request(
    "q1",
    "main",
    "c2",
    ReviewDetail("s1", len(CHANGES.files), sum(len(file.hunks) for file in CHANGES.files)),
    Why("ask", "edits are asked about", "mode.normal"),
)
EDITED = """\
    limit = bucket_of(client_of(request))
    limit.take_or_refuse(retry_after=True)
    user = authenticate(request.name, request.password)
    if user is None:
        time.sleep(ATTEMPTS)
"""
_IMPORTS, _DOCSTRING, _LIMIT, _LOGOUT, _ = CHANGES.files[0].hunks
MARKS = (
    HunkMark("api/handler.py", _IMPORTS.id, "accepted"),
    HunkMark("api/handler.py", _DOCSTRING.id, "rejected"),
    HunkMark("api/handler.py", _LIMIT.id, "edited", text=EDITED),
)
COMMENT = comment_on(
    Source("call", "s1"),
    "api/handler.py",
    lines_of(_LOGOUT),
    3,
    6,
    "A request without a session should be told so: it may be a stale cookie.",
    changeset="s1",
    hunk=_LOGOUT.id,
)


async def _to_diff(player: Player) -> None:
    await player.press("ctrl+x", "d")
    await player.press("home")
    await player.shows("hunk 1/5")


SCENES = (
    replayed(
        "review-states",
        *said(),
        *replied("I add a token bucket in api/limits.py and use it in api/handler.py."),
        ev.ToolStarted("c2", "apply_patch", "apply_patch 5 files"),
        ev.ChangesetProposed(CHANGES),
        ev.RequestOpened(REVIEW),
        ev.HunksMarked("s1", MARKS, 3),
        ev.CommentWritten(replace(COMMENT, id="k1")),
        then=_to_diff,
    ),
)
