"""The folder of articles: which files it holds, quickly, and which it can't use."""

from __future__ import annotations

import os
import stat
from dataclasses import dataclass
from pathlib import Path

from assistant.errors import SeedsError
from assistant.types import Skipped

_SUFFIXES = (".txt", ".md", ".markdown")


@dataclass(frozen=True, slots=True)
class FileStat:
    """An article file as it lies on disk: POSIX path from the root, bytes, nanoseconds."""

    file: str
    size: int
    mtime_ns: int


def list_articles(root: Path) -> tuple[list[FileStat], list[Skipped]]:
    """The article files under `root`, and what was passed over; both sorted by path.

    Articles end in .txt, .md or .markdown, in any case. Names are kept as the disk has them.
    Hidden files and folders are not looked at. A link to a file within `root` is that file
    under another name; a link to a folder is not followed, as its files are listed where they
    are. Passed over, with a reason: links that lead out of `root`, in a circle or nowhere,
    folders and articles that can't be read, names that aren't UTF-8.

    Raises SeedsError where `root` is missing, no folder, or unreadable.
    """
    home = _resolved(root)
    files: list[FileStat] = []
    skipped: list[Skipped] = []
    waiting = [""]
    while waiting:
        folder = waiting.pop()
        try:
            entries = list(os.scandir(f"{home}/{folder}"))
        except OSError as error:
            if not folder:
                raise SeedsError(
                    f"The folder {root} can't be read: {error.strerror}.",
                    hint="Check its permissions.",
                ) from error
            reason = f"folder can't be read: {error.strerror}"
            skipped.append(Skipped(_printable(folder[:-1]), reason))
            continue
        for entry in entries:
            if entry.name.startswith("."):
                continue
            path = folder + entry.name
            if entry.is_dir(follow_symlinks=False):
                waiting.append(path + "/")
                continue
            found = _look(entry, path, home)
            if isinstance(found, FileStat):
                files.append(found)
            elif found is not None:
                skipped.append(Skipped(_printable(path), found))
    files.sort(key=lambda found: found.file)
    skipped.sort(key=lambda passed: passed.file)
    return files, skipped


def _resolved(root: Path) -> str:
    if not root.exists():
        raise SeedsError(
            f"There is no folder {root}.",
            hint="Name the folder of articles with --seeds DIR.",
        )
    if not root.is_dir():
        raise SeedsError(
            f"{root} is not a folder.", hint="Name the folder that holds it with --seeds DIR."
        )
    return os.path.realpath(root)


def _look(entry: os.DirEntry[str], path: str, home: str) -> FileStat | str | None:
    """A file's facts, the reason why it is passed over, or None where it is no article."""
    link = entry.is_symlink()
    if not entry.name.lower().endswith(_SUFFIXES):
        return _folder_link(entry, home) if link else None
    if not _is_utf8(path):
        return "its name is not UTF-8"
    try:
        if link:
            target = os.path.realpath(entry.path, strict=True)
            if not _within(target, home):
                return "a link that leaves the folder of articles"
            if Path(target).is_dir():
                return None
        facts = entry.stat()
    except OSError as error:
        if link:
            return "a link that leads in a circle or nowhere"
        return f"can't be read: {error.strerror}"
    if not stat.S_ISREG(facts.st_mode):
        return "not a plain file"
    if not os.access(entry.path, os.R_OK):
        return "can't be read: permission denied"
    return FileStat(path, facts.st_size, facts.st_mtime_ns)


def _folder_link(entry: os.DirEntry[str], home: str) -> str | None:
    """Why a link to a folder isn't followed, where that loses something."""
    target = os.path.realpath(entry.path)
    if not Path(target).is_dir():
        return None
    if not _within(target, home):
        return "a link to a folder outside the folder of articles"
    if _within(entry.path, target):
        return "a link that leads in a circle"
    return None


def _within(path: str, folder: str) -> bool:
    return path == folder or path.startswith(folder.rstrip("/") + "/")


def _is_utf8(path: str) -> bool:
    return not any("\ud800" <= letter <= "\udfff" for letter in path)


def _printable(path: str) -> str:
    return path.encode("utf-8", "backslashreplace").decode("utf-8")
