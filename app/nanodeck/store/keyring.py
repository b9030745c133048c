"""Keys in the desktop's own store, by the package `keyring` where it is installed (nanodeck[keyring])."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from importlib import import_module
from threading import Thread
from typing import TypeVar

from nanodeck.contracts.errors import SettingsError

_SERVICE = "nanodeck"
_SECONDS = 3.0
_CURE = 'set key_store = "file", or unlock the keyring'
_INSTALL = "install it with: pip install 'nanodeck[keyring]'"

ResultT = TypeVar("ResultT")


def read_keyring(providers: Iterable[str]) -> dict[str, str]:
    """The keys there are for `providers`. Raises SettingsError where there is no keyring that answers."""
    names = tuple(providers)

    def read() -> dict[str, str]:
        keyring = import_module("keyring")
        found = {name: keyring.get_password(_SERVICE, name) for name in names}
        return {name: key for name, key in found.items() if key}

    return _within(read) if names else {}


def store_in_keyring(provider: str, key: str) -> None:
    """Keep `key` for `provider`. Raises SettingsError."""

    def store() -> None:
        import_module("keyring").set_password(_SERVICE, provider, key)

    _within(store)


def _within(work: Callable[[], ResultT]) -> ResultT:
    """What `work` answers in time: a keyring that waits to be unlocked must not hold up a start."""
    answers: list[ResultT] = []
    failures: list[BaseException] = []

    def run() -> None:
        try:
            answers.append(work())
        except BaseException as error:
            failures.append(error)

    thread = Thread(target=run, name="keyring", daemon=True)
    thread.start()
    thread.join(_SECONDS)
    if answers:
        return answers[0]
    if failures and isinstance(failures[0], ImportError):
        raise SettingsError("the package keyring is not installed", _INSTALL)
    why = f": {type(failures[0]).__name__}" if failures else f" within {_SECONDS:g} s"
    raise SettingsError(f"the keyring does not answer{why}", _CURE)
