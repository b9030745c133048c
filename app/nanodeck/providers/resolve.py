"""From a model's name as people type it to the provider, the URL and the key it is reached with."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import urlsplit

from nanodeck.contracts.errors import NanodeckError
from nanodeck.contracts.model import ModelPort, ModelRef
from nanodeck.contracts.text import one_line
from nanodeck.providers.catalogue import KNOWN
from nanodeck.providers.endpoint import Endpoint, make_endpoint, normalise_url

BASE_URL_VARIABLE = "OPENAI_BASE_URL"
KEY_VARIABLE = "OPENAI_API_KEY"
MODEL_VARIABLE = "MODEL"
EXPLICIT = "custom"
"""The provider's name where the environment gives the base URL."""
DEMO = ModelRef("demo", "demo")

Configured = Mapping[str, tuple[str, str]]
"""The user's providers: name to base URL and key."""

_ADVICE = (
    f"set {BASE_URL_VARIABLE} and {MODEL_VARIABLE}, or a provider's key such as {KEY_VARIABLE}, "
    "or add a provider in the deck; `-m demo` needs nothing"
)


def resolve_model(
    name: str | None, configured: Configured, environment: Mapping[str, str], *, provider: str = ""
) -> tuple[ModelRef, Endpoint]:
    """The model called `name` (None: what the environment says) and where it is reached.

    With `OPENAI_BASE_URL` any name goes whole to that server. Otherwise `provider/model` and
    `provider:model` name both, and a bare name goes to the only provider there is. `provider`
    says it outright (a pick from a list). Raises NanodeckError with what to set.
    """
    name = (name or environment.get(MODEL_VARIABLE, "")).strip()
    if (name == DEMO.name and not provider) or provider == DEMO.provider:
        return DEMO, Endpoint(DEMO.provider, "")
    if not name:
        raise NanodeckError("no model is chosen", _ADVICE)
    explicit = environment.get(BASE_URL_VARIABLE, "").strip()
    if provider:
        return ModelRef(provider, name), find_endpoint(provider, configured, environment)
    if explicit:
        return ModelRef(EXPLICIT, name), find_endpoint(EXPLICIT, configured, environment)
    split = _split(name, configured)
    if split is None:
        split = ModelRef(_only_provider(name, configured, environment), name)
    return split, find_endpoint(split.provider, configured, environment)


def find_endpoint(provider: str, configured: Configured, environment: Mapping[str, str]) -> Endpoint:
    """Where the provider called `provider` is reached. Raises NanodeckError."""
    if provider in configured:
        base_url, key = configured[provider]
        return _with_key(provider, base_url, key, "the key file", environment)
    if provider == EXPLICIT:
        base_url = environment.get(BASE_URL_VARIABLE, "").strip()
        if not base_url:
            raise NanodeckError(f"{BASE_URL_VARIABLE} is not set any more", _ADVICE)
        return _with_key(provider, base_url, environment.get(KEY_VARIABLE, ""), KEY_VARIABLE, environment)
    known = KNOWN.get(provider)
    if known is None:
        raise NanodeckError(f"no provider is called {one_line(provider, 60)!r}", _ADVICE)
    endpoint = _with_key(provider, known.base_url, "", "", environment)
    if known.key_variable and not endpoint.key:
        raise NanodeckError(f"there is no key for {known.title}", f"set {known.key_variable}")
    return endpoint


def find_endpoints(configured: Configured, environment: Mapping[str, str]) -> tuple[Endpoint, ...]:
    """Every provider that could be used now, local servers aside; wrong entries are left out."""
    names = [EXPLICIT] if environment.get(BASE_URL_VARIABLE, "").strip() else []
    names += [name for name in configured if name not in names]
    names += [name for name in _with_variable(environment) if name not in names]
    endpoints = []
    for name in names:
        try:
            endpoints.append(find_endpoint(name, configured, environment))
        except NanodeckError:
            continue
    return tuple(endpoints)


def open_model(ref: ModelRef, endpoint: Endpoint) -> ModelPort:
    """The model behind a resolved name."""
    if ref == DEMO:
        from nanodeck.providers.demo import DemoModel

        return DemoModel()
    from nanodeck.providers.chat import ChatModel

    return ChatModel(ref, endpoint)


def _with_key(
    provider: str, base_url: str, key: str, source: str, environment: Mapping[str, str]
) -> Endpoint:
    """An endpoint with the given key, else with the key of the known provider at that host."""
    if key:
        return make_endpoint(provider, base_url, key, source)
    host = urlsplit(normalise_url(base_url)[0]).hostname
    for known in KNOWN.values():
        if known.key_variable and urlsplit(known.base_url).hostname == host:
            found = environment.get(known.key_variable, "")
            return make_endpoint(provider, base_url, found, known.key_variable if found else "")
    return make_endpoint(provider, base_url)


def _split(name: str, configured: Configured) -> ModelRef | None:
    """Provider and model of `provider/model` or `provider:model`, if the left side is a provider."""
    for sign in ("/", ":"):
        left, found, right = name.partition(sign)
        if found and right and (left in configured or left in KNOWN):
            return ModelRef(left, right)
    return None


def _only_provider(name: str, configured: Configured, environment: Mapping[str, str]) -> str:
    """The provider a bare name must mean."""
    found = list(configured) or _with_variable(environment)
    if not found:
        raise NanodeckError(f"no provider is set up for the model {one_line(name, 80)!r}", _ADVICE)
    if len(found) > 1:
        choices = ", ".join(f"{provider}/{one_line(name, 80)}" for provider in found[:6])
        raise NanodeckError(f"several providers could have {one_line(name, 80)!r}", f"say which: {choices}")
    return found[0]


def _with_variable(environment: Mapping[str, str]) -> list[str]:
    """Known providers whose key is in the environment."""
    return [
        known.name for known in KNOWN.values() if known.key_variable and environment.get(known.key_variable)
    ]
