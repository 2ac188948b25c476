// The little Markdown that Chatwoot's widget shows, made of nodes: no message can bring markup of its own.

export function node(name, properties = {}, ...children) {
  const e = document.createElement(name);
  for (const [key, value] of Object.entries(properties)) {
    if (key === "data") Object.assign(e.dataset, value);
    else if (key in e) e[key] = value;
    else e.setAttribute(key, value);
  }
  e.append(...children.filter((c) => c !== null && c !== undefined && c !== ""));
  return e;
}

const marks = /`([^`]+)`|\*\*([^*]+)\*\*|\[([^\]]+)\]\((https?:\/\/[^\s)]+)\)|(https?:\/\/[^\s<>)]*[^\s<>).,;:!?])|(?<![\w*])\*([^*\s][^*]*)\*(?![\w*])|(?<!\w)_([^_\s][^_]*)_(?!\w)/g;

export function formatted(text) {
  const out = document.createDocumentFragment();
  let from = 0;
  for (const m of text.matchAll(marks)) {
    out.append(text.slice(from, m.index));
    from = m.index + m[0].length;
    const [, code, bold, linkText, link, bare, star, underscore] = m;
    if (code) out.append(node("code", {}, code));
    else if (bold) out.append(node("strong", {}, bold));
    else if (link) out.append(anchor(link, linkText));
    else if (bare) out.append(anchor(bare, bare));
    else out.append(node("em", {}, star ?? underscore));
  }
  out.append(text.slice(from));
  return out;
}

const anchor = (href, text) => node("a", { href, target: "_blank", rel: "noreferrer noopener" }, text);

export const clock = (iso) => new Date(iso).toLocaleTimeString([], { hour: "2-digit", minute: "2-digit", second: "2-digit" });

export const millis = (ms) => (ms >= 1000 ? `${(ms / 1000).toFixed(2)} s` : `${ms < 10 ? ms.toFixed(1) : Math.round(ms)} ms`);
