// A tune in one line, in the language of the page.

import { language } from "./words.js";

const RHYTHMS = {
  "air": "歌调", "barndance": "谷仓舞曲", "engelska": "英格兰舞曲", "hornpipe": "角笛舞曲", "hymn": "赞美诗",
  "jig": "吉格舞曲", "march": "进行曲", "mazurka": "玛祖卡", "minuet": "小步舞曲", "polka": "波尔卡", "polska": "波尔斯卡",
  "reel": "里尔舞曲", "schottische": "苏格兰慢步舞曲", "slide": "滑步舞曲", "slip jig": "滑步吉格舞曲", "song": "歌曲",
  "strathspey": "斯特拉斯佩舞曲", "waltz": "华尔兹",
};
const MODES = {
  "": "大调", "m": "小调", "maj": "大调", "min": "小调", "ion": "大调", "aeo": "小调", "dor": "多利亚调式",
  "phr": "弗里几亚调式", "lyd": "利底亚调式", "mix": "混合利底亚调式", "loc": "洛克里亚调式",
};
const KEY = /^([A-G])([#b]?)(maj|min|m(?!ix)|ion|aeo|dor|phr|lyd|mix|loc)?/;
const SIGNS = { "": "", "#": "升 ", "b": "降 " };

function wordKey(key) {
  const found = KEY.exec(key);
  return found ? `${SIGNS[found[2]]}${found[1]} ${MODES[found[3] ?? ""]}` : "";
}

export function wordTune({ summary, facts }) {
  if (language !== "zh") return summary;
  const meter = facts.meter === "none" ? "" : facts.meter;
  const parts = [wordKey(facts.key), RHYTHMS[facts.rhythm] ?? facts.rhythm, meter, `${facts.bars} 小节`, facts.tempo];
  return `${facts.title || "无题"}:${parts.filter(Boolean).join(",")}`;
}
