"""What there is to talk to: local servers, keys in the environment, and the models of a provider."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping, Sequence
from typing import Any

from nanodeck.contracts.errors import ModelError
from nanodeck.contracts.model import ServerFound
from nanodeck.contracts.queries import ModelList
from nanodeck.contracts.text import one_line
from nanodeck.providers.catalogue import KNOWN, LOCAL, KnownProvider
from nanodeck.providers.endpoint import Endpoint, make_endpoint
from nanodeck.providers.http import HttpConnection, preload

PROBE_SECONDS = 0.3
LIST_SECONDS = 15.0
_NAME_LIMIT = 300
_WINDOWS = (
    "loaded_context_length",
    "max_model_len",
    "context_length",
    "context_window",
    "max_context_length",
)


async def find_servers(
    environment: Mapping[str, str], *, local: Sequence[KnownProvider] = LOCAL, seconds: float = PROBE_SECONDS
) -> tuple[ServerFound, ...]:
    """Local servers that answer within `seconds`, asked side by side, then providers with a key set."""
    await asyncio.to_thread(preload)
    answers = await asyncio.gather(*(_probe(known, seconds) for known in local))
    found = [answer for answer in answers if answer is not None]
    for known in KNOWN.values():
        if known.key_variable and environment.get(known.key_variable):
            found.append(ServerFound(known.name, known.title, known.base_url, (), known.key_variable, "key"))
    return tuple(found)


async def list_models(endpoint: Endpoint, *, seconds: float = LIST_SECONDS) -> ModelList:
    """The models of a provider, or in `error` why they could not be fetched; never raises."""
    source = endpoint.base_url + (f" · key from {endpoint.key_source}" if endpoint.key_source else "")
    try:
        windows = await _fetch(endpoint, seconds)
    except ModelError as error:
        said = f"{error.message}; {error.advice}" if error.advice else error.message
        return ModelList(endpoint.provider, (), said, source)
    problem = "" if windows else "the server lists no model"
    known = {name: window for name, window in windows.items() if window}
    return ModelList(endpoint.provider, tuple(windows), problem, source, known)


async def _probe(known: KnownProvider, seconds: float) -> ServerFound | None:
    try:
        models = await _fetch(make_endpoint(known.name, known.base_url), seconds)
    except ModelError:
        return None
    return ServerFound(known.name, known.title, known.base_url, tuple(models))


async def _fetch(endpoint: Endpoint, seconds: float) -> dict[str, int]:
    """The ids a server lists with the window of each, 0 for unknown.

    Raises ModelError, also when it takes longer than `seconds`.
    """
    connection = HttpConnection(endpoint)
    try:
        async with asyncio.timeout(seconds):
            body = await connection.get("models")
    except TimeoutError:
        raise ModelError("network", f"no answer within {seconds:g} s") from None
    finally:
        await connection.close()
    return _models_in(body, endpoint)


def _models_in(body: bytes, endpoint: Endpoint) -> dict[str, int]:
    try:
        given = json.loads(body)
    except (ValueError, RecursionError):
        said = one_line(endpoint.redact(body[:400].decode("utf-8", "replace")), 80)
        raise ModelError("protocol", f"{endpoint.base_url}/models is no list of models: {said}") from None
    items = given
    if isinstance(given, dict):
        items = given.get("data") if isinstance(given.get("data"), list) else given.get("models")
    if not isinstance(items, list):
        raise ModelError("protocol", f"{endpoint.base_url}/models is no list of models")
    return {name: _window(item) for item in items if (name := _model_name(item))}


def _model_name(item: Any) -> str:
    if isinstance(item, dict):
        item = item.get("id") or item.get("name") or item.get("model")
    return one_line(item, _NAME_LIMIT) if isinstance(item, str) else ""


def _window(item: Any) -> int:
    """How many tokens a model takes, under the names that servers have for it."""
    said = (item.get(name) for name in _WINDOWS) if isinstance(item, dict) else ()
    return next((size for size in said if type(size) is int and size > 0), 0)
