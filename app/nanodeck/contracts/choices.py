"""What can be answered to a request, as every face offers it."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Literal, NamedTuple

from nanodeck.contracts.requests import (
    CommandDetail,
    NetworkDetail,
    PlanDetail,
    RepetitionDetail,
    Request,
    ReviewDetail,
    TrustDetail,
)
from nanodeck.contracts.text import one_line

Act = Literal["once", "session", "always", "project", "user", "deny", "reason", "edit", "review"]


class Option(NamedTuple):
    """A choice: what it says, what it does, that in a word, and keys it has beside its action's."""

    label: str
    act: Act
    word: str
    also: tuple[str, ...] = ()


_DENY = Option("deny", "deny", "deny")
_REASON = Option("deny with a message", "reason", "reason")
_ONCE = Option("once", "once", "once")
_COMMAND = (
    _ONCE,
    Option("this session (exactly this, here)", "session", "session"),
    _DENY,
    _REASON,
    Option("edit the command first", "edit", "edit"),
)
_OUTSIDE = (
    Option("run it again outside, once", "once", "once"),
    Option("outside in this session (exactly this, here)", "session", "session"),
    _DENY,
    _REASON,
)
_NETWORK = (
    Option("let this command reach it", "once", "once"),
    Option("every command of this session", "session", "session"),
    _DENY,
    _REASON,
)
_CALL = Option("this session (exactly this call)", "session", "session")
_TOOL = (_ONCE, _CALL, _DENY, _REASON)
_REPETITION = (
    Option("let it go on", "once", "go on"),
    Option("stop the turn", "deny", "stop"),
    Option("go on with a message to the agent", "reason", "message"),
)
_REVIEW = (Option("show the diff", "review", "diff"),)
_PLAN = (Option("show the plan", "review", "plan"),)
_SESSION = Option("for this session", "session", "session")
_FOLDER = (
    Option("trust it as it is now", "once", "trust"),
    _SESSION,
    Option("do not trust it", "deny", "no"),
)
_FILES = (
    Option("trust them as they are now", "once", "trust"),
    _SESSION,
    Option("go on without them", "deny", "no"),
)
EDITED = (
    # It was written by hand a moment ago: enter ends that.
    Option("run exactly this once", "once", "once", also=("enter",)),
    Option("edit again", "edit", "edit"),
)
"""What can be done with a command that the person wrote anew."""


RULE = (
    Option("in this session", "session", "session"),
    Option("in this project", "project", "project"),
    Option("in all your projects", "user", "everywhere"),
    Option("edit the rule", "edit", "edit"),
)
"""Where a rule can hold that would have allowed what asks, once it is shown whole."""
RULE_LENGTH = 40
SCRIPT_LENGTH = 30


def _bound(scripts: Sequence[str], option: Option) -> Option:
    """What is granted for a session holds as long as the scripts that it runs are the same."""
    if option.act != "session" or not scripts:
        return option
    named = one_line(scripts[0] if len(scripts) == 1 else f"{scripts[0]} and others", SCRIPT_LENGTH)
    return option._replace(label=f"{option.label[:-1]}, as {named} is now)")


def options_of(request: Request) -> tuple[Option, ...]:
    """The choices a request has."""
    detail = request.detail
    if isinstance(detail, RepetitionDetail):
        return _REPETITION
    if isinstance(detail, PlanDetail):
        return _PLAN
    if isinstance(detail, TrustDetail):
        return _FOLDER if detail.whole else _FILES
    if isinstance(detail, ReviewDetail):
        return _REVIEW
    if isinstance(detail, CommandDetail):
        options = tuple(map(partial(_bound, detail.scripts), _OUTSIDE if detail.denied else _COMMAND))
    else:
        options = _NETWORK if isinstance(detail, NetworkDetail) else _TOOL
    if not request.suggestion:
        return options
    label = f"always {one_line(' and '.join(request.suggestion.splitlines()), RULE_LENGTH)}"
    return (*options[:2], Option(label, "always", "always"), *options[2:])
