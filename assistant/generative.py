"""Answers written by a language model, every sentence checked before it counts.

prompt ─▶ the model's stream ─▶ `Watch` (runaway replies) ─▶ `MarkerSplitter` (sentences and
their markers) ─▶ `verification.judge` (what each rests on) ─▶ Draft

A model that fails, or whose reply can't be used, ends in a ModelError: the caller lets the
extractive answer stand in and says so. The same question, passages and history give the
same prompt, to the letter.
"""

from __future__ import annotations

import hashlib
import logging
import re
from collections.abc import Generator, Sequence
from dataclasses import dataclass, field
from typing import Literal

from assistant.checking.framing import is_framing, is_paraphrased_refusal
from assistant.checking.substance import is_empty
from assistant.checking.verification import Judgement, judge
from assistant.counting import count_tokens
from assistant.errors import ModelUseless
from assistant.language import detect, tokens
from assistant.llm.budget import (
    EARLIER_ANSWER_CHARS,
    HISTORY_SHARE,
    TEMPLATE_MARGIN_TOKENS,
    Packed,
    answer_reserve,
    pack_history,
    pack_passages,
)
from assistant.llm.language_model import LanguageModel, Message
from assistant.llm.model_errors import ContextTooSmall
from assistant.markers import MarkedSentence, MarkerSplitter
from assistant.orders import is_tainted
from assistant.prompts import Prompts, as_data, as_line, load_prompts
from assistant.refusals import (
    is_about_passages,
    is_like_refusal,
    is_refusal,
    is_small_talk,
)
from assistant.types import Delta, Draft, DraftSentence, Language, Passage, Turn
from assistant.watch import Thoughts, Watch

logger = logging.getLogger(__name__)

MAX_SENTENCES = 15
"""Sentences kept of one reply; the prompt asks for one to five."""

SMALLEST_SHARE = 0.1
"""A prompt that a model refuses as too long is halved until it has less than this share of
the context: three tries more. Counts are estimates where the vocabulary isn't o200k_base."""

ECHO_WORDS = 6
"""Words in a row that a reply shares with the rules only by copying them."""

WRONG_LANGUAGE_WORDS = 12
"""Words, outside quotations, from which the language of a reply is judged: on fewer, names
and numbers decide more than the language does."""

_FIRM = frozenset({"quoted", "supported"})
_SUPPORTED = _FIRM | {"weak"}


@dataclass(frozen=True, slots=True)
class Prompt:
    """What is sent for a question, and the passages in it under their numbers.

    `own_runs` are the runs of ECHO_WORDS words in what isn't passage, question or history.
    """

    question: str
    messages: tuple[Message, ...]
    packed: tuple[Packed, ...]
    fence: str
    own_runs: frozenset[tuple[str, ...]]


class GenerativeAnswerer:
    """Lets a language model write the answer and checks every sentence of it.

    `policy` decides about sentences that nothing supports: "mark" keeps them with
    `support="unsupported"`, "strict" drops them. A reply of which nothing is supported is
    never shown: under "mark" it raises ModelUseless, under "strict" it is an empty Draft,
    which means "not found".
    """

    def __init__(
        self,
        model: LanguageModel,
        *,
        policy: Literal["mark", "strict"] = "mark",
        prompts: Prompts | None = None,
    ) -> None:
        """Raises PromptError if a template is wrong."""
        self._model = model
        self._policy = policy
        self._prompts = prompts or load_prompts()

    def draft(
        self,
        question: str,
        language: Language,
        passages: Sequence[Passage],
        history: Sequence[Turn],
    ) -> Generator[Delta | DraftSentence | Draft]:
        """The reply as it is written, each sentence once it is checked, the Draft last.

        The Draft decides: a refusal or a broken reply may take back sentences that were
        given out before it. Raises ModelError when the reply can't be used. Closing the
        generator stops the model.
        """
        share = 1.0
        while True:
            prompt = build_prompt(
                self._prompts, self._model, question, language, passages, history, share=share
            )
            try:
                yield from self._written(prompt, language)
            except ContextTooSmall:
                share /= 2
                if share < SMALLEST_SHARE:
                    raise
            else:
                return

    def _written(
        self, prompt: Prompt, language: Language
    ) -> Generator[Delta | DraftSentence | Draft]:
        reply = _Reply(prompt, language, self._policy)
        stream = self._model.stream(prompt.messages)
        try:
            for piece in stream:
                text = reply.visible(piece)
                if text:
                    yield Delta(text)
                    yield from reply.read(text)
                if reply.full:
                    break
        finally:
            stream.close()
        yield from reply.finish()
        yield reply.draft()


