// What the page does by itself: opens sources in the panel, shows quotes, follows the conversation.
// Everything it shows was escaped on the server; it only copies nodes that are already in the page.
(() => {
  "use strict";

  const narrow = window.matchMedia("(max-width: 860px)");
  const panel = () => document.getElementById("fn-panel");
  const body = () => panel()?.querySelector(".fn-panel-body");
  let opener = null; // the link that opened the view, to give the focus back to it
  let list = null; // the id of the list that the view was reached from
  let newest = null; // the turn that was last scrolled to
  let announced = null; // the list that was last shown unasked
  let pressed = null; // the label of the chip that was pressed last, to give the focus back to it

  function show(id, { focus = false, reveal = true } = {}) {
    const view = document.getElementById(id);
    if (!view || !body()) return;
    const copy = view.cloneNode(true);
    copy.removeAttribute("id");
    copy.className = "fn-view";
    body().replaceChildren(copy);
    panel().dataset.view = id;
    panel().classList.toggle("fn-shown", reveal);
    const isList = "list" in view.dataset;
    if (isList) list = id;
    const home = id.replace(/-[a-z]+\d*$/, "-found");
    list = document.getElementById(home) ? home : null;
    panel().querySelector(".fn-back").hidden = isList || !list;
    for (const link of document.querySelectorAll("a[data-open]")) {
      if (link.dataset.open === id) link.setAttribute("aria-current", "true");
      else link.removeAttribute("aria-current");
    }
    const mark = copy.querySelector("mark");
    const place = body();
    const head = copy.querySelector("header")?.offsetHeight ?? 0; // it stays, and hides what is under it
    const above = Math.max(place.clientHeight / 3, head + 24);
    place.scrollTop = mark
      ? mark.getBoundingClientRect().top - place.getBoundingClientRect().top - above
      : 0;
    if (focus) copy.querySelector("h2")?.focus({ preventScroll: true });
  }

  function close() {
    panel()?.classList.remove("fn-shown");
    if (opener?.isConnected) opener.focus();
    opener = null;
  }

  document.addEventListener("click", (event) => {
    const link = event.target.closest?.("a[data-open]");
    if (link) {
      event.preventDefault();
      hideQuote();
      if (!panel()?.contains(link)) opener = link;
      // A click without a pointer is the Enter key.
      show(link.dataset.open, { focus: event.detail === 0 || narrow.matches });
      return;
    }
    const chip = event.target.closest?.("#fn-current button.fn-chip");
    if (chip) pressed = chip.dataset.chip; // the page asks again
    if (event.target.closest?.(".fn-back") && list) show(list, { focus: true });
    if (event.target.closest?.(".fn-close")) close();
  });

  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    hideQuote();
    if (panel()?.contains(document.activeElement) || narrow.matches) close();
  });

  // The quote under a marker, on hover and on focus.
  const tip = document.createElement("div");
  tip.id = "fn-quote";
  tip.setAttribute("role", "tooltip");
  tip.hidden = true;

  function showQuote(marker) {
    tip.textContent = marker.dataset.quote;
    tip.hidden = false;
    marker.setAttribute("aria-describedby", tip.id);
    const at = marker.getBoundingClientRect();
    const left = Math.min(at.left, window.innerWidth - tip.offsetWidth - 12);
    const above = at.top - tip.offsetHeight - 8;
    tip.style.left = `${Math.max(12, left)}px`;
    tip.style.top = `${above > 8 ? above : at.bottom + 8}px`;
  }

  function hideQuote() {
    tip.hidden = true;
  }

  for (const [begin, end] of [["mouseover", "mouseout"], ["focusin", "focusout"]]) {
    document.addEventListener(begin, (event) => {
      const marker = event.target.closest?.("a.fn-cite");
      if (marker && (begin === "mouseover" || marker.matches(":focus-visible"))) showQuote(marker);
    });
    document.addEventListener(end, (event) => {
      if (event.target.closest?.("a.fn-cite")) hideQuote();
    });
  }
  document.addEventListener("scroll", hideQuote, true);

  // A new turn is scrolled to its question, once; its passages come into the panel as they are found.
  function follow() {
    const turn = document.querySelector("#fn-current .fn-turn");
    if (!turn) {
      if (newest && !document.querySelector(".fn-turn")) reset();
      return;
    }
    if (turn.id !== newest) {
      newest = turn.id;
      pressed = null;
      // The turns above it come with the same update, but not before it.
      requestAnimationFrame(() => turn.scrollIntoView({ block: "start" }));
    }
    const found = `${turn.id}-found`;
    const chips = turn.querySelector(".fn-chips");
    const asked = `${found}/${chips?.dataset.without ?? 0}`; // asked again, it has another list
    if (announced !== asked && document.getElementById(found)) {
      announced = asked;
      show(found, { reveal: false });
    }
    const chip = [...turn.querySelectorAll("button.fn-chip")].find(
      (one) => one.dataset.chip === pressed,
    );
    if (chip && document.activeElement === document.body) {
      chip.focus();
      pressed = null;
    }
  }

  function reset() {
    newest = announced = opener = list = pressed = null;
    const hint = document.createElement("p");
    hint.className = "fn-hint";
    hint.textContent = "The passages that are found for a question appear here.";
    body()?.replaceChildren(hint);
    delete panel()?.dataset.view;
    panel()?.classList.remove("fn-shown");
    const back = panel()?.querySelector(".fn-back");
    if (back) back.hidden = true;
  }

  function begin() {
    document.body.append(tip);
    new MutationObserver(follow).observe(document.body, { childList: true, subtree: true });
  }

  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", begin);
  else begin();
})();
