// Reads lines of JSON {"id", "abc"} and answers {"id", "abcjs", "abc2svg"}: the notes each program plays, as
// [onset in quarter notes, MIDI pitch, duration in quarter notes], or null where it fails.
//   node tools/bench/peers.cjs FOLDER_OF_NODE_MODULES
"use strict";
const fs = require("fs");
const path = require("path");
const readline = require("readline");
const vm = require("vm");

const modules = path.resolve(process.argv[2]);
const abcjs = require(path.join(modules, "abcjs"));

const TICKS_A_SECOND = 2; // 120 quarter notes a minute, the default of abc2svg
for (const file of ["abc2svg-1.js", "snd-1.js"]) {
  const source = fs.readFileSync(path.join(modules, "abc2svg", file), "utf8");
  const page = source.indexOf("(function(){var sty=document"); // the part for browsers
  vm.runInThisContext(page < 0 ? source : source.slice(0, page), { filename: file });
}

function playAbcjs(abc) {
  const tracks = abcjs.parseOnly(abc)[0].setUpAudio({ chordsOff: true }).tracks;
  const notes = [];
  for (const track of tracks)
    for (const event of track)
      if (event.cmd === "note") notes.push([event.start * 4, event.pitch, event.duration * 4]);
  return notes;
}

function playAbc2svg(abc) {
  const notes = [];
  const user = { img_out() {}, errbld() {}, read_file() { return null; }, imagesize: "", errmsg() {} };
  const reader = new globalThis.abc2svg.Abc(user);
  reader.tosvg("tune", abc);
  const audio = globalThis.ToAudio();
  for (const tune of reader.tunes.slice(0)) {
    audio.add(tune[0], tune[1], tune[3]);
    const play = {
      conf: { speed: 1 }, tgen: 36000, get_time: () => -0.3, midi_ctrl() {}, midi_prog() {},
      note_run(_, symbol, key, time, duration) {
        notes.push([time * TICKS_A_SECOND, key, duration * TICKS_A_SECOND]);
      },
      stop: false, s_end: null, s_cur: tune[0], i_p: undefined, repv: 0, repn: false, stim: 0,
      c_i: [], c_hq: [], p_v: [], v_c: [],
    };
    globalThis.abc2svg.play_next(play);
  }
  return notes;
}

function attempt(play, abc) {
  try {
    return play(abc);
  } catch (error) {
    return null;
  }
}

readline.createInterface({ input: process.stdin }).on("line", (line) => {
  const { id, abc } = JSON.parse(line);
  process.stdout.write(
    JSON.stringify({ id, abcjs: attempt(playAbcjs, abc), abc2svg: attempt(playAbc2svg, abc) }) + "\n"
  );
});
