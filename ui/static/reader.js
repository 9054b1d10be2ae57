// The panel of sources: what was found, and the reader, which shows a cited article whole, at the
// cited characters, and steps through the citations of an answer. Everything it shows was escaped
// on the server; it only copies nodes.
(() => {
  "use strict";

  const CHANGED = "The article has changed since; this is what it said.";
  const REMOVED = "The article has been removed since; this is what it said.";
  const UNREAD = "The whole article cannot be read now; this is what stands around the quote.";

  const narrow = window.matchMedia("(max-width: 860px)");
  const panel = () => document.getElementById("fn-panel");
  const body = () => panel()?.querySelector(".fn-panel-body");
  const part = (name) => panel()?.querySelector(name);
  let opener = null; // the link that opened the view, to give the focus back to it
  let list = null; // the id of the list that the view was reached from
  let shown = null; // the view as it is in the conversation; the panel has a copy
  let read = { address: "", text: null }; // the whole article that was read last

  function show(id, { focus = false, reveal = true } = {}) {
    const view = document.getElementById(id);
    if (!view || !body()) return;
    shown = view;
    const copy = view.cloneNode(true);
    copy.removeAttribute("id");
    copy.className = "fn-view";
    body().replaceChildren(copy);
    panel().dataset.view = id;
    lift(reveal);
    const isList = "list" in view.dataset;
    const home = id.replace(/-[a-z]+\d*$/, "-found");
    list = document.getElementById(home) ? home : null;
    part(".fn-back").hidden = isList || !list;
    for (const link of document.querySelectorAll("a[data-open]")) {
      if (link.dataset.open === id) link.setAttribute("aria-current", "true");
      else link.removeAttribute("aria-current");
    }
    tellPlace();
    scrollToMark();
    if (focus) copy.querySelector("h2")?.focus({ preventScroll: true });
    if (view.dataset.whole) readWhole(view, copy);
  }

  // On a phone the panel is a sheet over the page, which cannot be reached behind it.
  function lift(yes) {
    panel().classList.toggle("fn-shown", yes);
    for (const id of ["fn-masthead", "fn-shelf", "fn-conversation"]) {
      document.getElementById(id)?.toggleAttribute("inert", yes && narrow.matches);
    }
  }

  function scrollToMark() {
    const place = body();
    const mark = place.querySelector(".fn-present");
    const head = place.querySelector("header")?.offsetHeight ?? 0; // it stays, and hides what is under it
    const above = Math.max(place.clientHeight / 3, head + 24);
    if (!mark) place.scrollTop = 0;
    else place.scrollTop += mark.getBoundingClientRect().top - place.getBoundingClientRect().top - above;
  }

  function close() {
    if (!panel()) return;
    lift(false);
    const back = opener;
    opener = null;
    read = { address: "", text: null };
    if (list) show(list, { reveal: false });
    if (back?.isConnected) back.focus();
  }

  function reset() {
    opener = list = shown = null;
    const hint = document.createElement("p");
    hint.className = "fn-hint";
    hint.textContent = "The passages that are found for a question appear here.";
    body()?.replaceChildren(hint);
    if (!panel()) return;
    delete panel().dataset.view;
    lift(false);
    part(".fn-back").hidden = part(".fn-step").hidden = true;
  }

  // The citations of an answer, one after the other.

  const citations = () => [...(shown?.parentElement?.querySelectorAll("[data-cited]") ?? [])];

  function tellPlace() {
    const all = citations();
    const at = all.indexOf(shown);
    part(".fn-step").hidden = at < 0 || all.length < 2;
    part(".fn-nth").textContent = `${at + 1} of ${all.length}`;
    // Not disabled: a button that is loses the focus.
    part(".fn-previous").setAttribute("aria-disabled", String(at <= 0));
    part(".fn-next").setAttribute("aria-disabled", String(at === all.length - 1));
  }

  function step(by) {
    const all = citations();
    const next = all[all.indexOf(shown) + by];
    if (!all.includes(shown) || !next) return;
    const inside = body().contains(document.activeElement); // what has the focus is replaced
    show(next.id, { focus: inside });
    // Closing it leads to the marker of what was read last.
    opener = document.querySelector(`a.fn-cite[data-open="${next.id}"]`) ?? opener;
  }

  // The whole article in the place of what stands around the quote.

  async function readWhole(view, copy) {
    const address = view.dataset.whole;
    const cited = citations().filter((one) => one.dataset.whole === address);
    let told = "";
    if (read.address !== address) {
      try {
        const answer = await fetch(address);
        const page = new DOMParser().parseFromString(await answer.text(), "text/html");
        const text = answer.ok ? page.querySelector(".fn-text") : null;
        if (text) read = { address, text: proven(text, cited) };
        else told = answer.status === 404 ? REMOVED : UNREAD;
      } catch {
        told = UNREAD;
      }
    }
    if (!copy.isConnected) return; // something else is shown by now
    const here = told ? [] : marks(read.text, view.dataset.cited);
    if (!told && !here.length) told = CHANGED;
    if (told) {
      const hint = document.createElement("p");
      hint.className = "fn-hint";
      hint.textContent = told;
      copy.querySelector("header").after(hint);
    } else {
      for (const mark of read.text.querySelectorAll("mark")) {
        mark.classList.toggle("fn-present", here.includes(mark));
      }
      copy.querySelector(".fn-text").replaceWith(read.text);
    }
    copy.dataset.read = told ? "no" : "yes";
    scrollToMark();
  }

  const marks = (text, span) => [...text.querySelectorAll("mark")].filter((mark) =>
    mark.dataset.at.split(" ").includes(span),
  );

  // The text without the marks of citations that it no longer has where they were.
  function proven(text, cited) {
    const quoted = (span) => marks(text, span).map((mark) => mark.textContent).join("");
    const kept = cited
      .filter((view) => quoted(view.dataset.cited) === view.querySelector("mark").textContent)
      .map((view) => view.dataset.cited);
    for (const mark of text.querySelectorAll("mark")) {
      mark.removeAttribute("id");
      const spans = mark.dataset.at.split(" ").filter((span) => kept.includes(span));
      if (spans.length) mark.dataset.at = spans.join(" ");
      else mark.replaceWith(...mark.childNodes);
    }
    return document.adoptNode(text);
  }

  document.addEventListener("click", (event) => {
    const link = event.target.closest?.("a[data-open]");
    if (link) {
      event.preventDefault();
      if (!panel()?.contains(link)) opener = link;
      // A click without a pointer is the Enter key.
      show(link.dataset.open, { focus: event.detail === 0 || narrow.matches });
    } else if (event.target.closest?.(".fn-back") && list) show(list, { focus: true });
    else if (event.target.closest?.(".fn-previous")) step(-1);
    else if (event.target.closest?.(".fn-next")) step(1);
    else if (event.target.closest?.(".fn-close")) close();
  });

  document.addEventListener("keydown", (event) => {
    const inside = panel()?.contains(document.activeElement);
    const there = inside || narrow.matches || (opener && document.activeElement === opener);
    if (event.key === "Escape" && there) close();
    if (!inside || event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return;
    if (event.key === "ArrowLeft") step(-1);
    if (event.key === "ArrowRight") step(1);
  });

  narrow.addEventListener("change", () => {
    if (panel()) lift(panel().classList.contains("fn-shown"));
  });
  document.addEventListener("fn-show", (event) => show(event.detail, { reveal: false }));

  // What is shown goes with its turn, whose question may be asked again.
  function begin() {
    new MutationObserver(() => {
      if (shown && !document.getElementById(shown.id)) reset();
    }).observe(document.body, { childList: true, subtree: true });
  }

  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", begin);
  else begin();
})();
