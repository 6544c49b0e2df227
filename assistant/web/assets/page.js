// The page's own script: turns clicks into Gradio events, moves the focus between a sentence and
// the place it cites, copies, saves, and switches the light. Nothing here makes HTML of text.
(function () {
  "use strict";

  const panel = { trigger: null, element: null };
  let opener = null; // id of the link through which the article was opened
  let opening = false; // a reference was clicked and its article is on its way

  const calm = () => window.matchMedia("(prefers-reduced-motion: reduce)").matches;
  const smooth = () => (calm() ? "auto" : "smooth");
  const narrow = () => window.matchMedia("(max-width: 900px)").matches;
  const number = (text) => (text === undefined || text === "" ? -1 : Number(text));

  function referenceOf(link) {
    const match = /^#src-(\d+)-(\d+)$/.exec(link.getAttribute("href") || "");
    return match ? { turn: Number(match[1]), number: Number(match[2]) } : null;
  }

  function openReference(link, trigger) {
    const reference = referenceOf(link);
    if (!reference) return;
    if (link.id) opener = link.id;
    showOpen(link);
    opening = true;
    const shown = document.querySelector(
      `#panel .panel-article[data-turn="${reference.turn}"] mark.active`
    );
    if (shown && shown.dataset.number === String(reference.number)) showPlace();
    else trigger("cite", reference);
  }

  // The number whose article is open stays marked.
  function showOpen(link) {
    for (const other of document.querySelectorAll("a.cite.open")) other.classList.remove("open");
    if (link && link.matches("a.cite")) link.classList.add("open");
  }

  // Bring the cited place of the open article into view and into focus.
  function showPlace() {
    opening = false;
    showPlaceIn(document.getElementById("panel"));
  }

  function showPlaceIn(panel) {
    const article = panel.querySelector(".article");
    if (!article) return;
    const mark = article.querySelector("mark.active");
    if (narrow()) panel.scrollIntoView({ block: "start" });
    const scroller = panel.querySelector(".panel-article");
    if (mark) {
      const top = mark.getBoundingClientRect().top - scroller.getBoundingClientRect().top;
      scroller.scrollTop += top - scroller.clientHeight / 3;
      if (narrow()) mark.scrollIntoView({ block: "center" });
      (mark.closest("a") || mark).focus({ preventScroll: true });
    } else {
      scroller.scrollTop = 0;
      article.focus({ preventScroll: true });
    }
  }

  function goToSentence(id) {
    const sentence = document.getElementById(id);
    if (!sentence) return;
    sentence.scrollIntoView({ block: "center", behavior: smooth() });
    sentence.focus({ preventScroll: true });
    sentence.classList.add("flash");
    setTimeout(() => sentence.classList.remove("flash"), 1600);
  }

  function closeArticle() {
    const open = document.querySelector("#panel .panel-article");
    if (!open || !panel.trigger) return false;
    if (open.dataset.turn) panel.trigger("list", { turn: number(open.dataset.turn) });
    else panel.trigger("close", {});
    showOpen(null);
    const link = opener && document.getElementById(opener);
    if (link) link.focus();
    return true;
  }

  async function copy(button) {
    const text = button.parentElement.querySelector(".copy-text").textContent;
    try {
      await navigator.clipboard.writeText(text);
    } catch {
      // Without a secure context browsers have no clipboard; a selection still copies.
      const area = document.createElement("textarea");
      area.value = text;
      document.body.append(area);
      area.select();
      document.execCommand("copy");
      area.remove();
    }
    const label = button.textContent;
    button.textContent = button.dataset.done;
    setTimeout(() => { button.textContent = label; }, 1500);
  }

  function clicked(event, trigger) {
    const target = event.target.closest("a, button");
    if (!target) return;
    const data = target.dataset;
    if (target.matches("a.cite, a.quote")) {
      event.preventDefault();
      openReference(target, trigger);
    } else if (target.matches("a.back-to-sentence")) {
      event.preventDefault();
      goToSentence(target.getAttribute("href").slice(1));
    } else if (target.matches("button.example")) {
      trigger("example", { question: data.question });
    } else if (target.matches("button.open-article")) {
      opening = true;
      opener = null;
      trigger("read", { file: data.file, at: number(data.start), end: number(data.end) });
    } else if (target.matches("button.copy")) {
      copy(target);
    } else if (target.matches("button.theme")) {
      setTheme(document.body.classList.contains("dark") ? "light" : "dark");
    } else if (data.action === "page") {
      if (data.number) {
        trigger("cite", { turn: number(data.turn), number: number(data.number), at: number(data.at) });
      } else {
        trigger("read", { file: data.file, at: number(data.at) });
      }
    } else if (data.action === "list") {
      closeArticle();
    } else if (data.action) {
      trigger(data.action, { turn: number(data.turn), file: data.file || "" });
      if (data.action === "edit") setTimeout(focusQuestion, 300);
    }
  }

  function focusQuestion() {
    const box = document.querySelector("#question textarea, #question input");
    if (box) box.focus();
  }

  function wire(element, trigger, watch, _names) {
    element.addEventListener("click", (event) => clicked(event, trigger));
    if (element.closest("#panel")) {
      panel.trigger = trigger;
      panel.element = element;
      watch("value", () => { if (opening) showPlace(); });
    }
    if (element.closest("#masthead-text")) {
      let opened = false;
      watch("value", () => {
        const masthead = element.querySelector(".masthead");
        document.documentElement.lang = masthead.lang;
        document.title = masthead.querySelector("h1").textContent;
        // On a phone the focus would open the keyboard over the examples.
        if (!opened && !narrow()) setTimeout(focusQuestion);
        opened = true;
      });
    }
    if (element.closest("#live")) {
      let shown = "";
      watch("value", () => {
        const turn = element.querySelector(".turn");
        const state = turn ? turn.className + turn.id : "";
        if (!turn || state === shown) return;
        shown = state;
        // A new question goes to the top; a finished answer that fits is shown to its end.
        const fits = turn.offsetHeight < window.innerHeight - 160;
        const streaming = turn.classList.contains("turn-streaming");
        if (streaming || fits) {
          turn.scrollIntoView({ block: streaming ? "start" : "nearest", behavior: smooth() });
        }
      });
    }
    if (element.closest("#reader-text")) {
      watch("value", () => {
        opening = false;
        const article = element.querySelector(".article");
        if (!article) return;
        showPlaceIn(element);
      });
    }
  }

  function setTheme(theme) {
    document.body.classList.toggle("dark", theme === "dark");
    localStorage.setItem("assistant-theme", theme);
  }

  function download(text, kind) {
    const type = kind === "md" ? "text/markdown" : "application/json";
    const link = document.createElement("a");
    link.href = URL.createObjectURL(new Blob([text], { type: `${type};charset=utf-8` }));
    link.download = `assistant.${kind}`;
    document.body.append(link);
    link.click();
    link.remove();
    setTimeout(() => URL.revokeObjectURL(link.href), 10000);
  }

  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && closeArticle()) event.preventDefault();
  });

  const kept = localStorage.getItem("assistant-theme");
  if (kept) setTheme(kept);

  window.assistantPage = { wire, download };
})();
