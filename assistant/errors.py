"""What can go wrong, and what to do about it.

    AssistantError            every error that a person is meant to read; has a `.hint`
    ├── SeedsError            the folder of articles: missing, empty, unreadable
    │   └── ArticleError      one file: not UTF-8, binary, too large, unreadable
    ├── IndexFault           the derived index
    │   ├── IndexMismatch     built with other settings, or by another version
    │   ├── IndexCorrupt      a part is missing or can't be read
    │   ├── IndexLocked       another process is writing to it
    │   └── IndexReadOnly     the folder can't be written
    ├── QuestionError         empty, or too long to search
    ├── SettingsError         a setting that has no meaning, or a spec nobody knows
    │   └── MissingExtra      the setting needs a package that isn't installed
    ├── PromptError           a template lacks a placeholder, or has one too many
    └── ModelError            a model or embedding service
        ├── ModelUnreachable  no route, refused, timed out (worth trying again)
        ├── ModelRefused      wrong key, unknown model, context too small (not worth it)
        └── ModelUseless      answered, but with nothing that can be used

`str(error)` is one line that says what is wrong; `error.hint` one line that says what to do.
"""

from __future__ import annotations


class AssistantError(Exception):
    """Base of every error that a person is meant to read."""

    def __init__(self, message: str, *, hint: str) -> None:
        super().__init__(message)
        self.hint = hint


class SeedsError(AssistantError):
    """The folder of articles is missing, empty or unreadable."""


class ArticleError(SeedsError):
    """One file can't be used as an article."""


class IndexFault(AssistantError):
    """The derived index can't be used."""


class IndexMismatch(IndexFault):
    """The index was built with other settings or by another version."""


class IndexCorrupt(IndexFault):
    """A part of the index is missing or can't be read."""


class IndexLocked(IndexFault):
    """Another process is writing to the index."""


class IndexReadOnly(IndexFault):
    """The index folder can't be written."""


class QuestionError(AssistantError):
    """The question is empty or too long to search."""


class SettingsError(AssistantError):
    """A setting has no meaning here."""


class MissingExtra(SettingsError):
    """A setting needs a package that isn't installed."""


class PromptError(AssistantError):
    """A prompt template lacks a placeholder, or has one too many."""


class ModelError(AssistantError):
    """A language model or embedding service failed."""


class ModelUnreachable(ModelError):
    """No route, refused or timed out: worth trying again."""


class ModelRefused(ModelError):
    """Wrong key, unknown model, context too small: not worth trying again."""


class ModelUseless(ModelError):
    """The model answered with nothing that can be used."""
