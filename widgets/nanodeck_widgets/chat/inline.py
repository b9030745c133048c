"""Markdown inside a block as styled text: emphasis, code, links, breaks."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from rich.style import Style

from nanodeck.contracts.text import WEB_LINK
from nanodeck_widgets.chat.wrap import Piece
from nanodeck_widgets.palette import Palette

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.token import Token

LINK = "link"
"""Key in a segment's meta under which a link's target is kept."""

_ATTRIBUTES = {
    "strong_open": Style(bold=True),
    "em_open": Style(italic=True),
    "s_open": Style(strike=True),
}


@cache
def parser() -> MarkdownIt:
    """The one Markdown parser. HTML and link definitions are text to it, so that nothing disappears."""
    from markdown_it import MarkdownIt

    return MarkdownIt("commonmark", {"html": False}).enable(["table", "strikethrough"]).disable("reference")


def inline_lines(source: str, style: Style, palette: Palette) -> list[list[Piece]]:
    """A cell's or a line's Markdown as lines of pieces."""
    tokens = parser().parseInline(source, {})
    return lines_of(tokens[0].children or [], style, palette) if tokens else [[]]


def lines_of(children: list[Token], style: Style, palette: Palette) -> list[list[Piece]]:
    """Inline tokens as lines of pieces; only hard breaks begin a new line."""
    lines: list[list[Piece]] = [[]]
    styles = [style]
    links: list[tuple[str, int]] = []
    for token in children:
        kind = token.type
        if kind == "text":
            lines[-1].extend(_with_links(token.content, styles[-1], palette, bool(links)))
        elif kind == "code_inline":
            lines[-1].append((token.content, styles[-1] + palette.code))
        elif kind == "softbreak":
            lines[-1].append((" ", styles[-1]))
        elif kind == "hardbreak":
            lines.append([])
        elif kind == "image":
            lines[-1].append((f"[image: {token.content}]", styles[-1] + palette.muted))
            lines[-1].append((f" ({token.attrGet('src') or ''})", palette.muted))
        elif kind == "link_open":
            target = str(token.attrGet("href") or "")
            links.append((target, len(lines[-1])))
            styles.append(styles[-1] + palette.link + Style(meta={LINK: target}))
        elif kind == "link_close" and links:
            styles.pop()
            target, begun = links.pop()
            lines[-1].extend(_target(target, lines[-1][begun:], palette))
        elif kind.endswith("_open"):
            styles.append(styles[-1] + _ATTRIBUTES.get(kind, Style.null()))
        elif kind.endswith("_close") and len(styles) > 1:
            styles.pop()
        else:
            lines[-1].append((token.content, styles[-1]))
    return lines


def _with_links(text: str, style: Style, palette: Palette, linked: bool) -> list[Piece]:
    if linked or "://" not in text:
        return [(text, style)]
    pieces: list[Piece] = []
    at = 0
    for found in WEB_LINK.finditer(text):
        pieces.append((text[at : found.start()], style))
        pieces.append((found[0], style + palette.link + Style(meta={LINK: found[0]})))
        at = found.end()
    pieces.append((text[at:], style))
    return [piece for piece in pieces if piece[0]]


def _target(target: str, shown: list[Piece], palette: Palette) -> list[Piece]:
    """The target after a link's text, unless the text says the same."""
    text = "".join(piece[0] for piece in shown)
    if not target or target in (text, f"mailto:{text}") or target.rstrip("/") == text.rstrip("/"):
        return []
    return [(f" ({target})", palette.muted)]
