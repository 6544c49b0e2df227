"""The folder of articles as the page shows it, and the part of the assistant that it asks."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Protocol

from assistant.articles import list_articles, read_article
from assistant.errors import ArticleError, SeedsError
from assistant.types import Answer, Article, Event, Passage, Refresh, Skipped, Turn

MAX_SHOWN_BYTES = 64 * 1024 * 1024
"""What the reading view opens; it shows a window of it, so the bound is on memory alone."""


KEPT = 32
"""Articles kept in memory: what a few visitors are reading."""


class Record(Protocol):
    """What the index keeps of one article."""

    @property
    def file(self) -> str:
        """Path relative to the seeds folder."""

    @property
    def title(self) -> str:
        """The article's title, or its opening words."""

    @property
    def published(self) -> str | None:
        """ISO date."""

    @property
    def outlet(self) -> str | None:
        """Who published it."""

    @property
    def size(self) -> int:
        """Bytes."""

    @property
    def chunks(self) -> int:
        """How many passages it has."""


class Asking(Protocol):
    """The part of `assistant.Assistant` that the page uses; tests put a scripted one in."""

    def ask(self, question: str, *, history: Sequence[Turn] = ()) -> Answer:
        """The answer to a question."""

    def stream(self, question: str, *, history: Sequence[Turn] = ()) -> Iterator[Event]:
        """The same answer as it comes about."""

    def retrieve(self, question: str, *, k: int = 10) -> list[Passage]:
        """The k passages that fit best, best first."""

    def refresh(self, progress: Callable[[str, int, int], None] | None = None) -> Refresh:
        """Bring the index up to date with the folder."""

    def articles(self) -> Sequence[Record]:
        """The indexed articles."""

    def skipped(self) -> Sequence[Skipped]:
        """Files that are not indexed, and why."""


class Folder:
    """Reads articles for display. Paths come from visitors' browsers, so each is looked up
    in the folder's own listing before anything is opened."""

    def __init__(self, seeds: Path) -> None:
        self.seeds = seeds
        self._kept: OrderedDict[tuple[str, int, int], Article] = OrderedDict()
        self._lock = threading.Lock()

    def files(self) -> frozenset[str]:
        """The relative paths of all articles in the folder; empty when it can't be read."""
        try:
            return frozenset(stat.file for stat in list_articles(self.seeds)[0])
        except SeedsError:
            return frozenset()

    def read(self, file: str) -> Article | None:
        """The article of that name as it stands now, or None where there is none to read."""
        if file not in self.files():
            return None
        try:
            stat = (self.seeds / file).stat()
            version = (file, stat.st_size, stat.st_mtime_ns)
            with self._lock:
                kept = self._kept.get(version)
            if kept is None:
                kept = read_article(self.seeds, file, max_bytes=MAX_SHOWN_BYTES)
        except (ArticleError, OSError):
            return None
        with self._lock:
            self._kept[version] = kept
            self._kept.move_to_end(version)
            while len(self._kept) > KEPT:
                self._kept.popitem(last=False)
        return kept
