// What is said of a fault or a repair: its place, its code, and what it is in the language of the page.

import { language } from "./words.js";

const CHINESE = {
  T101: "文件不是 UTF-8 编码", T102: "没有找到曲子", T103: "文本块没有结束", T104: "空行之后还有音乐",
  H101: "曲子没有 X:", H102: "编号不是数字", H103: "曲子没有 K:", H104: "调号无法识别", H105: "拍号无法识别",
  H106: "单位音长无法识别", H107: "速度无法识别", H108: "曲头中的一行不是字段", H109: "未知的字段",
  H110: "一行上有几个字段", H111: "段落顺序无法识别", H112: "自定义符号或宏无法识别", H113: "演奏顺序中的段落不存在",
  H114: "曲子里没有音乐",
  N201: "没有意义的字符", N202: "和弦没有闭合", N203: "装饰音没有闭合", N204: "引号没有闭合", N205: "装饰记号没有闭合",
  N206: "变音记号后没有音符", N207: "无法演奏的时值", N208: "和弦或装饰音里有音符以外的内容", N209: "括号没有开头",
  N210: "行内字段无法识别", N212: "微分音", N213: "没有乐器能演奏的音", N214: "连音线没有紧跟音符",
  R201: "小节太长", R202: "小节太短", R203: "不完整的小节没有被补足", R204: "附点节奏记号两边没有音符",
  R205: "连音的音符不够", R206: "叠加声部与小节长度不同", R207: "连音数字没有意义", R208: "整小节休止夹在音符中间",
  S301: "延音线没有下一个音", S302: "圆滑线没有结束", S303: "圆滑线没有开始", S304: "反复没有结束", S305: "跳房子位置不对",
  S306: "不是小节线的记号", S307: "感叹号用作换行", S308: "不常见的小节线",
  V401: "各声部长度不同", V402: "声部属性无法识别", V403: "声部太多", V404: "总谱中有未知的声部", V405: "总谱漏掉了一个声部",
  V406: "各声部的反复位置不同",
  D501: "未知的装饰记号", D502: "记号没有所属的音符", D503: "不是和弦名的和弦标记", D504: "MIDI 数值超出范围",
  W601: "歌词比音符多", W602: "歌词在音乐之前", W603: "歌词行太多",
  A101: "曲头写在一行上", A102: "曲子没有 X:,已补上", A103: "没有写明调,按 C 大调读", A104: "曲子在代码框里",
  A105: "聊天标记已去掉", A106: "回答前的思考已略去", A107: "回答是 JSON", A108: "换行被写成了字符",
  A109: "音乐里有 HTML 记号", A110: "音乐里有其他文字的符号", A111: "曲子里有 Markdown 记号", A112: "看不见的字符",
  A113: "曲子的行上有别的话", A114: "曲子里有空行", A115: "回答在一个小节中间断了", A116: "回答在曲头处断了",
  A117: "不属于任何曲子的音乐", A118: "字段用了别的名字",
};

function part(name, text) {
  const element = document.createElement(name);
  element.textContent = text;
  return element;
}

export function wordFault(fault) {
  const where = part("strong", `${fault.line}:${fault.column} ${fault.code} `);
  const details = fault.hint ? `${fault.message} (${fault.hint})` : fault.message;
  if (language !== "zh" || !(fault.code in CHINESE)) return [where, details];
  const english = part("small", details);
  english.lang = "en";
  return [where, `${CHINESE[fault.code]} `, english];
}
