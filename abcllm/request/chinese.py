"""Requests in Chinese, put into the English words that are understood.

Order does not matter to how a request is read, so it is enough to put each Chinese expression into English where it
stands. What has no English here is left as it is, and so is said to be not understood.
"""

from __future__ import annotations

import re
from typing import Final

from .chinese_edits import translate_edit
from .chinese_numbers import read_count

__all__ = ["translate"]

_COUNT: Final = "[零一二两三四五六七八九十]"
_STEP: Final = rf"{_COUNT}?个?(?:半音|全音|八度|[大小纯]?[三四五]度)"
_HAN: Final = re.compile(r"[\u3400-\u9fff]")

# From the longest expression to the shortest within each group; groups in the order in which they are applied.
_EXPRESSIONS: Final = tuple(
    (re.compile(pattern), english)
    for pattern, english in (
        (r"(?:曲名|名字)?(?:叫[做作它]?|名[为叫]|题为|取名为?|[命改]名为|标题为?)\s*(?=[\ue000A-Za-z])", " called "),
        (r"(?i:abc)\s*(?:记谱法?|谱|格式)", " abc notation "),
        (r"什么调|哪个调|调是什么|调号是什么", " what key is it "),
        (r"多少小节|几小节|多长", " how many bars "),
        (r"什么拍子?|几拍子?|拍号是什么", " what meter is it "),
        (r"什么速度|速度是多少|多快", " what tempo is it "),
        (r"叫什么(?:名字)?|曲名是什么", " what is it called "),
        (r"什么(?:类型|节奏|曲子|舞曲)", " what rhythm is it "),
        (r"拍号[为是]?", " meter "),
        (r"调号[为是]?", " key "),
        (r"([升降])([A-Ga-g])", lambda found: found[2] + {"升": "#", "降": "b"}[found[1]]),
        (r"(?:移|转|变|升|降)调?(?:到|至|为|成)\s*([A-Ga-g][#b]?)\s*大调", r" transpose to \1 major "),
        (r"(?:移|转|变|升|降)调?(?:到|至|为|成)\s*([A-Ga-g][#b]?)\s*小调", r" transpose to \1 minor "),
        (r"(?:移|转|变|升|降)调?(?:到|至|为|成)\s*([A-Ga-g][#b]?)\s*调?", r" transpose to \1 "),
        (r"([A-Ga-g][#b]?)\s*(?:自然|和声|旋律)?大调", r" \1 major "),
        (r"([A-Ga-g][#b]?)\s*(?:自然|和声|旋律)?小调", r" \1 minor "),
        (r"([A-G][#b]?)\s*多利亚(?:调式)?", r" \1 dorian "),
        (r"([A-G][#b]?)\s*混合利底亚(?:调式)?", r" \1 mixolydian "),
        (r"([A-G][#b]?)\s*调", r" in \1 "),
        (r"(?<![A-Za-z])A(?=,)", " in A "),
        (r"大调", " in major "),
        (r"小调", " in minor "),
        (rf"({_COUNT}+)\s*(?:个)?小节", lambda found: f" {read_count(found[1])} bars "),
        (r"(\d+)\s*(?:个)?小节", r" \1 bars "),
        (rf"({_COUNT}+)分之({_COUNT}+)拍?", lambda found: f" {read_count(found[2])}/{read_count(found[1])} "),
        (r"([二四八])([二三四五六七九])拍", lambda found: f" {read_count(found[2])}/{read_count(found[1])} "),
        (r"(\(?[\d+]+\)?/\d+|(?<![A-Za-z])C\|?)\s*拍子?", r" \1 time "),
        (r"(?:每分钟|速度)\s*(\d+)\s*拍?", r" \1 bpm "),
        (r"(?:滑步|滑)吉格(?:舞曲|舞)?", " slip jig "),
        (r"吉格(?:舞曲|舞)?|捷格舞?曲?", " jig "),
        (r"(?:里尔|瑞尔|利尔|丽尔)(?:舞曲|舞)?", " reel "),
        (r"(?:号管|角笛|号笛|角管)舞?曲?", " hornpipe "),
        (r"(?:波尔卡|波卡)(?:舞曲|舞)?", " polka "),
        (r"圆舞曲|华尔[兹滋](?:舞曲|舞)?", " waltz "),
        (r"进行曲", " march "),
        (r"斯特拉斯佩(?:舞曲|舞)?", " strathspey "),
        (r"[玛马]祖卡(?:舞曲|舞)?", " mazurka "),
        (r"波尔斯卡(?:舞曲|舞)?", " polska "),
        (r"小步舞曲", " minuet "),
        (r"肖蒂什(?:舞曲|舞)?", " schottische "),
        (r"赞美诗|圣歌|圣诗", " hymn "),
        (r"摇篮曲", " lullaby "),
        (r"慢板(?:曲|乐曲)", " slow air "),
        (r"民谣|民歌|歌曲", " song "),
        (r"(?:欢快|轻快|活泼)的?", " lively "),
        (r"(?:再|更|放)?慢(?:一)?(?:点儿?|些)|太快了?|放慢|减慢", " slower "),
        (r"(?:再|更|加)?快(?:一)?(?:点儿?|些)|太慢了?|加快", " faster "),
        (r"(?:再|更)?长(?:一)?(?:点儿?|些)|加长|更长", " longer "),
        (r"(?:再|更)?短(?:一)?(?:点儿?|些)|缩短|更短", " shorter "),
        (r"换一首|再来|再写|再作|重写|重新写|重来|再试|再一次|另一首", " again "),
        (r"(?:保存|存储|另存|导出|存|输出)(?:为|成|到)?", " save as "),
        (r"全部格式|所有格式", " everything "),
        (r"乐谱|曲谱|五线谱", " score "),
        (r"音频|声音", " wav "),
        (r"播放|放一下|听一下|听听|演奏|听", " play "),
        (r"显示|看一下|看看", " show "),
        (rf"升高|提高|上移|移高|升(?={_STEP})", " up "),
        (rf"降低|下移|移低|降(?={_STEP})", " down "),
        (rf"({_COUNT})\s*个?半音", lambda found: f" {read_count(found[1])} semitones "),
        (rf"({_COUNT})\s*个?全音", lambda found: f" {read_count(found[1])} tones "),
        (r"半音", " a semitone "),
        (r"全音", " a tone "),
        (rf"({_COUNT})?\s*个?八度", " an octave "),
        (r"小三度", " a minor third "),
        (r"大三度", " a major third "),
        (r"(?:纯)?四度", " a fourth "),
        (r"(?:纯)?五度", " a fifth "),
        (r"删[掉除去]?|去掉|移除", " delete "),
        (r"复制", " copy "),
        (r"撤销|撤回|上一首|返回|后退", " undo "),
        (r"帮助|怎么用|你会什么|你能做什么", " help "),
        (r"退出|再见|结束", " quit "),
        (r"谢谢你?|多谢|很好|不错", " thanks "),
        (r"你好|您好", " hello "),
        (r"(?:缓慢|慢速|慢)的?", " slow "),
        (r"(?:快速|快)的?", " fast "),
        (r"(?:悲伤|忧伤|伤感|哀伤)的?", " sad "),
        (r"(?:快乐|欢乐|开心|高兴)的?", " happy "),
        (r"改成|改为|换成|变成", " in "),
        (r"麻烦你?|烦请|请你?|给我|帮我|为我|我想要|我要|我想|能不能|可以|一下", " "),
        (r"舞曲|曲子|乐曲|旋律|曲调|音乐", " tune "),
        (r"(?:编写|写|创作|谱写|谱|作|来|生成|编)(?:一)?(?:首|段|支|个|曲)?", " compose a "),
        (r"一?(?:首|段|支|个|曲)", " a "),
        (r"曲", " tune "),
        (r"使用|[的地得吧吗呢啊了把它用以为是和在这那共]|[,。!?:;、]", " "),
    )
)  # fmt: skip


def translate(text: str) -> str:
    """The request in English where it is in Chinese, else as it is.

    >>> translate("写一首D大调的16小节吉格舞曲")
    'compose a D major 16 bars jig'
    """
    if not _HAN.search(text):
        return text
    if edit := translate_edit(text):
        return _in_english(edit) if _HAN.search(edit) and "like" not in edit and "library" not in edit else edit
    return _in_english(text)


def _in_english(text: str) -> str:
    """The text with each Chinese expression put into English where it stands."""
    quoted: list[str] = []

    def keep(found: re.Match[str]) -> str:
        quoted.append(found[0])
        return f"\ue000{len(quoted) - 1}\ue001"

    text = re.sub(r"《([^》]*)》", r'"\1"', text)
    text = re.sub(r'"[^"]*"', keep, text)  # titles stay in Chinese
    for pattern, english in _EXPRESSIONS:
        text = pattern.sub(english, text)
    text = re.sub("\ue000(\\d+)\ue001", lambda found: f" {quoted[int(found[1])]} ", text)
    return " ".join(text.split())
