// What is known of the conversation, and how it is kept true: a cursor that only grows, and a queue that survives the page.

const RETRY = [1, 2, 4, 8, 15, 30];

class Refused extends Error {
  constructor(status, problem, wait) {
    super(problem.message || String(status));
    this.status = status;
    this.code = problem.errors?.[0]?.code || "";
    this.wait = wait;
  }
}

// A frame that may keep nothing, as in a private window, asks the site's page to keep it.
const memory = {};
let outside = null;

export function keepOutside(known, tell) {
  Object.assign(memory, known);
  outside = tell;
}

function remembered(key, value) {
  try {
    if (value === null) localStorage.removeItem(key);
    else if (value !== undefined) localStorage.setItem(key, value);
    return localStorage.getItem(key);
  } catch {
    if (value !== undefined) {
      memory[key] = value;
      outside?.(key, value);
    }
    return memory[key] ?? null;
  }
}

// What was sent is shown until the server tells it; a day later nobody waits for that.
const isWanted = (entry) => entry.state !== "sent" || Date.now() - Date.parse(entry.at) < 86400000;

export class Chat {
  constructor(config, onChange) {
    this.config = config;
    this.onChange = onChange;
    this.store = `tertulia:${config.key}:`;
    this.identity = null;
    this.page = "";
    this.tries = 0;
    this.forget();
  }

  get isKnown() {
    return Boolean(remembered(this.store + "token"));
  }

  forget() {
    this.session = null;
    this.starting = null;
    this.messages = new Map();
    this.queue = [];
    this.cursor = 0;
    this.older = null;
    this.trouble = "";
    this.told = new Map();
    this.busy = null;
    this.again = false;
  }

  // Begin anew as somebody, or as nobody in particular. Everything of another visitor is out of sight first.
  async become(identity) {
    if (!identity && this.session?.is_verified) remembered(this.store + "token", null);
    this.identity = identity;
    this.forget();
    this.onChange();
    await this.start();
  }

  start() {
    this.starting ||= this.open().catch((error) => {
      this.starting = null;
      this.complain(error);
    });
    return this.starting;
  }

  async open() {
    const old = this.session?.token || (this.identity ? null : remembered(this.store + "token"));
    const session = await this.ask("session", { body: { identity: this.identity }, token: old });
    if (this.session?.visitor !== session.visitor) {
      this.messages.clear();
      this.cursor = 0;
      this.older = null;
      const kept = JSON.parse(remembered(this.store + session.visitor) || "[]").filter(isWanted);
      this.queue = [...kept, ...this.queue.filter((one) => !kept.some((other) => other.key === one.key))];
    }
    this.session = session;
    if (!session.is_verified) remembered(this.store + "token", session.token);
    this.keep();
    if (!this.cursor) this.take(await this.ask("messages"), { isFirst: true });
    this.well();
    this.flush();
  }

  // Fetch what is new; asked again while it runs, it runs once more.
  catchUp() {
    if (!this.session) return this.start();
    if (this.busy) {
      this.again = true;
      return this.busy;
    }
    this.busy = this.fetchNews()
      .then(() => this.well())
      .catch((error) => this.complain(error))
      .finally(() => {
        this.busy = null;
        if (this.again) {
          this.again = false;
          this.catchUp();
        }
      });
    return this.busy;
  }

  async fetchNews() {
    const session = this.session;
    let page;
    do {
      page = await this.ask(this.cursor ? `messages?since=${this.cursor}` : "messages");
      if (session !== this.session) return;
      this.take(page, { isFirst: !this.cursor });
    } while (page.has_more);
    this.flush();
  }

  async fetchOlder() {
    if (!this.older) return;
    const page = await this.ask(`messages?before=${this.older}`);
    this.take({ ...page, cursor: this.cursor }, { isFirst: true });
  }

  take(page, { isFirst }) {
    for (const message of page.messages) {
      this.messages.set(message.id, message);
      if (message.key) this.unqueue(message.key);
    }
    this.cursor = Math.max(this.cursor, page.cursor);
    if (isFirst) this.older = page.older;
    this.onChange();
  }

  get sorted() {
    return [...this.messages.values()].sort((a, b) => a.id - b.id);
  }

  // Whether something was sent a moment ago that the server has not told back yet.
  get isAwaiting() {
    return this.queue.some((one) => one.state === "sent" && Date.now() - Date.parse(one.at) < 60000);
  }

