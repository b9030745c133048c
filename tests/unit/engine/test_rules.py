"""Rules in a session: what they let through, where they are kept, and why a call ran."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path

import pytest

from nanodeck.contracts import events as ev
from nanodeck.contracts.commands import AddRule, Decide, DeleteRule, Send, SwitchMode
from nanodeck.contracts.link import AnswerT, EngineLink
from nanodeck.contracts.modes import Mode
from nanodeck.contracts.queries import ListRules, Query, ScanSessions, TryCommand, TryRule
from nanodeck.contracts.requests import Answer, Choice, CommandDetail, TrustDetail
from nanodeck.contracts.rules import Rule
from nanodeck.contracts.sandbox import Level, SandboxState
from nanodeck.contracts.views import ToolEntry
from tests.support.face import Face
from tests.support.model_server import ModelServer, Reply

FaceOf = Callable[..., Face]


def bash(command: str) -> tuple[str, dict[str, str]]:
    return "bash", {"command": command}


@pytest.mark.parametrize("scope", ["session", "project", "user"])
def test_an_answer_with_a_rule_holds_for_what_it_covers(
    project: Path, face_of: FaceOf, scope: Choice
) -> None:
    commands = ("touch a", "touch b", "touch c; mkdir d")
    with (
        ModelServer(*(Reply(calls=[bash(command)]) for command in commands), Reply(["ok"])) as server,
        face_of(server) as face,
    ):
        face.link.send(Send("go"))
        request = face.request()
        assert request.suggestion == "bash(touch *)"
        face.link.send(Decide(request.id, Answer(scope, rule=request.suggestion)))
        asked = face.wait(ev.ToolEnded).why
        assert asked
        assert asked.verdict == "ask"
        allowed = face.wait(ev.ToolEnded).why
        assert allowed
        assert (allowed.verdict, allowed.rule) == ("allow", "bash(touch *)")
        assert bool(allowed.file) is (scope != "session")
        compound = face.request()
        assert (compound.why.part, compound.suggestion) == ("mkdir d", "bash(mkdir *)")
        face.answer(compound, "deny")
        face.wait(ev.TurnEnded)
        assert not (project / "c").exists()
    # Elsewhere and later: a rule of the project keeps the trust in the file that it stands in.
    with ModelServer(Reply(calls=[bash("touch e")]), Reply(["ok"])) as server, face_of(server) as face:
        face.link.send(Send("again"))
        if scope == "session":
            face.answer(face.request(), "deny")
        face.wait(ev.TurnEnded)
        assert (project / "e").exists() is (scope != "session")
        assert face.state.requests == ()


def test_rules_are_not_kept_in_a_project_that_is_not_trusted(project: Path, face_of: FaceOf) -> None:
    path = project / ".nanodeck" / "settings.toml"
    path.parent.mkdir()
    path.write_text('[permissions]\nallow = ["bash"]\n')
    with (
        ModelServer(Reply(calls=[bash("touch a")]), Reply(["ok"])) as server,
        face_of(server, first=True) as face,
    ):
        trust = face.request()
        assert isinstance(trust.detail, TrustDetail)
        face.answer(trust, "deny")
        face.link.send(Send("go"))
        request = face.wait(ev.RequestOpened, lambda event: event.request.call_id != "").request
        face.link.send(Decide(request.id, Answer("project", rule=request.suggestion)))
        face.wait(ev.Noticed, lambda event: "not trusted" in event.text)
        face.wait(ev.TurnEnded)
        assert (project / "a").exists()
        assert path.read_text() == '[permissions]\nallow = ["bash"]\n'


def settings_of(project: Path, text: str) -> Path:
    path = project.parent / "home" / "settings.toml"
    path.parent.mkdir(exist_ok=True)
    path.write_text(text)
    return path


def test_what_only_reads_runs_unasked_and_harm_is_refused_in_every_mode(
    project: Path, face_of: FaceOf
) -> None:
    commands = ("cat a.py", "cat a.py && rm -rf /", "rm -rf ~")
    with (
        ModelServer(*(Reply(calls=[bash(command)]) for command in commands), Reply(["ok"])) as server,
        face_of(server) as face,
    ):
        face.link.send(Send("go"))
        read = face.wait(ev.ToolEnded)
        assert (read.outcome, read.why and read.why.rule) == ("ok", "command.reads")
        face.link.send(SwitchMode(Mode.YOLO))
        for part in ("rm -rf /", "rm -rf ~"):
            harm = face.wait(ev.ToolEnded)
            assert harm.why
            assert (harm.outcome, harm.why.verdict, harm.why.part) == ("denied", "deny", part)
        face.wait(ev.TurnEnded)
        assert not any(isinstance(event, ev.RequestOpened) for event in face.events)


def test_tools_are_always_allowed_and_disabled_by_the_names_of_other_agents(
    project: Path, face_of: FaceOf
) -> None:
    path = settings_of(project, 'alwaysAllow = ["execute_bash"]\ndisabledTools = ["write_file", "nothing"]\n')
    calls = [bash("touch a"), ("write", {"path": "new", "content": "x"})]
    with ModelServer(Reply(calls=calls), Reply(["ok"])) as server, face_of(server) as face:
        notice = face.wait(ev.Noticed).text
        assert f"{path}:2" in notice
        assert "no tool nothing" in notice
        assert face.run("go").end == "done"
        ended = {event.name: event for event in face.events if isinstance(event, ev.ToolEnded)}
        why = ended["bash"].why
        assert why
        assert (why.verdict, why.rule, why.file, why.line) == ("allow", "bash", str(path), 1)
        assert "there is no tool" in ended["write"].message.text
        offered = [tool["function"]["name"] for tool in server.requests[0]["tools"]]
        assert "bash" in offered
        assert "write" not in offered


def test_a_policy_that_throws_asks(project: Path, face_of: FaceOf, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*about: object) -> None:
        raise ZeroDivisionError("no")

    monkeypatch.setattr("nanodeck.core.rules.RuleSet.touching", broken)
    replies = Reply(calls=[("read", {"path": "a.py"}), bash("ls")]), Reply(["ok"])
    with ModelServer(*replies) as server, face_of(server, mode=Mode.YOLO) as face:
        face.link.send(Send("go"))
        for _ in range(2):
            request = face.request()
            assert request.why.rule == "policy.failed"
            assert "ZeroDivisionError: no" in request.why.reason
            face.answer(request, "deny")
        face.wait(ev.TurnEnded)


def test_rules_are_added_listed_tried_and_deleted(project: Path, face_of: FaceOf) -> None:
    path = settings_of(project, '# mine\n[permissions]\nask = ["bash(cat *)"]\n')
    replies = Reply(calls=[bash("make all && npm test")]), Reply(["ok"])
    with ModelServer(*replies) as server, face_of(server) as face:
        link = face.link
        link.send(AddRule(Rule("deny", "edit(docs/**)")))
        link.send(AddRule(Rule("allow", "bash(make *)", scope="user")))
        face.wait(ev.RuleAdded, lambda event: event.rule.scope == "user")
        rules = asyncio.run(_asked(link, ListRules()))
        assert [(rule.text, rule.scope, rule.line) for rule in rules] == [
            ("edit(docs/**)", "session", 0),
            ("bash(cat *)", "user", 3),
            ("bash(make *)", "user", 4),
        ]
        link.send(AddRule(Rule("allow", "nothing(x)")))
        assert "there is no tool nothing" in face.wait(ev.Noticed).text
        trial = asyncio.run(_asked(link, TryCommand("make x && cat a.py")))
        assert (trial.why.verdict, trial.why.rule, trial.why.part) == ("ask", "bash(cat *)", "cat a.py")
        assert [(one.part.text, one.why.verdict) for one in trial.parts] == [
            ("make x", "allow"),
            ("cat a.py", "ask"),
        ]
        link.send(Send("go"))
        request = face.request()
        assert isinstance(request.detail, CommandDetail)
        assert [(part.text, part.verdict) for part in request.detail.judged] == [
            ("make all", "allow"),
            ("npm test", "ask"),
        ]
        assert asyncio.run(_asked(link, TryRule("bash(npm run *)", request.id))).left == ("npm test",)
        assert asyncio.run(_asked(link, TryRule("bash(npm *)", request.id))).left == ()
        assert asyncio.run(_asked(link, TryRule("bash(python *)"))).caution
        assert "git bisect is among them" in asyncio.run(_asked(link, TryRule("bash(git *)"))).caution
        assert not asyncio.run(_asked(link, TryRule("bash(git log *)"))).caution
        assert asyncio.run(_asked(link, TryRule("zap(a)"))).problem
        face.answer(request, "deny")
        face.wait(ev.TurnEnded)
        for rule in rules:
            link.send(DeleteRule(rule))
            face.wait(ev.RuleDeleted)
        assert asyncio.run(_asked(link, ListRules())) == ()
        assert path.read_text().startswith("# mine\n[permissions]")


def test_the_rules_of_a_session_and_why_its_calls_ran_survive_a_restart(
    project: Path, face_of: FaceOf
) -> None:
    replies = [Reply(calls=[bash("touch a")]), Reply(calls=[bash("touch b")]), Reply(["ok"])]
    with ModelServer(*replies) as server, face_of(server) as face:
        face.link.send(Send("go"))
        face.link.send(Decide(face.request().id, Answer("session", rule="bash(touch *)")))
        face.wait(ev.TurnEnded)
    with (
        ModelServer(Reply(calls=[bash("touch c")]), Reply(["ok"])) as server,
        face_of(server, resume="last") as face,
    ):
        assert face.run("go on").end == "done"
        entries = face.state.agent("main").transcript
        whys = [entry.why for entry in entries if isinstance(entry, ToolEntry)]
        assert [why and (why.verdict, why.rule) for why in whys] == [
            ("ask", "command.unproven"),
            ("allow", "bash(touch *)"),
            ("allow", "bash(touch *)"),
        ]


def test_past_approvals_propose_rules(project: Path, face_of: FaceOf) -> None:
    commands = ("touch a", "touch b", "touch c && mkdir d", "python x.py", "env ls", "mkdir e")
    replies = [Reply(calls=[bash(command)]) for command in commands]
    with ModelServer(*replies, Reply(["ok"])) as server, face_of(server) as face:
        face.link.send(Send("go"))
        for command in commands:
            face.answer(face.request(), "deny" if command == "mkdir e" else "once")
        face.wait(ev.TurnEnded)
        (proposed,) = asyncio.run(_asked(face.link, ScanSessions()))
        assert (proposed.rule, proposed.times) == ("bash(touch *)", 3)
        assert set(proposed.examples) == set(commands[:3])
        others = asyncio.run(_asked(face.link, TryRule("bash(touch *)"))).others
        assert set(others) == {"touch a", "touch b"}
        face.link.send(AddRule(Rule("allow", "bash(touch *)")))
        face.wait(ev.RuleAdded)
        assert asyncio.run(_asked(face.link, ScanSessions())) == ()


@pytest.mark.parametrize(("level", "verdict"), [(0, "ask"), (1, "allow"), (2, "allow")])
def test_in_auto_accept_commands_run_unasked_where_something_confines_them(
    project: Path, face_of: FaceOf, monkeypatch: pytest.MonkeyPatch, level: Level, verdict: str
) -> None:
    tried = SandboxState(level, "landlock" if level else "none")
    monkeypatch.setattr("nanodeck.engine.calls.confining.tried_here", lambda cache: tried)
    with ModelServer() as server, face_of(server) as face:
        trial = asyncio.run(_asked(face.link, TryCommand("make all", Mode.AUTO_ACCEPT)))
        assert trial.why.verdict == verdict
        assert asyncio.run(_asked(face.link, TryCommand("make all", Mode.NORMAL))).why.verdict == "ask"
        assert asyncio.run(_asked(face.link, TryCommand("rm -rf /", Mode.AUTO_ACCEPT))).why.verdict == "deny"


async def _asked(link: EngineLink, query: Query[AnswerT]) -> AnswerT:
    return await link.ask(query)


def test_a_search_shows_nothing_of_files_that_a_rule_keeps_from_being_read(
    project: Path, face_of: FaceOf
) -> None:
    (project / "kept").mkdir()
    (project / "kept" / "b.py").write_text("line 1 of what is kept\n")
    search = Reply(calls=[("grep", {"pattern": "line 1"})])
    with ModelServer(search, Reply(["ok"])) as server, face_of(server) as face:
        face.link.send(AddRule(Rule("deny", "read(kept/**)", scope="session")))
        face.run("go")
        (found,) = [event.message.text for event in face.events if isinstance(event, ev.ToolEnded)]
    assert "a.py" in found
    assert "kept" not in found
