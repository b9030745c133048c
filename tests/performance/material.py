"""What is fed to the deck: Markdown as a model streams it, a project, a session with a past."""

from __future__ import annotations

from itertools import count
from pathlib import Path

from nanodeck.contracts import events as ev
from nanodeck.contracts.commands import MAIN_AGENT
from nanodeck.contracts.messages import AssistantMessage, Origin, TextPart, UserMessage
from nanodeck.contracts.model import ModelRef, Usage
from nanodeck.contracts.modes import Mode
from nanodeck.store.lines import encode_line
from nanodeck.store.places import Places
from nanodeck.store.sessions import new_session_id, session_folder

TOKEN = 4
"""Characters of a token."""
FIRST_ROW, LAST_ROW = "thefirstrow", "thelastrow"
_EPOCH = 1_700_000_000.0

_SECTION = """\
## Step {n}: the parser learns another form

The reader now takes **form {n}** as well, see `read_form_{n}` and [the notes](https://example.org/{n}).
It keeps *every* byte that it does not understand, so that nothing is lost on the way back.

- first the header is read
  - its length is checked against {n}
  - its mark is compared
- then the body, in pieces of 4,096 bytes
- at last the checksum

| field | bytes | meaning |
|---|---:|---|
| mark | 4 | always the same |
| length | {n} | of the body |
| check | 8 | over everything before |

```python
def read_form_{n}(data: bytes) -> Form:
    mark, length = data[:4], int.from_bytes(data[4:8], "big")
    if mark != MARK:
        raise ValueError(f"not form {n}: {{mark!r}}")
    return Form(mark, data[8 : 8 + length])
```

1. run the tests with `pytest -k form_{n}`
2. look at the report

> A reader that guesses is a reader that loses data.

"""


def markdown(tokens: int) -> str:
    """Markdown of about `tokens` tokens with headings, lists, tables and fences between two known rows."""
    text = f"{FIRST_ROW}\n\n"
    for n in count(1):
        section = _SECTION.format(n=n)
        if len(text) + len(section) + len(LAST_ROW) > tokens * TOKEN:
            break
        text += section
    filling = "word " * ((tokens * TOKEN - len(text) - len(LAST_ROW) - 2) // 5)
    return f"{text}{filling}\n\n{LAST_ROW}"


def pieces(text: str) -> list[str]:
    """`text` as tokens."""
    return [text[at : at + TOKEN] for at in range(0, len(text), TOKEN)]


def make_project(folder: Path, files: int = 20) -> None:
    """A folder with `files` Python files in it."""
    folder.mkdir(parents=True, exist_ok=True)
    for number in range(files):
        body = "".join(
            f"def function_{number}_{line}(value):\n    return value + {line}\n\n" for line in range(30)
        )
        (folder / f"module_{number}.py").write_text(body, encoding="utf-8")


def make_session(home: Path, folder: Path, messages: int) -> int:
    """Write a session of `messages` messages that was held in `folder`; answers its journal's bytes."""
    session = new_session_id()
    path = session_folder(Places.under(home), session)
    path.mkdir(parents=True)
    model = ModelRef("openai", "answer")
    happened: list[ev.Event] = [ev.SessionStarted("0", str(folder), model, Mode.NORMAL)]
    for turn in range(messages // 2):
        prompt = UserMessage(f"Please look at form {turn}: why does the reader refuse it?")
        reply = AssistantMessage((TextPart(answer_text(turn)),), "stop", Origin("openai", "answer"))
        happened += [
            ev.TurnStarted(f"turn-{turn}"),
            ev.MessageSent(f"message-{turn}", prompt),
            ev.ReplyEnded(f"reply-{turn}", reply, Usage(1000, 100), 1.0),
            ev.TurnEnded(f"turn-{turn}", "done", Usage(1000, 100), 1.1),
        ]
    lines = [
        encode_line(ev.Envelope(n, _EPOCH + n, session, MAIN_AGENT, event))
        for n, event in enumerate(happened, 1)
    ]
    return (path / "events.jsonl").write_bytes(b"".join(lines))


def answer_text(turn: int) -> str:
    """A reply of about 400 characters."""
    return (
        f"The reader refuses **form {turn}** because its length field counts the header as well.\n\n"
        f"- `read_form_{turn}` takes the length of the body\n"
        "- the writer gives the length of everything\n\n"
        "```python\nlength = int.from_bytes(data[4:8], 'big') - HEADER\n```\n\n"
        f"With that change all tests of form {turn} pass, and what was written before is still read."
    )
