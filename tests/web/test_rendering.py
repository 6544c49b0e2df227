"""Rendering is pure: text stays text, offsets are code points, nothing of an answer is lost."""

from __future__ import annotations

import html
import json
from html.parser import HTMLParser
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.types import (
    Answer,
    Article,
    Block,
    Checked,
    Citation,
    Delta,
    Done,
    Engine,
    NearestArticle,
    Passage,
    Retrieved,
    Sentence,
)
from assistant.web import escaping, export, listing, reading, render
from assistant.web.exchanges import Exchange, Growing, from_browser, to_browser
from assistant.web.strings import EN, ID, STRINGS, preferred_language

HOSTILE = (
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    '"><svg onload=alert(1)>',
    "</mark></a><iframe src=javascript:alert(1)>",
    "[klik](javascript:alert(1)) ![](http://jauh.example/x.png)",
    "$\\href{javascript:alert(1)}{x}$",
    "kiri \u202ektn.exe\u202c kanan",
)

ALLOWED = frozenset(
    "a article b bdi blockquote button dd details div dl dt footer h2 h3 h4 header li mark ol p q "
    "section span strong summary sup table tbody td textarea th thead time tr ul".split()
)


class Page(HTMLParser):
    """The tags, attributes and text of some HTML, as a browser would see them."""

    def __init__(self, source: str) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str]] = []
        self.text = ""
        self.feed(source)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += [(name, value or "") for name, value in attrs]

    def handle_data(self, data: str) -> None:
        self.text += data


def harmless(source: str) -> Page:
    """The page, after making sure that it has no tag or attribute of anyone else's making."""
    page = Page(source)
    assert set(page.tags) <= ALLOWED
    for name, value in page.attributes:
        assert not name.startswith("on")
        assert name != "src"
        if name == "href":
            assert value.startswith("#")
    return page


def answer_of(text: str, quote: str = "kutipan", title: str = "Judul") -> Answer:
    return Answer(
        question="Apa?",
        language="id",
        status="answered",
        text=f"{text} [1]",
        short_answer=text,
        sentences=(Sentence(text, 0, len(text), (1,), "quoted", 1.0),),
        citations=(Citation(1, title, 0, len(quote), 1, quote, title, None, title, 0.5),),
        unknown_markers=(text,),
        nearest=(),
        engine=Engine("generative", text, "e", note=text),
        searched=text,
        timings_ms={"total": 1.0},
    )


@pytest.mark.parametrize("text", HOSTILE)
@pytest.mark.parametrize("strings", STRINGS.values(), ids=STRINGS)
def test_no_text_becomes_markup(text: str, strings: object) -> None:
    answer = answer_of(text, quote=text, title=text)
    not_found = Answer(
        question=text,
        language="id",
        status="not_found",
        text=text,
        short_answer=None,
        sentences=(),
        citations=(),
        unknown_markers=(),
        nearest=(NearestArticle(text, text, 0.3),),
        engine=Engine("extractive", None, "e"),
        searched=text,
    )
    exchanges = [
        Exchange(text, "done", answer),
        Exchange(text, "done", not_found),
        Exchange(text, "failed", error=text, hint=text),
    ]
    harmless(render.conversation(exchanges, strings))
    harmless(render.sources(answer, 1, strings))
    harmless(render.welcome([text], strings))
    growing = Growing(text).after(Retrieved(text, ())).after(Delta(text))
    harmless(render.growing(growing, 1, strings))
    passage = Passage(text, 0, 1, text, 0.5, text, text, text, also_in=(text,))
    harmless(listing.hits([passage], strings))
    article = Article(
        text, text, "", "id", text, None, text, text, (Block(0, len(text), "paragraph"),)
    )
    mark = reading.Highlight(0, len(text), 1, 1, 0, active=True)
    harmless(reading.article(article, [mark], strings, back=True, turn=1))
    harmless(reading.missing(answer.citations[0], strings, changed=True, turn=1))


@given(st.text(), st.lists(st.tuples(st.integers(0, 60), st.integers(0, 60)), max_size=6))
def test_marking_keeps_every_character(text: str, spans: list[tuple[int, int]]) -> None:
    marks = [
        reading.Highlight(min(span), max(span), number, 1, 0, active=number == 2)
        for number, span in enumerate(spans, start=1)
    ]
    shown = reading.marked(text, 0, len(text), marks)
    assert html.unescape(_without_tags(shown)) == text


@given(st.text(alphabet="ab 🌍é<&\n\r", min_size=1, max_size=50), st.data())
def test_an_active_highlight_holds_the_quotation(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text) - 1))
    end = data.draw(st.integers(start + 1, len(text)))
    other = data.draw(st.integers(0, len(text)))
    marks = [
        reading.Highlight(start, end, 1, 1, 0, active=True),
        reading.Highlight(other, len(text), 2, 1, 0, active=False),
    ]
    shown = reading.marked(text, 0, len(text), marks)
    parts = shown.split('<mark class="active"')[1:]
    held = "".join(part.split(">", 1)[1].split("</mark>", 1)[0] for part in parts)
    assert html.unescape(held) == text[start:end]


