"""What happens in the articles tab, without Gradio."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from assistant.errors import AssistantError
from assistant.types import Language
from assistant.web import escaping as esc
from assistant.web import listing, uploads
from assistant.web.desk import Desk
from assistant.web.strings import STRINGS, Strings

HITS = 10
"""Passages a search shows."""

Progress = Callable[[str, int, int], None]


@dataclass(frozen=True, slots=True)
class Library:
    """The folder's side of the page."""

    desk: Desk

    def listing(self, language: Language) -> str:
        """The list of articles as it stands."""
        return listing.articles(
            self.desk.main.articles(),
            self.desk.main.skipped(),
            STRINGS[language],
            removable=self.desk.allow_uploads,
        )

    def search(self, words: str, language: Language, answerer: str | None = None) -> str:
        """The passages for some words, or nothing for none."""
        if not words.strip():
            return ""
        limited = words[: self.desk.limits.question_chars]
        try:
            passages = self.desk.answerer(answerer).retrieve(limited, k=HITS)
        except AssistantError as error:
            return _failed(error)
        return listing.hits(passages, STRINGS[language])

    def refreshed(self, language: Language, progress: Progress) -> tuple[str, str]:
        """Bring the index up to date: what was found, and the list."""
        try:
            done = self.desk.refresh(progress)
        except AssistantError as error:
            return _failed(error), self.listing(language)
        said = STRINGS[language].reindexed.format(
            added=len(done.added),
            changed=len(done.changed),
            removed=len(done.removed),
            unchanged=len(done.unchanged),
        )
        return _said(said), self.listing(language)

    def uploaded(
        self, files: Sequence[Path], language: Language, progress: Progress
    ) -> tuple[str, str]:
        """Keep uploaded files and index them; what happened to each, and the list."""
        strings = STRINGS[language]
        notes: list[str] = []
        if self.desk.allow_uploads:
            for file in files:
                notes.append(self._keep(file, strings))
            try:
                self.desk.refresh(progress)
            except AssistantError as error:
                notes.append(_failed(error))
        return "".join(notes), self.listing(language)

    def removed(self, file: str, language: Language) -> tuple[str, str]:
        """Delete an uploaded article and forget it."""
        strings = STRINGS[language]
        if not self.desk.allow_uploads:
            return "", self.listing(language)
        try:
            uploads.remove(self.desk.folder.seeds, file)
            self.desk.refresh()
        except AssistantError as error:
            return _failed(error), self.listing(language)
        return _said(strings.removed.format(name=esc.name(file))), self.listing(language)

    def upload_help(self, strings: Strings) -> str:
        """What can be uploaded, or nothing where uploads are off."""
        if not self.desk.allow_uploads:
            return ""
        size = f"{self.desk.limits.upload_bytes / 1_000_000:g} MB"
        said = strings.upload_help.format(size=size)
        return f'<h2 class="panel-title">{strings.upload}</h2><p class="muted">{said}</p>'

    def reader(self, language: Language) -> str:
        """The reading view before anything is opened."""
        return f'<p class="reader-empty">{STRINGS[language].reader_empty}</p>'

    def _keep(self, file: Path, strings: Strings) -> str:
        limit = self.desk.limits.upload_bytes
        try:
            with file.open("rb") as opened:
                content = opened.read(limit + 1)
            kept = uploads.save(self.desk.folder.seeds, file.name, content, max_bytes=limit)
        except AssistantError as error:
            return _failed(error)
        except OSError as error:
            return f'<p class="notice failed">{esc.text(error.strerror or "")}</p>'
        finally:
            file.unlink(missing_ok=True)  # Gradio's copy
        return _said(strings.uploaded.format(name=esc.name(kept)))


def _said(message: str) -> str:
    return f'<p class="notice ok" role="status">{message}</p>'


def _failed(error: AssistantError) -> str:
    return (
        f'<p class="notice failed" role="alert">{esc.text(str(error))} {esc.text(error.hint)}</p>'
    )
