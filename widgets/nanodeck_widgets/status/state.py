"""The state line: mode, model, context, work and what waits."""

from __future__ import annotations

import time
from collections.abc import Callable

from rich.style import Style

from nanodeck_widgets.glyphs import in_signs
from nanodeck_widgets.status.line import StatusLine, Word, width_of
from nanodeck_widgets.status.values import StateFacts

SEPARATOR = " │ "
NEARLY_FULL = 0.8
CUT_FIRST = ("checkpoint", "doing", "tasks", "jobs", "context", "model", "queue")


class StateBar(StatusLine):
    """The session's state in one row. `tick` moves its clocks; nothing else is timed here."""

    facts = StateFacts()
    clock: Callable[[], float] = staticmethod(time.time)

    def show(self, facts: StateFacts) -> None:
        """Say `facts`."""
        if facts != self.facts:
            self.facts = facts
            self.redraw()

    def tick(self) -> None:
        """Time went by."""
        if self.facts.since or self.facts.retry_at:
            self.redraw()

    def words(self, width: int) -> list[Word]:
        """The line at `width` cells: what matters least is left out first, the sandbox's level never."""
        parts = self._parts()
        for name in ("", "sandbox", *CUT_FIRST):
            if name == "sandbox" and name in parts:
                parts[name] = parts[name][:1]
            else:
                parts.pop(name, None)
            words = self._joined(list(parts.values()))
            if width_of(words) <= width:
                return words
        # What is cut off at the end must not be the sandbox: a long error is.
        last = sorted(parts, key=lambda name: name not in ("mode", "sandbox"))
        return self._joined([parts[name] for name in last])

    def _joined(self, parts: list[list[Word]]) -> list[Word]:
        words = [Word(" ")]
        for number, part in enumerate(parts):
            if number:
                words.append(Word(in_signs(SEPARATOR), self.palette.frame))
            words.extend(part)
        return words

    def _parts(self) -> dict[str, list[Word]]:
        facts, palette = self.facts, self.palette
        parts = {"mode": self._mode()}
        if facts.scripted:
            parts["scripted"] = [Word("SCRIPTED demo", palette.accent)]
        if facts.model:
            parts["model"] = [Word(facts.model, palette.text)]
        if facts.context:
            parts["context"] = [self._share(facts.context, facts.window)]
        parts["work"] = self._work()
        if facts.doing and not facts.retry_at:
            parts["doing"] = [Word(facts.doing, palette.muted)]
        waiting = [f"steer {facts.steer}"] * bool(facts.steer) + [f"queue {facts.queued}"] * bool(
            facts.queued
        )
        if waiting:
            parts["queue"] = [Word(" ".join(waiting), palette.text)]
        if facts.jobs:
            parts["jobs"] = [Word(f"jobs {facts.jobs}{self.glyphs.running}", palette.text)]
        if facts.tasks:
            parts["tasks"] = [Word(f"tasks {facts.tasks_done}/{facts.tasks}", palette.muted)]
        if facts.checkpoint:
            parts["checkpoint"] = [Word(f"checkpoint {facts.checkpoint}", palette.muted)]
        if facts.sandbox:
            style = palette.muted if facts.sandboxed else palette.warning
            access = [Word(f" {facts.sandbox_access}", style)] if facts.sandbox_access else []
            parts["sandbox"] = [Word(facts.sandbox, style), *access]
        if facts.waiting:
            noun = "approvals" if facts.waiting > 1 else "approval"
            parts["waiting"] = [Word(f"{self.glyphs.warning}{facts.waiting} {noun}", palette.attention)]
        return parts

    def _share(self, used: int, window: int) -> Word:
        """How much of the model's window the last call took; where that is unknown, its tokens."""
        if not window:
            return Word(f"ctx {thousands(used)}", self.palette.muted)
        style = self.palette.warning if used >= NEARLY_FULL * window else self.palette.muted
        return Word(f"ctx {100 * used // window}% of {thousands(window)}", style)

    def _mode(self) -> list[Word]:
        mode, palette = self.facts.mode, self.palette
        styles = {"yolo": palette.error, "plan": palette.accent, "auto-accept": palette.success}
        chip = styles.get(mode, palette.primary) + Style(bold=True, reverse=mode == "yolo")
        label = f" {mode.upper()} " if mode == "yolo" else mode.upper()
        return [Word(label, chip), Word(" ⇧tab" if self.glyphs.rule == "─" else " shift+tab", palette.muted)]

    def _work(self) -> list[Word]:
        facts, palette, signs = self.facts, self.palette, self.glyphs
        now = self.clock()
        if facts.retry_at:
            left = max(0, round(facts.retry_at - now))
            return [Word(f"{signs.paused} retry in {left} s: {facts.retry_reason}", palette.warning)]
        if not facts.work and facts.trouble:
            return [Word(f"{signs.failed} {facts.trouble}", palette.error)]
        if not facts.work:
            return [Word("ready", palette.muted)]
        sign = signs.paused if facts.work == "asking" else signs.running
        style = palette.attention if facts.work == "asking" else palette.success
        clock = f" {elapsed(now - facts.since)}" if facts.since else ""
        return [Word(f"{sign} {facts.work}{clock}", style)]


def thousands(count: int) -> str:
    """A token count in a few cells: 950, 3.1k, 49k."""
    if count < 1000:
        return str(count)
    return f"{count / 1000:.1f}k" if count < 10_000 else f"{count // 1000}k"


def elapsed(seconds: float) -> str:
    """Seconds as `m:ss`, from an hour on `h:mm:ss`."""
    whole = max(0, int(seconds))
    minutes, rest = divmod(whole, 60)
    if minutes < 60:
        return f"{minutes}:{rest:02}"
    return f"{minutes // 60}:{minutes % 60:02}:{rest:02}"
