"""The models a session can call: which one is in use, how each is reached, what else there is."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping

from nanodeck.contracts.errors import NanodeckError
from nanodeck.contracts.model import ModelPort, ModelRef, ServerFound
from nanodeck.contracts.queries import ModelList
from nanodeck.providers.catalogue import KNOWN
from nanodeck.providers.endpoint import Endpoint, make_endpoint
from nanodeck.providers.resolve import DEMO, find_endpoints, open_model, resolve_model
from nanodeck.store.keys import Redactor
from nanodeck.store.keystore import keep_key, known_keys
from nanodeck.store.places import Places
from nanodeck.store.settings import EditTool, Settings


class Models:
    """Resolves names to models and keeps one open port for each in use."""

    def __init__(
        self, places: Places, settings: Settings, environment: Mapping[str, str], redactor: Redactor
    ) -> None:
        self.ref: ModelRef | None = None
        self._places = places
        self._environment = environment
        self.redactor = redactor
        self._settings = settings
        self._missing = NanodeckError("no model is chosen", "/model lists what there is")
        self._endpoints: dict[ModelRef, Endpoint] = {}
        self._ports: dict[ModelRef, ModelPort] = {}
        self._windows: dict[ModelRef, int] = {}
        self._retired: list[ModelPort] = []
        known = known_keys(places, settings.key_store, settings.providers)
        keys, self.key_problems = known.keys, known.problems
        self._configured = {
            name: (
                provider.base_url or _usual_url(name),
                keys.get(name) or environment.get(provider.key_env, ""),
            )
            for name, provider in settings.providers.items()
        }
        redactor.add(*keys.values(), *(key for _, key in self._configured.values()))
        try:
            self.use(self.resolve(settings.model))
        except NanodeckError as error:
            self._missing = error
        self.configured = self.ref

    @property
    def missing(self) -> NanodeckError | None:
        """Why no model is in use, if none is."""
        return None if self.ref else self._missing

    @property
    def edit_tool(self) -> EditTool:
        """The tool that the model in use edits files with."""
        ref = self.ref or DEMO
        return self._settings.edit_tool_of(ref.provider, ref.name)

    @property
    def window(self) -> int:
        """How many tokens the model in use takes at once, as set or as its server said; 0 for unknown."""
        if self.ref is None:
            return 0
        return self._settings.window_of(self.ref.provider, self.ref.name) or self._windows.get(self.ref, 0)

    def redact(self, text: str) -> str:
        """`text` without any known or likely key."""
        return self.redactor.redact(text)

    def current(self) -> tuple[ModelRef, ModelPort]:
        """The model in use. Raises NanodeckError where there is none."""
        if self.ref is None:
            raise NanodeckError(self._missing.message, self._missing.advice)
        return self.ref, self._ports[self.ref]

    def resolve(self, name: str, provider: str = "") -> ModelRef:
        """The model called `name`, ready to be used. Raises NanodeckError."""
        ref, endpoint = resolve_model(name, self._configured, self._environment, provider=provider)
        self.redactor.add(endpoint.key)
        if self._endpoints.get(ref) != endpoint:
            if ref in self._ports:
                # A running call still uses it.
                self._retired.append(self._ports[ref])
            self._endpoints[ref] = endpoint
            self._ports[ref] = open_model(ref, endpoint)
        return ref

    def use(self, ref: ModelRef) -> None:
        """Call `ref`, as `resolve` gave it, from now on."""
        self.ref = ref

    @staticmethod
    def is_demo(ref: ModelRef | None) -> bool:
        """Whether `ref` is the scripted model."""
        return ref == DEMO

    def add(self, name: str, base_url: str, model: str, key: str) -> ModelRef:
        """Store a provider and its key. Raises NanodeckError; nothing in the file is lost."""
        from nanodeck.store.settings_file import add_provider

        self.redactor.add(key)
        # What cannot be used is not stored.
        make_endpoint(name, base_url, key)
        add_provider(self._places, name, base_url, model)
        if key:
            keep_key(self._places, self._settings.key_store, name, key)
        self._configured[name] = (base_url, key)
        return self.resolve(model, name)

    async def warm_up(self) -> None:
        """Load what the first model call will need while the person still types."""
        if self.ref and not self.is_demo(self.ref):
            from nanodeck.providers.http import preload

            await asyncio.to_thread(preload)

    async def list_all(self) -> tuple[ModelList, ...]:
        """The models of every provider that could be used now, and of local servers."""
        from nanodeck.providers.discovery import list_models

        endpoints = find_endpoints(self._configured, self._environment)
        lists = await asyncio.gather(*(list_models(endpoint) for endpoint in endpoints))
        for models in lists:
            for name, window in models.windows.items():
                self._windows[ModelRef(models.provider, name)] = window
        listed = {endpoint.base_url for endpoint in endpoints}
        found = [
            ModelList(server.provider, server.models, "", server.base_url)
            for server in await self.find_servers()
            if server.kind == "local" and server.base_url not in listed
        ]
        return (*lists, *found, ModelList(DEMO.provider, (DEMO.name,), "", "scripted, needs nothing"))

    async def find_servers(self) -> tuple[ServerFound, ...]:
        """Local servers that answer and providers whose key is in the environment."""
        from nanodeck.providers.discovery import find_servers

        return await find_servers(self._environment)

    async def try_provider(self, base_url: str, key: str) -> ModelList:
        """The models at `base_url`, or why they cannot be fetched; nothing is stored."""
        from nanodeck.providers.discovery import list_models

        self.redactor.add(key)
        return await list_models(make_endpoint("new", base_url, key))

    async def close(self) -> None:
        """Close every connection."""
        for port in (*self._ports.values(), *self._retired):
            await port.close()
        self._retired.clear()
        self._endpoints.clear()
        self._ports.clear()


def _usual_url(provider: str) -> str:
    """Where a provider is reached that the settings only say other things of."""
    return KNOWN[provider].base_url if provider in KNOWN else ""