@dataclass(slots=True)
class _Reply:
    """One reply as it is being read."""

    prompt: Prompt
    language: Language
    policy: Literal["mark", "strict"]
    full: bool = False
    refused: bool = False
    kept: list[DraftSentence] = field(default_factory=list)
    _dropped: int = 0
    _repeated: int = 0
    _seen: set[str] = field(default_factory=set)
    _watch: Watch = field(default_factory=Watch)
    _thoughts: Thoughts = field(default_factory=Thoughts)
    _splitter: MarkerSplitter = field(init=False)

    def __post_init__(self) -> None:
        self._splitter = MarkerSplitter(passages=len(self.prompt.packed))

    def visible(self, piece: str) -> str:
        """The part of a piece that is the reply, without a model's thinking aloud."""
        return self._thoughts.feed(piece)

    def read(self, text: str) -> Generator[DraftSentence]:
        """Take in more of the reply; the sentences that it completed. Raises ModelUseless."""
        accepted = self._watch.feed(text)
        self.full = self.full or self._watch.full
        for marked in self._splitter.feed(accepted):
            yield from self._judged(marked)

    def finish(self) -> Generator[DraftSentence]:
        """The end of the reply: its last sentences, except one that was cut off."""
        self._watch.close()
        rest = self._splitter.close()
        if rest and (self.full or _is_cut(rest[-1])) and (self.kept or len(rest) > 1):
            rest = rest[:-1]
        for marked in rest:
            yield from self._judged(marked, cut=_is_cut(marked))

    def draft(self) -> Draft:
        """The whole reply. Raises ModelUseless when none of it can be used."""
        unknown = self._splitter.unknown
        supported = [s for s in self.kept if s.support in _SUPPORTED]
        logger.debug(
            "reply: %d sentences kept, %d supported, %d dropped, refused: %s",
            len(self.kept),
            len(supported),
            self._dropped,
            self.refused,
        )
        if self.refused:
            firm = tuple(s for s in self.kept if s.support in _FIRM)
            return Draft(firm, unknown_markers=unknown)
        if not self.kept and not self._dropped:
            raise _useless("it wrote nothing that can be used")
        if not supported:
            if self.policy == "strict":
                return Draft((), unknown_markers=unknown)
            raise _useless("nothing of what it wrote is in the articles")
        if self._is_wrong_language():
            raise _useless("it answered in another language")
        return Draft(tuple(self.kept), unknown_markers=unknown)

    def _judged(self, marked: MarkedSentence, *, cut: bool = False) -> Generator[DraftSentence]:
        """Check one sentence; give it out unless it is a refusal, idle talk or dropped.

        One that was `cut` off may have been about to say something else: weak at most.
        """
        text = _plain(marked.text)
        if not _says_something(text) or self.full:
            return
        if is_refusal(text):
            self.refused = True
            return
        if self.prompt.fence in text or self._echoes(text) or "\ufffd" in text:
            return
        key = " ".join(_words(text)) or text
        if key in self._seen:
            self._repeated += 1
            if self._repeated >= 3:
                raise _useless("it repeated itself over and over")
            return
        self._seen.add(key)
        shown = [packed.passage for packed in self.prompt.packed]
        cited = [shown[number - 1] for number in marked.markers]
        others = [passage for passage in shown if passage not in cited]
        found = judge(
            text,
            cited=cited,
            others=others,
            language=self.language,
            question=self.prompt.question,
        )
        if found.evidence and all(map(is_tainted, found.evidence)):
            found = Judgement("unsupported", 0.0, ())  # obeyed, not answered
        if found.support not in _FIRM:
            # Said by an article, "tidak ada jawaban dari …" is an answer; else a refusal.
            if is_like_refusal(text) or is_paraphrased_refusal(text, self.language):
                self.refused = True
                return
            if is_small_talk(text) or is_framing(text, self.language):
                return
        if found.support != "quoted" and (
            is_about_passages(text) or is_empty(text) or text.endswith("?")
        ):
            return
        if found.support == "unsupported" and self.policy == "strict":
            self._dropped += 1
            return
        sentence = DraftSentence(
            text=text,
            evidence=found.evidence,
            support="weak" if cut and found.support == "supported" else found.support,
            score=round(found.score, 4),
            new_line=marked.new_line,
        )
        self.kept.append(sentence)
        self.full = self.full or len(self.kept) >= MAX_SENTENCES
        yield sentence

    def _echoes(self, text: str) -> bool:
        """Whether a sentence copies the prompt's rules, or is but a passage's title."""
        words = _words(text)
        if any(
            words[at : at + ECHO_WORDS] in self.prompt.own_runs
            for at in range(len(words) - ECHO_WORDS + 1)
        ):
            return True
        said = f" {' '.join(words)} "
        for packed in self.prompt.packed:
            title = _words(packed.passage.title)
            whole = f" {' '.join(title)} "
            if said in whole or (whole in said and len(words) <= len(title) + 2):
                return len(words) > 2  # a name alone may be the answer
        return False

    def _is_wrong_language(self) -> bool:
        """Whether what stands of the model's own words is in the other language."""
        own = " ".join(s.text for s in self.kept if s.support in ("supported", "weak"))
        return len(tokens(own)) >= WRONG_LANGUAGE_WORDS and detect(own) != self.language


