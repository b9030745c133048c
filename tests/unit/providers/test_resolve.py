"""From a model's name to where it is reached."""

from __future__ import annotations

import pytest

from nanodeck.contracts.errors import NanodeckError
from nanodeck.contracts.model import ModelRef
from nanodeck.providers.resolve import DEMO, find_endpoint, find_endpoints, resolve_model

EXPLICIT = {"OPENAI_BASE_URL": "http://localhost:8080", "OPENAI_API_KEY": "sk-abc"}
MINE = {"mine": ("https://mine.example/v1", "mine-key")}


@pytest.mark.parametrize(
    "name", ["qwen3:8b", "openai/gpt-x", "openrouter:free", "mine/model", "a/b/c", "models/gemini"]
)
def test_any_name_goes_whole_to_an_explicit_base_url(name: str) -> None:
    ref, endpoint = resolve_model(name, MINE, EXPLICIT)
    assert ref.name == name
    assert endpoint.base_url == "http://localhost:8080/v1"
    assert (endpoint.key, endpoint.key_source) == ("sk-abc", "OPENAI_API_KEY")


def test_the_environment_names_the_model() -> None:
    ref, _ = resolve_model(None, {}, EXPLICIT | {"MODEL": "m1"})
    assert ref == ModelRef("custom", "m1")
    assert resolve_model("m2", {}, EXPLICIT | {"MODEL": "m1"})[0].name == "m2"


@pytest.mark.parametrize(
    ("name", "ref"),
    [
        ("mine/m", ModelRef("mine", "m")),
        ("mine:m", ModelRef("mine", "m")),
        ("mine/a/b:c", ModelRef("mine", "a/b:c")),
        ("openai/gpt-x", ModelRef("openai", "gpt-x")),
        ("ollama/qwen3:8b", ModelRef("ollama", "qwen3:8b")),
        ("ollama:qwen3:8b", ModelRef("ollama", "qwen3:8b")),
        ("qwen3:8b", ModelRef("mine", "qwen3:8b")),
        ("some/model", ModelRef("mine", "some/model")),
        ("mine/", ModelRef("mine", "mine/")),
    ],
)
def test_a_name_is_split_only_behind_a_provider(name: str, ref: ModelRef) -> None:
    assert resolve_model(name, MINE, {"OPENAI_API_KEY": "sk-abc"})[0] == ref


def test_a_bare_name_goes_to_the_only_provider_with_a_key() -> None:
    ref, endpoint = resolve_model("m", {}, {"DEEPSEEK_API_KEY": "abc"})
    assert ref == ModelRef("deepseek", "m")
    assert (endpoint.base_url, endpoint.key) == ("https://api.deepseek.com/v1", "abc")


def test_several_possible_providers_are_named() -> None:
    with pytest.raises(NanodeckError) as caught:
        resolve_model("m", {}, {"DEEPSEEK_API_KEY": "abc", "XAI_API_KEY": "def"})
    assert "deepseek/m" in caught.value.advice
    assert "xai/m" in caught.value.advice
    assert "abc" not in caught.value.advice


@pytest.mark.parametrize("name", [None, "", "  ", "m"])
def test_with_nothing_configured_the_error_says_what_to_do(name: str | None) -> None:
    with pytest.raises(NanodeckError) as caught:
        resolve_model(name, {}, {})
    assert "OPENAI_BASE_URL" in caught.value.advice
    assert "demo" in caught.value.advice


def test_a_missing_key_names_its_variable() -> None:
    with pytest.raises(NanodeckError) as caught:
        resolve_model("groq/m", {}, {})
    assert "GROQ_API_KEY" in caught.value.advice


def test_the_demo_needs_nothing() -> None:
    for environment in ({}, EXPLICIT):
        assert resolve_model("demo", {}, environment)[0] == DEMO
    assert resolve_model("demo", {}, {}, provider="demo")[0] == DEMO


def test_a_pick_from_a_list_names_its_provider_outright() -> None:
    ref, endpoint = resolve_model("openai/gpt-oss", MINE, EXPLICIT, provider="mine")
    assert ref == ModelRef("mine", "openai/gpt-oss")
    assert endpoint.key == "mine-key"
    assert resolve_model("demo", MINE, {}, provider="mine")[0] == ModelRef("mine", "demo")


def test_a_configured_provider_without_key_takes_the_one_of_its_host() -> None:
    configured = {"ds": ("https://api.deepseek.com", ""), "box": ("http://localhost:1", "")}
    environment = {"DEEPSEEK_API_KEY": "abc", "OPENAI_API_KEY": "sk-abc"}
    assert find_endpoint("ds", configured, environment).key_source == "DEEPSEEK_API_KEY"
    assert find_endpoint("box", configured, environment).key == ""


def test_an_unknown_provider_is_said() -> None:
    with pytest.raises(NanodeckError, match="nowhere"):
        resolve_model("m", {}, {}, provider="nowhere")


def test_every_usable_provider_is_listed_once_and_wrong_ones_are_left_out() -> None:
    configured = {**MINE, "openai": ("https://proxy.example", "k"), "broken": ("ftp://x", "")}
    found = find_endpoints(configured, EXPLICIT | {"XAI_API_KEY": "x"})
    assert [endpoint.provider for endpoint in found] == ["custom", "mine", "openai", "xai"]
    assert found[2].base_url == "https://proxy.example/v1"
