"""The two locks of an index folder: one for its writer, one for the moments of a write."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from assistant.errors import IndexLocked, IndexReadOnly

_GATE_WAIT_S = 60.0
"""Longest wait for one write of another process (1,024 passages: 0.2 s)."""


@contextmanager
def writer_lock(folder: Path, *, wait_s: float) -> Iterator[None]:
    """Be the one process that writes to the index in `folder`, which is made if need be.

    Raises IndexLocked, naming the process that is, after `wait_s` seconds; IndexReadOnly
    where the folder can't be written.
    """
    from filelock import FileLock, Timeout

    path = folder / ".lock"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        lock = FileLock(path, timeout=wait_s)
        lock.acquire()
    except Timeout as error:
        raise IndexLocked(
            f"Another process{_holder(path)} is writing to the index in {folder}.",
            hint="Wait until it has finished, or choose another folder: --index DIR",
        ) from error
    except OSError as error:
        raise IndexReadOnly(
            f"The index in {folder} can't be written: {error.strerror}.",
            hint="Make the folder writable, or choose another: --index DIR",
        ) from error
    try:
        with suppress(OSError):
            path.write_text(f"{os.getpid()}\n", encoding="ascii")
        yield
    finally:
        lock.release()


@contextmanager
def gate(path: Path) -> Iterator[None]:
    """Keep writes to the vectors and openings of them apart, one at a time."""
    from filelock import FileLock, Timeout

    lock = FileLock(path, timeout=_GATE_WAIT_S)
    try:
        lock.acquire()
    except Timeout as error:
        raise IndexLocked(
            f"Another process has been writing to {path.parent} for {_GATE_WAIT_S:.0f} s.",
            hint="Try again in a moment, or end that process.",
        ) from error
    try:
        yield
    finally:
        lock.release()


def _holder(path: Path) -> str:
    with suppress(OSError, ValueError):
        return f" ({int(path.read_text(encoding='ascii'))})"
    return ""
