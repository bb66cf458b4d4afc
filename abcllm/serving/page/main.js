// The page: a conversation on one side, the tune that it is about on the other.

import { selectCharacter, showFaults } from "./editor.js";
import { wordTune } from "./facts.js";
import { wordFault } from "./rules.js";
import { clearScore, onNote, showScore } from "./score.js";
import { events, get, post, render, upload } from "./server.js";
import { speak, usualLanguage, word, wordStatus } from "./words.js";

const PAUSE_MS = 300;
const MOST_REMEMBERED = 50;
const element = (id) => document.getElementById(id);
const [log, message, text, audio, versions, notice] =
  ["log", "message", "abc", "audio", "versions", "notice"].map(element);

let number = "";
let history = [];
let answering = null;
let looking = null;
let sounded = null;

function tell(fault) {
  if (fault.name === "AbortError") return;
  notice.firstElementChild.textContent = fault.message;
  notice.hidden = false;
}

// -- conversations -----------------------------------------------------------------------------------------------

function remembered() {
  return JSON.parse(localStorage.getItem("conversations") ?? "[]");
}

function remember(title) {
  const others = remembered().filter((one) => one.number !== number);
  const kept = [{ number, title }, ...others].slice(0, MOST_REMEMBERED);
  localStorage.setItem("conversations", JSON.stringify(kept));
  listConversations();
}

function listConversations() {
  const known = remembered();
  const shown = known.some((one) => one.number === number) ? known : [{ number, title: word("unnamed") }, ...known];
  element("conversations").replaceChildren(...shown.map((one) => new Option(one.title, one.number)));
  element("conversations").value = number;
}

async function reopen(wanted) {
  answering?.abort();
  const conversation = wanted ? await get(`/conversations/${wanted}`) : await post("/conversations");
  number = conversation.id;
  log.replaceChildren();
  for (const one of conversation.messages) {
    const said = bubble(one.role);
    for (const part of one.text.trimEnd().split(/\n(?=\n|X:)/)) append(said, { text: `${part}\n`, music: /^X:/.test(part) });
  }
  history = conversation.versions;
  element("examples").hidden = log.childElementCount > 0;
  listConversations();
  listVersions();
  await show(history.at(-1)?.abc ?? "");
}

function bubble(role) {
  const said = document.createElement("p");
  said.className = role;
  log.append(said);
  return said;
}

async function say(words) {
  answering = new AbortController();
  element("send").hidden = !(element("break").hidden = false);
  element("examples").hidden = true;
  notice.hidden = true;
  bubble("user").textContent = words;
  const said = bubble("assistant");
  const wishes = [];
  try {
    const about = text.value.trim() && text.value !== history.at(-1)?.abc ? text.value : "";
    for await (const event of events(`/conversations/${number}/messages`, { text: words, abc: about }, answering.signal)) {
      if (event.type === "piece") append(said, event);
      else if (event.type === "versions") await take(event);
      else if (event.type === "wish") wishes.push(event.what);
      else if (event.type === "repairs") showRepairs(said, event.repairs);
      else if (event.type === "fault") throw new Error(wordStatus(event.status, event.message));
    }
    remember(history.at(-1)?.facts.title || words);
    for (const wish of wishes) await (wish === "play" ? play() : download(wish));
  } catch (fault) {
    tell(fault);
  } finally {
    answering = null;
    element("send").hidden = !(element("break").hidden = true);
    if (matchMedia("(pointer: fine)").matches) message.focus(); // a touched field would bring its keyboard up
  }
}

function append(said, { text: words, music }) {
  let last = said.lastElementChild;
  if (!last || (last.localName === "code") !== music) said.append((last = document.createElement(music ? "code" : "span")));
  last.append(words);
  log.scrollTop = log.scrollHeight;
}

function showRepairs(said, repairs) {
  const box = document.createElement("details");
  const title = document.createElement("summary");
  const list = document.createElement("ul");
  title.textContent = word("repaired").replace("{}", repairs.length);
  list.append(...repairs.map((repair) => {
    const item = document.createElement("li");
    item.className = repair.severity;
    item.append(...wordFault(repair));
    return item;
  }));
  box.className = "repairs";
  box.append(title, list);
  said.after(box);
  log.scrollTop = log.scrollHeight;
}

// -- the tune ----------------------------------------------------------------------------------------------------

async function take({ keep: kept, versions: news }) {
  history = [...history.slice(0, kept), ...news];
  listVersions();
  await show(history.at(-1)?.abc ?? "");
}

function listVersions() {
  const labels = history.map((one, at) => new Option(`${at + 1}. ${wordTune(one)}`, at));
  versions.replaceChildren(...labels);
  versions.value = history.length - 1;
  versions.disabled = !history.length;
}

async function show(abc) {
  text.value = abc;
  await look();
}

