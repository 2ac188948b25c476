// The panes as the state has them. Messages keep their elements, so that a screen reader hears only what is new.

import { clock, formatted, node } from "./format.js";
import { texts } from "./texts.js";
import { card } from "./why.js";

const $ = (id) => document.getElementById(id);

// show draws a conversation, or the empty desk without one. send posts a command.
export function show(state, conversation, records, send) {
  const messages = conversation ? state.messages ?? [] : [];
  $("customer-title").textContent = conversation?.contact.name ?? texts.newCustomer;
  const inbox = state.inboxes.find((i) => i.id === (conversation?.inbox ?? Number($("inbox").value)));
  $("customer-inbox").textContent = inbox ? `${inbox.name} · ${inbox.channel.replace("Channel::", "")}` : "";
  $("inbox").hidden = Boolean(conversation) || state.inboxes.length < 2;

  desk(state, conversation);
  list(state, conversation);

  const seen = messages.filter((m) => m.type !== "activity" && !m.private);
  fill($("customer-messages"), seen, (m) => bubble(m, m.type === "incoming", send), (m) => stamp(m));
  fill($("agent-messages"), messages, (m) => entry(state, m, records[m.id]), (m) => stamp(m) + JSON.stringify(records[m.id] ?? null));
}

// typing shows the bot's dots, and hides them when Chatwoot would.
let dots;
export function typing(conversation) {
  clearTimeout(dots);
  $("typing").hidden = !conversation?.typing;
  if (conversation?.typing) dots = setTimeout(() => { $("typing").hidden = true; }, conversation.typing_left_ms);
}

const stamp = (m) => m.id + m.updated + m.status;

// fill brings a list's elements in line with the messages, at their places, and keeps to the end if it was there.
function fill(box, messages, make, key) {
  const atEnd = box.scrollHeight - box.scrollTop - box.clientHeight < 60;
  const before = box.childElementCount;
  const have = new Map([...box.children].map((e) => [e.dataset.message, e]));
  messages.forEach((m, i) => {
    let e = have.get(String(m.id));
    have.delete(String(m.id));
    if (!e || e.dataset.key !== key(m)) {
      const fresh = make(m);
      fresh.dataset.message = m.id;
      fresh.dataset.key = key(m);
      if (e) {
        const open = e.querySelector("details")?.open;
        const inner = fresh.querySelector("details");
        if (open && inner) inner.open = true;
        e.replaceWith(fresh);
      }
      e = fresh;
    }
    if (box.children[i] !== e) box.insertBefore(e, box.children[i] ?? null);
  });
  for (const e of have.values()) e.remove();
  if (atEnd || box.childElementCount !== before) box.scrollTop = box.scrollHeight;
}

const data = (m, testid) => ({ testid, type: m.type, sender: m.sender.kind || "none", private: String(Boolean(m.private)) });

function body(m) {
  const parts = [];
  if (m.content) parts.push(node("p", { className: m.content_attributes?.deleted ? "text deleted" : "text" }, formatted(m.content)));
  for (const a of m.attachments ?? []) {
    parts.push(a.type === "image" ? node("img", { className: "photo", src: a.url, alt: texts.photo })
      : node("p", { className: "text file" }, a.transcript || a.title || texts[a.type] || texts.file));
  }
  return parts;
}

function bubble(m, own, send) {
  const e = node("li", { className: `bubble ${own ? "own" : "theirs"}`, data: data(m, "customer-message") },
    !own && m.sender.name ? node("span", { className: "author" }, m.sender.name) : null, ...body(m));
  const chosen = m.content_attributes?.submitted_values?.[0]?.title;
  const items = m.content_type === "input_select" ? m.content_attributes.items ?? [] : [];
  if (items.length) {
    e.append(node("div", { className: "options" }, ...items.map((i) => node("button", {
      type: "button", disabled: Boolean(chosen), className: i.title === chosen ? "chosen" : "", data: { testid: "option" },
      onclick: () => send("select", { message: m.id, text: i.title }),
    }, i.title))));
  }
  e.append(node("time", { dateTime: m.created }, clock(m.created)));
  return e;
}

function entry(state, m, record) {
  if (m.type === "activity") return node("li", { className: "activity", data: data(m, "agent-message") }, m.content);
  const incoming = m.type === "incoming";
  const author = m.sender.name || (m.content_attributes?.external_echo ? texts.phone : texts.template);
  const e = node("li", { className: `line ${incoming ? "in" : "out"} ${m.private ? "private" : ""} ${m.sender.kind}`, data: data(m, "agent-message") },
    node("p", { className: "head" }, node("strong", {}, author), m.private ? node("span", { className: "tag" }, texts.privateNote) : null,
      m.status === "failed" ? node("span", { className: "tag bad" }, m.content_attributes?.external_error ?? m.status) : null,
      node("time", { dateTime: m.created }, clock(m.created))),
    ...body(m));
  if (incoming && state.decisions) e.append(card(m.id, record));
  return e;
}

function desk(state, c) {
  const user = state.users.find((u) => u.id === c?.assignee);
  $("agent-title").textContent = c ? `#${c.id} ${c.contact.name}` : texts.nobodyYet;
  $("status").hidden = !c;
  $("status").textContent = c ? texts[c.status] : "";
  $("status").dataset.status = c?.status ?? "";
  $("assignee").textContent = c?.assigned_bot ? texts.bot : user?.name ?? (c?.assignee ? `#${c.assignee}` : texts.none);
  $("team").textContent = state.teams.find((t) => t.id === c?.team)?.name ?? texts.none;
  $("labels").replaceChildren(...(c?.labels.length ? c.labels.map((l) => node("span", { className: "label" }, l)) : [texts.none]));
  const attributes = Object.entries(c?.custom_attributes ?? {});
  $("attributes").parentElement.hidden = !attributes.length;
  $("attributes").textContent = attributes.map(([k, v]) => `${k}: ${typeof v === "string" ? v : JSON.stringify(v)}`).join(" · ");
  $("take-over").disabled = !c || (c.status === "open" && Boolean(c.assignee));
  $("give-back").disabled = !c || c.status === "pending";
  $("resolve").disabled = !c || c.status === "resolved";
  for (const e of $("agent-form").elements) e.disabled = !c;
}

function list(state, chosen) {
  $("conversations").replaceChildren(...state.conversations.toReversed().map((c) => node("li", {},
    node("a", { href: `#${c.id}`, data: { testid: "conversation-item", conversation: c.id, status: c.status }, "aria-current": String(c.id === chosen?.id) },
      node("span", { className: "name" }, node("i", { className: "dot", data: { status: c.status }, title: texts[c.status] }), `#${c.id} ${c.contact.name}`),
      node("span", { className: "quiet preview" }, c.preview)))));
}
