"""What there is to talk to."""

from __future__ import annotations

import asyncio
import json

import pytest

from nanodeck.contracts.model import ServerFound
from nanodeck.providers.catalogue import KNOWN, LOCAL, KnownProvider
from nanodeck.providers.discovery import find_servers, list_models
from nanodeck.providers.endpoint import make_endpoint
from tests.unit.providers.loopback import Answer, LoopbackServer
from tests.unit.providers.streams import plain_endpoint


def listed(body: object) -> Answer:
    return Answer((json.dumps(body).encode(),))


def local(server: LoopbackServer, name: str = "ollama") -> KnownProvider:
    return KnownProvider(name, name.title(), f"http://127.0.0.1:{server.port}/v1")


async def test_a_local_server_that_lists_models_is_found(server: LoopbackServer) -> None:
    server.answers.append(listed({"object": "list", "data": [{"id": "a"}, {"id": "b"}]}))
    (found,) = await find_servers({}, local=[local(server)], seconds=10)
    assert found == ServerFound("ollama", "Ollama", f"http://127.0.0.1:{server.port}/v1", ("a", "b"))


async def test_a_server_of_another_kind_is_not_one(server: LoopbackServer) -> None:
    server.answers.append(Answer((b"<html>my site</html>",)))
    assert await find_servers({}, local=[local(server)], seconds=10) == ()


async def test_a_silent_server_is_given_up(server: LoopbackServer) -> None:
    server.answers.append(Answer(hold=True))
    assert await find_servers({}, local=[local(server)], seconds=0.05) == ()
    await server.left.wait()


async def test_a_port_where_nobody_listens_is_passed_over() -> None:
    gone = LoopbackServer()
    await gone.start()
    provider = local(gone)
    await gone.stop()
    assert await find_servers({}, local=[provider]) == ()


async def test_servers_are_asked_side_by_side(server: LoopbackServer) -> None:
    other = LoopbackServer()
    await other.start()
    for asked in (server, other):
        asked.answers.append(Answer(hold=True))
    search = asyncio.create_task(find_servers({}, local=[local(server), local(other, "vllm")], seconds=60))
    await server.held.wait()
    await other.held.wait()
    search.cancel()
    await asyncio.gather(search, return_exceptions=True)
    await other.stop()


async def test_known_providers_are_found_by_the_name_of_their_variable_alone() -> None:
    found = await find_servers({"DEEPSEEK_API_KEY": "value", "XAI_API_KEY": "", "OTHER": "x"}, local=[])
    assert found == (
        ServerFound("deepseek", "DeepSeek", "https://api.deepseek.com/v1", (), "DEEPSEEK_API_KEY", "key"),
    )
    assert "value" not in repr(found)


def test_the_usual_ports_are_looked_at() -> None:
    assert [provider.base_url.split(":")[-1] for provider in LOCAL] == [
        "11434/v1",
        "1234/v1",
        "8080/v1",
        "8000/v1",
    ]


def test_base_urls_of_the_catalogue_are_normalised() -> None:
    for known in KNOWN.values():
        assert make_endpoint(known.name, known.base_url).base_url == known.base_url


@pytest.mark.parametrize(
    "body",
    [
        {"data": [{"id": "a"}, {"id": "b"}, {"id": "a"}, {"id": ""}, {}, None, 3]},
        {"models": [{"name": "a"}, {"model": "b"}]},
        [{"id": "a"}, "b"],
    ],
)
async def test_models_are_listed_in_every_shape(server: LoopbackServer, body: object) -> None:
    server.answers.append(listed(body))
    found = await list_models(plain_endpoint(server.port))
    assert (found.models, found.error) == (("a", "b"), "")
    assert server.requests[0].line == "GET /v1/models HTTP/1.1"


async def test_how_much_a_model_takes_is_known_where_its_server_says_it(server: LoopbackServer) -> None:
    models = [
        {"id": "a", "context_length": 131072},
        {"id": "b", "max_model_len": 4096, "context_window": 8192},
        {"id": "c", "context_length": "many"},
        {"id": "d", "context_length": True},
        {"id": "e"},
    ]
    server.answers.append(listed({"data": models}))
    found = await list_models(plain_endpoint(server.port))
    assert found.models == ("a", "b", "c", "d", "e")
    assert found.windows == {"a": 131072, "b": 4096}


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (Answer((b"no such key sk-very-secret-key",), 401), "HTTP 401: no such key [key]"),
        (Answer(status=404), "HTTP 404"),
        (Answer((b"<html>",)), "no list of models"),
        (listed({"hello": 1}), "no list of models"),
        (listed([]), "lists no model"),
    ],
)
async def test_a_list_that_cannot_be_fetched_says_why(
    server: LoopbackServer, answer: Answer, words: str
) -> None:
    server.answers.append(answer)
    found = await list_models(plain_endpoint(server.port, "sk-very-secret-key"))
    assert found.models == ()
    assert words in found.error


async def test_where_a_key_comes_from_is_said_and_never_the_key() -> None:
    endpoint = make_endpoint("x", "http://127.0.0.1:9", "sk-very-secret-key", "X_KEY")
    found = await list_models(endpoint)
    assert "X_KEY" in found.source
    assert "secret" not in repr(found)
