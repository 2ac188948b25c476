// Why a message was answered so, or why the bot stayed silent: Tania's decision records as small cards.

import { node, millis } from "./format.js";
import { texts } from "./texts.js";

export const settled = (r) => r && !["waiting", "retrying"].includes(r.outcome);

export function card(message, record) {
  if (!record) return node("p", { className: "why quiet", data: { testid: "decision-pending", message } }, texts.waitingForWhy);
  const words = texts.reason[record.reason] ?? record.reason;
  const route = record.route ? texts.routes[record.route] ?? record.route : "";
  const total = (record.steps ?? []).reduce((sum, s) => sum + s.ms, 0);
  const together = record.messages?.length > 1 ? `${record.messages.length} ${texts.together}` : "";
  return node("details", {
    className: "why", data: {
      testid: "decision", message, outcome: record.outcome, reason: record.reason ?? "", route: record.route ?? "",
      handoff: record.handoff ?? "", turn: record.turn ?? "", together: String(record.messages?.length ?? 1),
    },
  },
  node("summary", {},
    node("span", { className: `outcome ${record.outcome}` }, texts.outcome[record.outcome] ?? record.outcome),
    node("span", { className: "because" }, [record.reason === "proceed" ? route || words : words, together].filter(Boolean).join(" · ")),
    total ? node("span", { className: "quiet took" }, millis(total)) : null),
  node("dl", {}, ...facts(record).map(([term, value]) => node("div", {}, node("dt", {}, term), node("dd", {}, value)))));
}

function facts(r) {
  const list = [[texts.why, `${texts.reason[r.reason] ?? r.reason}${r.detail ? ` (${r.detail})` : ""}`]];
  const add = (term, value) => value && list.push([term, value]);
  add(texts.route, [r.route, r.route_why].filter(Boolean).join(": "));
  add(texts.handoff, r.handoff && (texts.handoffs[r.handoff] ?? r.handoff));
  add(texts.sources, (r.sources ?? []).join(", "));
  add(texts.cache, [r.cache_tier, r.cache_entry, r.cache_score ? r.cache_score.toFixed(3) : ""].filter(Boolean).join(" · "));
  const used = r.usage ?? {};
  const tokens = (used.input_tokens ?? 0) + (used.output_tokens ?? 0);
  add(texts.model, [used.model, tokens ? `${used.input_tokens ?? 0} + ${used.output_tokens ?? 0} ${texts.tokens}` : "",
    used.cost_micro_usd ? `$${(used.cost_micro_usd / 1e6).toFixed(6)}` : ""].filter(Boolean).join(" · "));
  add(texts.language, r.language);
  add(texts.time, (r.steps ?? []).map((s) => `${s.name} ${millis(s.ms)}`).join(" · "));
  add(texts.attempt, r.attempt > 1 && String(r.attempt));
  add(texts.restarts, r.restarts > 0 && String(r.restarts));
  add(texts.unchecked, (r.unchecked ?? []).join("; "));
  add(texts.error, r.error);
  return list;
}
