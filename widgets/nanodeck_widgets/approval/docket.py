"""The requests that wait, the one that is shown, and what the person is doing with it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from time import monotonic
from typing import Literal, NamedTuple

from nanodeck.contracts.choices import EDITED, RULE, Act, Option, options_of
from nanodeck.contracts.requests import Answer, CommandDetail, Request
from nanodeck.contracts.rules import RuleTrial
from nanodeck_widgets.approval.editor import LineEditor
from nanodeck_widgets.approval.guard import QUIET_SECONDS, KeyGuard
from nanodeck_widgets.keymap import DEFAULT, Keymap, shown_key

Mode = Literal["choose", "reason", "edit", "confirm", "always", "rewrite"]
_WRITING: tuple[Mode, ...] = ("reason", "edit", "rewrite")


class Outcome(NamedTuple):
    """What a key led to: an answer to `request`, the review being wanted, or the layer being left."""

    request: Request | None
    answer: Answer | None = None


class Docket:
    """One shown request at a time; the others keep their place, and everybody's drafts are kept."""

    def __init__(
        self, clock: Callable[[], float] = monotonic, keymap: Callable[[], Keymap] = lambda: DEFAULT
    ) -> None:
        self._keymap = keymap
        self.guard = KeyGuard(clock)
        self.requests: tuple[Request, ...] = ()
        self.shown: Request | None = None
        self.mode: Mode = "choose"
        self.note = ""
        self._answered: frozenset[str] = frozenset()
        self._drafts: dict[tuple[str, Mode], LineEditor] = {}
        self._orphan = ""
        self._described: CommandDetail | None = None
        self._tried = ""
        self._trial: RuleTrial | None = None

    @property
    def place(self) -> int:
        """The shown request's 0-based place among those that wait."""
        return self.requests.index(self.shown) if self.shown in self.requests else 0

    @property
    def editor(self) -> LineEditor | None:
        """What is being written, if anything."""
        return self._draft(self.mode) if self.mode in _WRITING else None

    @property
    def edited(self) -> str | None:
        """The command that runs instead of the proposed one, while it waits for its confirmation."""
        return self._draft("edit").text if self.mode == "confirm" else None

    @property
    def described(self) -> CommandDetail | None:
        """What is known about the command in question; None while that is not known."""
        detail = self.shown.detail if self.shown else None
        if self.mode == "edit" or not isinstance(detail, CommandDetail):
            return None
        if self.edited in (None, detail.command):
            return detail
        return self._described if self._described and self._described.command == self.edited else None

    def describe(self, detail: CommandDetail) -> None:
        """This is known about an edited command."""
        self._described = detail

    @property
    def rule(self) -> str:
        """The rule that would be kept, while it is in question."""
        return self._draft("rewrite").text.strip() if self.mode in ("always", "rewrite") else ""

    @property
    def trial(self) -> RuleTrial | None:
        """What is known about the rule in question; None while that is not known."""
        return self._trial if self._tried == self.rule else None

    def take_untried(self) -> str:
        """The rule in question if nothing was asked about it yet, once."""
        if self._tried == self.rule:
            return ""
        self._tried, self._trial = self.rule, None
        return self.rule

    def try_out(self, rule: str, trial: RuleTrial) -> None:
        """This is known about a rule."""
        if rule == self._tried:
            self._trial = trial

    @property
    def options(self) -> tuple[Option, ...]:
        """The choices there are now."""
        if self.mode == "confirm":
            return EDITED
        if self.mode == "always":
            # Nothing is kept before the person could see what it means.
            return RULE if self.trial and not self.trial.problem else RULE[-1:]
        return options_of(self.shown) if self.shown else ()

    @property
    def keys(self) -> tuple[tuple[str, str], ...]:
        """What the keys do now, in a word or two each."""
        if self.mode == "reason":
            return (("enter", "send"), ("esc", "back"))
        if self.mode in _WRITING:
            return (("enter", "see it once more"), ("esc", "back"))
        return tuple((shown_key(self.keys_of(option)[:2][-1]), option.word) for option in self.options)

    def keys_of(self, option: Option) -> tuple[str, ...]:
        """The keys that take a choice."""
        return (*self._keymap().keys(f"approval.{option.act}"), *option.also) or ("",)

    def offer(self, requests: Sequence[Request]) -> None:
        """These wait now, oldest first; what is shown stays as long as it waits."""
        known = {request.id for request in requests}
        if all(request.changeset for request in requests):
            # Those have their pane: alone they are no reason to be in the way.
            requests = ()
        self._answered &= known
        old_place, old = self.place, self.shown
        self._prune(known)
        self.requests = tuple(request for request in requests if request.id not in self._answered)
        if old is not None and old.id in {request.id for request in self.requests}:
            self.shown = next(request for request in self.requests if request.id == old.id)
            return
        closed = old is not None and old.id not in known
        self.note = "the request shown before was closed elsewhere" if closed else ""
        self._show(self._answerable(old_place))

    def turn_to(self, request: str) -> None:
        """Show this one of those that wait."""
        found = next((each for each in self.requests if each.id == request), None)
        if found is not None and found is not self.shown:
            self._show(found)

    def press(self, key: str, character: str | None) -> Outcome | None:
        """Take one key that got past the guard."""
        self.note = ""
        if self.shown is None:
            return None
        if self.mode in _WRITING:
            return self._write(key, character)
        if key == "escape":
            return self._back_or_leave()
        named = character if character and character.isprintable() and character != " " else key
        step = {"next": 1, "previous": -1}.get(self._keymap().name(named, "approval"))
        if step and self.mode == "choose" and len(self.requests) > 1:
            self._show(self.requests[(self.place + step) % len(self.requests)])
            return None
        option = next((option for option in self.options if named in self.keys_of(option)), None)
        if option is None and character and character.isprintable():
            # Somebody writes a sentence, and the next letter may be the key of a choice.
            self.guard.arm(QUIET_SECONDS)
        return self._act(option.act) if option else None

    def put_away(self) -> None:
        """Nothing is shown any more; what was being written stays."""
        self.shown, self.mode, self.note = None, "choose", ""

    def take_orphan(self) -> str:
        """The message written for a request that closed meanwhile, once."""
        orphan, self._orphan = self._orphan, ""
        return orphan

    def paste(self, text: str) -> None:
        """Write pasted text where there is something to write in."""
        if self.editor is not None:
            self.editor.insert(text)

    def _act(self, act: Act) -> Outcome | None:
        if act == "once":
            return self._answer(Answer("once", command=self._replacement()))
        if act == "session" or act == "project" or act == "user":
            return self._answer(Answer(act, rule=self.rule))
        if act == "deny":
            return self._answer(Answer("deny"))
        if act == "review":
            return Outcome(self.shown)
        self.mode = "rewrite" if self.mode == "always" else act
        if act == "always":
            self.guard.arm()
        return None

    def _replacement(self) -> str:
        detail = self.shown.detail if self.shown else None
        proposed = detail.command if isinstance(detail, CommandDetail) else None
        return "" if self.edited in (None, proposed) else self.edited or ""

    def _write(self, key: str, character: str | None) -> Outcome | None:
        editor = self._draft(self.mode)
        if key == "escape":
            self._to("always" if self.mode == "rewrite" else "choose")
        elif key != "enter":
            editor.press(key, character)
        elif self.mode == "reason" and editor.text.strip():
            return self._answer(Answer("deny", message=editor.text.strip()))
        elif editor.text.strip():
            self._to("always" if self.mode == "rewrite" else "confirm")
        return None

    def _back_or_leave(self) -> Outcome | None:
        if self.mode == "choose":
            return Outcome(None)
        self._to("choose")
        return None

    def _to(self, mode: Mode) -> None:
        """Leave what was written or seen for something that takes keys of its own."""
        self.mode = mode
        self.guard.arm(QUIET_SECONDS)

    def _answer(self, answer: Answer) -> Outcome:
        answered, place = self.shown, self.place
        assert answered is not None
        self._answered |= {answered.id}
        self._drafts = {key: draft for key, draft in self._drafts.items() if key[0] != answered.id}
        self.requests = tuple(request for request in self.requests if request.id != answered.id)
        self._show(self._answerable(place))
        self.guard.arm(QUIET_SECONDS)
        return Outcome(answered, answer)

    def _show(self, request: Request | None) -> None:
        self.shown, self.mode = request, "choose"
        self.guard.arm()

    def _answerable(self, place: int) -> Request | None:
        """The next request from `place` on that is answered here, around the end."""
        around = (*self.requests[place:], *self.requests[:place])
        return next((request for request in around if not request.changeset), None)

    def _draft(self, mode: Mode) -> LineEditor:
        assert self.shown is not None
        key = (self.shown.id, mode)
        if key not in self._drafts:
            detail = self.shown.detail
            text = detail.command if mode == "edit" and isinstance(detail, CommandDetail) else ""
            text = self.shown.suggestion if mode == "rewrite" else text
            self._drafts[key] = LineEditor(text, newlines=mode != "reason")
        return self._drafts[key]

    def _prune(self, known: set[str]) -> None:
        for request, mode in [key for key in self._drafts if key[0] not in known]:
            draft = self._drafts.pop((request, mode))
            if mode == "reason" and draft.text.strip():
                self._orphan = draft.text
