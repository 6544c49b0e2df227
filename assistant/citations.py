"""Citations: the program's own markers, minted from a checked draft.

`compose` turns a checked draft into the text a person reads, in which the program alone
writes `[n]`. Before it, `markers` reads what a model wrote and `checking.verification` judges each
sentence.
"""

from __future__ import annotations

from dataclasses import dataclass

from assistant.markers import neutralise
from assistant.types import Citation, Draft, Evidence, Language, Sentence

UNSUPPORTED_NOTE: dict[Language, str] = {
    "id": "(tidak didukung artikel)",
    "en": "(not supported by the articles)",
}


@dataclass(frozen=True, slots=True)
class Composed:
    """The text of an answer, with every `[n]` in it accounted for.

    `text[s.start:s.end] == s.text` for each sentence; the markers stand after `s.end`.
    `citations` are numbered 1, 2, … in order of first use.
    """

    text: str
    sentences: tuple[Sentence, ...]
    citations: tuple[Citation, ...]


def compose(draft: Draft, *, language: Language, mark_unsupported: bool = False) -> Composed:
    """Number the draft's evidence by first use and write the answer's text.

    The same span of the same file gets the same number. Sentences are joined by a space,
    or by a newline before one whose `new_line` is set. A bracketed number of the source
    (Wikipedia's "[3]") is dropped from the answer's text, so that a bracketed number there
    is always a citation; `Citation.quote` keeps it. A sentence of which nothing is left is
    dropped with its evidence. With `mark_unsupported` a note in `language` follows each
    unsupported sentence, outside its span.
    """
    numbers: dict[tuple[str, int, int], int] = {}
    citations: list[Citation] = []
    sentences: list[Sentence] = []
    text = neutralise(draft.preface)
    for drafted in draft.sentences:
        plain = neutralise(drafted.text)
        if not plain:
            continue
        if text:
            text += "\n" if drafted.new_line else " "
        start = len(text)
        used: list[int] = []
        for evidence in drafted.evidence:
            if evidence.start == evidence.end:
                continue
            key = (evidence.passage.file, evidence.start, evidence.end)
            if key not in numbers:
                numbers[key] = len(numbers) + 1
                citations.append(_citation(numbers[key], evidence))
            if numbers[key] not in used:
                used.append(numbers[key])
        text += plain
        sentences.append(
            Sentence(
                text=plain,
                start=start,
                end=len(text),
                citations=tuple(used),
                support=drafted.support,
                score=drafted.score,
            )
        )
        if used:
            text += " " + "".join(f"[{number}]" for number in used)
        if mark_unsupported and drafted.support == "unsupported":
            text += f" {UNSUPPORTED_NOTE[language]}"
    return Composed(text=text, sentences=tuple(sentences), citations=tuple(citations))


def _citation(number: int, evidence: Evidence) -> Citation:
    passage = evidence.passage
    return Citation(
        number=number,
        file=passage.file,
        start=evidence.start,
        end=evidence.end,
        line=passage.line_of(evidence.start),
        quote=evidence.quote,
        title=passage.title,
        published=passage.published,
        outlet=passage.outlet,
        score=passage.score,
    )
