"""What happens, in lines that stay: each is said once, when it is whole."""

from __future__ import annotations

from collections.abc import Iterator

from nanodeck.contracts import events as ev
from nanodeck.contracts.checkpoints import about_changes
from nanodeck.contracts.commands import MAIN_AGENT
from nanodeck.contracts.comments import Comment
from nanodeck.contracts.messages import UserMessage, attached_words
from nanodeck.contracts.reasons import told_rule
from nanodeck.contracts.rewinding import rewound_words
from nanodeck.contracts.text import clean, counted, one_line
from nanodeck.faces.plain.commenting import about_comment
from nanodeck.faces.plain.hunks import about_hunk

MOST_OUTPUT_LINES = 20
MOST_PATHS = 10
ENDS = {
    "interrupted": "Stopped",
    "error": "Ended by an error",
    "max-turns": "Ended at the limit of model calls",
}


class Teller:
    """Turns events into lines; of a reply every line is said as soon as it is complete."""

    def __init__(self) -> None:
        self._open = ""
        self._said = False
        self._queue = ev.QueueChanged((), ())
        self._comments: dict[str, tuple[str, bool]] = {}

    def tell(self, envelope: ev.Envelope) -> Iterator[str]:
        """The lines that `envelope` adds."""
        event = envelope.event
        match event:
            case ev.TextStreamed(text=text) if envelope.agent == MAIN_AGENT:
                yield from self._streamed(text)
            case ev.ReplyEnded(message=message) if envelope.agent == MAIN_AGENT:
                yield from self._ended(message.text, message.finish == "interrupted")
            case ev.QueueChanged():
                yield from self._waiting(event)
            case ev.CommentWritten(comment=comment):
                yield from self._commented(comment)
            case ev.ToolStarted(title=title, name=name) if name == "bash":
                yield f"Running: {one_line(title, 500)}"
            case ev.ToolEnded():
                yield from _result(event)
            case ev.TypedEnded(command=command, output=output, summary=summary):
                yield f"$ {one_line(command, 500)}: {one_line(summary)}"
                yield from _output(output)
            case ev.ChangesetEnded(files=files, failure=failure):
                yield from (f"Not written: {one_line(failure, 500)}",) if failure else _written(event)
            case ev.ChangesUndone(files=files):
                yield f"Put back: {', '.join(one_line(file) for file in files)}"
            case ev.ChangesRedone(files=files):
                yield f"Written again: {', '.join(one_line(file) for file in files)}"
            case ev.Rewound():
                yield from _rewound(event)
            case ev.CheckpointTaken(checkpoint=checkpoint) if checkpoint.call:
                yield f"A shell command changed {about_changes(checkpoint)}"
            case _:
                yield from _told(event)

    def _streamed(self, text: str) -> Iterator[str]:
        self._said = True
        *lines, self._open = (self._open + text).split("\n")
        yield from map(clean, lines)

    def _ended(self, text: str, cut: bool) -> Iterator[str]:
        rest, said = self._open, self._said
        self._open, self._said = "", False
        if not said and text:
            rest = text
        if rest:
            yield from map(clean, rest.split("\n"))
        if cut:
            yield "(the reply was cut off here)"

    def _commented(self, comment: Comment) -> Iterator[str]:
        """A comment that only moved with its lines is the same to people."""
        said = comment.text, comment.stale
        if self._comments.get(comment.id) != said:
            self._comments[comment.id] = said
            yield f"Your comment on {about_comment(comment)}"

    def _waiting(self, queue: ev.QueueChanged) -> Iterator[str]:
        """What joined the texts that wait."""
        known, self._queue = self._queue, queue
        for text in queue.steer[len(known.steer) :]:
            yield f"Steers the agent at its next step: {one_line(text, 500)}"
        for text in queue.queued[len(known.queued) :]:
            yield f"Waits for the end of the turn: {one_line(text, 500)}"


