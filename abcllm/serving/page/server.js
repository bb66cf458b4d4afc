// Talking with the server: JSON there and back, files, and answers that come event by event.

import { word, wordStatus } from "./words.js";

const fragment = new URLSearchParams(location.hash.slice(1));
if (fragment.has("token")) {
  sessionStorage.setItem("token", fragment.get("token"));
  history.replaceState(null, "", location.pathname);
}

async function send(path, options = {}) {
  const token = sessionStorage.getItem("token");
  const headers = { ...options.headers, ...(token && { Authorization: `Bearer ${token}` }) };
  let response;
  try {
    response = await fetch(path, { ...options, headers });
  } catch (fault) {
    if (fault.name === "AbortError") throw fault;
    throw new Error(word("gone"), { cause: fault });
  }
  if (response.ok) return response;
  const told = await response.json().catch(() => null);
  throw new Error(wordStatus(response.status, told?.error?.message ?? `${response.status} ${response.statusText}`));
}

function json(body, signal) {
  return { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body), signal };
}

export async function get(path) {
  return (await send(path)).json();
}

export async function post(path, body = {}, signal = undefined) {
  return (await send(path, json(body, signal))).json();
}

export async function upload(path, file) {
  const form = new FormData();
  form.append("file", file);
  return (await send(path, { method: "POST", body: form })).json();
}

export async function render(abc, format) {
  const response = await send("/render", json({ abc, format }));
  const name = response.headers.get("Content-Disposition").split("filename*=UTF-8''")[1];
  return { name: decodeURIComponent(name), blob: await response.blob() };
}

export async function* events(path, body, signal) {
  const response = await send(path, json(body, signal));
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  let waiting = "";
  for (;;) {
    const { value, done } = await reader.read();
    if (done) return;
    const parts = (waiting + value).split("\n\n");
    waiting = parts.pop();
    for (const part of parts) yield JSON.parse(part.slice("data: ".length));
  }
}
