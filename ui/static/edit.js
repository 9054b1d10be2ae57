// The newest question, edited in its place. Enter asks it, Escape leaves it as it was.
(() => {
  "use strict";

  function made(tag, name, text = "") {
    const node = document.createElement(tag);
    node.className = name;
    node.textContent = text;
    return node;
  }

  function edit(asked) {
    const form = made("form", "fn-edit-form");
    const box = made("textarea", "fn-edit-box");
    box.setAttribute("aria-label", "The question");
    box.value = asked.querySelector(".fn-question").textContent;
    box.rows = 2;
    const send = made("button", "fn-tool", "Ask");
    const cancel = made("button", "fn-tool", "Cancel");
    cancel.type = "button";
    form.append(box, send, cancel);

    const leave = () => {
      form.remove();
      asked.hidden = false;
    };
    const giveUp = () => {
      leave();
      asked.querySelector(".fn-edit").focus();
    };
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      if (!box.value.trim()) return;
      leave(); // Gradio changes the page from what it last wrote there
      asked.dispatchEvent(new CustomEvent("fn-edit", { detail: box.value, bubbles: true }));
      document.querySelector("#fn-box textarea")?.focus();
    });
    box.addEventListener("keydown", (event) => {
      if (event.isComposing) return;
      if (event.key === "Enter" && !event.shiftKey) {
        event.preventDefault();
        form.requestSubmit();
      }
    });
    form.addEventListener("keydown", (event) => {
      if (event.key === "Escape" && !event.isComposing) giveUp();
    });
    cancel.addEventListener("click", giveUp);

    asked.hidden = true;
    asked.after(form);
    box.focus();
    box.setSelectionRange(box.value.length, box.value.length);
  }

  document.addEventListener("click", (event) => {
    const button = event.target.closest?.("button.fn-edit");
    if (button) edit(button.closest(".fn-asked"));
  });
})();