# Links that a hostile article may have asked for, and tags: neither belongs in an answer.
_URL = re.compile(r"\b(?:[a-z][a-z0-9+.-]{1,15}://|www\.)\S+", re.IGNORECASE)
_TAG = re.compile(r"</?[A-Za-z!|｜][^<>]{0,500}>|\[/?INST\]")
_SCRIPT = re.compile(r"<(script|style)\b.*?(?:</\1\s*>|$)", re.IGNORECASE | re.DOTALL)


# The prompt's own labels, which small models copy in front of what they write.
_LABEL = re.compile(
    r"^(?:(?:isi|judul|sumber|kutipan|pertanyaan|jawaban?|tanya|text|title|source|passage|"
    r"question|answer)\s*\d*\s*:\s*)+",
    re.IGNORECASE,
)


def _plain(text: str) -> str:
    """A sentence without addresses, tags and labels."""
    text = _TAG.sub(" ", _SCRIPT.sub(" ", text))
    return _LABEL.sub("", " ".join(_URL.sub("", text).split()))


def _says_something(text: str) -> bool:
    """Whether a sentence has a word in it and isn't the heading of what follows."""
    return any(char.isalpha() for char in text) and not text.endswith(":")


def _is_cut(sentence: MarkedSentence) -> bool:
    """Whether a reply's last sentence stops before its end: no marker, no full stop."""
    return not sentence.markers and sentence.text[-1:].isalnum()


def _useless(why: str) -> ModelUseless:
    return ModelUseless(why, hint="Ask again, or choose a larger model.")


# ------------------------------------------------------------------------------- the prompt


def build_prompt(
    prompts: Prompts,
    model: LanguageModel,
    question: str,
    language: Language,
    passages: Sequence[Passage],
    history: Sequence[Turn],
    *,
    share: float = 1.0,
) -> Prompt:
    """The messages for a question, with as many passages as fit into `share` of the context.

    Raises ContextTooSmall when not even one sentence fits.
    """
    asked = as_line(question)
    fence = _fence(question, passages, history)
    context = int(model.context_tokens * share)
    ratio = model.token_ratio
    room = context - TEMPLATE_MARGIN_TOKENS - answer_reserve(context, model.answer_tokens)

    turns = pack_history(
        history, tokens=context * HISTORY_SHARE, ratio=ratio, answer_chars=EARLIER_ANSWER_CHARS
    )
    earlier = _history(prompts, language, turns)
    system = prompts.part("answer", language, "system").render(
        {"refusal": prompts.refusal(language)}
    )
    user = prompts.part("answer", language, "user")
    frame = {"fence": fence, "history": earlier, "question": asked}
    room -= int(ratio * count_tokens(system + user.render(frame | {"passages": ""})))

    block = prompts.part("answer", language, "passage")

    def render(number: int, passage: Passage, text: str) -> str:
        return block.render(
            {
                "fence": fence,
                "number": str(number),
                "title": as_line(passage.title),
                "source": _source(passage),
                "text": as_data(text),
            }
        )

    packed = pack_passages(passages, tokens=room, ratio=ratio, render=render)
    if not packed:
        raise ContextTooSmall(
            f"the model's context of {model.context_tokens:,} tokens has no room for a passage",
            hint="Choose a model, or start its server, with a larger context.",
        )
    blocks = "\n\n".join(one.block for one in packed)
    return Prompt(
        question=asked,
        messages=(
            Message("system", system),
            Message("user", user.render(frame | {"passages": blocks})),
        ),
        packed=packed,
        fence=fence,
        own_runs=_runs(system) | _runs(user.text),
    )


def _words(text: str) -> tuple[str, ...]:
    return tuple(token.text for token in tokens(text))


def _runs(text: str) -> frozenset[tuple[str, ...]]:
    words = _words(text)
    return frozenset(words[at : at + ECHO_WORDS] for at in range(len(words) - ECHO_WORDS + 1))


def _history(prompts: Prompts, language: Language, turns: Sequence[Turn]) -> str:
    if not turns:
        return ""
    turn = prompts.part("answer", language, "turn")
    rendered = "\n".join(
        turn.render({"question": as_line(one.question), "answer": as_line(one.answer)})
        for one in turns
    )
    return prompts.part("answer", language, "history").render({"turns": rendered}) + "\n\n"


def _source(passage: Passage) -> str:
    known = (passage.outlet, passage.published)
    return as_line(", ".join(part for part in known if part)) or "–"


def _fence(question: str, passages: Sequence[Passage], history: Sequence[Turn]) -> str:
    """A boundary that no article can have guessed and that occurs in none of them.

    It is a hash of the question and of all the passages, and so differs from question to
    question and yet is the same when the same is asked again.
    """
    material = "\x00".join(
        [question]
        + [part for passage in passages for part in (passage.file, passage.title, passage.text)]
        + [part for turn in history for part in (turn.question, turn.answer)]
    )
    for attempt in range(1_000):
        digest = hashlib.sha256(f"{attempt}\x00{material}".encode("utf-8", "surrogatepass"))
        fence = f"#{digest.hexdigest()[:12]}"
        if fence not in material:
            return fence
    raise AssertionError("a thousand hashes can't all stand in one text")
