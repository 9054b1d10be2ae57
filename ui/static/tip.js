// What a marker cites: quote, title, source and date, while it is pointed at or has the focus. It
// stays while it is pointed at itself, and goes with Escape (WCAG 2.2, 1.4.13).
(() => {
  "use strict";

  const LINGER = 250; // milliseconds, to get from the marker to the tip
  const EDGE = 12;
  const tip = document.createElement("div");
  tip.id = "fn-quote";
  tip.setAttribute("role", "tooltip");
  tip.hidden = true;
  let marker = null; // whose tip it is
  let leaving = 0;

  function open(one) {
    window.clearTimeout(leaving);
    if (one === marker) return;
    close();
    const view = document.getElementById(one.dataset.open);
    if (!view) return;
    const quote = document.createElement("p");
    quote.className = "fn-quoted";
    quote.dir = "auto";
    quote.textContent = one.dataset.quote;
    const title = document.createElement("p");
    title.className = "fn-quoted-title";
    title.append(...view.querySelector("h2").cloneNode(true).childNodes);
    const more = view.querySelectorAll(".fn-byline, .fn-hint");
    tip.replaceChildren(quote, title, ...[...more].map((node) => node.cloneNode(true)));
    marker = one;
    marker.setAttribute("aria-describedby", tip.id);
    tip.hidden = false;
    place();
  }

  function place() {
    const at = marker.getBoundingClientRect();
    const [over, under] = [at.top - 2 * EDGE, window.innerHeight - at.bottom - 2 * EDGE];
    tip.style.maxHeight = "";
    const up = tip.offsetHeight <= over || over > under;
    tip.style.maxHeight = `${up ? over : under}px`;
    const left = Math.min(at.left, document.documentElement.clientWidth - tip.offsetWidth - EDGE);
    tip.style.left = `${Math.max(EDGE, left)}px`;
    tip.style.top = `${up ? at.top - tip.offsetHeight - 8 : at.bottom + 8}px`;
  }

  function close() {
    window.clearTimeout(leaving);
    tip.hidden = true;
    marker?.removeAttribute("aria-describedby");
    marker = null;
  }

  function leave() {
    window.clearTimeout(leaving);
    leaving = window.setTimeout(() => {
      if (!tip.matches(":hover") && !marker?.matches(":hover, :focus-visible")) close();
    }, LINGER);
  }

  const markerOf = (event) => event.target.closest?.("a.fn-cite");

  document.addEventListener("mouseover", (event) => {
    if (markerOf(event)) open(markerOf(event));
  });
  document.addEventListener("mouseout", (event) => {
    if (markerOf(event) || tip.contains(event.target)) leave();
  });
  document.addEventListener("focusin", (event) => {
    if (markerOf(event)?.matches(":focus-visible")) open(markerOf(event));
  });
  document.addEventListener("focusout", (event) => {
    if (markerOf(event)) leave();
  });
  document.addEventListener("click", (event) => {
    if (!tip.contains(event.target)) close();
  });
  document.addEventListener(
    "keydown",
    (event) => {
      if (event.key !== "Escape" || !marker) return;
      close();
      event.stopPropagation(); // it is for the tip alone
    },
    true,
  );
  // The keyboard brings a marker into view after it has the focus.
  document.addEventListener(
    "scroll",
    (event) => {
      if (!marker || tip.contains(event.target)) return;
      const [at, frame] = [marker, event.target].map((one) => one.getBoundingClientRect?.());
      if (frame && (at.bottom < frame.top || at.top > frame.bottom)) close();
      else place();
    },
    true,
  );

  function begin() {
    document.body.append(tip);
    new MutationObserver(() => {
      if (marker && !marker.isConnected) close();
    }).observe(document.body, { childList: true, subtree: true });
  }

  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", begin);
  else begin();
})();
