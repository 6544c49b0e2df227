"""Follow-up questions, written out by a language model.

Which questions lean on the conversation is decided without a model (`conversation`); those
that stand alone are never touched.
"""

from __future__ import annotations

from collections.abc import Sequence

from assistant.errors import ModelUseless
from assistant.language import STOP_WORDS, stem, tokens
from assistant.llm.budget import EARLIER_ANSWER_CHARS, pack_history
from assistant.llm.language_model import LanguageModel, Message
from assistant.prompts import Prompts, as_line, load_prompts
from assistant.types import Language, Turn

MAX_CONDENSED_CHARS = 300
"""Longer than any question in the data (201 characters): what is longer is no question."""

_HISTORY_SHARE = 1 / 2  # there are no passages in this prompt

_INVENTED_SHARE = 0.34
"""Share of content words that occur nowhere in the conversation from which a rewriting is
taken for an invention: one new word in three still allows for inflection and synonyms."""


def condense(
    question: str,
    history: Sequence[Turn],
    language: Language,
    model: LanguageModel,
    *,
    prompts: Prompts | None = None,
) -> str:
    """The follow-up `question` as one that stands by itself, in the words of the conversation.

    Raises ModelError when the model fails, and ModelUseless when what it wrote is no
    rewriting: empty, too long, in several lines, or about things nobody mentioned.
    """
    prompts = prompts or load_prompts()
    turns = pack_history(
        history,
        tokens=model.context_tokens * _HISTORY_SHARE,
        ratio=model.token_ratio,
        answer_chars=EARLIER_ANSWER_CHARS,
    )
    turn = prompts.part("condense", language, "turn")
    earlier = "\n".join(
        turn.render({"question": as_line(one.question), "answer": as_line(one.answer)})
        for one in turns
    )
    messages = (
        Message("system", prompts.part("condense", language, "system").text),
        Message(
            "user",
            prompts.part("condense", language, "user").render(
                {"history": earlier, "question": as_line(question)}
            ),
        ),
    )
    written = model.complete(messages, max_chars=2 * MAX_CONDENSED_CHARS)
    condensed = as_line(written.strip().partition("\n")[0]).strip("\"“”'` ")
    if not condensed or len(condensed) > MAX_CONDENSED_CHARS:
        raise ModelUseless("it wrote no question", hint="Ask the question in full.")
    said = " ".join([question, *(part for one in turns for part in (one.question, one.answer))])
    known = _content(said, language)
    new = _content(condensed, language)
    if not new or len(new - known) > _INVENTED_SHARE * len(new):
        raise ModelUseless("it wrote another question", hint="Ask the question in full.")
    return condensed


def _content(text: str, language: Language) -> set[str]:
    return {
        stem(token.text, language)
        for token in tokens(text)
        if token.text not in STOP_WORDS[language]
    }
