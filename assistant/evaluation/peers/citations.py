"""Citations with the same model: llama-index's `CitationQueryEngine` beside the assistant.

`python -m assistant.evaluation.peers.citations --llm smollm2`. Same articles, same embedder,
same questions, same model. Counted is what a reader sees: numbers that lead nowhere, answers
without any number, and sentences that their sources don't carry (our verifier is the judge of
both; it doesn't know who wrote a sentence).
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Annotated, Any

from assistant.checking.framing import is_paraphrased_refusal
from assistant.checking.verification import judge
from assistant.evaluation.datasets import Dataset, load
from assistant.language import detect, sentences
from assistant.types import Passage

_MARKER = re.compile(r"\[(\d+)\]|Source (\d+)\b")
PASSAGES, PASSAGE_TOKENS = 3, 256
"""What the other engine shows its model: more, and a small model's context overflows, upon
which it writes and rewrites its answer piece by piece, for minutes."""


@dataclass(frozen=True, slots=True)
class Seen:
    """One answer as a reader sees it. Shares are over its sentences."""

    question: str
    text: str
    refused: bool
    dangling: bool
    uncited: bool
    unsupported: bool
    note: str = ""


def of_text(question: str, text: str, sources: Sequence[Passage]) -> Seen:
    """What stands in a free text with [n] that number `sources` from 1."""
    refused = not text.strip() or is_paraphrased_refusal(text, detect(question))
    claims = [text[span.start : span.end] for span in sentences(text)]
    numbers = [[int(a or b) for a, b in _MARKER.findall(claim)] for claim in claims]
    everything = [n for found in numbers for n in found]
    unsupported = False
    for claim, found in zip(claims, numbers, strict=True):
        bare = _MARKER.sub("", claim).strip()
        cited = [sources[n - 1] for n in found if 1 <= n <= len(sources)]
        if len(bare.split()) < 3:  # a heading or a lone marker claims nothing
            continue
        support = judge(bare, cited=cited, language=detect(bare)).support if cited else "weak"
        unsupported |= support == "unsupported" or not cited
    return Seen(
        question,
        text,
        refused,
        dangling=any(not 1 <= n <= len(sources) for n in everything),
        uncited=not refused and not everything,
        unsupported=not refused and unsupported,
    )


def of_answer(answer: Any) -> Seen:
    """What stands in an answer of the assistant's: its sentences carry their marks already."""
    numbers = {citation.number for citation in answer.citations}
    refused = answer.status == "not_found"
    return Seen(
        answer.question,
        answer.text,
        refused,
        dangling=any(not set(s.citations) <= numbers for s in answer.sentences),
        uncited=not refused and not numbers,
        unsupported=any(s.support == "unsupported" for s in answer.sentences),
        note=f"{answer.engine.answerer}; {len(answer.unknown_markers)} unknown markers removed",
    )


def llama_index_engine(folder: Path, work: Path, llm: Any) -> Callable[[str], Seen]:
    """`CitationQueryEngine` with its defaults but for size and number of the passages."""
    from llama_index.core.node_parser import SentenceSplitter
    from llama_index.core.query_engine import CitationQueryEngine

    from assistant.evaluation.peers import peer_llama_index

    splitter = SentenceSplitter(chunk_size=PASSAGE_TOKENS, chunk_overlap=0)
    index, _ = peer_llama_index.index_of(folder, work, splitter=splitter)
    engine = CitationQueryEngine.from_args(
        index, llm=llm, similarity_top_k=PASSAGES, citation_chunk_size=PASSAGE_TOKENS
    )

    def ask(question: str) -> Seen:
        response = engine.query(question)
        sources = [
            Passage("", 0, len(text), text, 1.0, "", None, language=detect(text))
            for node in response.source_nodes
            if (text := _without_label(node.node.get_content()))
        ]
        return of_text(question, str(response), sources)

    return ask


def shares(seen: Sequence[Seen]) -> dict[str, float]:
    """Each fault's share of the answers that aren't refusals, and the share of refusals."""
    given = [one for one in seen if not one.refused]
    out = {"answers": float(len(seen)), "refused": _share([one.refused for one in seen])}
    for fault in ("dangling", "uncited", "unsupported"):
        out[fault] = _share([getattr(one, fault) for one in given])
    return out


def _without_label(text: str) -> str:
    """The engine writes "Source 1:" into the text it shows."""
    return re.sub(r"^Source \d+:\s*", "", text)


def _share(flags: Sequence[bool]) -> float:
    return sum(flags) / len(flags) if flags else float("nan")


def _compare(spec: str, dataset: Dataset, out: Path) -> dict[str, dict[str, float]]:
    from rich.progress import track

    from assistant.assistant import Assistant
    from assistant.llm.models import load_llm

    folder = dataset.write_folder(out / "files")
    model = load_llm(spec)
    work = out / "llama-index"
    work.mkdir(parents=True, exist_ok=True)
    # The wrapper keeps llama-index's LLM to itself; the other engine needs the very same one.
    theirs = llama_index_engine(folder, work, model._llm)
    with Assistant.open(folder, index=out / "index", llm=spec) as assistant:
        engines: dict[str, Callable[[str], Seen]] = {
            "CitationQueryEngine": theirs,
            "assistant": lambda question: of_answer(assistant.ask(question)),
        }
        answers: dict[str, list[Seen]] = {name: [] for name in engines}
        for gold in track(dataset.questions, description=spec):
            for name, ask in engines.items():
                seen = ask(gold.question)
                answers[name].append(seen)
                with (out / f"{name}.jsonl").open("a", encoding="utf-8") as lines:
                    lines.write(json.dumps(asdict(seen), ensure_ascii=False) + "\n")
    return {name: shares(seen) for name, seen in answers.items()}


if __name__ == "__main__":
    import typer
    from rich import print as show

    def main(
        llm: Annotated[str, typer.Option(help="The model of both.")] = "smollm2",
        limit: Annotated[int, typer.Option(help="Questions of the seeds' gold set.")] = 40,
        out: Annotated[Path, typer.Option(help="Where the answers go.")] = Path("runs/citations"),
    ) -> None:
        """Compare the citations of two engines that use the same model."""
        first_turns = load("seeds").only(lambda gold: not gold.history)
        show(_compare(llm, first_turns.sample(limit), out))

    typer.run(main)
