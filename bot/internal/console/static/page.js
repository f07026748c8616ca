// The thread on the page: sends what is typed or pressed, and adds what the server says is new. The server makes all
// HTML; text of people reaches the page only through its templates, which escape it.
"use strict";

const thread = document.getElementById("thread");
const items = document.getElementById("items");
const statusLine = document.getElementById("status");
const composer = document.getElementById("composer");
const text = document.getElementById("text");
const send = document.getElementById("send");
const error = document.getElementById("error");
const api = "/api/threads/" + thread.dataset.thread;

let etag = thread.dataset.etag;
let sending = false;

const pause = (ms) => new Promise((done) => setTimeout(done, ms));

// A key names a message, so that sending it again after a lost answer does not say it twice.
function newKey() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (b) => b.toString(16).padStart(2, "0")).join("");
}

function speaker() {
  return composer.elements.as.value;
}

// post sends one message and reports whether the server has it.
async function post(message) {
  sending = true;
  send.setAttribute("aria-disabled", "true");
  error.textContent = "";
  let problem = thread.dataset.notSent;
  try {
    for (let attempt = 0; attempt < 3; attempt++) {
      try {
        const answer = await fetch(api + "/messages", {
          method: "POST",
          headers: { "Content-Type": "application/json" },
          body: JSON.stringify(message),
        });
        if (answer.ok) {
          begin();
          return true;
        }
        problem = (await answer.json()).error;
        break;
      } catch {
        await pause(400 * (attempt + 1));
      }
    }
  } finally {
    sending = false;
    send.removeAttribute("aria-disabled");
  }
  error.textContent = problem;
  return false;
}

// begin gives a new thread its own address once something was said in it.
function begin() {
  if (!("new" in thread.dataset)) return;
  delete thread.dataset.new;
  document.getElementById("start").remove();
  document.getElementById("hello").classList.add("unseen");
  for (const radio of composer.elements.as) radio.disabled = false;
  history.replaceState(null, "", "/t/" + thread.dataset.thread);
  follow();
}

let draft = { key: newKey(), text: "" };

async function sendText(words) {
  if (sending || words.trim() === "") return;
  if (draft.text !== words) draft = { key: newKey(), text: words };
  if (text.value === words) text.value = "";
  if (await post({ key: draft.key, as: speaker(), text: words })) {
    draft = { key: newKey(), text: "" };
  } else if (text.value === "") {
    text.value = words;
  }
}

async function press(button) {
  if (sending) return;
  const { action, intent } = button.dataset;
  const key = [button.closest("[data-reply]").dataset.reply, action, intent ?? ""].join(":");
  await post({ key, as: "customer", action, ...(intent && { intent }) });
}

// follow asks for news for as long as the page is seen: the server answers when there are some.
async function follow() {
  let failures = 0;
  for (;;) {
    await seen();
    const asked = Date.now();
    try {
      const answer = await fetch(api, { headers: { "If-None-Match": etag } });
      if (answer.status === 200) {
        etag = answer.headers.get("ETag");
        show(await answer.json());
      } else if (answer.status === 304) {
        if (failures > 0) statusLine.textContent = "";
        if (Date.now() - asked < 1000) await pause(1000);
      } else {
        throw new Error(answer.statusText);
      }
      failures = 0;
    } catch {
      failures++;
      if (failures > 1) {
        statusLine.textContent = thread.dataset.offline;
        etag = "";
      }
      await pause(Math.min(500 * 2 ** failures, 10000));
    }
  }
}

function seen() {
  if (!document.hidden) return Promise.resolve();
  return new Promise((done) => document.addEventListener("visibilitychange", done, { once: true }));
}

// show adds what the page does not have yet, each at its place. Only the last item's buttons can be pressed.
function show(news) {
  let before = null;
  let added = null;
  for (const item of news.items) {
    let element = document.getElementById(item.id);
    if (element === null) {
      const holder = document.createElement("template");
      holder.innerHTML = item.html;
      element = holder.content.firstElementChild;
      items.insertBefore(element, before === null ? items.firstChild : before.nextSibling);
      added = element;
    }
    before = element;
  }
  statusLine.textContent = news.status;
  if (added === null) return;
  const focused = document.activeElement;
  for (const buttons of items.querySelectorAll("fieldset.actions")) {
    buttons.disabled = buttons.closest(".item") !== items.lastElementChild;
  }
  lead(added, focused);
}

// lead brings what is new into sight, and takes the focus along from a button that can no longer be pressed.
function lead(added, focused) {
  const said = items.querySelectorAll(".item:not(.bot)");
  const last = said[said.length - 1] ?? added;
  last.scrollIntoView({ block: "start" });
  const lost = focused instanceof HTMLButtonElement && focused.closest("fieldset.actions")?.disabled;
  homeless = lost || (homeless && document.activeElement === document.body);
  if (homeless && added.classList.contains("bot")) {
    homeless = false;
    added.focus({ preventScroll: true });
  }
}

let homeless = false; // the focus was on a button that is gone; it goes to the reply once that comes

composer.addEventListener("submit", (event) => {
  event.preventDefault();
  sendText(text.value);
});

text.addEventListener("keydown", (event) => {
  // While Hangul is being composed, Enter ends the syllable and not the message.
  if (event.key !== "Enter" || event.shiftKey || event.isComposing || event.keyCode === 229) return;
  event.preventDefault();
  sendText(text.value);
});

items.addEventListener("click", (event) => {
  const button = event.target.closest("button[data-action]");
  if (button) press(button);
});

document.getElementById("start")?.addEventListener("click", (event) => {
  const sample = event.target.closest("button.sample");
  if (!sample) return;
  text.focus();
  sendText(sample.textContent);
});

if (!("new" in thread.dataset)) {
  items.lastElementChild?.scrollIntoView({ block: "start" });
  follow();
}