@given(st.integers(0, 400_000), st.integers(0, 400_000))
def test_a_window_shows_the_place_it_is_asked_for(length: int, focus: int) -> None:
    focus = min(focus, max(length - 1, 0))
    first, last = reading.window(length, focus)
    assert 0 <= first <= focus <= last <= length
    assert last - first <= reading.WINDOW


def test_an_article_comes_out_whole_even_between_its_blocks() -> None:
    text = "Judul\n\nSatu kalimat.\nantara\nDua.\r\nSisa"
    blocks = (Block(0, 5, "title"), Block(7, 20, "paragraph"), Block(28, 32, "furniture"))
    article = Article("a.txt", text, "", "id", "Judul", None, None, None, blocks)
    page = harmless(reading.article(article, (), EN, back=False))
    for words in ("Judul", "Satu kalimat.", "antara", "Dua.", "Sisa"):
        assert words in page.text


def test_numbers_without_a_citation_stay_text() -> None:
    answer = answer_of("Lihat [7]")
    shown = render.turn(Exchange("Apa?", "done", answer), 1, ID)
    assert 'href="#src-1-1"' in shown
    assert "src-1-7" not in shown
    assert "Lihat [7]" in Page(shown).text


@given(st.text(max_size=80))
def test_disguising_characters_are_spelled_out_in_names(name: str) -> None:
    shown = Page(escaping.name(name)).text
    assert not escaping.UNSEEN.search(shown)


def test_an_answer_grows_by_its_events() -> None:
    whole = answer_of("Satu")
    growing = Growing("Apa?")
    growing = growing.after(Retrieved("Apa?", ())).after(Delta("Sa")).after(Delta("tu"))
    assert growing.unchecked == "Satu"
    growing = growing.after(Checked(whole.sentences[0], whole.citations))
    assert growing.unchecked == ""
    partial = growing.so_far()
    assert partial.text == "Satu [1]"
    assert [partial.text[s.start : s.end] for s in partial.sentences] == ["Satu"]
    assert growing.stopped().state == "stopped"
    assert growing.after(Done(whole)).stopped() == Exchange("Apa?", "done", whole)


def test_the_browser_gets_back_what_it_keeps() -> None:
    exchanges = [Exchange("Apa?", "done", answer_of("Satu")), Exchange("Lalu?")]
    assert from_browser(json.loads(json.dumps(to_browser(exchanges)))) == exchanges


@pytest.mark.parametrize(
    "stored",
    [None, "x", {}, [1], [{"question": 3}], [{"question": "a", "answer": {"text": "b"}}], [{}]],
)
def test_a_conversation_that_cannot_be_read_is_dropped(stored: object) -> None:
    assert from_browser(stored) == []


def test_an_export_holds_the_same_numbers_and_stays_text() -> None:
    answer = answer_of("Harga *naik* <b>tinggi</b>", quote="a | b\nc")
    markdown = export.markdown([Exchange("# Apa?", "done", answer)], EN)
    assert "## \\# Apa?" in markdown
    assert "<b>" not in markdown.replace("\\<b\\>", "")
    assert "- [1] " in markdown
    assert json.loads(export.as_json([Exchange("Apa?", "done", answer)]))[0]["answer"]["text"] == (
        answer.text
    )


@pytest.mark.parametrize(
    ("header", "language"),
    [
        ("id-ID,id;q=0.9,en;q=0.8", "id"),
        ("en-GB,en;q=0.9", "en"),
        ("de,id;q=0.4,en;q=0.3", "id"),
        ("en;q=0.3,id;q=0.9", "id"),
        ("fr", "en"),
        ("", "en"),
        ("id;q=abc", "en"),
    ],
)
def test_the_language_is_the_one_the_browser_likes_best(header: str, language: str) -> None:
    assert preferred_language(header) == language


def test_both_languages_say_the_same_things() -> None:
    for name in ID.__slots__:
        indonesian, english = getattr(ID, name), getattr(EN, name)
        assert indonesian
        assert english
        if isinstance(indonesian, str):
            assert _fields(indonesian) == _fields(english), name


def test_the_script_makes_no_html_of_text() -> None:
    script = (Path(render.__file__).parent / "assets" / "page.js").read_text("utf-8")
    for dangerous in ("innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "eval("):
        assert dangerous not in script


def _fields(text: str) -> set[str]:
    return {part.split("}")[0] for part in text.split("{")[1:]}


def _without_tags(source: str) -> str:
    out, inside = [], False
    for character in source:
        if character == "<":
            inside = True
        elif character == ">":
            inside = False
        elif not inside:
            out.append(character)
    return "".join(out)
