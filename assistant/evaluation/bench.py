"""`make bench`: how fast it starts, answers, searches and indexes, beside named peers.

Start-up is measured as people meet it, whole processes against the clock; search and indexing
by the peers' harness, ours and plain llama-index over the same files in the same run.
"""

from __future__ import annotations

import shutil
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from time import perf_counter
from typing import Any

from assistant.assistant import Assistant
from assistant.errors import SettingsError
from assistant.evaluation.datasets import CHECKOUT, Dataset, load
from assistant.evaluation.peers.bench import OURS, PEERS, bench
from assistant.evaluation.run import write_json

REPEATS = 5
REPLY = (
    "Kim Jong-un dan Vladimir Putin bertemu pada 25 April 2019 [1]. Pada 2023 perdagangan kedua "
    "negara meningkat sembilan kali lipat [2]. Menurut KCNA keduanya bertukar surat [3]."
)
QUESTION = "Berapa kali lipat perdagangan Rusia dan Korea Utara naik pada 2023?"


def start_up(seeds: Path, work: Path) -> dict[str, float]:
    """Median seconds of whole processes: `--help`, `ask` on a built index, `import chromadb`."""
    python = sys.executable
    assistant = [python, "-m", "assistant.cli"]
    ask = [*assistant, "ask", QUESTION, "--seeds", str(seeds), "--index", str(work / "index")]
    _seconds(ask)  # builds the index
    return {
        "assistant --help": _median([*assistant, "--help"]),
        "assistant ask, index built": _median(ask),
        "python -c 'import chromadb'": _median([python, "-c", "import chromadb"]),
    }


def overhead(seeds: Path, work: Path) -> dict[str, float]:
    """Median and p95 milliseconds of `ask` with a model that answers at once: all that is ours.

    Retrieving, packing the prompt, reading the reply and checking its sentences.
    """
    from llama_index.core.llms import CompletionResponse, CustomLLM, LLMMetadata

    class Instant(CustomLLM):  # type: ignore[misc]  # llama-index's types aren't read
        @property
        def metadata(self) -> Any:
            return LLMMetadata(model_name="instant", context_window=8_192)

        def complete(self, prompt: str, formatted: bool = False, **_: Any) -> Any:  # noqa: ARG002
            return CompletionResponse(text=REPLY)

        def stream_complete(self, prompt: str, formatted: bool = False, **_: Any) -> Any:  # noqa: ARG002
            yield CompletionResponse(text=REPLY, delta=REPLY)

    taken = []
    with Assistant.open(seeds, index=work / "overhead", llm=Instant()) as assistant:
        for question in load("seeds").questions:
            started = perf_counter()
            assistant.ask(question.question, history=question.history)
            taken.append((perf_counter() - started) * 1000)
    return {
        "around an instant model: p50 ms": round(statistics.median(taken), 1),
        "around an instant model: p95 ms": round(statistics.quantiles(taken, n=20)[-1], 1),
    }


def scale(dataset: Dataset, folder: Path, *, say: Callable[[str], None]) -> dict[str, float | str]:
    """Indexing rate, query latency and memory, ours and plain llama-index's, and their ratio."""
    peers = [peer for peer in PEERS if peer.name in (OURS, "llama_index")]
    out: dict[str, float | str] = {}
    for result in bench([dataset], folder, peers=peers, say=say):
        if result.why:
            out[f"{result.title}: not run"] = result.why
        for name in ("passages/s", "query p50 ms", "query p95 ms", "peak MiB", "disk MiB"):
            if name in result.figures:
                out[f"{result.title}: {name}"] = round(result.figures[name], 2)
    rates = [value for name, value in out.items() if name.endswith("passages/s")]
    if len(rates) == len(peers) and all(isinstance(rate, float) for rate in rates):
        out["indexing rate, ours to llama-index's"] = round(float(rates[0]) / float(rates[1]), 2)
    return out


def _median(command: Sequence[str]) -> float:
    return round(statistics.median(_seconds(command) for _ in range(REPEATS)), 3)


def _seconds(command: Sequence[str]) -> float:
    started = perf_counter()
    done = subprocess.run(command, cwd=CHECKOUT, capture_output=True, text=True, check=False)
    if done.returncode:
        raise SettingsError(
            f"{' '.join(command[1:4])} ended with code {done.returncode}.",
            hint=(done.stderr.strip().splitlines() or ["Run it by hand."])[-1],
        )
    return perf_counter() - started


def run_all(out: Path, *, say: Callable[[str], None]) -> Mapping[str, float | str]:
    """Everything; written to `out/bench.json` too."""
    with tempfile.TemporaryDirectory() as work:
        seeds = CHECKOUT / "seeds"
        figures: dict[str, float | str] = {
            **start_up(seeds, Path(work)),
            **overhead(seeds, Path(work)),
        }
    figures["ask to import chromadb"] = round(
        float(figures["assistant ask, index built"])
        / float(figures["python -c 'import chromadb'"]),
        2,
    )
    try:
        figures |= scale(load("idk-mrc"), out / "scale", say=say)
    except SettingsError as error:
        figures["search and indexing: not run"] = str(error)
    out.mkdir(parents=True, exist_ok=True)
    write_json(out / "bench.json", figures)
    return figures


if __name__ == "__main__":
    from rich.console import Console

    console = Console(stderr=True)
    width = min(shutil.get_terminal_size().columns, 100)
    found = run_all(
        Path("runs").resolve(), say=lambda line: console.print(line, style="dim", markup=False)
    )
    for name, value in found.items():
        shown = f"{value:,.2f}" if isinstance(value, float) else value
        Console().print(f"{name:<{width - 20}} {shown:>18}", markup=False, highlight=False)
