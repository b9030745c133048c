"""Known secrets leave text however it is cut; other words stay."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given, strategies as st

from nanodeck.core.secrets import SecretFilter, hide, secrets_in, secrets_of

SECRETS = ("sk-abcabcabc1", "abcabcabc1-long", "aaaaaaaa1")
TEXT = st.lists(st.sampled_from((*SECRETS, "sk-abc", "a", "abcabc", "\n", "é")), max_size=12).map("".join)


@given(TEXT, st.lists(st.integers(0, 200), max_size=8))
def test_no_secret_passes_however_the_text_is_cut(text: str, cuts: list[int]) -> None:
    stream = SecretFilter(lambda: SECRETS)
    marks = sorted({0, len(text), *(cut for cut in cuts if cut < len(text))})
    pieces = [text[low:high] for low, high in pairwise(marks)]
    passed = "".join([*(stream.feed(piece) for piece in pieces), stream.feed("", final=True)])
    assert not any(secret in passed for secret in SECRETS)
    assert passed == hide(text, SECRETS) or any(secret in text for secret in SECRETS)


@given(st.text("abc \n", max_size=30))
def test_text_without_secrets_passes_whole(text: str) -> None:
    stream = SecretFilter(lambda: SECRETS)
    assert stream.feed(text) + stream.feed("", final=True) == text


def test_values_with_secret_names_are_taken_from_an_env_file() -> None:
    text = """
# API_KEY=commented0
export API_KEY="quoted-value-1"  # why
db_password = plain-Value-2 # note
TOKEN=short1
MODE=Production-3
AUTH=ordinarywords
"""
    assert secrets_in(text) == ("quoted-value-1", "plain-Value-2")


def test_paths_and_plain_words_of_the_environment_are_no_secrets() -> None:
    environment = {"SSH_AUTH_SOCK": "/tmp/ssh-1/agent.1", "MY_TOKEN": "canary-12345", "OWN": "named-4567"}
    assert secrets_of(environment, ("OWN",)) == ("canary-12345", "named-4567")


def test_what_stands_everywhere_is_no_secret_whatever_its_name_speaks_of() -> None:
    environment = {
        "NEXTAUTH_URL": "http://localhost:3000",
        "GIT_AUTHOR_NAME": "Jane Smith",
        "AUTH_BACKEND": "django.contrib.auth.backends.ModelBackend",
        "API_KEY_HEADER": "X-Api-Key",
        "KEYCLOAK_REALM": "MyRealm1",
        "TOKEN_URL": "https://example.org/oauth2/token",
        "SECRET_KEY_BASE": "5e8a7c2b9d1f4e6a8b0c3d5f",
        "SENTRY_DSN": "https://abc123@sentry.example.org/1",
        "apiKey": "Plain-Value-2",
    }
    found = secrets_of(environment, ())
    assert found == ("5e8a7c2b9d1f4e6a8b0c3d5f", "https://abc123@sentry.example.org/1", "Plain-Value-2")
