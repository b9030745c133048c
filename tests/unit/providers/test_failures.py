"""What a server's refusal means."""

from __future__ import annotations

import json

import pytest

from nanodeck.contracts.errors import ModelErrorKind
from nanodeck.providers.failures import failure_in_stream, failure_of_status


def kind_of(
    status: int, body: object = "", headers: dict[str, str] | None = None
) -> tuple[ModelErrorKind, bool]:
    text = body if isinstance(body, str) else json.dumps(body)
    error = failure_of_status(status, headers or {}, text, str)
    return error.kind, error.retryable


@pytest.mark.parametrize(
    ("status", "kind", "retryable"),
    [
        (301, "not-found", False),
        (400, "refused", False),
        (401, "auth", False),
        (402, "refused", False),
        (403, "auth", False),
        (404, "not-found", False),
        (405, "not-found", False),
        (408, "network", True),
        (413, "context-overflow", False),
        (422, "refused", False),
        (429, "rate-limited", True),
        (500, "refused", True),
        (502, "overloaded", True),
        (503, "overloaded", True),
        (504, "overloaded", True),
        (524, "overloaded", True),
        (529, "overloaded", True),
    ],
)
def test_a_status_alone_says_what_happened(status: int, kind: str, retryable: bool) -> None:
    assert kind_of(status) == (kind, retryable)


OVERFLOWS = [
    "This model's maximum context length is 8192 tokens. However, your messages resulted in 9000 tokens.",
    "Your input exceeds the context window of this model.",
    "prompt is too long: 210000 tokens > 200000 maximum",
    "input length and `max_tokens` exceed context limit: 190000 + 20000 > 200000",
    "The input token count (1200000) exceeds the maximum number of tokens allowed (1048576).",
    "This model's maximum prompt length is 131072 but the request contains 140000 tokens.",
    "Please reduce the length of the messages or completion.",
    "the request exceeds the available context size, try increasing it",
    "request (40000 tokens) exceeds the available context size (16384 tokens)",
    "The number of tokens to keep from the initial prompt is greater than the context length.",
    "Input is too long for requested model.",
    "Invalid request: Your request exceeded model token limit: 131072",
    "Prompt exceeds max length",
    "invalid params, context window exceeds limit",
    "prompt too long; exceeded max context length by 10 tokens",
    "prompt token count of 140000 exceeds the limit of 128000",
    "Prompt contains 40000 tokens, too large for model with 32768 maximum context length",
    "too many tokens: total number of tokens in the prompt exceeds",
    "<400> InternalError.Algo.InvalidParameter: Range of input length should be [1, 129024]",
    "The decoder prompt (length 9000) is longer than the maximum model length of 8192.",
    "`inputs` must have less than 4096 tokens. Given: 5000",
]


@pytest.mark.parametrize("words", OVERFLOWS)
def test_an_overflow_is_known_by_its_words(words: str) -> None:
    assert kind_of(400, {"error": {"message": words}}) == ("context-overflow", False)
    assert failure_in_stream({"error": {"message": words}}, str).kind == "context-overflow"


def test_an_overflow_is_known_by_its_code() -> None:
    assert (
        kind_of(400, {"error": {"code": "context_length_exceeded", "message": "no"}})[0] == "context-overflow"
    )
    assert (
        kind_of(400, {"error": {"type": "exceed_context_size_error", "message": "no"}})[0]
        == "context-overflow"
    )
    assert kind_of(403, {"error": {"message": "Extra usage is required for long context requests"}})[0] == (
        "context-overflow"
    )


@pytest.mark.parametrize(
    "words",
    [
        "Request too large for m in organization o on tokens per min (TPM): Limit 30000, Requested 40000.",
        "Rate limit reached: too many tokens per day",
        "Too many tokens, please wait before trying again.",
        "ThrottlingException: input exceeds your rate limit",
    ],
)
@pytest.mark.parametrize("status", [400, 429])
def test_throttling_that_looks_like_an_overflow_is_none(status: int, words: str) -> None:
    assert kind_of(status, {"error": {"message": words}}) == ("rate-limited", True)


def test_a_spent_account_is_not_asked_again() -> None:
    body = {"error": {"message": "You exceeded your current quota", "code": "insufficient_quota"}}
    assert kind_of(429, body) == ("rate-limited", False)


@pytest.mark.parametrize(
    "body",
    [
        {"error": {"message": "The model `x` does not exist", "code": "model_not_found"}},
        {"error": {"message": "model 'x' not found, try pulling it first"}},
        {"error": {"message": "x is not a valid model ID"}},
    ],
)
def test_an_unknown_model_is_not_found_whatever_the_status(body: object) -> None:
    assert kind_of(400, body) == ("not-found", False)
    assert kind_of(404, body) == ("not-found", False)


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ('{"error": {"message": "said"}}', "said"),
        ('{"error": "said"}', "said"),
        ('{"message": "said"}', "said"),
        ('{"detail": "said"}', "said"),
        ('{"detail": [{"msg": "said", "loc": ["body"]}]}', "said"),
        ('{"errors": [{"message": "said"}]}', "said"),
        ('[{"error": {"message": "said"}}]', "said"),
        ('{"error": {"message": "Provider returned error", "metadata": {"raw": "said"}}}', "error · said"),
        ("said", "said"),
        ("<html><head><title>said</title></head><body>no</body></html>", "said"),
        ("<p>said</p>", "said"),
        ('"said"', "said"),
    ],
)
def test_the_words_are_found_wherever_they_are(body: str, words: str) -> None:
    message = failure_of_status(400, {}, body, str).message
    assert message.startswith("HTTP 400: ")
    assert message.endswith(words)


@pytest.mark.parametrize(
    "body", ["", "null", "{}", "[]", "17", '{"error": null}', '{"error": {"message": 5}}', "[" * 9000]
)
def test_a_body_without_words_is_no_trouble(body: str) -> None:
    assert failure_of_status(500, {}, body, str).message.startswith("HTTP 500")


def test_words_are_cleaned_and_shortened() -> None:
    message = failure_of_status(400, {}, "a\x1b[31m\nb\u202e" + "c" * 9000, str).message
    assert message.startswith("HTTP 400: a b<202e>ccc")
    assert len(message) < 400


def test_a_redirect_names_where_it_goes() -> None:
    error = failure_of_status(308, {"location": "https://there.example/v1"}, "", str)
    assert "https://there.example/v1" in error.message


def test_the_wait_is_taken_from_the_headers() -> None:
    assert failure_of_status(429, {"retry-after": "7"}, "", str).retry_after == 7


@pytest.mark.parametrize(
    ("error", "kind"),
    [
        ({"error": {"type": "overloaded_error", "message": "Overloaded"}}, "overloaded"),
        ({"error": {"type": "rate_limit_error", "message": "x"}}, "rate-limited"),
        ({"error": {"code": "429", "message": "x"}}, "rate-limited"),
        ({"error": {"type": "authentication_error", "message": "x"}}, "auth"),
        ({"error": {"message": "Invalid API key"}}, "auth"),
        ({"error": {"type": "invalid_request_error", "message": "x"}}, "refused"),
        ({"error": {"type": "insufficient_quota", "message": "x"}}, "refused"),
        ("upstream died", "refused"),
        ({"error": {}}, "refused"),
        (17, "refused"),
    ],
)
def test_an_error_in_a_stream_is_known_by_code_type_or_words(error: object, kind: str) -> None:
    assert failure_in_stream(error, str).kind == kind
