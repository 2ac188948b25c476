// The demo's inbox: follows the simulator's events, draws its state and sends what the customer and the agent do.

import { language, texts, translate } from "./texts.js";
import { show, typing } from "./view.js";
import { settled } from "./why.js";

const $ = (id) => document.getElementById(id);
let state = null;
let records = {};
// fresh is set while the customer begins a new conversation.
let fresh = false;

translate();

const chosen = () => (fresh ? 0 : Number(location.hash.slice(1)) || state?.conversations.at(-1)?.id || 0);
const conversation = () => state?.conversations.find((c) => c.id === chosen());

async function ask(method, path, body) {
  const answer = await fetch(`/sim/${path}`, { method, body: body && JSON.stringify(body) });
  const said = await answer.json();
  if (!answer.ok) throw new Error(said.error);
  return said;
}

async function send(path, body) {
  try {
    const said = await ask("POST", path, body);
    $("problem").hidden = true;
    return said;
  } catch (error) {
    $("problem").textContent = error.message;
    $("problem").hidden = false;
    return null;
  }
}

// once runs a task, and once more afterwards if it was asked for meanwhile.
function once(task) {
  let running = false;
  let again = false;
  return async function run() {
    if (running) {
      again = true;
      return;
    }
    running = true;
    try {
      await task();
    } catch { /* the simulator is away; its events tell when it is back */ }
    running = false;
    if (again) {
      again = false;
      run();
    }
  };
}

const refresh = once(async () => {
  if (!state) state = await ask("GET", "state");
  const id = chosen();
  state = await ask("GET", `state?conversation=${id}`);
  if (id !== chosen()) return refresh();
  options();
  draw();
  typing(conversation());
  judge();
});

function draw() {
  show(state, conversation(), records, send);
}

// judge asks Tania why, and asks again while a message of the customer has no final answer: what she decides
// need not change anything in Chatwoot.
let asking;
const judge = once(async () => {
  clearTimeout(asking);
  const id = chosen();
  if (!state.decisions || !id) return;
  let found = [];
  try {
    found = (await ask("GET", `decisions/${id}`)).records;
  } catch (error) {
    $("connection").title = texts.whyFailed + error.message;
  }
  if (id !== chosen()) return;
  records = Object.fromEntries(found.map((r) => [r.message, r]));
  draw();
  const open = state.messages?.filter((m) => m.type === "incoming" && !settled(records[m.id])) ?? [];
  const recent = open.some((m) => Date.now() - Date.parse(m.created) < 5 * 60_000);
  if (open.length) asking = setTimeout(judge, recent ? 500 : 5000);
});

function options() {
  fillSelect($("inbox"), state.inboxes);
  fillSelect($("user"), state.users);
}

function fillSelect(select, list) {
  if (select.childElementCount === list.length) return;
  select.replaceChildren(...list.map((o) => new Option(o.name, o.id)));
}

function choose(id) {
  fresh = id === 0;
  records = {};
  history.replaceState(null, "", id ? `#${id}` : location.pathname);
  return refresh();
}

async function write(text, attachments) {
  const said = await send("customer", { inbox: Number($("inbox").value), conversation: chosen(), text, attachments });
  if (said && said.conversation !== chosen()) await choose(said.conversation);
  return said;
}

const sample = () => ({ ...texts.sample, ...state?.samples?.[language] });

const samples = {
  greeting: () => write(sample().greeting),
  faq: () => write(sample().faq),
  human: () => write(sample().human),
  attachment: () => write("", [{ type: "image", url: `${location.origin}/photo.svg`, content_type: "image/svg+xml", extension: "svg" }]),
  burst: async () => {
    for (const [i, text] of sample().burst.entries()) {
      if (i) await new Promise((resolve) => setTimeout(resolve, 300));
      await write(text);
    }
  },
};

for (const b of document.querySelectorAll("[data-sample]")) b.addEventListener("click", () => samples[b.dataset.sample]());

function composer(form, input, submit) {
  $(form).addEventListener("submit", async (event) => {
    event.preventDefault();
    const text = $(input).value.trim();
    if (!text) return;
    $(input).value = "";
    if (!await submit(text)) $(input).value = text;
  });
  $(input).addEventListener("keydown", (event) => {
    if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
      event.preventDefault();
      $(form).requestSubmit();
    }
  });
}

const user = () => Number($("user").value);
const noting = () => $("agent-form").elements.mode.value === "note";

composer("customer-form", "customer-input", (text) => write(text));
composer("agent-form", "agent-input", (text) => send("agent", {
  conversation: chosen(), user: user(), text, private: noting(), via: "dashboard",
}));
$("agent-form").addEventListener("change", () => {
  $("agent-form").classList.toggle("noting", noting());
  $("agent-input").placeholder = noting() ? texts.noteInput : texts.agentInput;
});

$("take-over").addEventListener("click", () => send("takeover", { conversation: chosen(), user: user() }));
$("give-back").addEventListener("click", () => send("status", { conversation: chosen(), user: user(), status: "pending" }));
$("resolve").addEventListener("click", () => send("status", { conversation: chosen(), user: user(), status: "resolved" }));
$("new-conversation").addEventListener("click", () => { choose(0); $("customer-input").focus(); });
window.addEventListener("hashchange", () => choose(Number(location.hash.slice(1))));

const tabs = [...document.querySelectorAll("[role=tab]")];
for (const tab of tabs) {
  tab.addEventListener("click", () => {
    document.body.dataset.pane = tab.dataset.pane;
    for (const t of tabs) t.setAttribute("aria-selected", String(t === tab));
    refresh();
  });
}

function connection(live) {
  $("connection").textContent = live ? texts.connected : texts.disconnected;
  $("connection").dataset.live = live;
}

// A page that is left gives its connection back, for a browser has few per server.
let events;
function follow() {
  events?.close();
  events = new EventSource("/sim/events");
  events.onmessage = () => { connection(true); refresh(); };
  events.onerror = () => connection(false);
}
window.addEventListener("pagehide", () => events.close());
window.addEventListener("pageshow", follow);
refresh();
