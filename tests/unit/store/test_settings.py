"""Settings: precedence, problems that name file, line and key, and a file that keeps its comments."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from nanodeck.contracts.errors import SettingsError
from nanodeck.contracts.modes import Mode
from nanodeck.store.places import Places
from nanodeck.store.settings import Loaded, Provider, Settings, load_settings
from nanodeck.store.settings_file import add_provider


@pytest.fixture
def places(tmp_path: Path) -> Places:
    return Places.under(tmp_path / "home")


@pytest.fixture
def project(tmp_path: Path) -> Path:
    (tmp_path / "project" / ".git").mkdir(parents=True)
    return tmp_path / "project"


def user(places: Places, text: str) -> None:
    places.config.mkdir(parents=True, exist_ok=True)
    places.settings.write_text(text)


def own(project: Path, text: str) -> Path:
    path = project / ".nanodeck" / "settings.toml"
    path.parent.mkdir(exist_ok=True)
    path.write_text(text)
    return path


def load(places: Places, project: Path, environment: dict[str, str] | None = None, **flags: object) -> Loaded:
    return load_settings(places, project, environment or {}, flags)


def test_without_any_file_the_defaults_hold(places: Places, project: Path) -> None:
    assert load(places, project) == Loaded(Settings())
    assert not places.config.exists()


def test_each_source_beats_the_one_before(places: Places, project: Path) -> None:
    user(places, 'model = "a/user"\nmax_turns = 1\nshell_timeout = 5\nmode = "plan"\n')
    own(project, 'model = "a/project"\nmax_turns = 2\n')
    loaded = load(places, project, {"NANODECK_MODEL": "a/environment"}, max_turns=9)
    assert loaded.settings == Settings(model="a/environment", max_turns=9, shell_timeout=5.0, mode=Mode.PLAN)
    assert loaded.problems == ()
    assert loaded.origins == {
        "model": "NANODECK_MODEL",
        "max_turns": "flag",
        "shell_timeout": f"{places.settings}:3",
        "mode": f"{places.settings}:4",
    }


def test_flags_that_were_not_given_change_nothing(places: Places, project: Path) -> None:
    user(places, "max_turns = 4\n")
    assert load(places, project, max_turns=None).settings.max_turns == 4


def test_the_environment_names_a_server_and_a_model(places: Places, project: Path) -> None:
    loaded = load(places, project, {"MODEL": "org/big:7b", "OPENAI_BASE_URL": "http://127.0.0.1:9/v1"})
    assert (loaded.settings.model, loaded.settings.base_url) == ("org/big:7b", "http://127.0.0.1:9/v1")
    assert loaded.origins == {"model": "MODEL", "base_url": "OPENAI_BASE_URL"}


def test_providers_are_tables_of_their_own(places: Places, project: Path) -> None:
    user(places, '[providers.box]\nbase_url = "http://box:1"\nmodels = ["m"]\nkey_env = "BOX"\n')
    assert load(places, project).settings.providers == {"box": Provider("http://box:1", ("m",), "BOX")}


@pytest.mark.parametrize(
    ("text", "line", "key"),
    [
        ('model = "a/b"\nmax_turns = "many"\n', 2, "max_turns"),
        ("max_turns = 0\n", 1, "max_turns"),
        ('tools = "read"\n', 1, "tools"),
        ("# words\n\nshell_timeout = -1\n", 3, "shell_timeout"),
        ('mode = "fast"\n', 1, "mode"),
        ('mode = "yolo"\n', 1, "mode"),
        ("mode = 3\n", 1, "mode"),
        ('modle = "a/b"\n', 1, "modle"),
        ("[providers.box]\nbase_url = 3\n", 2, "providers.box.base_url"),
        ('[providers.a]\nbase_url = "x"\n[providers."b.c"]\nmodels = 1\n', 4, "providers.b.c.models"),
        ("[providers]\nbox = 3\n", 2, "providers.box"),
        ('system_prompt = """\nmax_turns = 1\n"""\nmax_turns = 1.5\n', 4, "max_turns"),
    ],
)
def test_a_bad_value_is_named_by_file_line_and_key(
    places: Places, project: Path, text: str, line: int, key: str
) -> None:
    user(places, text)
    (problem,) = load(places, project).problems
    assert problem.startswith(f"{places.settings}:{line}: {key}: ")


def test_a_bad_key_costs_only_itself(places: Places, project: Path) -> None:
    user(places, 'model = "a/b"\nmode = "x"\n[providers.p]\nbase_url = "http://p"\nmodels = 4\n')
    loaded = load(places, project)
    assert loaded.settings == Settings(model="a/b", providers={"p": Provider("http://p")})
    assert len(loaded.problems) == 2


def test_a_typing_slip_gets_a_suggestion(places: Places, project: Path) -> None:
    user(places, "max_turn = 3\n")
    assert "did you mean max_turns" in load(places, project).problems[0]


@pytest.mark.parametrize(
    ("text", "line"), [(b'model = "a\n', 1), (b"a = 1\n[x\n", 2), (b"a = 1\nb = \xff\n", 2)]
)
def test_a_broken_file_is_named_with_its_line_and_the_rest_starts(
    places: Places, project: Path, text: bytes, line: int
) -> None:
    user(places, "")
    places.settings.write_bytes(text)
    own(project, "max_turns = 3\n")
    loaded = load(places, project)
    assert loaded.settings == Settings(max_turns=3)
    assert loaded.problems[0].startswith(f"{places.settings}:{line}: ")


@pytest.mark.parametrize(
    "text",
    [
        'mode = "auto-accept"',
        'base_url = "http://evil"',
        '[providers.openai]\nbase_url = "http://evil"',
        'key_env = "HOME"',
    ],
)
def test_a_project_may_not_decide_about_servers_and_keys(places: Places, project: Path, text: str) -> None:
    user(places, '[providers.openai]\nbase_url = "http://good"\n')
    path = own(project, f"max_turns = 3\n{text}\n")
    loaded = load(places, project)
    assert loaded.settings == Settings(max_turns=3, providers={"openai": Provider("http://good")})
    (problem,) = loaded.problems
    assert problem.startswith(f"{path}:2: ")
    assert "a project may not set this" in problem


def test_a_project_can_only_take_tools_away(places: Places, project: Path) -> None:
    own(project, 'tools = ["bash", "read"]\n')
    assert load(places, project).settings.tools == ("bash", "read")
    user(places, 'tools = ["read", "grep"]\n')
    assert load(places, project).settings.tools == ("read",)


def test_variables_are_put_into_the_persons_own_settings_only(places: Places, project: Path) -> None:
    user(places, '[providers.p]\nbase_url = "http://${HOST}:${PORT:-80}/$$x"\nmodels = ["$NOT_SET"]\n')
    own(project, 'append_system_prompt = "$SECRET"\n')
    loaded = load(places, project, {"HOST": "box", "SECRET": "s3cret"})
    assert loaded.settings.providers == {"p": Provider("http://box:80/$x", ("",))}
    assert loaded.settings.append_system_prompt == "$SECRET"
    assert "providers.p.models: the variable NOT_SET is not set" in loaded.problems[0]


def test_project_settings_are_found_from_below_but_not_above_the_repository(
    places: Places, project: Path
) -> None:
    deep = project / "a" / "b"
    deep.mkdir(parents=True)
    own(project.parent, "max_turns = 1\n")
    assert load(places, deep).settings.max_turns is None
    own(project, "max_turns = 2\n")
    assert load(places, deep).settings.max_turns == 2


def test_without_a_repository_only_the_folder_itself_counts(places: Places, tmp_path: Path) -> None:
    own(tmp_path, "max_turns = 1\n")
    inner = tmp_path / "inner"
    inner.mkdir()
    assert load(places, inner).settings.max_turns is None
    assert load(places, tmp_path).settings.max_turns == 1


def test_adding_a_provider_keeps_everything_else(places: Places, project: Path) -> None:
    user(
        places, '# mine\nmax_turns = 7 # seven\n\n[providers.old] # first\nbase_url = "http://old"\nodd = 1\n'
    )
    add_provider(places, "box", "http://box:1234/v1", "qwen")
    text = places.settings.read_text()
    assert all(
        kept in text for kept in ("# mine\n", "max_turns = 7 # seven", "[providers.old] # first", "odd = 1")
    )
    settings = load(places, project).settings
    assert settings.model == "box/qwen"
    assert settings.max_turns == 7
    assert settings.providers["box"] == Provider("http://box:1234/v1", ("qwen",))
    assert settings.providers["old"].base_url == "http://old"
    assert stat.S_IMODE(places.settings.stat().st_mode) == 0o600


def test_a_provider_that_is_there_keeps_its_models(places: Places, project: Path) -> None:
    add_provider(places, "box", "http://one", "a", key_env="BOX_KEY")
    add_provider(places, "box", "http://two", "b")
    assert load(places, project).settings.providers == {"box": Provider("http://two", ("a", "b"), "BOX_KEY")}


def test_a_broken_file_is_never_overwritten(places: Places) -> None:
    user(places, "good = 1\nbroken = [\n")
    with pytest.raises(SettingsError, match=r"settings\.toml:2"):
        add_provider(places, "box", "http://box", "m")
    assert places.settings.read_text() == "good = 1\nbroken = [\n"


@pytest.mark.parametrize("name", ["", "a/b", "Ünder", "a b", "-x"])
def test_a_provider_needs_a_name_that_can_stand_before_a_slash(places: Places, name: str) -> None:
    with pytest.raises(SettingsError):
        add_provider(places, name, "http://box", "m")


def test_a_link_to_the_settings_stays_a_link(places: Places, tmp_path: Path) -> None:
    real = tmp_path / "dotfiles.toml"
    real.write_text("# kept elsewhere\n")
    places.config.mkdir()
    places.settings.symlink_to(real)
    add_provider(places, "box", "http://box", "m")
    assert places.settings.is_symlink()
    assert real.read_text().startswith("# kept elsewhere\n")
    assert 'model = "box/m"' in real.read_text()


EDIT_TOOLS = {
    "nothing set": ("", "edit"),
    "for all": ('edit_tool = "apply_patch"', "apply_patch"),
    "for a provider": ('[providers.near]\nedit_tool = "apply_patch"', "apply_patch"),
    "for another provider": ('[providers.far]\nedit_tool = "apply_patch"', "edit"),
    "for a model": ('[providers.near.edit_tool]\n"qwen3:8b" = "apply_patch"', "apply_patch"),
    "for another model": ('[providers.near.edit_tool]\nother = "apply_patch"', "edit"),
    "not for this provider": (
        'edit_tool = "apply_patch"\n[providers.near]\nedit_tool = "edit"',
        "edit",
    ),
}


@pytest.mark.parametrize(("text", "name"), EDIT_TOOLS.values(), ids=EDIT_TOOLS)
def test_a_model_edits_with_what_is_set_nearest_to_it(
    places: Places, project: Path, text: str, name: str
) -> None:
    user(places, text)
    loaded = load(places, project)
    assert not loaded.problems
    assert loaded.settings.edit_tool_of("near", "qwen3:8b") == name


def test_what_a_model_takes_at_once_is_set_for_all_of_a_provider_or_by_name(
    places: Places, project: Path
) -> None:
    user(places, "[providers.near]\ncontext_window = 8192\n[providers.far.context_window]\nbig = 131072")
    settings = load(places, project).settings
    windows = [settings.window_of(*ref) for ref in (("near", "m"), ("far", "big"), ("far", "m"), ("no", "m"))]
    assert windows == [8192, 131072, 0, 0]


def test_a_tool_nobody_edits_with_is_said(places: Places, project: Path) -> None:
    user(places, 'edit_tool = "sed"')
    loaded = load(places, project)
    assert "edit_tool: invalid enum value 'sed'" in loaded.problems[0]
    assert loaded.settings.edit_tool == "edit"
