// What the Library page does by itself: hands in files, reads addresses, shows syncs, removes.
// The list itself comes from the server as HTML, escaped there; everything that is put onto the page
// here is put as text.
(() => {
  "use strict";

  const API = "/api/v1";
  const OFTEN = 1000; // milliseconds between two looks at syncs while one is at work
  const SELDOM = 15000;
  const KEPT = 5; // syncs that are over, and still shown
  const REASONS = 200; // skipped files that are told one by one
  const ACTIVE = new Set(["waiting", "running"]);

  const at = (id) => document.getElementById(id);

  // A node with properties and children; strings become text, never markup.
  function node(name, properties = {}, ...children) {
    const made = Object.assign(document.createElement(name), properties);
    made.append(...children.filter((child) => child !== null));
    return made;
  }

  function tell(text) {
    const place = at("fn-told");
    if (place) place.textContent = text;
  }

  function counted(count, one, several) {
    return `${count.toLocaleString("en")} ${count === 1 ? one : several}`;
  }

  // What the API answers; a problem becomes an Error with what it says.
  async function call(path, options = {}) {
    let answer;
    try {
      answer = await fetch(API + path, options);
    } catch {
      throw new Error("The server cannot be reached, or what was dropped is no file.");
    }
    const told = await answer.json().catch(() => ({}));
    if (answer.ok) return told;
    throw new Error(told.detail ?? `The server answered ${answer.status}.`);
  }

  // The list as the server has it now, in the place of the one that is shown.
  async function renew() {
    const answer = await fetch(location.href, { headers: { Accept: "text/html" } });
    if (!answer.ok) return;
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    for (const id of ["fn-list-h", "fn-plot", "fn-articles"]) {
      const now = page.getElementById(id);
      if (now) at(id)?.replaceChildren(...now.childNodes);
    }
  }

  // Files, one after the other, each with what became of it.

  const queue = [];
  let sending = false;

  function take(files) {
    for (const file of files) {
      const state = node("span", { className: "fn-state", textContent: "waits" });
      const line = node("li", {}, node("bdi", { textContent: file.name }), " ", state);
      at("fn-handed").prepend(line);
      queue.push({ file, line, state });
    }
    if (!sending) send();
  }

  async function send() {
    sending = true;
    let read = 0;
    let failed = 0;
    while (queue.length) {
      const { file, line, state } = queue.shift();
      state.textContent = "is read…";
      state.dataset.state = "running";
      tell(`Reading ${file.name}; ${counted(queue.length, "file waits", "files wait")}.`);
      const form = new FormData();
      form.append("file", file, file.name);
      try {
        const { articles } = await call("/uploads", { method: "POST", body: form });
        read += 1;
        state.dataset.state = "ok";
        state.textContent = counted(articles.length, "article", "articles");
        line.append(titles(articles));
      } catch (error) {
        failed += 1;
        state.dataset.state = "fail";
        state.textContent = "not read";
        line.append(node("p", { className: "fn-hint", textContent: error.message }));
      }
      await renew().catch(() => {});
    }
    sending = false;
    tell(`${counted(read, "file", "files")} read, ${failed} not.`);
  }

  function titles(articles) {
    const items = articles.slice(0, KEPT).map((article) => {
      const target = `/library/article?${new URLSearchParams({ id: article.id })}`;
      return node("li", {}, node("a", { href: target, dir: "auto", textContent: article.title }));
    });
    if (articles.length > KEPT) {
      items.push(node("li", { textContent: `and ${counted(articles.length - KEPT, "other", "others")}` }));
    }
    return node("ul", {}, ...items);
  }

  function beginHandingIn() {
    const drop = at("fn-drop");
    if (!drop) return;
    const files = at("fn-files");
    at("fn-choose").addEventListener("click", () => files.click());
    files.addEventListener("change", () => {
      take([...files.files]);
      files.value = "";
    });
    // A file that misses the field must not take the place of the page.
    for (const kind of ["dragover", "drop"]) {
      window.addEventListener(kind, (event) => {
        if (event.dataTransfer?.types.includes("Files")) event.preventDefault();
      });
    }
    for (const kind of ["dragenter", "dragover"]) {
      drop.addEventListener(kind, () => drop.classList.add("fn-over"));
    }
    for (const kind of ["dragleave", "drop"]) {
      drop.addEventListener(kind, () => drop.classList.remove("fn-over"));
    }
    drop.addEventListener("drop", (event) => take([...event.dataTransfer.files]));
    window.addEventListener("beforeunload", (event) => {
      if (sending) event.preventDefault(); // what waits would be lost
    });
    at("fn-by-address").addEventListener("submit", async (event) => {
      event.preventDefault();
      const address = at("fn-address");
      try {
        await call("/sync", {
          method: "POST",
          headers: { "Content-Type": "application/json" },
          body: JSON.stringify({ places: [address.value] }),
        });
        address.value = "";
        tell("The address is being read.");
        look();
      } catch (error) {
        tell(error.message);
      }
    });
  }

  // Syncs, as the server remembers them: the same after a reload.

  const shown = new Map(); // by id: the nodes, the state that was told last, and what it was in the end
  let timer = 0;

  async function look() {
    clearTimeout(timer);
    let pause = SELDOM;
    try {
      const { syncs } = await call("/sync");
      const over = syncs.filter((job) => !ACTIVE.has(job.state)).slice(0, KEPT);
      const active = syncs.filter((job) => ACTIVE.has(job.state));
      if (show([...active, ...(await Promise.all(over.map(whole)))])) await renew();
      if (active.length) pause = OFTEN;
    } catch {
      // It is looked again: a server that is restarted comes back.
    }
    timer = setTimeout(look, document.hidden ? SELDOM : pause);
  }

  // A sync that is over has a report, which is asked for once.
  async function whole(job) {
    const known = shown.get(job.id)?.job;
    return known ?? call(`/sync/${job.id}`);
  }

  // Returns whether one of them has come to its end since the last look.
  function show(jobs) {
    const place = at("fn-syncs");
    const list = place.querySelector("ul");
    let ended = false;
    for (const [id, entry] of shown) {
      if (!jobs.some((job) => job.id === id)) {
        entry.line.remove();
        shown.delete(id);
      }
    }
    for (const job of jobs) {
      const entry = shown.get(job.id) ?? begun(job);
      const before = entry.state;
      update(entry, job);
      if (ACTIVE.has(before) && !ACTIVE.has(job.state)) {
        ended = true;
        tell(`${job.places[0]}: ${summary(job)}`);
      }
      shown.set(job.id, entry);
    }
    const wanted = jobs.map((job) => shown.get(job.id).line);
    if (wanted.some((line, n) => list.children[n] !== line)) list.append(...wanted);
    place.hidden = jobs.length === 0;
    return ended;
  }

  function begun(job) {
    const more = job.places.length - 1;
    const name = job.places[0] + (more ? ` and ${more} more` : "");
    const bar = node("progress", { max: 1, ariaLabel: `Progress of ${name}` });
    const told = node("span", { className: "fn-state" });
    const stop = node("button", { type: "button", textContent: "Stop", ariaLabel: `Stop ${name}` });
    stop.hidden = !at("fn-add"); // who may not begin one may not stop one
    stop.addEventListener("click", () =>
      call(`/sync/${job.id}`, { method: "DELETE" }).then(look, (error) => tell(error.message)),
    );
    const rest = node("div");
    const line = node("li", {}, node("bdi", { textContent: name }), " ", told, " ", bar, " ", stop, rest);
    return { line, bar, told, stop, rest, state: null };
  }

  function update(entry, job) {
    entry.told.textContent = summary(job);
    entry.told.dataset.state = { done: "ok", failed: "fail", stopped: "warn" }[job.state] ?? "running";
    entry.bar.value = job.share;
    if (entry.state === job.state) return;
    entry.state = job.state;
    if (ACTIVE.has(job.state)) return;
    entry.job = job;
    entry.bar.remove();
    entry.stop.remove();
    entry.rest.replaceChildren(...report(job));
  }

  function summary(job) {
    if (job.state === "waiting") return "waits for its turn";
    if (job.state === "running") {
      const now = job.uri ? `; ${job.uri}` : "";
      return `${Math.floor(job.share * 100)} %, ${counted(job.articles, "article", "articles")}${now}`;
    }
    if (!job.report) return "failed";
    const { added, updated, removed, kept, skipped } = job.report;
    const parts = [`${added.length} added`, `${updated.length} updated`];
    if (removed.length) parts.push(`${removed.length} removed`);
    parts.push(`${kept} kept`);
    if (skipped.length) parts.push(`${skipped.length} skipped`);
    return parts.join(", ") + (job.state === "stopped" ? "; stopped, the next one goes on" : "");
  }

  function report(job) {
    if (job.problem) return [node("p", { className: "fn-hint", textContent: job.problem })];
    const skipped = job.report?.skipped ?? [];
    if (!skipped.length) return [];
    const items = skipped.slice(0, REASONS).map(({ uri, reason }) =>
      node("li", {}, node("bdi", { textContent: uri }), ": ", node("bdi", { textContent: reason })),
    );
    if (skipped.length > REASONS) items.push(node("li", { textContent: `and ${skipped.length - REASONS} more` }));
    const title = `What was skipped (${skipped.length})`;
    return [node("details", {}, node("summary", { textContent: title }), node("ul", {}, ...items))];
  }

  // Removing, after a question.

  function ask(title) {
    const dialog = at("fn-ask");
    at("fn-ask-title").textContent = title;
    dialog.returnValue = "keep";
    dialog.showModal();
    return new Promise((answer) =>
      dialog.addEventListener("close", () => answer(dialog.returnValue === "remove"), { once: true }),
    );
  }

  async function remove(button) {
    const { id, title } = button.dataset;
    if (!(await ask(title))) return;
    button.disabled = true;
    try {
      await call(`/article?${new URLSearchParams({ id })}`, { method: "DELETE" });
    } catch (error) {
      button.disabled = false;
      tell(error.message);
      return;
    }
    if (location.pathname === "/library/article") {
      location.href = "/library";
      return;
    }
    await renew();
    tell(`Removed: ${title}`);
    at("fn-list-h")?.focus();
  }

  async function takeBack(button) {
    const { id, title } = button.dataset;
    button.disabled = true;
    try {
      await call(`/removed?${new URLSearchParams({ id })}`, { method: "DELETE" });
    } catch (error) {
      button.disabled = false;
      tell(error.message);
      return;
    }
    await renew();
    tell(`Comes back with the next sync: ${title}`);
    at("fn-list-h")?.focus();
  }

  document.addEventListener("click", (event) => {
    const button = event.target.closest?.("button.fn-remove, button.fn-readmit");
    if (button) (button.classList.contains("fn-readmit") ? takeBack : remove)(button);
  });
  beginHandingIn();
  if (at("fn-syncs")) {
    document.addEventListener("visibilitychange", () => document.hidden || look());
    look();
  }
})();
