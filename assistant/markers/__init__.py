"""The markers that a model wrote: every form read, every one taken out.

`split` (a whole reply) and `MarkerSplitter` (a stream) turn raw text into sentences without
markers, beside the passage numbers that each one named. Numbers that name no passage are
recorded as written, never resolved.
"""

from __future__ import annotations

from assistant.markers.marked import MarkedSentence
from assistant.markers.neutral import neutralise
from assistant.markers.splitter import MarkerSplitter, split

__all__ = ["MarkedSentence", "MarkerSplitter", "neutralise", "split"]
