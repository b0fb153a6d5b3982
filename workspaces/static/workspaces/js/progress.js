// Progress that is polled: after ten seconds without news it says so, and it speaks at each quarter.
import { bind } from "./bind.js";

const QUIET_AFTER = 10;
let heard = new Map();

bind("[data-progress]", (card) => {
  const quiet = card.querySelector("[data-quiet]");
  const said = card.querySelector("[data-progress-said]");
  const bar = card.querySelector("progress");
  const before = heard.get(card.id) ?? { value: -1, at: Date.now(), quarter: -1 };
  const value = bar?.value ?? 0;
  const moved = value !== before.value;
  const at = card.dataset.newsAge ? Date.now() - Number(card.dataset.newsAge) * 1000 : moved ? Date.now() : before.at;
  const quarter = bar?.max ? Math.floor((4 * value) / bar.max) : 0;
  if (said && (quarter !== before.quarter || !bar)) said.textContent = card.querySelector("h2 + p")?.textContent ?? "";
  heard = new Map([...heard, [card.id, { value, at, quarter }]]);
  if (!card.hasAttribute("hx-get") || !quiet) return undefined;
  const tell = () => {
    const seconds = Math.floor((Date.now() - at) / 1000);
    quiet.hidden = seconds < QUIET_AFTER;
    if (!quiet.hidden) quiet.textContent = card.dataset.wordsQuiet.replace("%s", seconds < 60 ? `${seconds} s` : `${Math.floor(seconds / 60)} min`);
  };
  tell();
  const timer = setInterval(tell, 1000);
  return () => clearInterval(timer);
});
