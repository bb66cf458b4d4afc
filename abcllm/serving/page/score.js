// The engraved tune, and the notes that light up while it sounds.

import { wordTune } from "./facts.js";

const box = document.getElementById("score");
const titles = document.getElementById("titles");
const audio = document.getElementById("audio");
let notes = [];
let heads = new Map();
let lit = [];

export function clearScore(words) {
  titles.textContent = "";
  box.textContent = words;
  notes = [];
  heads = new Map();
  lit = [];
}

export function showScore(score) {
  const systems = score.systems.map((svg) => new DOMParser().parseFromString(svg, "image/svg+xml").documentElement);
  box.replaceChildren(...systems.map((system) => document.importNode(system, true)));
  titles.textContent = score.titles.join("\n");
  for (const system of box.children) {
    system.setAttribute("role", "img");
    system.setAttribute("aria-label", wordTune(score));
  }
  notes = score.notes;
  lit = [];
  heads = new Map();
  for (const head of box.querySelectorAll("g.note")) {
    const id = head.id.split("-")[0];
    heads.set(id, [...(heads.get(id) ?? []), head]);
  }
}

// Calls `choose` with the place in the text, in characters, and the time of a note that is pointed at.
export function onNote(choose) {
  box.addEventListener("click", (event) => {
    const id = event.target.closest("g.note")?.id.split("-")[0];
    if (id) choose(Number(id.slice(1)), notes.find((note) => note.id === id)?.onset_s);
  });
}

function light(time) {
  const sounding = notes.filter((note) => note.onset_s <= time && time < note.end_s);
  const now = sounding.flatMap((note) => heads.get(note.id) ?? []);
  for (const head of lit) if (!now.includes(head)) head.classList.remove("sounding");
  for (const head of now) if (!lit.includes(head)) head.classList.add("sounding");
  if (now.length && now[0].ownerSVGElement !== lit[0]?.ownerSVGElement) {
    now[0].ownerSVGElement.scrollIntoView({ block: "nearest" });
  }
  lit = now;
}

function follow() {
  light(audio.currentTime);
  if (!audio.paused) requestAnimationFrame(follow);
}

audio.addEventListener("play", follow);
audio.addEventListener("seeked", () => light(audio.currentTime));
for (const end of ["pause", "ended", "emptied"]) audio.addEventListener(end, () => light(-1));
