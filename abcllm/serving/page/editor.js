// The ABC text with its faults: underlined where they are, and listed with line and column.

import { wordFault } from "./rules.js";
import { word } from "./words.js";

const text = document.getElementById("abc");
const marks = document.getElementById("marks");
const list = document.getElementById("faults");
const verdict = document.getElementById("verdict");

// Places come counted in characters; JavaScript counts UTF-16 units.
function units(string, characters) {
  let at = 0;
  for (const character of string) {
    if (characters-- <= 0) break;
    at += character.length;
  }
  return at;
}

function place(line, column) {
  const lines = text.value.split("\n");
  const before = lines.slice(0, line - 1).reduce((sum, one) => sum + one.length + 1, 0);
  return before + units(lines[line - 1] ?? "", column - 1);
}

function select(start, end) {
  text.focus();
  text.setSelectionRange(start, Math.max(end, start));
}

export function selectCharacter(offset) {
  const start = units(text.value, offset);
  select(start, start + 1);
}

export function showFaults(found) {
  const faults = found.diagnostics.filter((fault) => fault.severity !== "info");
  verdict.textContent = faults.length || !text.value.trim() ? "" : word("valid");
  list.replaceChildren(...faults.map((fault) => {
    const [start, end] = [place(fault.line, fault.column), place(fault.end_line, fault.end_column)];
    const item = document.createElement("li");
    const button = document.createElement("button");
    button.append(...wordFault(fault));
    button.addEventListener("click", () => select(start, end));
    item.className = fault.severity;
    item.append(button);
    return item;
  }));
  underline(faults);
}

function underline(faults) {
  const parts = [];
  let at = 0;
  for (const fault of faults.toSorted((a, b) => a.line - b.line || a.column - b.column)) {
    const start = place(fault.line, fault.column);
    const end = Math.max(place(fault.end_line, fault.end_column), start + 1);
    if (start < at) continue;
    const mark = document.createElement("mark");
    mark.className = fault.severity;
    mark.textContent = text.value.slice(start, end).replace(/^\n?$/, " ");
    parts.push(text.value.slice(at, start), mark);
    at = end;
  }
  marks.replaceChildren(...parts, text.value.slice(at), "\n");
  follow();
}

function follow() {
  marks.scrollTop = text.scrollTop;
  marks.scrollLeft = text.scrollLeft;
}

text.addEventListener("scroll", follow);
text.addEventListener("input", () => marks.replaceChildren());
