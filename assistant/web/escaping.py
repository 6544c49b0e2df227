"""Text into HTML. Every character that came from a file or a visitor passes through here."""

from __future__ import annotations

import html
import re

UNSEEN = re.compile(
    "[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f"  # controls
    "\u061c\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]"  # direction marks, zero widths
)
"""Characters that show nothing but change how their neighbours look."""


def text(value: str) -> str:
    """Text as HTML, verbatim: the browser's `textContent` gives `value` back.

    A carriage return is written as a reference, since HTML parsers turn it into a line feed.
    """
    return html.escape(value, quote=True).replace("\r", "&#13;")


def name(value: str) -> str:
    """A title, file name or outlet as HTML, on one line, with characters that could disguise
    it (right-to-left overrides, zero widths, controls) spelled out as `U+202E`."""
    shown = UNSEEN.sub(lambda match: f"⟨U+{ord(match[0]):04X}⟩", " ".join(value.split()))
    return f"<bdi>{html.escape(shown, quote=True)}</bdi>"


def attribute(value: str) -> str:
    """The same for the inside of a quoted attribute, without markup."""
    shown = UNSEEN.sub(lambda match: f"⟨U+{ord(match[0]):04X}⟩", " ".join(value.split()))
    return html.escape(shown, quote=True)
