// The dashboard follows the line: what changed is fetched, at most every two seconds and never while nobody looks.
// Figures change where they stand. A block that somebody points at waits until they are done; the focus stays where it was.
import { bind, scan } from "./bind.js";

const PAUSE = 2000, CALM = 15000, LONGEST = 60000, MINUTE = 60000;

bind("[data-dashboard]", (page) => {
  const held = new Map();
  let wanted = null; // the blocks to ask for: none, some by name, or "all"
  let timer = 0;
  let running = false;
  let nextAt = 0;
  let movedAt = 0;

  const busy = (block) => block.matches(":hover") && Date.now() - movedAt < CALM;

  function want(blocks) {
    wanted = blocks === "all" || wanted === "all" ? "all" : new Set([...(wanted ?? []), ...blocks]);
    plan();
  }

  function plan() {
    if (timer || running || document.hidden || wanted === null) return;
    timer = setTimeout(() => { timer = 0; ask(); }, Math.max(120, nextAt - Date.now()));
  }

  async function ask() {
    if (document.hidden || wanted === null) return;
    const blocks = wanted;
    wanted = null;
    running = true;
    const began = Date.now();
    const address = new URL(page.dataset.dashboard, location.href);
    if (blocks !== "all") address.searchParams.set("only", [...blocks].join(","));
    try {
      const answer = await fetch(address, { headers: { "HX-Request": "true", "X-Poll": "1" } });
      if (answer.ok && !answer.redirected) take(new DOMParser().parseFromString(await answer.text(), "text/html"));
    } catch { /* The line says that it is gone, and lets us catch up when it is back. */ }
    running = false;
    // A busy server is asked less often.
    nextAt = Date.now() + Math.min(LONGEST, Math.max(PAUSE, 10 * (Date.now() - began)));
    plan();
  }

  function take(news) {
    for (const fresh of news.querySelectorAll("[data-figure]")) {
      const place = page.querySelector(`[data-figure="${fresh.dataset.figure}"]`);
      if (place && place.textContent !== fresh.textContent) place.textContent = fresh.textContent;
    }
    for (const fresh of news.querySelectorAll("[data-block]")) held.set(fresh.id, fresh);
    settle();
  }

  function settle() {
    for (const [id, fresh] of held) {
      const block = document.getElementById(id);
      if (block && busy(block)) continue;
      held.delete(id);
      if (block && block.innerHTML.trim() !== fresh.innerHTML.trim()) replace(block, document.adoptNode(fresh));
    }
  }

  function replace(block, fresh) {
    const focused = block.contains(document.activeElement) ? document.activeElement : null;
    const address = focused?.getAttribute("href");
    block.replaceChildren(...fresh.childNodes);
    scan(block);
    if (!focused || focused === block) return;
    const same = [...block.querySelectorAll("a[href]")].find((link) => link.getAttribute("href") === address);
    (same ?? block).focus({ preventScroll: true });
  }

  const on = (target, name, act) => { target.addEventListener(name, act); return () => target.removeEventListener(name, act); };
  const age = setInterval(() => want(["listed", "team"]), MINUTE); // how long somebody waits grows without any news
  const look = setInterval(() => { if (held.size && !document.hidden) settle(); }, 1000);
  const ends = [
    on(document, "tertulia:changed", () => want(["counters", "listed", "team", "activity"])),
    on(document, "tertulia:presence", () => want(["team"])),
    on(document, "tertulia:catch-up", () => want("all")),
    on(document, "visibilitychange", plan),
    on(page, "pointermove", () => { movedAt = Date.now(); }),
    on(page, "pointerout", () => setTimeout(settle)),
  ];
  return () => { clearTimeout(timer); clearInterval(age); clearInterval(look); for (const end of ends) end(); };
});
