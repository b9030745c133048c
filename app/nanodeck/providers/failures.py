"""What a server's refusal means: HTTP answers and error objects as `ModelError`s."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from typing import Any

from nanodeck.contracts.errors import ModelError, ModelErrorKind
from nanodeck.contracts.text import one_line
from nanodeck.providers.retry_after import wait_asked

Redact = Callable[[str], str]

_OVERFLOW = re.compile(
    r"context[ _-]?(?:length|window|size)|maximum (?:context|prompt|model) length|max_model_len"
    r"|prompt (?:is )?too long|prompt exceeds max|input is too long|too large for model"
    r"|exceeded model token limit|input (?:token count|length).{0,60}exceed|reduce the length of the messages"
    r"|range of input length|max(?:imum)? number of (?:input )?tokens|token count.{0,40}exceeds the limit"
    r"|inputs?` ?(?:tokens|must have less)|too many tokens: |required for long context",
    re.IGNORECASE,
)
_OVERFLOW_CODES = {
    "context_length_exceeded",
    "exceed_context_size_error",
    "model_context_window_exceeded",
    "1261",
}
_THROTTLE = re.compile(
    r"rate[ _-]?limit|too many requests|tokens? per (?:min|day|hour)|requests? per (?:min|day|hour)"
    r"|\b[tr]p[md]\b|throttl|wait before trying",
    re.IGNORECASE,
)
_BUSY = re.compile(
    r"overloaded|unavailable|at capacity|currently busy|loading model|try again later", re.IGNORECASE
)
_SPENT = re.compile(
    r"insufficient[ _]quota|billing|credit|payment|exceeded your (?:current )?quota", re.IGNORECASE
)
_AUTH = re.compile(
    r"authenticat|permission|(?:invalid|incorrect|missing)[ _](?:api[ _])?key|unauthori[sz]ed", re.IGNORECASE
)
_NO_MODEL = re.compile(
    r"model_not_found|not_found_error|model .{0,120}(?:not found|does not exist|not exist)|no such model"
    r"|not a valid model",
    re.IGNORECASE | re.DOTALL,
)


def failure_of_status(status: int, headers: Mapping[str, str], body: str, redact: Redact) -> ModelError:
    """The error that an HTTP answer other than success stands for."""
    given = _parse(body)
    words = _words(given) or _plain_words(body)
    kind, retryable = _judge(status, f"{_codes(given)} {words}")
    if 300 <= status < 400:
        kind, words = "not-found", f"the server redirects to {headers.get('location', 'nowhere')}"
    said = one_line(redact(words), 300)
    message = f"HTTP {status}: {said}" if said else f"HTTP {status}"
    return ModelError(kind, message, retryable=retryable, retry_after=wait_asked(headers, given))


def failure_in_stream(error: Any, redact: Redact) -> ModelError:
    """The error that an error object inside a stream stands for."""
    wrapped = error if isinstance(error, dict) and "error" in error else {"error": error}
    words, codes = _words(wrapped), _codes(wrapped)
    numbers = [int(code) for code in codes.split() if re.fullmatch("[45][0-9]{2}", code)]
    kind, retryable = _judge(numbers[0] if numbers else 0, f"{codes} {words}")
    said = one_line(redact(words or codes), 300) or "an error without words"
    message = f"the server broke off: {said}"
    return ModelError(kind, message, retryable=retryable, retry_after=wait_asked({}, wrapped))


def _judge(status: int, words: str) -> tuple[ModelErrorKind, bool]:
    """The kind of a failure and whether trying again can help; status 0 is unknown."""
    if status == 402 or (status in (0, 429) and _SPENT.search(words)):
        return "rate-limited" if status == 429 else "refused", False
    if status == 429 or (status != 401 and _THROTTLE.search(words)):
        return "rate-limited", True
    if status not in (401, 404) and (_OVERFLOW.search(words) or _OVERFLOW_CODES & set(words.split())):
        return "context-overflow", False
    if status in (401, 403):
        return "auth", False
    if status in (404, 405, 410) or _NO_MODEL.search(words):
        return "not-found", False
    if status == 413:
        return "context-overflow", False
    if status in (408, 425):
        return "network", True
    if status in (502, 503, 504) or 520 <= status <= 529 or _BUSY.search(words):
        return "overloaded", True
    if status == 0 and _AUTH.search(words):
        return "auth", False
    return "refused", status >= 500 or "server_error" in words or "internal" in words.lower()


def _parse(body: str) -> Any:
    try:
        return json.loads(body)
    except (ValueError, RecursionError):
        return None


def _error_object(given: Any) -> Any:
    if isinstance(given, list) and given:
        given = given[0]
    if isinstance(given, dict):
        for name in ("error", "errors", "detail", "message"):
            if given.get(name):
                return given[name]
    return given


def _words(given: Any) -> str:
    """The message of an error body in whichever place it is."""
    found = _error_object(given)
    if isinstance(found, list) and found:
        found = found[0]
    if isinstance(found, dict):
        metadata = found.get("metadata")
        raw = metadata.get("raw") if isinstance(metadata, dict) else None
        told = [found.get("message") or found.get("msg") or found.get("detail"), raw]
        return " · ".join(text for text in told if isinstance(text, str) and text)
    return found if isinstance(found, str) else ""


def _codes(given: Any) -> str:
    """Every code, type and status word of an error body, separated by blanks."""
    found = _error_object(given)
    places = [place for place in (found, given) if isinstance(place, dict)]
    values = [place.get(name) for place in places for name in ("code", "type", "status")]
    return " ".join(str(value) for value in values if isinstance(value, (str, int)) and value)


def _plain_words(body: str) -> str:
    """The text of a body that is no JSON: a web page's title, or what is left without its tags."""
    title = re.search(r"<title[^>]*>(.*?)</title>", body, re.IGNORECASE | re.DOTALL)
    return title.group(1) if title else re.sub(r"<[^>]*>", " ", body)