def _told(event: ev.Event) -> Iterator[str]:
    match event:
        case ev.MessageSent(message=UserMessage(attachments=attachments)):
            for attached in attachments:
                words = attached_words(attached)
                yield words[0].upper() + words[1:]
        case ev.Noticed(level=level, text=text, advice=advice):
            yield from f"{level.capitalize()}: {clean(text)}".split("\n")
            if advice:
                yield f"  {clean(advice)}"
        case ev.RetryScheduled(seconds=seconds, reason=reason):
            yield f"{one_line(reason, 500)}: trying again in {seconds:.0f} seconds; ctrl+c stops"
        case ev.JobStarted(job=job, title=title):
            yield f"{one_line(job)} runs in the background: {one_line(title, 500)}"
        case ev.JobEnded(job=job, status=status, exit_code=code, denied=denied):
            yield f"{one_line(job)} ended: {status}" + ("" if code is None else f", exit code {code}")
            if denied:
                yield f"  the sandbox denied {one_line(denied)}"
        case ev.RuleAdded(rule=rule):
            yield f"Rule {clean(told_rule(rule, 'kept'))}"
        case ev.RuleDeleted(rule=rule):
            yield f"Rule {clean(told_rule(rule, 'deleted'))}"
        case ev.ModelSwitched(model=model):
            yield f"Model: {model}"
        case ev.ModeSwitched(mode=mode):
            yield f"Mode: {mode.value}"
        case ev.FolderChanged(folder=folder):
            yield f"Folder: {clean(folder)}"
        case ev.QueueReturned(texts=texts):
            for text in texts:
                yield f"Not sent: {one_line(text, 500)}"
        case ev.TurnEnded():
            yield from _turn(event)
        case _:
            yield from _reviewed(event)


def _reviewed(event: ev.Event) -> Iterator[str]:
    match event:
        case ev.CommentDropped():
            yield "The comment is thrown away."
        case ev.CommentsSent(ids=ids):
            yield f"Sent: {counted(len(ids), 'comment')}"
        case ev.HunkTakenBack(path=path, hunk=hunk):
            yield f"Taken back: {clean(path)}, {about_hunk(hunk)}; /undo makes it again"
        case ev.FilesChanged(paths=paths) if paths:
            yield f"Changed, and not by the agent: {', '.join(map(one_line, paths[:MOST_PATHS]))}"
            if len(paths) > MOST_PATHS:
                yield f"  and {counted(len(paths) - MOST_PATHS, 'more file')}"
        case _:
            pass


def _rewound(event: ev.Rewound) -> Iterator[str]:
    if words := rewound_words(event):
        yield words
    if event.changeset:
        yield "  /undo takes that back"
    if event.summary:
        yield from clean(event.summary).split("\n")
    if event.prompt and event.what != "files":
        yield f"You had said: {one_line(event.prompt, 500)}"


def _turn(event: ev.TurnEnded) -> Iterator[str]:
    usage = event.usage
    said = f"{ENDS.get(event.end, 'Done')}: {usage.input:,} tokens in"
    said += f" ({usage.cached:,} cached), {usage.output:,} out, {event.seconds:.1f} seconds."
    yield said + (f" {one_line(event.detail, 500)}" if event.detail and event.end != "error" else "")


def _result(event: ev.ToolEnded) -> Iterator[str]:
    said = event.summary or ("ok" if event.outcome == "ok" else event.outcome)
    yield f"{one_line(event.title, 500)}: {one_line(said)}"
    if event.name == "bash" or event.outcome in ("error", "denied"):
        yield from _output(event.message.text)


def _output(text: str) -> Iterator[str]:
    lines = clean(text).rstrip("\n").split("\n")
    yield from (f"  {line}" for line in lines[:MOST_OUTPUT_LINES] if text.strip())
    if len(lines) > MOST_OUTPUT_LINES:
        yield f"  and {counted(len(lines) - MOST_OUTPUT_LINES, 'more line')}"


def _written(event: ev.ChangesetEnded) -> Iterator[str]:
    for file in event.files:
        yield f"Written: {clean(file.path)}, {file.kind}, +{file.added} -{file.removed}"
    if event.rejected:
        yield f"Rejected: {counted(event.rejected, 'hunk')}"
