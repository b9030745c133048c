"""Where a page opens beside the terminal, and where only a text browser could."""

from __future__ import annotations

import pytest

from nanodeck.desktop.browser import has_browser


@pytest.mark.parametrize(
    ("environment", "platform", "opens"),
    [
        ({}, "linux", False),
        ({"DISPLAY": ""}, "linux", False),
        ({"DISPLAY": ":0"}, "linux", True),
        ({"BROWSER": "/remote/helper.sh"}, "linux", True),
        ({}, "darwin", True),
    ],
)
def test_a_page_opens_where_there_is_a_screen_for_it(
    environment: dict[str, str], platform: str, opens: bool
) -> None:
    assert has_browser(environment, platform) is opens
