"""How much one visitor may ask of the server."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Limits:
    """Bounds on what visitors send and on what runs at once. Sizes are bytes.

    `question_chars`: characters of one question. `upload_bytes`: one uploaded article; the
    longest of the sample regulations has 1.3 MB. `body_bytes`: any other request, which
    carries the visitor's own conversation (browsers keep at most 5 MB of it).
    `queue`: questions waiting; `concurrency`: questions answered at once.
    `logins_per_minute`: failed and successful log-ins of one address.
    """

    question_chars: int = 1_000
    upload_bytes: int = 2_000_000
    body_bytes: int = 8_000_000
    queue: int = 64
    concurrency: int = 8
    logins_per_minute: int = 10
