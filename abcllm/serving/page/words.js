// The words of the page in each language; elements name theirs in data-word, data-label (for screen readers), data-hint.

const WORDS = {
  en: {
    ask: "a 16-bar jig in D",
    begin: "New",
    close: "Close",
    conversation: "Conversation",
    download: "Download",
    drop: "or drop a MIDI, MusicXML or ABC file anywhere",
    editor: "ABC text",
    faults: "Faults",
    gone: "The server does not answer. Is it running?",
    keep: "Keep as a version",
    language: "Language",
    message: "Your message",
    none: "No tune yet: ask for one, or write ABC below.",
    open: "Open a file",
    play: "Play",
    score: "Score",
    repaired: "To read this answer, {} things in it were repaired",
    send: "Send",
    sound: "Sound",
    speed: "Speed",
    stop: "Stop",
    talk: "Conversation with the composer",
    tune: "The tune",
    unnamed: "new conversation",
    untitled: "untitled",
    valid: "No fault was found.",
    version: "Version",
    examples: ["a 16-bar jig in D", "a slow waltz in A minor", "a hornpipe in G called The Smoky Hedge"],
  },
  zh: {
    ask: "写一首 D 大调的 16 小节吉格舞曲",
    begin: "新建",
    close: "关闭",
    conversation: "对话",
    download: "下载",
    drop: "或把 MIDI、MusicXML、ABC 文件拖到页面上",
    editor: "ABC 文本",
    faults: "错误",
    gone: "服务器没有响应。它在运行吗?",
    keep: "保存为新版本",
    language: "语言",
    message: "你的消息",
    none: "还没有曲子:请让我写一首,或在下面输入 ABC。",
    open: "打开文件",
    play: "播放",
    score: "乐谱",
    repaired: "为了读懂这个回答,修补了 {} 处",
    send: "发送",
    sound: "声音",
    speed: "速度",
    stop: "停止",
    talk: "与作曲者的对话",
    tune: "曲子",
    unnamed: "新对话",
    untitled: "无题",
    valid: "没有发现错误。",
    version: "版本",
    examples: ["写一首 D 大调的 16 小节吉格舞曲", "写一首 A 小调的慢华尔兹", "写一首 G 大调的里尔舞曲"],
  },
};

// What the server refuses, by its status; what it says itself, in English, comes after. 401 says all that there is to say.
const REFUSALS = {
  en: { 401: "This server needs its token: open the address that it printed when it was started." },
  zh: {
    400: "无法照办",
    401: "此服务器需要令牌:请打开它启动时显示的地址。",
    404: "没有找到",
    408: "请求没有按时到达",
    409: "这个对话正在回答,请稍等",
    413: "内容太长或文件太大",
    429: "你的请求太多,请等一个完成",
    500: "服务器出错了",
    501: "服务器缺少需要安装的部件",
    502: "模型无法回答",
    503: "服务器很忙或所需时间太长,请稍后再试",
  },
};

export let language = "en";

export function word(name) {
  return WORDS[language][name];
}

export function wordStatus(status, message) {
  const refusal = REFUSALS[language][status];
  if (!refusal) return message;
  return status === 401 ? refusal : `${refusal}。(${message})`;
}

export function usualLanguage() {
  return localStorage.getItem("language") ?? (navigator.language.startsWith("zh") ? "zh" : "en");
}

export function speak(wanted) {
  language = wanted in WORDS ? wanted : "en";
  localStorage.setItem("language", language);
  document.documentElement.lang = language;
  for (const element of document.querySelectorAll("[data-word]")) element.textContent = word(element.dataset.word);
  for (const element of document.querySelectorAll("[data-label]")) {
    element.setAttribute("aria-label", word(element.dataset.label));
  }
  for (const element of document.querySelectorAll("[data-hint]")) element.placeholder = word(element.dataset.hint);
}
