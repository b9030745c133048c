"""Rules: what their texts say and cover, and the order of decision line by line."""

from __future__ import annotations

import re
import shlex
from pathlib import PurePosixPath

import pytest
from hypothesis import given, settings, strategies as st

from nanodeck.contracts.errors import SettingsError
from nanodeck.contracts.judging import JudgedPart, Judgement, Opinion
from nanodeck.contracts.modes import Mode
from nanodeck.contracts.rules import Rule, Why
from nanodeck.core.permissions import CallFacts, EffectName, Ground, decide
from nanodeck.core.rules import Piece, RuleSet, parse_rule
from nanodeck.core.suggesting import suggest

ROOT, HOME = "/p", "/home/me"
WORDS = st.text(st.characters(exclude_categories=("Cs", "Cc")), max_size=8)


def rules(*made: Rule) -> RuleSet:
    return RuleSet(made, ROOT, HOME)


def allow(text: str, *modes: Mode) -> Rule:
    return Rule("allow", text, modes)


def deny(text: str, *modes: Mode) -> Rule:
    return Rule("deny", text, modes)


def ask(text: str, *modes: Mode) -> Rule:
    return Rule("ask", text, modes)


def words(text: str, *, certain: bool = True, reads: bool = False) -> Piece:
    return Piece(text, tuple(shlex.split(text)), certain=certain, allowed=reads)


def command(*pieces: Piece, verdict: Opinion = "ask") -> CallFacts:
    said = "the judge says so", "judge"
    parts = tuple(JudgedPart(piece.text, piece.argv, True, "ask", *said) for piece in pieces)
    judgement = Judgement(verdict, pieces[0].text, *said, parts)
    return CallFacts("bash", "execute", "grant", pieces=pieces, judgement=judgement)


def file(
    tool: str, effect: EffectName, path: str, *, outside: bool = False, guarded: bool = False
) -> CallFacts:
    piece = Piece(path, paths=(path,), outside=outside, guarded=guarded)
    whys = (f"{path} is guarded",) if guarded else ()
    return CallFacts(tool, effect, "grant", (path,) if outside else (), guarded=whys, pieces=(piece,))


def decided(facts: CallFacts, *made: Rule, mode: Mode = Mode.NORMAL, confined: bool = False) -> Why:
    return decide(mode, facts, Ground(rules(*made), confined=confined))


@pytest.mark.parametrize(
    ("rule", "covered", "others"),
    [
        ("bash(npm test)", ["npm test"], ["npm test -x", "npm", "npm tests"]),
        ("bash(npm test *)", ["npm test", "npm test -x 'a b'"], ["npm run", "npm testing", "x npm test"]),
        ("bash(echo '*')", ["echo '*'"], ["echo", "echo a"]),
        ("bash(git commit -m 'a b')", ["git commit -m 'a b'"], ["git commit -m a b"]),
        ("bash", ["anything -at all"], []),
    ],
)
def test_a_command_is_covered_word_by_word(rule: str, covered: list[str], others: list[str]) -> None:
    for text in covered:
        assert decided(command(words(text)), allow(rule)).verdict == "allow"
        assert decided(command(words(text)), deny(rule)).verdict == "deny"
    for text in others:
        assert decided(command(words(text)), allow(rule)).verdict == "ask"
        assert decided(command(words(text)), deny(rule)).verdict == "ask"