async function look() {
  const abc = text.value;
  looking?.abort();
  looking = new AbortController();
  const empty = !abc.trim();
  for (const button of document.querySelectorAll("#play, #keep, [data-format]")) button.disabled = empty;
  if (sounded !== null && sounded !== abc) silence();
  if (empty) {
    clearScore(word("none"));
    showFaults({ diagnostics: [] });
    return;
  }
  const narrow = element("score").clientWidth < 560;
  try {
    showFaults(await post("/check", { abc }, looking.signal));
    showScore(await post("/score", { abc, narrow }, looking.signal));
  } catch (fault) {
    if (fault.name !== "AbortError") clearScore(fault.message);
  }
}

function silence() {
  audio.pause();
  URL.revokeObjectURL(audio.src);
  audio.removeAttribute("src");
  audio.load();
  sounded = null;
}

async function play() {
  if (!audio.paused) {
    audio.pause();
    audio.currentTime = 0;
    return;
  }
  const abc = text.value;
  if (sounded !== abc) {
    const { blob } = await busy("play", () => render(abc, "wav"));
    if (abc !== text.value) return;
    audio.src = URL.createObjectURL(blob);
    sounded = abc;
  }
  await audio.play();
}

async function busy(id, work) {
  element(id).setAttribute("aria-busy", true);
  try {
    return await work();
  } finally {
    element(id).removeAttribute("aria-busy");
  }
}

async function download(format) {
  const { name, blob } = await render(text.value, format);
  const link = document.createElement("a");
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}

async function keep() {
  await take(await post(`/conversations/${number}/versions`, { abc: text.value }));
  remember(history.at(-1).facts.title || word("untitled"));
}

async function open(file) {
  const { abc } = await upload("/read", file);
  text.value = abc;
  await keep();
}

// -- what people do ----------------------------------------------------------------------------------------------

function on(id, event, act) {
  element(id).addEventListener(event, async (happened) => {
    notice.hidden = true;
    try {
      await act(happened);
    } catch (fault) {
      tell(fault);
    }
  });
}

on("say", "submit", (event) => {
  event.preventDefault();
  const words = message.value.trim();
  if (!words || answering) return;
  message.value = "";
  return say(words);
});
message.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
    event.preventDefault();
    element("say").requestSubmit();
  }
});
on("break", "click", () => answering?.abort());
on("new", "click", () => reopen(""));
on("conversations", "change", (event) => reopen(event.target.value));
on("language", "change", (event) => {
  speak(event.target.value);
  showExamples();
  listConversations();
  listVersions();
  return look();
});
on("play", "click", play);
on("speed", "change", (event) => {
  audio.defaultPlaybackRate = audio.playbackRate = Number(event.target.value); // what is played next begins with the former
});
on("keep", "click", keep);
on("downloads", "click", (event) => event.target.dataset.format && download(event.target.dataset.format));
on("versions", "change", () => show(history[versions.value].abc));
on("open", "click", () => element("file").click());
on("file", "change", async (event) => {
  if (event.target.files.length) await open(event.target.files[0]);
  event.target.value = "";
});
let pause = 0;
text.addEventListener("input", () => {
  clearTimeout(pause);
  pause = setTimeout(look, PAUSE_MS);
});
document.addEventListener("keydown", (event) => {
  if ((event.ctrlKey || event.metaKey) && event.key === "s" && text.value.trim()) {
    event.preventDefault();
    keep().catch(tell);
  } else if (event.key === "Escape") {
    if (notice.hidden) audio.pause();
    notice.hidden = true;
  }
});
notice.lastElementChild.addEventListener("click", () => (notice.hidden = true));
document.addEventListener("dragover", (event) => {
  event.preventDefault();
  document.body.classList.add("dropping");
});
document.addEventListener("dragleave", () => document.body.classList.remove("dropping"));
document.addEventListener("drop", (event) => {
  event.preventDefault();
  document.body.classList.remove("dropping");
  if (event.dataTransfer.files.length) open(event.dataTransfer.files[0]).catch(tell);
});
for (const event of ["play", "pause", "ended"]) {
  audio.addEventListener(event, () => {
    element("play").dataset.word = audio.paused ? "play" : "stop";
    element("play").textContent = word(element("play").dataset.word);
  });
}
onNote((offset, onset) => {
  selectCharacter(offset);
  if (audio.src && onset !== undefined) audio.currentTime = onset;
});

function showExamples() {
  element("examples").replaceChildren(...word("examples").map((words) => {
    const button = document.createElement("button");
    button.textContent = words;
    button.addEventListener("click", () => answering || say(words));
    return button;
  }));
}

speak(usualLanguage());
element("language").value = document.documentElement.lang;
showExamples();
reopen(remembered()[0]?.number ?? "").catch(tell);
