"""What the README says of keys is what the registry says."""

from __future__ import annotations

import re
import tomllib

from nanodeck.ui.actions import ACTIONS
from nanodeck_widgets.keymap import Keymap
from screenshots.keys import README, with_keys


def test_the_table_of_keys_is_as_the_registry_makes_it() -> None:
    text = README.read_text(encoding="utf-8")
    assert with_keys(text) == text, "run: python -m screenshots.keys"


def test_the_keys_set_in_the_readme_hold() -> None:
    examples = re.findall(r"```toml\n(.+?)```", README.read_text(encoding="utf-8"), re.DOTALL)
    (keys,) = [table["keys"] for example in examples if "keys" in (table := tomllib.loads(example))]
    own = {action: (said,) if isinstance(said, str) else tuple(said) for action, said in keys.items()}
    assert Keymap(ACTIONS, own).problems == ()