@pytest.mark.parametrize(
    ("target", "covered", "others"),
    [
        ("src/**", ["/p/src", "/p/src/a/b.py"], ["/p/srcs", "/src/a", "/p/a/src/b"]),
        ("*.md", ["/p/a.md", "/p/x/y.md"], ["/p/a.mdx", "/q/a.md"]),
        (".env", ["/p/.env", "/p/a/.env"], ["/p/xenv", "/p/.env/a"]),
        ("a/**/b.py", ["/p/a/b.py", "/p/a/x/y/b.py"], ["/p/ab.py"]),
        ("docs/", ["/p/docs/a/b"], ["/p/docsx/a"]),
        ("a?c", ["/p/abc"], ["/p/a/c", "/p/abbc"]),
        ("**", ["/p/a/b"], ["/pa", "/q"]),
        ("/etc/*", ["/etc/x"], ["/etc/x/y", "/p/etc/x"]),
        ("~/notes/**", ["/home/me/notes/a"], ["/home/me/notesx", "/p/notes/a"]),
    ],
)
def test_paths_are_seen_from_the_workspace_unless_they_say_where(
    target: str, covered: list[str], others: list[str]
) -> None:
    for path in (*covered, *others):
        verdict = decided(file("write", "edit", path), allow(f"edit({target})")).verdict
        assert verdict == ("allow" if path in covered else "ask"), path


def test_a_name_in_brackets_stands_for_all_that_edit_and_alone_for_one_tool() -> None:
    assert decided(file("write", "edit", "/p/a"), allow("edit(a)")).verdict == "allow"
    assert decided(file("write", "edit", "/p/a"), allow("edit")).verdict == "ask"
    assert decided(file("grep", "read", "/p/a"), deny("read(a)")).verdict == "deny"
    assert decided(file("grep", "read", "/p/a"), deny("read")).verdict == "allow"


@pytest.mark.parametrize(
    "text",
    ["", "(x)", "bash()", "bash(*)", "bash('a)", "bash(npm * x)", "network", "mcp", "edit(../x)", "a b"],
)
def test_what_says_nothing_is_no_rule(text: str) -> None:
    with pytest.raises(SettingsError):
        parse_rule(text)


@pytest.mark.parametrize(
    ("text", "advice"),
    [
        ("bash(npm run test:*)", "write bash(npm run test *)"),
        ("bash(npm test*)", "write bash(npm test *)"),
        ('bash("npm run":*)', 'write bash("npm run" *)'),
        ("bash(*)", "bash alone is every command"),
        ("bash(git * main)", "at the end alone"),
        ("bash(make && ls)", "one simple command"),
        ("bash(make >x *)", "one simple command"),
        ("bash(A=1 make)", "begins with the program"),
        ("bash(ls $HOME)", "once the shell has filled them in"),
        ("bash(~/x *)", "once the shell has filled them in"),
        ("git *", "write bash(git *)"),
        ("bash: git *", "write bash(git *)"),
        ("network(domain:example.org)", "write network(example.org)"),
        ("network(https://example.org/x)", "write network(example.org)"),
        ("network(*)", "name the hosts"),
        ("mcp(files)", "write mcp(files/*)"),
        ("read(//etc/x)", "write read(/etc/x)"),
        ("edit(!src/**)", "begins with a name"),
        ("edit({a,b}/**)", "a rule for each"),
    ],
)
def test_a_rule_as_other_agents_write_it_is_told_how_it_is_written_here(text: str, advice: str) -> None:
    with pytest.raises(SettingsError, match=re.escape(advice)):
        parse_rule(text)


def test_signs_of_the_shell_in_quotes_are_words() -> None:
    rule = "bash(git commit -m 'a && $b; ~' \"c|d\" *)"
    assert decided(command(words("git commit -m 'a && $b; ~' 'c|d' -q")), allow(rule)).verdict == "allow"


def test_a_path_from_here_is_one_in_the_workspace_itself() -> None:
    assert decided(file("read", "read", "/p/.env"), deny("read(./.env)")).verdict == "deny"
    assert decided(file("read", "read", "/p/a/.env"), deny("read(./.env)")).verdict == "allow"


def test_domains_and_servers_are_named() -> None:
    def reach(host: str) -> CallFacts:
        return CallFacts("network", "execute", "", pieces=(Piece(host),))

    below = allow("network(*.example.org)")
    assert decided(reach("a.example.org"), below).verdict == "allow"
    for host in ("example.org", "badexample.org", "a.example.org.evil"):
        assert decided(reach(host), below).verdict == "ask"
    assert decided(reach("example.org"), allow("network(example.org)")).verdict == "allow"
    tool = CallFacts("mcp", "execute", "", pieces=(Piece("files/read"),))
    assert decided(tool, allow("mcp(files/*)")).verdict == "allow"
    assert decided(tool, allow("mcp(file/*)")).verdict == "ask"


