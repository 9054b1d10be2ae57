// The stored conversations beside the page, and what can be done with a stored answer. Everything
// comes from this server's API, and is set as text.
(() => {
  "use strict";

  const API = "/api/v1";
  const shelf = () => document.getElementById("fn-shelf");
  let words = "";
  let asked = 0; // the newest request for the list; answers to older ones come too late
  let kept = null; // where the newest stored answer is

  async function call(method, path, body) {
    const options = { method, headers: {} };
    if (body !== undefined) {
      options.headers["Content-Type"] = "application/json";
      options.body = JSON.stringify(body);
    }
    const answer = await fetch(API + path, options);
    if (!answer.ok) throw new Error((await answer.json()).detail);
    return answer;
  }

  function made(tag, name, text) {
    const node = document.createElement(tag);
    node.className = name;
    if (text !== undefined) node.textContent = text;
    return node;
  }

  const here = () => new URLSearchParams(location.search).get("c") ?? "";

  async function list() {
    const number = ++asked;
    const query = new URLSearchParams({ limit: "100", words });
    let found;
    try {
      found = await (await call("GET", `/conversations?${query}`)).json();
    } catch {
      return; // the page itself says what is wrong
    }
    const place = shelf()?.querySelector(".fn-shelf-list");
    if (number !== asked || !place) return;
    place.replaceChildren(...found.conversations.map(item));
    if (!found.conversations.length) {
      place.append(made("li", "fn-hint", words ? "None has these words." : "None yet."));
    }
  }

  function item(one) {
    const line = made("li", "fn-shelf-item");
    const open = made("a", "fn-shelf-open", one.title || "Without a question");
    open.href = `/?c=${encodeURIComponent(one.id)}`;
    open.dir = "auto";
    if (one.id === here()) open.setAttribute("aria-current", "page");
    const more = made("span", "fn-shelf-more");
    more.append(
      button("Rename", `Rename “${one.title}”`, () => rename(one, line)),
      exported(one),
      button("Delete", `Delete “${one.title}”`, () => remove(one)),
    );
    line.append(open, more);
    return line;
  }

  function button(text, label, act) {
    const node = made("button", "fn-shelf-act", text);
    node.type = "button";
    node.setAttribute("aria-label", label);
    node.addEventListener("click", act);
    return node;
  }

  function exported(one) {
    const link = made("a", "fn-shelf-act", "Export");
    link.href = `${API}/conversations/${encodeURIComponent(one.id)}/export`;
    link.setAttribute("download", "conversation.md");
    link.setAttribute("aria-label", `Export “${one.title}” as Markdown`);
    return link;
  }

  function rename(one, line) {
    const box = made("input", "fn-shelf-title");
    box.value = one.title;
    box.maxLength = 120;
    box.setAttribute("aria-label", "The new title");
    line.replaceChildren(box);
    box.focus();
    box.select();
    let over = false;
    const end = async (save) => {
      if (over) return;
      over = true;
      if (save && box.value.trim() && box.value !== one.title) {
        await call("PATCH", `/conversations/${one.id}`, { title: box.value }).catch(() => {});
      }
      list();
    };
    box.addEventListener("keydown", (event) => {
      if (event.key === "Enter") end(true);
      if (event.key === "Escape") end(false);
    });
    box.addEventListener("blur", () => end(true));
  }

  async function remove(one) {
    if (!window.confirm(`Delete “${one.title}” with all that was said in it?`)) return;
    await call("DELETE", `/conversations/${one.id}`).catch(() => {});
    if (one.id === here()) location.assign("/");
    else list();
  }

  // What can be done with an answer.

  async function use(tool) {
    const bar = tool.closest(".fn-tools");
    const done = bar.querySelector(".fn-done");
    const [id, number] = bar.dataset.kept.split("/");
    try {
      if (tool.dataset.tool === "copy") {
        const query = new URLSearchParams({ format: "md", number });
        const answer = await call("GET", `/conversations/${id}/export?${query}`);
        await navigator.clipboard.writeText(await answer.text());
        done.textContent = "Copied.";
      } else {
        await rate(bar, id, Number(number), tool.dataset.tool === "good", "");
        ask(bar, id, Number(number), tool.dataset.tool === "good");
      }
    } catch (error) {
      done.textContent = error.message;
    }
  }

  async function rate(bar, conversation, number, good, reason) {
    await call("PUT", "/feedback", { conversation, number, good, reason });
    for (const one of bar.querySelectorAll("[aria-pressed]")) {
      one.setAttribute("aria-pressed", String((one.dataset.tool === "good") === good));
    }
    bar.querySelector(".fn-done").textContent = "Thank you.";
  }

  function ask(bar, id, number, good) {
    bar.querySelector(".fn-reason")?.remove();
    const form = made("form", "fn-reason");
    const box = made("input", "fn-reason-box");
    box.maxLength = 2000;
    box.placeholder = good ? "What is good about it?" : "What is wrong with it?";
    box.setAttribute("aria-label", box.placeholder);
    const send = made("button", "fn-tool", "Say");
    form.append(box, send);
    form.addEventListener("submit", async (event) => {
      event.preventDefault();
      await rate(bar, id, number, good, box.value).catch(() => {});
      form.remove();
    });
    bar.append(form);
    box.focus();
  }

  document.addEventListener("click", (event) => {
    const tool = event.target.closest?.("button[data-tool]");
    if (tool) use(tool);
    if (event.target.closest?.(".fn-shelf-toggle")) shelf()?.classList.toggle("fn-shown");
    else if (!event.target.closest?.("#fn-shelf")) shelf()?.classList.remove("fn-shown");
  });

  document.addEventListener("input", (event) => {
    if (!event.target.matches?.(".fn-shelf-search")) return;
    words = event.target.value;
    list();
  });

  // A new answer is stored before it is whole: the address then names its conversation.
  function follow() {
    const turns = document.querySelectorAll(".fn-turn[data-kept]");
    const newest = turns[turns.length - 1]?.dataset.kept ?? null;
    if (newest === kept) return;
    kept = newest;
    if (!newest) return;
    const id = newest.split("/")[0];
    if (id !== here()) history.replaceState(null, "", `/?c=${encodeURIComponent(id)}`);
    list();
  }

  function begin() {
    new MutationObserver(follow).observe(document.body, { childList: true, subtree: true });
    const waiting = window.setInterval(() => {
      if (!shelf()?.querySelector(".fn-shelf-list")) return;
      window.clearInterval(waiting);
      list();
    }, 50);
  }

  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", begin);
  else begin();
})();
