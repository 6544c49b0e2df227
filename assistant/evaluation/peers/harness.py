# mypy: ignore-errors
"""Time one peer. Runs in the peer's environment, so it imports the standard library only.

`python harness.py PEER FOLDER QUESTIONS.json WORK OUT.json`; QUESTIONS is a list of
[id, question]. OUT gets seconds to prepare and to build, milliseconds of each query, peak
resident memory in MiB, bytes on disk, versions, the files found for each question, and the
errors of questions that failed (they have found nothing).
"""

from __future__ import annotations

import importlib
import importlib.metadata
import json
import resource
import sys
import time
from pathlib import Path

K = 10
WARM_UP = 5  # queries before the timed ones: caches and lazy imports are not the query's time


def main() -> None:
    """Build, search, write down."""
    name, folder, questions, work, out = sys.argv[1:6]
    asked = json.loads(Path(questions).read_text("utf-8"))
    started = time.perf_counter()
    peer = importlib.import_module(f"peer_{name}")
    peer.prepare()
    prepared = time.perf_counter()
    search = peer.build(Path(folder), Path(work))
    built = time.perf_counter()
    found, milliseconds, errors = {}, [], []
    warming = asked[:WARM_UP]
    for position, (identity, question) in enumerate([*warming, *asked]):
        begun = time.perf_counter()
        try:
            files = search(question, K)
        except Exception as error:  # noqa: BLE001 - a query that fails has found nothing
            files = []
            if position >= len(warming):
                errors.append(f"{type(error).__name__}: {error}")
        if position >= len(warming):
            milliseconds.append((time.perf_counter() - begun) * 1000)
        found[identity] = list(dict.fromkeys(files))
    result = {
        "prepare_s": prepared - started,
        "build_s": built - prepared,
        "query_ms": milliseconds,
        # Linux counts in KiB.
        "peak_mib": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
        "disk_bytes": sum(p.stat().st_size for p in Path(work).rglob("*") if p.is_file()),
        "versions": {package: _version(package) for package in peer.PACKAGES},
        "found": found,
        "errors": errors,
    }
    Path(out).write_text(json.dumps(result), "utf-8")


def _version(package: str) -> str:
    try:
        return importlib.metadata.version(package)
    except importlib.metadata.PackageNotFoundError:
        return "unknown"


if __name__ == "__main__":
    main()
