"""Other people's retrieval over the same files, each in an environment of its own.

A peer is one module `peer_NAME.py` that knows nothing of this package: `prepare()` loads what
the program loads before it sees a file, `build(folder, work)` indexes a folder of articles and
returns `search(question, k) -> [file, …]`, best first. `harness.py` times it; `bench.py` makes
the environments, runs them one after the other and marks what they found.
"""