  get unread() {
    return this.sorted.filter((message) => message.from === "team" && this.stateOf(message) !== "read");
  }

  stateOf(message) {
    return this.told.get(message.id) || message.status;
  }

  // Tell what arrived and, when somebody looks at it, what was read.
  async receipts(isSeen) {
    const state = isSeen ? "read" : "delivered";
    const ids = this.unread.filter((one) => isSeen || this.stateOf(one) === "sent").map((one) => one.id).slice(-100);
    if (!ids.length || !this.session) return;
    ids.forEach((id) => this.told.set(id, state));
    try {
      await this.ask("receipts", { body: { [state]: ids } });
    } catch {
      ids.forEach((id) => this.told.delete(id));
    }
    this.onChange();
  }

  send(text, files) {
    const entry = { key: crypto.randomUUID(), text, files, at: new Date().toISOString(), state: "waiting", page: this.page };
    this.queue.push(entry);
    this.keep();
    this.flush();
  }

  retry(key) {
    this.queue.filter((one) => one.key === key).forEach((one) => (one.state = "waiting"));
    this.keep();
    this.flush();
  }

  unqueue(key) {
    const left = this.queue.filter((one) => one.key !== key);
    if (left.length === this.queue.length) return;
    this.queue = left;
    this.keep();
  }

  keep() {
    if (this.session) remembered(this.store + this.session.visitor, this.queue.length ? JSON.stringify(this.queue) : null);
    this.onChange();
  }

  // One after the other, in their order; the key makes a second try harmless.
  async flush() {
    if (this.flushing || !this.session) return;
    this.flushing = true;
    const session = this.session;
    try {
      let entry;
      while (session === this.session && (entry = this.queue.find((one) => one.state === "waiting"))) {
        const files = entry.files.map((one) => one.handle);
        await this.ask("messages", { body: { id: entry.key, text: entry.text, files, page_url: entry.page } });
        entry.state = "sent";
        this.keep();
        this.well();
      }
    } catch (error) {
      const entry = this.queue.find((one) => one.state === "waiting");
      const isFinal = error instanceof Refused && error.status < 500 && ![401, 429].includes(error.status);
      if (entry && isFinal) {
        entry.state = "failed";
        entry.why = error.message;
        this.keep();
      } else this.complain(error);
    } finally {
      this.flushing = false;
    }
  }

  async upload(file) {
    const body = new FormData();
    body.append("file", file);
    return this.ask("uploads", { body });
  }

  well() {
    this.tries = 0;
    clearTimeout(this.timer);
    if (this.trouble) {
      this.trouble = "";
      this.onChange();
    }
  }

  complain(error) {
    const words = this.config.words;
    clearTimeout(this.timer);
    if (error instanceof Refused && error.status === 401) {
      const isOver = error.code === "widget.visitor_unknown" && this.session;
      if (isOver) {
        this.session = null;
        this.starting = null;
        this.start();
        return;
      }
      this.trouble = error.code === "widget.visitor_unknown" ? words.broken : error.message || words.login;
    } else if (error instanceof Refused && error.status === 429) this.retryIn(error.wait || 5);
    else if (error instanceof Refused && error.status < 500) this.trouble = words.broken;
    else {
      this.trouble = error instanceof Refused ? words.broken : words.offline;
      this.retryIn(RETRY[Math.min(this.tries++, RETRY.length - 1)] * (0.75 + Math.random() / 2));
    }
    this.onChange();
  }

  retryIn(seconds) {
    this.timer = setTimeout(() => this.catchUp(), seconds * 1000);
  }

  async ask(path, { body, token } = {}) {
    const headers = {};
    const shown = token === undefined ? this.session?.token : token;
    if (shown) headers.Authorization = `Bearer ${shown}`;
    const isForm = body instanceof FormData;
    if (body && !isForm) headers["Content-Type"] = "application/json";
    const response = await fetch(this.config.api + path, {
      method: body ? "POST" : "GET",
      headers,
      body: body && !isForm ? JSON.stringify(body) : body,
      credentials: "omit",
      cache: "no-store",
      signal: AbortSignal.timeout(isForm ? 120000 : 15000),
    });
    if (response.ok) return response.status === 204 ? null : response.json();
    const problem = await response.json().catch(() => ({}));
    throw new Refused(response.status, problem, Number(response.headers.get("Retry-After")));
  }
}