def test_a_compound_command_is_allowed_only_if_every_part_is() -> None:
    """A2: `cd x && rm -rf y` with an allow rule for `cd` asks, and the other way round too."""
    cd, rm = words("cd x"), words("rm -rf y")
    assert decided(command(cd, rm), allow("bash(cd *)")).verdict == "ask"
    assert decided(command(cd, rm), allow("bash(rm *)")).verdict == "ask"
    assert decided(command(cd, rm), allow("bash(rm *)"), allow("bash(cd *)")).verdict == "allow"
    assert decided(command(words("cd x", reads=True), rm), allow("bash(rm *)")).verdict == "allow"
    assert decided(command(cd, rm), deny("bash(rm *)"), allow("bash")).verdict == "deny"
    assert decided(command(cd, rm), allow("bash(cd *)")).part == "rm -rf y"


def test_what_is_not_certain_is_forbidden_by_its_words_and_allowed_by_none() -> None:
    unsure = words("rm -rf $X", certain=False)
    assert decided(command(unsure), allow("bash(rm *)")).verdict == "ask"
    assert decided(command(unsure), deny("bash(rm *)")).verdict == "deny"
    assert decided(command(unsure), allow("bash")).verdict == "allow"


def test_a_read_rule_sees_what_the_words_of_commands_name() -> None:
    cat = Piece("cat .env", ("cat", ".env"), ("/p/.env",), allowed=True)
    assert decided(command(cat, verdict="allow"), deny("read(.env)")).verdict == "deny"
    assert decided(command(cat, verdict="allow"), deny("edit(.env)")).verdict == "allow"


MAKE = command(words("make"))
LS = command(words("ls", reads=True), verdict="allow")
ETC = file("read", "read", "/etc/x", outside=True)
ENV = file("read", "read", "/p/.env", guarded=True)
NEVER = CallFacts("write", "edit", "grant", forbidden="never")


@pytest.mark.parametrize(
    ("facts", "made", "mode", "verdict", "rule"),
    [
        # 1 before everything, also in yolo and under rules that allow
        (NEVER, (allow("edit(**)"),), Mode.YOLO, "deny", "path.forbidden"),
        (command(words("rm -rf /"), verdict="deny"), (allow("bash"),), Mode.YOLO, "deny", "judge"),
        # 2 deny rules before plan mode, grants, other rules and yolo
        (MAKE, (allow("bash"), ask("bash"), deny("bash(make *)")), Mode.YOLO, "deny", "bash(make *)"),
        (MAKE, (deny("bash", Mode.AUTO_ACCEPT),), Mode.YOLO, "allow", "mode.yolo"),
        # 3 plan mode before ask and allow rules
        (MAKE, (allow("bash"), ask("bash")), Mode.PLAN, "deny", "mode.plan"),
        (LS, (), Mode.PLAN, "deny", "mode.plan"),
        # 4 ask rules before grants, allow rules and yolo
        (MAKE, (allow("bash"), ask("bash(make *)")), Mode.YOLO, "ask", "bash(make *)"),
        # 5 manual mode asks, but for rules that name it
        (MAKE, (allow("bash"),), Mode.MANUAL, "ask", "mode.manual"),
        (MAKE, (allow("bash(make *)", Mode.MANUAL),), Mode.MANUAL, "allow", "bash(make *)"),
        # 7 allow rules before guarded and foreign paths, where they name them
        (ETC, (allow("read(/etc/*)"),), Mode.NORMAL, "allow", "read(/etc/*)"),
        (ETC, (allow("read"),), Mode.NORMAL, "ask", "path.outside"),
        (ENV, (allow("read(**)"),), Mode.NORMAL, "ask", "path.guarded"),
        (ENV, (allow("read(.env)"),), Mode.NORMAL, "allow", "read(.env)"),
        # 8 yolo before 9 and 10
        (file("write", "edit", "/etc/x", outside=True, guarded=True), (), Mode.YOLO, "allow", "mode.yolo"),
        # 9 before 10 before 11
        (file("read", "read", "/etc/x", outside=True, guarded=True), (), Mode.NORMAL, "ask", "path.guarded"),
        (ETC, (), Mode.AUTO_ACCEPT, "ask", "path.outside"),
        (file("read", "read", "/p/x"), (), Mode.NORMAL, "allow", "effect.read"),
        (CallFacts("task", "state", "grant"), (), Mode.NORMAL, "allow", "effect.state"),
        (LS, (), Mode.NORMAL, "allow", "judge"),
        # 12 and 13
        (file("write", "edit", "/p/x"), (), Mode.NORMAL, "ask", "effect.edit"),
        (file("write", "edit", "/p/x"), (), Mode.AUTO_ACCEPT, "allow", "mode.auto-accept"),
        (MAKE, (), Mode.AUTO_ACCEPT, "ask", "judge"),
        (CallFacts("git", "execute", "grant"), (), Mode.AUTO_ACCEPT, "ask", "effect.execute"),
    ],
)
def test_the_order_of_decision_line_by_line(
    facts: CallFacts, made: tuple[Rule, ...], mode: Mode, verdict: Opinion, rule: str
) -> None:
    why = decided(facts, *made, mode=mode)
    assert (why.verdict, why.rule) == (verdict, rule)
    assert why.reason


