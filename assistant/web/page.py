"""The Gradio page: its components, and which event calls what. Imported by `serve` only."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import gradio as gr

from assistant.types import Language
from assistant.web import export, header
from assistant.web.chat import Chat, Shown
from assistant.web.desk import EXTRACTIVE, Desk
from assistant.web.exchanges import Growing, from_browser
from assistant.web.library import Library
from assistant.web.strings import STRINGS, Strings, preferred_language

WIRE = """
window.assistantPage.wire(element, trigger, watch, [
  'cite', 'sources', 'retry', 'edit', 'read', 'example', 'list', 'close', 'remove'
]);
"""
"""Connects an HTML component to the page's script, which turns clicks into these events."""

ASSETS = Path(__file__).parent / "assets"


def build_page(desk: Desk) -> gr.Blocks:
    """The page over one folder of articles."""
    chat, library = Chat(desk), Library(desk)
    version = hashlib.sha256((ASSETS / "page.js").read_bytes()).hexdigest()[:12]
    script = f'<script src="page-assets/page.js?{version}"></script>'
    storage = hashlib.sha256(str(desk.folder.seeds.resolve()).encode()).hexdigest()[:12]
    first = STRINGS["id"]

    def wired(elem_id: str, value: str = "") -> gr.HTML:
        return gr.HTML(
            value, elem_id=elem_id, js_on_load=WIRE, head=script, apply_default_css=False
        )

    with gr.Blocks(
        title=first.title,
        analytics_enabled=False,
        fill_width=True,
        delete_cache=(3600, 3600),  # uploads that nobody took, after an hour
    ) as page:
        # The key keeps folders apart that are served from one address; the secret is none,
        # since the script that reads the storage has to know it.
        stored = gr.BrowserState([], storage_key=f"assistant-talk-{storage}", secret="assistant")
        chosen = gr.BrowserState({}, storage_key="assistant-choices", secret="assistant")
        growing = gr.State(None)
        editing = gr.State(None)

        with gr.Row(elem_id="masthead"):
            masthead = wired("masthead-text")
            language = gr.Radio(
                [("Bahasa Indonesia", "id"), ("English", "en")],
                value="id",
                label=first.interface_language,
                elem_id="language",
                container=False,
                scale=0,
                min_width=0,
            )
            theme = wired("theme-switch")
        with gr.Tabs(elem_id="tabs"):
            with gr.Tab(first.chat_tab, id="chat") as chat_tab, gr.Row(elem_id="desk"):
                with gr.Column(elem_id="talk", scale=3, min_width=280):
                    past = wired("past")
                    live = wired("live")
                    status = gr.HTML("", elem_id="status", js_on_load=None)
                    edit_note = wired("edit-note")
                    with gr.Row(elem_id="composer"):
                        question = gr.Textbox(
                            label=first.question_label,
                            placeholder=first.question_placeholder,
                            elem_id="question",
                            lines=1,
                            max_lines=6,
                            max_length=desk.limits.question_chars,
                            scale=1,
                        )
                        send = gr.Button(first.send, variant="primary", elem_id="send", scale=0)
                        stop = gr.Button(first.stop, elem_id="stop", scale=0, visible=False)
                    with gr.Row(elem_id="keep"):
                        clear = gr.Button(first.clear, elem_id="clear", size="sm")
                        as_markdown = gr.Button(
                            first.export_markdown, elem_id="save-markdown", size="sm"
                        )
                        as_json = gr.Button(first.export_json, elem_id="save-json", size="sm")
                with gr.Column(elem_id="evidence", scale=2, min_width=280):
                    panel = wired("panel")
            with (
                gr.Tab(first.articles_tab, id="articles") as articles_tab,
                gr.Row(elem_id="shelves"),
            ):
                with gr.Column(elem_id="shelf", scale=3, min_width=280):
                    search = gr.Textbox(
                        label=first.articles_search,
                        placeholder=first.articles_search_placeholder,
                        elem_id="article-search",
                        max_length=desk.limits.question_chars,
                    )
                    found = wired("found")
                    note = gr.HTML("", elem_id="library-note", js_on_load=None)
                    listing = wired("listing")
                    with gr.Row(elem_id="library-tools"):
                        reindex = gr.Button(first.reindex, elem_id="reindex", size="sm")
                    upload_help = gr.HTML("", elem_id="upload-help", js_on_load=None)
                    upload = gr.File(
                        label=first.upload,
                        show_label=False,
                        file_count="multiple",
                        file_types=[".txt", ".md", ".markdown"],
                        elem_id="upload",
                        visible=desk.allow_uploads,
                        height=140,
                    )
                with gr.Column(elem_id="reader", scale=2, min_width=280):
                    reader = wired("reader-text")
            with gr.Tab(first.answerer_tab, id="answerer") as answerer_tab:
                answerer = gr.Radio(
                    _choices(desk, first),
                    value=next(iter(desk.answerers)),
                    label=first.answerer,
                    info=first.answerer_help,
                    elem_id="answerer",
                )
                test = gr.Button(first.test_connection, elem_id="test", scale=0)
                tested = gr.HTML("", elem_id="tested", js_on_load=None)
        exported = gr.Textbox(visible="hidden", elem_id="exported", label="export")

        talk = [past, live, panel, status, stored, growing, send, stop]

        def put(shown: Shown, *, more: tuple[Any, ...] = ()) -> tuple[Any, ...]:
            return (
                _or_skip(shown.past),
                _or_skip(shown.live),
                _or_skip(shown.panel),
                gr.skip() if shown.status is None else f'<p role="status">{shown.status}</p>',
                _or_skip(shown.stored),
                shown.growing,
                gr.update(visible=not shown.running),
                gr.update(visible=shown.running),
                *more,
            )

        def ask_typed(
            asked: str, kept: Any, spoken: Language, by: str, replacing: int | None
        ) -> Iterator[tuple[Any, ...]]:
            if not asked.strip():
                return
            steps = chat.ask(asked, kept, spoken, by, replacing=replacing)
            for shown in steps:
                yield put(shown, more=("", None, ""))

        def ask_example(
            kept: Any, spoken: Language, by: str, event: gr.EventData
        ) -> Iterator[tuple[Any, ...]]:
            yield from ask_typed(_text(event, "question"), kept, spoken, by, None)

        def ask_again(
            kept: Any, spoken: Language, by: str, event: gr.EventData
        ) -> Iterator[tuple[Any, ...]]:
            exchanges, turn = from_browser(kept), _number(event, "turn")
            if 1 <= turn <= len(exchanges):
                last = turn == len(exchanges)
                question = exchanges[turn - 1].question
                yield from ask_typed(question, kept, spoken, by, turn if last else None)

        def begin_edit(kept: Any, spoken: Language, event: gr.EventData) -> tuple[Any, ...]:
            exchanges, turn = from_browser(kept), _number(event, "turn")
            if not 1 <= turn <= len(exchanges):
                return gr.skip(), gr.skip(), gr.skip()
            return (
                exchanges[turn - 1].question,
                turn,
                header.edit_note(turn, STRINGS[spoken]),
            )

        def stop_asking(so_far: Growing | None, kept: Any, spoken: Language) -> Any:
            if so_far is None:  # nothing of it was shown, or a new conversation was begun
                return [gr.skip()] * len(talk)
            return put(chat.stopped(so_far, kept, spoken))

        def start_over(spoken: Language) -> tuple[Any, ...]:
            shown = chat.greet([], spoken)
            return *put(shown)[:4], [], None, gr.update(visible=True), gr.update(visible=False)

        def cite(kept: Any, spoken: Language, event: gr.EventData) -> Any:
            at = _number(event, "at", -1)
            return _or_skip(
                chat.reference(
                    kept,
                    _number(event, "turn"),
                    _number(event, "number"),
                    spoken,
                    at if at >= 0 else None,
                )
            )

        def read(spoken: Language, event: gr.EventData) -> Any:
            at, end = _number(event, "at", -1), _number(event, "end", -1)
            file = _text(event, "file")
            place = (at if at >= 0 else None, end if end >= 0 else None)
            return _or_skip(chat.article(file, spoken, *place))

        def all_sources(kept: Any, spoken: Language, event: gr.EventData) -> str:
            return chat.sources(kept, _number(event, "turn"), spoken)

        def last_sources(kept: Any, spoken: Language) -> str:
            return chat.sources(kept, len(from_browser(kept)), spoken)

        def save(kept: Any, spoken: Language, kind: str) -> str:
            exchanges = from_browser(kept)
            if kind == "md":
                return export.markdown(exchanges, STRINGS[spoken])
            return export.as_json(exchanges)

        asking = [
            gr.on(
                [send.click, question.submit],
                ask_typed,
                [question, stored, language, answerer, editing],
                [*talk, question, editing, edit_note],
                concurrency_limit=desk.limits.concurrency,
                concurrency_id="ask",
                show_progress="hidden",
                api_visibility="private",
                trigger_mode="once",
            )
        ]
        for source in (past, live):
            for trigger, handler in ((source.example, ask_example), (source.retry, ask_again)):
                asking.append(
                    trigger(
                        handler,
                        [stored, language, answerer],
                        [*talk, question, editing, edit_note],
                        concurrency_limit=desk.limits.concurrency,
                        concurrency_id="ask",
                        show_progress="hidden",
                        api_visibility="private",
                        trigger_mode="once",
                    )
                )
        quick: dict[str, Any] = {
            "queue": False,
            "show_progress": "hidden",
            "api_visibility": "private",
        }
        # The page may be redrawn only when the cancellation is over: before that a late piece of
        # the answer could undo it, and a question asked again at once would be cancelled as well.
        # A `then` of the click doesn't wait; `failure` of what is cancelled does, which Gradio 6
        # doesn't document (a browser test holds it to that). What breaks off comes here too.
        stop.click(None, cancels=asking, **quick)
        for answer in asking:
            answer.failure(stop_asking, [growing, stored, language], talk, **quick)
        clear.click(None, cancels=asking, **quick).then(start_over, [language], talk, **quick)
        for source in (past, live):
            source.edit(begin_edit, [stored, language], [question, editing, edit_note], **quick)
        edit_note.close(lambda: ("", None, ""), None, [question, editing, edit_note], **quick)
        for source in (past, live, panel):
            source.cite(cite, [stored, language], [panel], **quick)
            source.sources(all_sources, [stored, language], [panel], **quick)
            source.read(read, [language], [panel], **quick)
        panel.list(all_sources, [stored, language], [panel], **quick)
        panel.close(last_sources, [stored, language], [panel], **quick)
        for button, kind in ((as_markdown, "md"), (as_json, "json")):
            button.click(
                lambda kept, spoken, kind=kind: save(kept, spoken, kind),
                [stored, language],
                [exported],
                **quick,
            ).then(
                None,
                [exported],
                None,
                js=f"(text) => window.assistantPage.download(text, '{kind}')",
                api_visibility="private",
            )

        # --- articles --------------------------------------------------------------------------

        def search_articles(words: str, spoken: Language, by: str) -> str:
            return library.search(words, spoken, by)

        search.submit(
            search_articles,
            [search, language, answerer],
            [found],
            concurrency_limit=desk.limits.concurrency,
            concurrency_id="ask",
            show_progress="hidden",
            api_visibility="private",
        )
        for source in (found, listing, reader):
            source.read(read, [language], [reader], **quick)
        reader.close(library.reader, [language], [reader], **quick)
        found.close(lambda: ("", ""), None, [found, search], **quick)

        def re_read(
            spoken: Language,
            progress: gr.Progress = gr.Progress(),  # noqa: B008 - Gradio's way to ask for one
        ) -> tuple[str, str]:
            strings = STRINGS[spoken]

            def told(stage: str, done: int, total: int) -> None:
                progress((done, max(total, 1)), desc=f"{strings.reindexing} ({stage})")

            return library.refreshed(spoken, told)

        def take(
            files: list[str] | None,
            spoken: Language,
            progress: gr.Progress = gr.Progress(),  # noqa: B008
        ) -> tuple[str, str, None]:
            strings = STRINGS[spoken]

            def told(stage: str, done: int, total: int) -> None:
                progress((done, max(total, 1)), desc=f"{strings.reindexing} ({stage})")

            said, listed = library.uploaded([Path(file) for file in files or []], spoken, told)
            return said, listed, None

        def discard(spoken: Language, event: gr.EventData) -> tuple[str, str]:
            return library.removed(_text(event, "file"), spoken)

        indexing: dict[str, Any] = {
            "concurrency_limit": 1,
            "concurrency_id": "index",
            "api_visibility": "private",
        }
        reindex.click(re_read, [language], [note, listing], show_progress_on=[note], **indexing)
        upload.upload(
            take, [upload, language], [note, listing, upload], show_progress_on=[note], **indexing
        )
        listing.remove(discard, [language], [note, listing], show_progress="hidden", **indexing)
        articles_tab.select(library.listing, [language], [listing], **quick)

        # --- the answerer ----------------------------------------------------------------------

        def test_answerer(by: str, spoken: Language) -> Iterator[str]:
            strings = STRINGS[spoken]
            yield f'<p role="status">{strings.testing}</p>'
            yield header.tested(by, *desk.test(by), strings=strings)

        test.click(
            test_answerer,
            [answerer, language],
            [tested],
            concurrency_limit=desk.limits.concurrency,
            concurrency_id="ask",
            show_progress="hidden",
            api_visibility="private",
        )

        def choose(spoken: Language, by: str) -> dict[str, str]:
            return {"language": spoken, "answerer": by}

        # --- opening, and changing the language ------------------------------------------------

        labelled = [
            masthead,
            chat_tab,
            articles_tab,
            answerer_tab,
            question,
            send,
            stop,
            clear,
            as_markdown,
            as_json,
            search,
            reindex,
            upload,
            upload_help,
            reader,
            theme,
            answerer,
            test,
            listing,
            language,
        ]

        def labels(spoken: Language, by: str) -> tuple[Any, ...]:
            strings = STRINGS[spoken]
            return (
                header.masthead(len(desk.main.articles()), by, strings),
                gr.update(label=strings.chat_tab),
                gr.update(label=strings.articles_tab),
                gr.update(label=strings.answerer_tab),
                gr.update(label=strings.question_label, placeholder=strings.question_placeholder),
                gr.update(value=strings.send),
                gr.update(value=strings.stop),
                gr.update(value=strings.clear),
                gr.update(value=strings.export_markdown),
                gr.update(value=strings.export_json),
                gr.update(
                    label=strings.articles_search,
                    placeholder=strings.articles_search_placeholder,
                ),
                gr.update(value=strings.reindex),
                gr.update(label=strings.upload),
                library.upload_help(strings),
                library.reader(spoken),
                header.theme_switch(strings),
                gr.update(
                    label=strings.answerer,
                    info=strings.answerer_help,
                    choices=_choices(desk, strings),
                    value=by,
                ),
                gr.update(value=strings.test_connection),
                library.listing(spoken),
                gr.update(value=spoken, label=strings.interface_language),
            )

        def opened(kept: Any, preferences: Any, request: gr.Request) -> tuple[Any, ...]:
            preferences = preferences if isinstance(preferences, dict) else {}
            spoken = preferences.get("language")
            if spoken not in STRINGS:
                spoken = preferred_language(request.headers.get("accept-language", ""))
            by = preferences.get("answerer")
            if by not in desk.answerers:
                by = next(iter(desk.answerers))
            return *put(chat.greet(kept, spoken)), *labels(spoken, by)

        def relabelled(kept: Any, spoken: Language, by: str) -> tuple[Any, ...]:
            shown = chat.greet(kept, spoken)
            return *put(shown), *labels(spoken, by), choose(spoken, by)

        page.load(opened, [stored, chosen], [*talk, *labelled], **quick)
        language.input(
            relabelled, [stored, language, answerer], [*talk, *labelled, chosen], **quick
        )
        answerer.input(
            lambda spoken, by: (
                header.masthead(len(desk.main.articles()), by, STRINGS[spoken]),
                choose(spoken, by),
            ),
            [language, answerer],
            [masthead, chosen],
            **quick,
        )
    return page


def _choices(desk: Desk, strings: Strings) -> list[tuple[str, str]]:
    return [(strings.extractive if name == EXTRACTIVE else name, name) for name in desk.answerers]


def _or_skip(value: Any) -> Any:
    return gr.skip() if value is None else value


def _text(event: gr.EventData, key: str) -> str:
    """A text that the page's script sent along with an event."""
    value = getattr(event, "_data", {}).get(key, "")
    return value if isinstance(value, str) else ""


def _number(event: gr.EventData, key: str, default: int = 0) -> int:
    """A whole number that the page's script sent along with an event."""
    value = getattr(event, "_data", {}).get(key, default)
    return value if isinstance(value, int) else default
