"""Base URLs as people type them, and keys that stay out of sight."""

from __future__ import annotations

import pytest

from nanodeck.contracts.errors import NanodeckError
from nanodeck.providers.endpoint import REDACTED, make_endpoint


@pytest.mark.parametrize(
    ("typed", "base_url"),
    [
        ("http://localhost:8080", "http://localhost:8080/v1"),
        ("http://localhost:8080/", "http://localhost:8080/v1"),
        ("http://localhost:8080/v1", "http://localhost:8080/v1"),
        ("http://localhost:8080/v1/", "http://localhost:8080/v1"),
        ("http://localhost:8080//v1//", "http://localhost:8080/v1"),
        ("  http://localhost:8080/v1/chat/completions ", "http://localhost:8080/v1"),
        ("http://localhost:8080/v1/chat/completions/", "http://localhost:8080/v1"),
        ("http://localhost:8080/chat/completions", "http://localhost:8080"),
        ("http://localhost:8080/v1/models", "http://localhost:8080/v1"),
        ("localhost:11434", "http://localhost:11434/v1"),
        ("127.0.0.1:8000/v1", "http://127.0.0.1:8000/v1"),
        ("192.168.1.7:8080", "http://192.168.1.7:8080/v1"),
        ("[::1]:8080", "http://[::1]:8080/v1"),
        ("gateway.example", "https://gateway.example/v1"),
        ("HTTPS://Gateway.Example/Some/Path", "https://gateway.example/Some/Path"),
        ("https://gateway.example/llm", "https://gateway.example/llm"),
        ("https://api.z.ai/api/paas/v4", "https://api.z.ai/api/paas/v4"),
        ("https://api.z.ai/api/paas/v4/chat/completions", "https://api.z.ai/api/paas/v4"),
        ("https://api.z.ai/api/coding/paas/v4", "https://api.z.ai/api/coding/paas/v4"),
        ("https://open.bigmodel.cn/api/paas/v4", "https://open.bigmodel.cn/api/paas/v4"),
        ("https://api.z.ai", "https://api.z.ai/api/paas/v4"),
        ("https://openrouter.ai/api", "https://openrouter.ai/api/v1"),
        ("https://openrouter.ai/api/v1", "https://openrouter.ai/api/v1"),
        ("https://api.groq.com/openai", "https://api.groq.com/openai/v1"),
        ("https://api.deepseek.com/beta", "https://api.deepseek.com/beta"),
        ("https://api.openai.com", "https://api.openai.com/v1"),
        (
            "https://generativelanguage.googleapis.com/v1beta/openai/",
            "https://generativelanguage.googleapis.com/v1beta/openai",
        ),
    ],
)
def test_a_base_url_is_made_usable(typed: str, base_url: str) -> None:
    endpoint = make_endpoint("x", typed)
    assert endpoint.base_url == base_url
    assert endpoint.url("chat/completions") == f"{base_url}/chat/completions"
    assert make_endpoint("x", base_url if base_url.count("/") > 2 else typed).base_url == base_url


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "  ",
        "http://",
        "ftp://x.example",
        "http://[::1",
        "http://x:port",
        "http://a b.example",
        "/v1",
        "file:///x",
    ],
)
def test_what_is_no_url_is_refused_with_an_example(typed: str) -> None:
    with pytest.raises(NanodeckError) as caught:
        make_endpoint("x", typed)
    assert "http://localhost" in caught.value.advice


def test_a_password_in_the_url_is_refused_and_not_repeated() -> None:
    with pytest.raises(NanodeckError) as caught:
        make_endpoint("x", "https://me:hunter2@gateway.example/v1")
    assert "hunter2" not in f"{caught.value}{caught.value.advice}"


def test_a_query_goes_with_every_request_and_stays_out_of_the_base_url() -> None:
    endpoint = make_endpoint("x", "https://gateway.example/deploy/chat/completions?api-version=7")
    assert endpoint.base_url == "https://gateway.example/deploy"
    assert endpoint.url("models") == "https://gateway.example/deploy/models?api-version=7"


@pytest.mark.parametrize(
    ("typed", "loopback", "local"),
    [
        ("http://localhost:1", True, True),
        ("http://127.3.2.1", True, True),
        ("http://[::1]:1", True, True),
        ("http://0.0.0.0:1", True, True),
        ("http://192.168.0.9", False, True),
        ("http://box.local", False, True),
        ("https://gateway.example", False, False),
        ("https://localhost.example", False, False),
    ],
)
def test_a_server_of_our_own_is_known(typed: str, loopback: bool, local: bool) -> None:
    endpoint = make_endpoint("x", typed)
    assert (endpoint.loopback, endpoint.local) == (loopback, local)


def test_a_key_is_never_in_the_repr() -> None:
    endpoint = make_endpoint("x", "https://gateway.example?token=q-secret", "k-secret", "X_KEY")
    assert "secret" not in repr(endpoint)
    assert "secret" not in str(endpoint)


def test_a_key_is_trimmed() -> None:
    assert make_endpoint("x", "https://gateway.example", " abc\n").key == "abc"


@pytest.mark.parametrize("key", ["a\nb", "ключ", "a\x00b"])
def test_a_key_that_cannot_be_one_is_refused_without_being_shown(key: str) -> None:
    with pytest.raises(NanodeckError) as caught:
        make_endpoint("x", "https://gateway.example", key, "X_KEY")
    assert key not in str(caught.value)
    assert "X_KEY" in caught.value.advice


def test_secrets_are_taken_out_of_text() -> None:
    endpoint = make_endpoint("x", "https://gateway.example?token=q+secret", "k/sec+ret")
    assert endpoint.redact("a k/sec+ret b k%2Fsec%2Bret c token=q+secret d") == (
        f"a {REDACTED} b {REDACTED} c {REDACTED} d"
    )


@pytest.mark.parametrize(
    "text", ["sk-proj-abcDEF123456", "gsk_abcdef123456", "Bearer abcdef.123456", "AIzaSyA1234567890abc"]
)
def test_what_looks_like_a_key_is_taken_out_too(text: str) -> None:
    shown = make_endpoint("x", "https://gateway.example").redact(f"Incorrect key: {text}, sorry")
    assert REDACTED in shown
    assert "123456" not in shown


def test_plain_text_is_left_alone() -> None:
    text = "the task-list is risk-free; ask-me about desk-work"
    assert make_endpoint("x", "https://gateway.example").redact(text) == text