def test_line_6_a_grant_is_asked_about_by_rules_and_manual_mode_alone() -> None:
    make = command(words("make"))
    for mode, made, verdict in (
        (Mode.NORMAL, (), "allow"),
        (Mode.NORMAL, (ask("bash"),), "ask"),
        (Mode.MANUAL, (), "ask"),
        (Mode.PLAN, (), "deny"),
    ):
        assert decide(mode, make, Ground(rules(*made), frozenset({"grant"}))).verdict == verdict


@pytest.mark.parametrize("mode", list(Mode))
def test_line_13_the_sandbox_counts_in_auto_accept_alone_and_never_for_harm(mode: Mode) -> None:
    unconfined, confined = (decided(command(words("make")), mode=mode, confined=c) for c in (False, True))
    assert (unconfined == confined) is (mode is not Mode.AUTO_ACCEPT)
    if mode is Mode.AUTO_ACCEPT:
        assert confined.verdict == "allow"
    assert decided(command(words("x"), verdict="deny"), mode=mode, confined=True).verdict == "deny"
    assert decided(CallFacts("git", "execute", ""), mode=Mode.AUTO_ACCEPT, confined=True).verdict == "ask"


def test_a_decision_that_fails_asks_and_plan_mode_stays_plan_mode() -> None:
    class Broken(RuleSet):
        def touching(self, *about: object) -> Why | None:
            raise ZeroDivisionError("broken")

    for mode, facts, verdict in (
        (Mode.YOLO, MAKE, "ask"),
        (Mode.AUTO_ACCEPT, file("read", "read", "/p/x"), "ask"),
        (Mode.PLAN, MAKE, "deny"),
        (Mode.YOLO, NEVER, "deny"),
    ):
        why = decide(mode, facts, Ground(Broken((), ROOT, HOME), confined=True))
        assert why.verdict == verdict
        assert verdict == "deny" or "ZeroDivisionError: broken" in why.reason


