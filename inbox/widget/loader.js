// Web chat by Tertulia: a button on this page, and our own page in a frame. The two speak by messages with exact origins.
(() => {
  "use strict";
  const script = document.currentScript;
  if (!script || window.Tertulia?.open) return;
  const config = __CONFIG__;
  const given = window.tertuliaSettings || {};
  const address = new URL(script.src);
  const key = address.pathname.split("/").pop().replace(/\.js$/, "");
  const wanted = String(given.language || navigator.language || "en");
  const words = config.words[wanted.slice(0, 2).toLowerCase()] || config.words.en;
  const side = config.position === "left" ? "left" : "right";

  const CSS = `
    :host { all: initial; }
    button { position: fixed; bottom: 20px; ${side}: 20px; z-index: 2147483000; width: 56px; height: 56px; padding: 0;
      border: 0; border-radius: 50%; cursor: pointer; box-shadow: 0 2px 12px rgb(0 0 0 / .25);
      background: ${config.colour}; color: ${config.ink}; font: 600 12px/20px system-ui, sans-serif; }
    button:focus-visible { outline: 3px solid ${config.colour}; outline-offset: 3px; }
    svg { width: 26px; height: 26px; fill: none; stroke: currentColor; stroke-width: 1.7; stroke-linecap: round;
      stroke-linejoin: round; vertical-align: middle; }
    span { position: absolute; top: -4px; right: -4px; min-width: 20px; box-sizing: border-box; padding: 0 6px;
      border-radius: 10px; background: #b42324; color: #fff; }
    span:empty { display: none; }
    iframe { position: fixed; bottom: 88px; ${side}: 20px; z-index: 2147483000; width: 384px;
      height: min(640px, calc(100vh - 108px)); border: 0; border-radius: 12px; visibility: hidden; opacity: 0;
      box-shadow: 0 8px 40px rgb(0 0 0 / .22); transition: opacity .18s; color-scheme: normal; }
    iframe.open { visibility: visible; opacity: 1; }
    @media (max-width: 480px) {
      iframe { inset: 0; width: 100%; height: 100%; border-radius: 0; }
      button.open { display: none; }
    }
    @media (prefers-reduced-motion: reduce) { iframe { transition: none; } }
    @media print { button, iframe { display: none; } }`;

  let frame = null;
  let button = null;
  let isOpen = false;
  let isReady = false;
  let identity = given.identity || null;

  const tell = (message) => {
    if (isReady) frame.contentWindow.postMessage({ tertulia: key, ...message }, address.origin);
  };
  const drawn = (path) => {
    const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
    svg.setAttribute("viewBox", "0 0 24 24");
    svg.setAttribute("aria-hidden", "true");
    const line = document.createElementNS("http://www.w3.org/2000/svg", "path");
    line.setAttribute("d", path);
    svg.append(line);
    return svg;
  };
  const badge = document.createElement("span");
  badge.setAttribute("aria-hidden", "true");

  // What the frame may not keep by itself is kept here, under names of this chat only.
  const prefix = `tertulia:${key}:`;
  function kept(name, value) {
    try {
      if (name?.startsWith(prefix)) {
        if (value === null) localStorage.removeItem(name);
        else localStorage.setItem(name, String(value));
      }
      return Object.fromEntries(Object.entries(localStorage).filter(([one]) => one.startsWith(prefix)));
    } catch {
      return {};
    }
  }

  function label(count) {
    const unread = count ? `, ${count} ${words.unread}` : "";
    button.setAttribute("aria-label", (isOpen ? words.close : words.open) + unread);
    button.setAttribute("aria-expanded", String(isOpen));
    badge.textContent = isOpen || !count ? "" : count > 9 ? "9+" : String(count);
  }

  function show(open, { focus = true } = {}) {
    if (!frame || open === isOpen) return;
    isOpen = open;
    frame.classList.toggle("open", open);
    button.classList.toggle("open", open);
    button.firstChild.replaceWith(drawn(open ? "M6 6l12 12M18 6L6 18" : "M4 5h16v11H9l-5 4z"));
    label(0);
    tell({ type: "shown", open });
    if (open && focus) frame.focus();
    else if (focus) button.focus();
  }

  function build() {
    const host = document.createElement("div");
    host.id = "tertulia";
    const root = host.attachShadow({ mode: "open" });
    const sheet = new CSSStyleSheet(); // a sheet of our own needs nothing from the site's content policy
    sheet.replaceSync(CSS);
    root.adoptedStyleSheets = [sheet];
    button = document.createElement("button");
    button.type = "button";
    button.append(drawn("M4 5h16v11H9l-5 4z"), badge);
    button.addEventListener("click", () => show(!isOpen));
    frame = document.createElement("iframe");
    frame.title = config.name;
    const query = new URLSearchParams({ parent: location.origin, language: wanted });
    frame.src = `${address.origin}${address.pathname.replace(/\.js$/, "/frame")}?${query}`;
    root.append(button, frame);
    label(0);
    document.body.append(host);
    host.addEventListener("keydown", (event) => {
      if (event.key === "Escape" && isOpen) show(false);
    });
  }

  addEventListener("message", (event) => {
    if (!frame || event.source !== frame.contentWindow || event.origin !== address.origin) return;
    const said = event.data;
    if (said?.tertulia !== key) return;
    if (said.type === "ready") {
      isReady = true;
      tell({ type: "hello", identity, open: isOpen, kept: kept(), page: location.origin + location.pathname });
    } else if (said.type === "unread") label(Number(said.count) || 0);
    else if (said.type === "keep") kept(String(said.name), said.value);
    else if (said.type === "close") show(false);
  });

  window.Tertulia = {
    open: () => show(true),
    close: () => show(false),
    identify: (who) => {
      identity = who || null;
      tell({ type: "identify", identity });
    },
    logout: () => {
      identity = null;
      tell({ type: "logout" });
    },
  };
  if (document.body) build();
  else addEventListener("DOMContentLoaded", build, { once: true });
})();
