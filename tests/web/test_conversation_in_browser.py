"""The conversation, driven in a real browser against a scripted assistant."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any

import pytest

from web.conftest import SEEDS
from web.scripted import ScriptedAssistant
from web.site import Site, Watched, running

pytestmark = pytest.mark.allow_hosts(["127.0.0.1"])

Opening = Callable[..., Any]


def ask(page: Any, question: str) -> None:
    page.fill("#question textarea", question)
    page.press("#question textarea", "Enter")


def done(page: Any, turn: int = 1) -> Any:
    page.wait_for_selector(f"#turn-{turn}:is(.turn-done, .turn-stopped, .turn-failed)")
    return page.locator(f"#turn-{turn}")


def test_an_example_is_answered_by_a_click(scripted_site: Site, open_page: Opening) -> None:
    page = open_page(scripted_site)
    example = page.locator(".example").first
    question = example.inner_text()
    example.click()
    turn = done(page)
    assert turn.locator(".question bdi").inner_text() == question
    assert turn.locator(".s").count() == 4


def test_the_number_opens_the_article_at_the_cited_sentence(
    scripted_site: Site, open_page: Opening
) -> None:
    page = open_page(scripted_site)
    ask(page, "Apa kata Putin?")
    turn = done(page)
    answer = scripted_site.assistant.ask("Apa kata Putin?")
    for citation in answer.citations:
        turn.locator(f'a.cite[href="#src-1-{citation.number}"]').click()
        mark = page.locator(f'#panel mark.active[data-number="{citation.number}"]')
        mark.wait_for()
        assert mark.evaluate("mark => mark.textContent") == citation.quote
        assert page.locator("#panel .file").first.inner_text() == citation.file
        assert page.evaluate("document.activeElement.querySelector('mark.active') !== null")
        assert _in_view(page, "#panel mark.active")


def test_a_highlight_leads_back_to_the_sentence_that_cites_it(
    scripted_site: Site, open_page: Opening
) -> None:
    page = open_page(scripted_site)
    ask(page, "Apa kata Putin?")
    done(page)
    page.click('a.cite[href="#src-1-3"]')
    page.locator('#panel mark.active[data-number="3"]').click()
    assert page.evaluate("document.activeElement.id") == "s-1-2"


def test_a_citation_further_up_still_opens_its_article(
    scripted_site: Site, open_page: Opening
) -> None:
    page = open_page(scripted_site)
    ask(page, "Apa kata Putin?")
    done(page)
    ask(page, "Lalu?")
    done(page, 2)
    page.click('#turn-1 a.cite[href="#src-1-2"]')
    mark = page.locator('#panel .panel-article[data-turn="1"] mark.active')
    mark.wait_for()
    citation = scripted_site.assistant.ask("Apa kata Putin?").citations[1]
    assert mark.evaluate("mark => mark.textContent") == citation.quote


def test_a_reload_keeps_the_conversation_and_its_citations(
    scripted_site: Site, open_page: Opening
) -> None:
    page = open_page(scripted_site)
    ask(page, "Apa kata Putin?")
    said = done(page).locator(".said").inner_text()
    page.reload()
    turn = done(page)
    assert turn.locator(".said").inner_text() == said
    page.click('a.cite[href="#src-1-1"]')
    page.wait_for_selector("#panel mark.active")


def test_each_kind_of_support_is_told_by_words_and_sign(
    scripted_site: Site, open_page: Opening
) -> None:
    page = open_page(scripted_site)
    ask(page, "Apa kata Putin?")
    turn = done(page)
    assert turn.locator(".said .sign").all_inner_texts() == ["=", "✓", "≈", "✗"]
    spoken = turn.locator(".said").evaluate("said => said.textContent")
    for words in ("kutipan langsung", "didukung sumber", "dukungan lemah", "tidak didukung sumber"):
        assert f"({words})" in spoken


def test_the_short_answer_stands_in_bold(scripted_site: Site, open_page: Opening) -> None:
    page = open_page(scripted_site)
    ask(page, "Kapan mereka bertemu?")
    assert done(page).locator(".short strong").inner_text() == "25 April 2019"


def test_not_found_is_a_message_of_its_own_with_the_nearest_articles(
    scripted_site: Site, open_page: Opening
) -> None:
    page = open_page(scripted_site)
    ask(page, "Ini tidak ada")
    turn = done(page)
    assert "Tidak ada dalam artikel-artikel ini" in turn.locator(".not-found").inner_text()
    assert turn.locator("a.cite").count() == 0
    turn.locator(".nearest .open-article").first.click()
    page.wait_for_selector("#panel .panel-article")
    page.keyboard.press("Escape")
    page.wait_for_selector("#panel .panel-empty")


def test_a_follow_up_shows_what_was_searched(scripted_site: Site, open_page: Opening) -> None:
    page = open_page(scripted_site)
    ask(page, "Apa kata Putin?")
    done(page)
    ask(page, "Di mana?")
    searched = done(page, 2).locator(".searched q").inner_text()
    assert searched == "Di mana? (Apa kata Putin?)"
    question, turns = scripted_site.assistant.asked[-1]
    assert (question, [turn.question for turn in turns]) == ("Di mana?", ["Apa kata Putin?"])


def test_streaming_is_seen_and_stop_keeps_what_was_checked(
    scripted_site: Site, open_page: Opening
) -> None:
    page = open_page(scripted_site)
    scripted_site.assistant.closed.clear()
    ask(page, "Jawab pelan-pelan")
    page.wait_for_selector(".turn-streaming .unchecked")
    page.wait_for_selector(".turn-streaming .s")
    page.click("#stop")
    turn = page.locator("#turn-1.turn-stopped")
    turn.wait_for()
    kept = turn.locator(".s").count()
    assert 1 <= kept < 4
    assert page.locator("#send").is_visible()
    assert scripted_site.assistant.closed.wait(5)
    page.wait_for_timeout(400)
    assert turn.locator(".s").count() == kept
    turn.locator("a.cite").first.click()
    page.wait_for_selector("#panel mark.active")


def test_a_stopped_answer_can_be_asked_again(scripted_site: Site, open_page: Opening) -> None:
    page = open_page(scripted_site)
    ask(page, "Jawab pelan-pelan")
    page.wait_for_selector(".turn-streaming .s")
    page.click("#stop")
    page.click("#turn-1.turn-stopped button.retry")
    page.wait_for_selector("#turn-1.turn-done")
    assert page.locator(".turn").count() == 1
    assert page.locator("#turn-1 .s").count() == 4


def test_asking_again_waits_until_the_stopped_answer_is_gone(
    scripted_site: Site, open_page: Opening
) -> None:
    page = open_page(scripted_site)
    cancelled: list[bool] = []

    def slow(route: Any) -> None:
        cancelled.append(page.locator("#turn-1 button.retry").count() == 0)
        page.wait_for_timeout(500)
        cancelled.append(page.locator("#turn-1 button.retry").count() == 0)
        route.continue_()

    page.route("**/cancel", slow)
    ask(page, "Jawab pelan-pelan")
    page.wait_for_selector(".turn-streaming .s")
    page.click("#stop")
    page.click("#turn-1.turn-stopped button.retry")
    page.wait_for_selector("#turn-1.turn-done")
    assert cancelled == [True, True], "who asks again before that has the new answer cancelled"


def test_a_new_conversation_begun_amid_an_answer_stays_new(
    scripted_site: Site, open_page: Opening
) -> None:
    page = open_page(scripted_site)

    def slow(route: Any) -> None:
        page.wait_for_timeout(500)
        route.continue_()

    page.route("**/cancel", slow)
    ask(page, "Jawab pelan-pelan")
    page.wait_for_selector(".turn-streaming .s")
    page.click("#clear")
    page.wait_for_selector(".example")
    page.wait_for_timeout(1_500)
    assert page.locator(".turn").count() == 0
    page.reload()
    page.wait_for_selector(".example")
    assert page.locator(".turn").count() == 0


def test_an_edited_question_replaces_its_answer(scripted_site: Site, open_page: Opening) -> None:
    page = open_page(scripted_site)
    for turn, question in enumerate(("Pertama?", "Kedua?", "Ketiga?"), start=1):
        ask(page, question)
        done(page, turn)
    page.click("#turn-2 button.edit")
    page.wait_for_selector(".editing")
    assert page.input_value("#question textarea") == "Kedua?"
    ask(page, "Kedua, diubah?")
    page.wait_for_selector("#turn-2.turn-done >> text=Kedua, diubah?")
    assert page.locator(".turn .question bdi").all_inner_texts() == ["Pertama?", "Kedua, diubah?"]
    assert page.locator(".editing").count() == 0


def test_a_new_conversation_forgets_the_old_one(scripted_site: Site, open_page: Opening) -> None:
    page = open_page(scripted_site)
    ask(page, "Apa kata Putin?")
    done(page)
    page.click("#clear")
    page.wait_for_selector(".example")
    page.reload()
    page.wait_for_selector(".example")
    assert page.locator(".turn").count() == 0


def test_a_failing_model_is_said_so_as_text(scripted_site: Site, open_page: Opening) -> None:
    page = open_page(scripted_site)
    ask(page, "Ini gagal")
    notice = done(page).locator(".notice.failed")
    assert "Model tidak <b>terjangkau</b>." in notice.inner_text()
    assert "Nyalakan modelnya." in notice.inner_text()


def test_escape_closes_the_article_and_returns_to_the_number(
    scripted_site: Site, open_page: Opening
) -> None:
    page = open_page(scripted_site)
    ask(page, "Apa kata Putin?")
    done(page)
    page.focus('a.cite[href="#src-1-2"]')
    page.keyboard.press("Enter")
    page.wait_for_selector('#panel mark.active[data-number="2"]')
    page.wait_for_function("document.activeElement.querySelector('mark.active')")
    page.keyboard.press("Escape")
    page.wait_for_selector("#panel .panel-list")
    assert page.evaluate("document.activeElement.id") == "ref-1-1-2"


def test_the_language_follows_the_browser_and_can_be_switched(
    scripted_site: Site, open_page: Opening
) -> None:
    page = open_page(scripted_site, locale="en-GB")
    assert page.locator("#send").inner_text() == "Ask"
    ask(page, "Apa kata Putin?")
    done(page)
    page.click("#language >> text=Bahasa Indonesia")
    page.wait_for_selector("#send >> text=Tanya")
    assert "Kutipan dari artikel" in page.locator("#turn-1 .engine").inner_text()
    page.reload()
    page.wait_for_selector("#send >> text=Tanya")
    assert page.locator("html").get_attribute("lang") == "id"


def test_two_visitors_do_not_see_each_other(scripted_site: Site, open_page: Opening) -> None:
    first, second = open_page(scripted_site), open_page(scripted_site)
    ask(first, "Rahasia pelan pertama")
    ask(second, "Rahasia pelan kedua")
    done(first), done(second)
    assert first.locator(".question bdi").all_inner_texts() == ["Rahasia pelan pertama"]
    assert second.locator(".question bdi").all_inner_texts() == ["Rahasia pelan kedua"]
    first.reload()
    done(first)
    assert "kedua" not in first.locator("#talk").inner_text()


def test_the_export_equals_the_screen(scripted_site: Site, open_page: Opening) -> None:
    page = open_page(scripted_site)
    ask(page, "Apa kata Putin?")
    turn = done(page)
    answer = scripted_site.assistant.ask("Apa kata Putin?")
    with page.expect_download() as download:
        page.click("#save-json")
    exported = json.loads(download.value.path().read_text("utf-8"))
    assert exported[0]["question"] == turn.locator(".question bdi").inner_text()
    assert exported[0]["answer"]["text"] == answer.text
    shown = turn.locator("a.cite").all_inner_texts()
    assert shown == [str(one["number"]) for one in exported[0]["answer"]["citations"]]
    with page.expect_download() as download:
        page.click("#save-markdown")
    markdown = download.value.path().read_text("utf-8")
    assert "## Apa kata Putin?" in markdown
    assert set(re.findall(r"^- \[(\d+)\]", markdown, re.M)) == set(shown)


def test_an_answer_is_copied_with_its_references(scripted_site: Site, open_page: Opening) -> None:
    page = open_page(scripted_site, permissions=["clipboard-read", "clipboard-write"])
    ask(page, "Apa kata Putin?")
    done(page).locator("button.copy").click()
    page.wait_for_selector("button.copy >> text=Tersalin")
    copied = page.evaluate("navigator.clipboard.readText()")
    answer = scripted_site.assistant.ask("Apa kata Putin?")
    assert copied.startswith(answer.text)
    for citation in answer.citations:
        assert f"[{citation.number}] “{citation.quote}”" in copied
        assert f"{citation.file}:{citation.line}" in copied


def test_a_phone_shows_the_panel_under_the_chat(scripted_site: Site, open_page: Opening) -> None:
    page = open_page(scripted_site, width=360)
    ask(page, "Apa kata Putin?")
    done(page)
    talk, evidence = (page.locator(part).bounding_box() for part in ("#talk", "#evidence"))
    assert evidence["y"] >= talk["y"] + talk["height"] - 1
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    page.click('a.cite[href="#src-1-1"]')
    page.wait_for_selector("#panel mark.active")
    page.wait_for_function(
        "(() => { const box = document.querySelector('#panel mark.active')"
        ".getBoundingClientRect(); return box.top >= 0 && box.top < innerHeight; })()"
    )


def test_light_and_dark_are_switched_and_kept(scripted_site: Site, open_page: Opening) -> None:
    page = open_page(scripted_site, color_scheme="light")
    assert not page.evaluate("document.body.classList.contains('dark')")
    page.click("button.theme")
    assert page.evaluate("document.body.classList.contains('dark')")
    page.reload()
    page.wait_for_selector(".example")
    assert page.evaluate("document.body.classList.contains('dark')")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_serious(scripted_site: Site, open_page: Opening, scheme: str) -> None:
    axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="needs axe")
    page = open_page(scripted_site, color_scheme=scheme)
    ask(page, "Apa kata Putin?")
    done(page)
    page.click('a.cite[href="#src-1-1"]')
    page.wait_for_selector("#panel mark.active")
    found = axe.Axe().run(page).response["violations"]
    serious = {
        violation["id"]: [node["html"][:160] for node in violation["nodes"]]
        for violation in found
        if violation["impact"] in ("serious", "critical")
    }
    assert serious == {}


def test_the_answerer_is_shown_chosen_and_tested(scripted_site: Site, open_page: Opening) -> None:
    page = open_page(scripted_site)
    assert "Kutipan langsung" in page.locator(".by b").inner_text()
    page.get_by_role("tab", name="Penjawab").click()
    page.click("#answerer >> text=model-contoh")
    page.wait_for_selector(".by b >> text=model-contoh")
    page.click("#test")
    page.wait_for_selector("#tested >> text=menjawab dalam")
    page.reload()
    page.wait_for_selector(".by b >> text=model-contoh")


def _in_view(page: Any, selector: str) -> bool:
    seen: bool = page.locator(selector).evaluate(
        "mark => { const box = mark.getBoundingClientRect();"
        " return box.top >= 0 && box.bottom <= innerHeight + box.height; }"
    )
    return seen


def test_logging_in_leads_to_the_page(open_page: Opening, browser: Any) -> None:
    with running(
        {"extractive": ScriptedAssistant(SEEDS)}, SEEDS, auth="pembaca:kata sandi panjang"
    ) as site:
        page = browser.new_context(locale="id-ID").new_page()
        watched = Watched.over(page, site.url)
        page.goto(site.url)
        page.fill("input[type=password]", "kata sandi panjang")
        page.fill("input:not([type=password]), textarea", "pembaca")
        page.click("button")
        page.wait_for_selector(".example", timeout=15_000)
        ask(page, "Apa kata Putin?")
        done(page)
        page.click('a.cite[href="#src-1-1"]')
        page.wait_for_selector("#panel mark.active")
        page.context.close()
        watched.errors = [error for error in watched.errors if "401" not in error]
        watched.assert_clean()


def test_the_keyboard_is_enough(scripted_site: Site, open_page: Opening) -> None:
    page = open_page(scripted_site)
    page.keyboard.type("Apa kata Putin?")
    page.keyboard.press("Enter")
    done(page)
    for _ in range(60):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.id") == "ref-1-0-1":
            break
    else:
        pytest.fail("the first number can't be reached with Tab")
    page.keyboard.press("Enter")
    page.wait_for_function("document.activeElement.querySelector('mark.active')")
    page.keyboard.press("Enter")
    page.wait_for_function("document.activeElement.id === 's-1-0'")
