"""The page's Gradio theme: paper and ink, fonts that the reader's machine already has."""

from __future__ import annotations

from typing import Any

import gradio as gr


def paper() -> Any:
    """A plain theme; all colours that matter are set in `page.css`."""
    sans = ["system-ui", "Segoe UI", "Roboto", "Helvetica Neue", "Arial", "sans-serif"]
    mono = ["ui-monospace", "Menlo", "Consolas", "monospace"]
    return gr.themes.Base(
        primary_hue="stone",
        secondary_hue="stone",
        neutral_hue="stone",
        radius_size="sm",
        font=sans,
        font_mono=mono,
    )
