"""Articles that visitors add: checked by name, size and content, kept in one subfolder.

What lies in `<seeds>/uploads/` was uploaded and may be removed from the page; nothing else
of the folder is ever written or deleted here.
"""

from __future__ import annotations

import os
import tempfile
import unicodedata
from pathlib import Path, PurePosixPath

from assistant.errors import ArticleError

UPLOADS = "uploads"
"""The subfolder of the seeds folder for uploaded articles."""

EXTENSIONS = (".txt", ".md", ".markdown")

MAX_NAME_BYTES = 120
"""Far below the 255 bytes that file systems take, so that the reader can still read it."""


def is_upload(file: str) -> bool:
    """Whether an article's relative path says that it was uploaded."""
    parts = PurePosixPath(file).parts
    return len(parts) == 2 and parts[0] == UPLOADS


def safe_name(given: str) -> str:
    """The file name to keep an upload under. Raises ArticleError for one that can't be kept.

    Only the last part of a path counts; controls, direction marks and other characters that
    show nothing are dropped, and a name can't begin with a dot.
    """
    last = given.replace("\\", "/").rsplit("/", 1)[-1]
    kept = "".join(
        character
        for character in unicodedata.normalize("NFC", last)
        if unicodedata.category(character)[0] != "C" and character not in '<>:"|?*'
    ).strip(" .")
    extension = Path(kept).suffix
    stem = kept.removesuffix(extension)
    if extension.lower() not in EXTENSIONS or not stem.strip(" ."):
        raise ArticleError(
            f"{_shown(given)} is not an article file.",
            hint=f"Upload a text file whose name ends in {', '.join(EXTENSIONS)}.",
        )
    while len(stem.encode()) > MAX_NAME_BYTES - len(extension.encode()):
        stem = stem[:-1]
    return f"{stem.strip(' .')}{extension.lower()}"


def save(seeds: Path, given: str, content: bytes, *, max_bytes: int) -> str:
    """Keep an upload and return its path relative to the seeds folder.

    Never overwrites: a name that is taken is refused. The file appears whole or not at all.
    Raises ArticleError saying what is wrong with it.
    """
    name = safe_name(given)
    if len(content) > max_bytes:
        raise ArticleError(
            f"{_shown(name)} has {len(content):,} bytes; at most {max_bytes:,} are taken.",
            hint="Split it into several articles.",
        )
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError:
        raise ArticleError(
            f"{_shown(name)} is not UTF-8 text.", hint="Save it as UTF-8 and upload it again."
        ) from None
    if not text.strip() or "\x00" in text:
        raise ArticleError(
            f"{_shown(name)} has no text in it.", hint="Upload a file with the article's text."
        )
    folder = _folder(seeds)
    descriptor, written = tempfile.mkstemp(dir=folder, prefix=".upload-")
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
        Path(written).chmod(0o644)
        os.link(written, folder / name)  # unlike a rename, fails where the name is taken
    except FileExistsError:
        raise ArticleError(
            f"An article named {_shown(name)} was uploaded before.",
            hint="Remove it first, or rename the file.",
        ) from None
    finally:
        Path(written).unlink()
    return f"{UPLOADS}/{name}"


def remove(seeds: Path, file: str) -> None:
    """Delete an uploaded article. Raises ArticleError if it was not uploaded or is gone."""
    folder = seeds / UPLOADS
    target = folder / PurePosixPath(file).name
    if not is_upload(file) or folder.is_symlink() or not target.is_file() or target.is_symlink():
        raise ArticleError(
            f"{_shown(file)} is not an uploaded article.",
            hint="Only what was uploaded here can be removed here.",
        )
    target.unlink()


def _folder(seeds: Path) -> Path:
    folder = seeds / UPLOADS
    if folder.is_symlink():
        raise ArticleError(
            f"{UPLOADS} in the folder of articles is a symbolic link.",
            hint="Replace it by a real folder; uploads don't follow links.",
        )
    try:
        folder.mkdir(exist_ok=True)
    except OSError as error:
        raise ArticleError(
            f"The folder of articles can't be written: {error.strerror}.",
            hint="Give the server write access to it, or start without --allow-uploads.",
        ) from error
    return folder


def _shown(name: str) -> str:
    """A given name in a message, on one line and not endless."""
    return "".join(c if c.isprintable() else "?" for c in name)[:80]
