"""The chat page and its endpoints. Importing this costs nothing; Gradio is loaded in `serve`."""

from __future__ import annotations

from assistant.web.limits import Limits
from assistant.web.server import check_address, serve

__all__ = ["Limits", "check_address", "serve"]
