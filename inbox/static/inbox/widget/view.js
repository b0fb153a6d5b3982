// Draws the conversation. Words of people become text nodes only.

const LINK = /\bhttps?:\/\/[^\s<>"']+[^\s<>"'.,;:!?)\]]/g;

export function element(name, attributes = {}, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) if (value !== "" && value !== null) made.setAttribute(key, value);
  made.append(...children.filter((child) => child !== ""));
  return made;
}

function worded(text) {
  const paragraph = element("p");
  let at = 0;
  for (const match of text.matchAll(LINK)) {
    paragraph.append(text.slice(at, match.index));
    paragraph.append(element("a", { href: match[0], target: "_blank", rel: "noopener noreferrer nofollow" }, match[0]));
    at = match.index + match[0].length;
  }
  paragraph.append(text.slice(at));
  return paragraph;
}

function sized(bytes) {
  return bytes < 1048576 ? `${Math.max(1, Math.round(bytes / 1024))} KB` : `${(bytes / 1048576).toFixed(1)} MB`;
}

function attached(file) {
  const link = element("a", { href: file.url, target: "_blank", rel: "noopener noreferrer" });
  if (file.kind === "image") {
    link.append(element("img", { src: file.url, alt: file.name, width: file.width, height: file.height }));
  } else link.append(`${file.name} (${sized(file.size)})`);
  return link;
}

export class View {
  constructor(config, { onRetry, onReply, onRemove }) {
    this.config = config;
    this.acts = { onRetry, onReply, onRemove };
    this.log = document.getElementById("log");
    this.scroller = document.getElementById("scroller");
    this.drawn = new Map();
    this.clock = new Intl.DateTimeFormat(config.language, { hour: "2-digit", minute: "2-digit" });
    this.day = new Intl.DateTimeFormat(config.language, { day: "numeric", month: "short", hour: "2-digit", minute: "2-digit" });
  }

  // Every message has one node for as long as it lives, so that a reader hears it once.
  draw(messages, queue) {
    const wasAtEnd = this.isAtEnd;
    const lastOwn = queue.length ? null : messages.filter((one) => one.from === "visitor").at(-1);
    const entries = [
      ...messages.map((one) => ({ ...one, node: one.key || `m${one.id}`, state: one === lastOwn ? "sent" : "" })),
      ...queue.map((one) => ({ ...one, node: one.key, from: "visitor", replies: [] })),
    ];
    const isLast = (entry) => entry === entries.at(-1);
    const kept = new Set(entries.map((one) => one.node));
    for (const [node, { made }] of this.drawn) {
      if (!kept.has(node)) {
        made.remove();
        this.drawn.delete(node);
      }
    }
    let next = this.log.firstChild;
    let isNew = false;
    for (const entry of entries) {
      const sign = JSON.stringify([entry.text, entry.files.map((one) => one.name), entry.state, entry.why, isLast(entry)]);
      const before = this.drawn.get(entry.node);
      const made = before?.sign === sign ? before.made : this.article(entry, isLast(entry), before?.made);
      if (!before) isNew = true;
      this.drawn.set(entry.node, { made, sign });
      if (made !== next) this.log.insertBefore(made, next);
      next = made.nextSibling;
    }
    if (wasAtEnd && isNew) this.toEnd();
  }

  get isAtEnd() {
    return this.scroller.scrollHeight - this.scroller.scrollTop - this.scroller.clientHeight < 80;
  }

  toEnd() {
    this.scroller.scrollTop = this.scroller.scrollHeight;
  }

  article(entry, isLast, made = element("article")) {
    const isMine = entry.from === "visitor";
    made.className = `${isMine ? "mine" : ""} ${entry.state}`.trim();
    const bubble = element("div", { class: "bubble" });
    if (entry.text) bubble.append(worded(entry.text));
    bubble.append(...entry.files.map(attached));
    const parts = [bubble, this.meta(entry, isMine)];
    if (!isMine) parts.unshift(element("span", { class: "face", "aria-hidden": "true" }, entry.initials));
    if (isLast && entry.replies.length) {
      const buttons = entry.replies.map((text) => {
        const button = element("button", { type: "button" }, text);
        button.addEventListener("click", () => this.acts.onReply(text));
        return button;
      });
      parts.push(element("div", { class: "replies" }, ...buttons));
    }
    made.replaceChildren(...parts);
    return made;
  }

  meta(entry, isMine) {
    const at = new Date(entry.at);
    const isToday = at.toDateString() === new Date().toDateString();
    const time = element("time", { datetime: entry.at }, (isToday ? this.clock : this.day).format(at));
    const words = this.config.words;
    const line = element("p", { class: "meta" });
    line.append(isMine ? element("span", { class: "unseen" }, `${words.you} `) : `${entry.name} · `, time);
    if (entry.state) line.append(` · ${words[entry.state]}`);
    if (entry.state === "failed") {
      if (entry.why) line.append(`: ${entry.why}`);
      for (const [word, act] of [["again", this.acts.onRetry], ["remove", this.acts.onRemove]]) {
        const button = element("button", { type: "button" }, words[word]);
        button.addEventListener("click", () => act(entry.key));
        line.append(" ", button);
      }
    }
    return line;
  }
}