def test_why_says_which_rule_and_where_it_stands() -> None:
    rule = Rule("deny", "bash(rm *)", (), "project", ".nanodeck/settings.toml", 7)
    why = decided(command(words("cd x", reads=True), words("rm y")), rule)
    assert (why.rule, why.file, why.line, why.part) == ("bash(rm *)", ".nanodeck/settings.toml", 7, "rm y")


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("npm test --watch", "bash(npm test *)"),
        ("npm run build", "bash(npm run build *)"),
        ("pytest -q tests", "bash(pytest *)"),
        ("./check.sh a", "bash(./check.sh *)"),
        ("make", "bash(make)"),
        ("rm -rf build", "bash(rm -rf build)"),
        ("git --git-dir x push", "bash(git --git-dir x push)"),
        *((text, "") for text in ("python -m pytest", "python3.11 x.py", "/usr/bin/env npm test", "sudo ls")),
        *(
            (text, "")
            for text in ("bash -c 'npm test'", "uv run pytest", "npx jest", "xargs rm", "ssh host ls")
        ),
        *(
            (text, "")
            for text in ("find . -name x", "awk 1 x", "node x.js", "docker run x", "git config a b")
        ),
    ],
)
def test_what_is_suggested_fits_and_is_never_for_what_runs_anything(text: str, rule: str) -> None:
    assert suggest((words(text),)) == rule
    if rule:
        assert decided(command(words(text)), allow(rule)).verdict == "allow"


def test_each_part_that_needs_a_rule_gets_one_or_none_is_suggested() -> None:
    ls, test, build = words("ls", reads=True), words("npm test -x"), words("make all")
    assert suggest((ls, test, build, test)) == "bash(npm test *)\nbash(make all *)"
    assert suggest((test, words("python x"))) == ""
    assert suggest((words("npm test $X", certain=False),)) == ""


@settings(max_examples=150, deadline=None)
@given(st.lists(WORDS, min_size=1, max_size=4), st.lists(WORDS, max_size=3))
def test_any_words_make_a_rule_that_covers_them_alone(argv: list[str], more: list[str]) -> None:
    exact, open_ended = f"bash({shlex.join(argv)})", f"bash({shlex.join(argv)} *)"
    for text, given_argv, covers in (
        (exact, argv, True),
        (exact, [*argv, *more], not more),
        (open_ended, [*argv, *more], True),
        (open_ended, argv[:-1], False),
    ):
        facts = command(Piece("x", tuple(given_argv)))
        assert (decided(facts, allow(text)).verdict == "allow") is covers


@settings(max_examples=150, deadline=None)
@given(
    st.lists(st.tuples(st.sampled_from(["allow", "ask", "deny"]), st.sampled_from("abc")), max_size=5),
    st.lists(st.sampled_from("abc"), min_size=1, max_size=4),
    st.sampled_from(list(Mode)),
)
def test_no_order_of_rules_and_no_other_part_lets_a_denied_part_run(
    made: list[tuple[Opinion, str]], programs: list[str], mode: Mode
) -> None:
    written = [Rule(verdict, f"bash({name} *)") for verdict, name in made]
    facts = command(*(words(f"{name} x") for name in programs))
    verdict = decided(facts, *written, mode=mode).verdict
    assert decided(facts, *reversed(written), mode=mode).verdict == verdict
    denied = {name for opinion, name in made if opinion == "deny"}
    asking = {name for opinion, name in made if opinion == "ask"}
    if denied & set(programs):
        assert verdict == "deny"
    elif verdict == "allow":
        assert not asking & set(programs)


@settings(max_examples=100, deadline=None)
@given(st.lists(st.sampled_from(["a", "b", "..", "src", "x.py"]), min_size=1, max_size=6))
def test_a_rule_for_a_folder_covers_what_lies_in_it_alone(names: list[str]) -> None:
    path = PurePosixPath("/p", *(name for name in names if name != ".."))
    inside = path.is_relative_to("/p/src")
    assert (decided(file("write", "edit", str(path)), allow("edit(src/**)")).verdict == "allow") is inside


def test_a_command_that_several_rules_allow_names_them_all() -> None:
    both = decided(
        command(words("mkdir q"), words("npm run lint")), allow("bash(mkdir *)"), allow("bash(npm run *)")
    )
    assert (both.verdict, both.rule) == ("allow", "bash(mkdir *) and bash(npm run *)")
    assert both.reason == "every part is allowed by a rule"
    one = decided(command(words("mkdir q"), words("mkdir r")), allow("bash(mkdir *)"))
    assert one.rule == "bash(mkdir *)"
