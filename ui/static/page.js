// What the page does by itself: it follows the conversation, and has the panel show what was found.
(() => {
  "use strict";

  let newest = null; // the turn that was last scrolled to
  let announced = null; // the list that was last shown unasked
  let pressed = null; // the label of the chip that was pressed last, to give the focus back to it
  let told = null; // why the newest question could not be asked again

  document.addEventListener("click", (event) => {
    const chip = event.target.closest?.("#fn-current button.fn-chip");
    if (chip) pressed = chip.dataset.chip; // the page asks again
  });

  // A new turn is scrolled to its question, once; its passages come into the panel as they are found.
  function follow() {
    const turn = document.querySelector("#fn-current .fn-turn");
    if (!turn) {
      newest = announced = pressed = told = null;
      return;
    }
    if (turn.id !== newest) {
      newest = turn.id;
      pressed = null;
      // The turns above it come with the same update, but not before it.
      requestAnimationFrame(() => turn.scrollIntoView({ block: "start" }));
    }
    const problem = document.querySelector("#fn-current .fn-unanswered");
    if (problem !== told) {
      told = problem;
      problem?.scrollIntoView({ block: "start" });
    }
    const found = `${turn.id}-found`;
    const chips = turn.querySelector(".fn-chips");
    const question = turn.querySelector(".fn-question").textContent;
    const asked = `${found}/${chips?.dataset.without ?? 0}/${question}`; // again: another list
    if (!document.getElementById(found)) announced = null;
    else if (announced !== asked) {
      announced = asked;
      document.dispatchEvent(new CustomEvent("fn-show", { detail: found }));
    }
    const chip = [...turn.querySelectorAll("button.fn-chip")].find(
      (one) => one.dataset.chip === pressed,
    );
    if (chip && document.activeElement === document.body) {
      chip.focus();
      pressed = null;
    }
  }

  function begin() {
    new MutationObserver(follow).observe(document.body, { childList: true, subtree: true });
  }

  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", begin);
  else begin();
})();
