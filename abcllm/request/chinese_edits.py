"""Changes of a tune, and questions about it, in Chinese: put into the English that is understood, whole sentences."""

from __future__ import annotations

import re
from typing import Final

from .chinese_numbers import read_count

__all__ = ["translate_edit"]

_N: Final = r"(?:\d{1,3}|[零一二两三四五六七八九十]{1,3})"
_WHERE: Final = (
    rf"(?P<where>第{_N}(?:小节)?(?:到|至|-|~)第?{_N}小节|第{_N}小节|第{_N}(?:部分|乐?段)|最后{_N}个?小节|最后一?(?:部分|乐?段)"
    r"|结尾|尾句|开头|它|(?:整|这)首(?:曲子|歌)?|曲子|旋律)"
)
_OF: Final = rf"(?:把|将|让|给)?{_WHERE}"
_BIT: Final = r"(?:一?[些点]儿?|一下)?"
_IT: Final = r"(?:(?:它|这(?=是)|[这整那]首(?:曲子|乐曲|歌)?|[这那]?(?:曲子|乐曲|旋律|歌))的?)?"
_NOTE: Final = "[升降]?[A-G][#b]?"
_KEY: Final = rf"{_NOTE}(?:大调|小调|多利亚(?:调式)?|混合利底亚(?:调式)?)"
_WHICH: Final = "(?:里|中)?(?:有|由|包含|是)(?:哪些|哪几个|什么)音(?:组成)?"
_PLAIN: Final = re.compile(r"^(?:请|麻烦|帮我|给我|你?能不能|可以|现在|再|那么|然后)+|[吧吗呢啊。!?！？.,，\s]+$")
_LIKE: Final = r"[写来]?(?:一首)?(?:类似|像|仿照|模仿)[于着]?"
_SUCH: Final = r"(?:的|那样的?|一样的)?(?:曲子|写一首)?"

_SENTENCES: Final = tuple(
    (re.compile(pattern), english)
    for pattern, english in (
        (rf"{_OF}(?:写|改|弄|变|做)?[得成]?(?:更|再)?(?:密集?|复杂|花哨|丰富|活泼|热闹){_BIT}", "make {where} busier"),
        (rf"{_OF}(?:写|改|弄|变|做)?[得成]?(?:更|再)?(?:简单|简化|朴素|稀疏|容易|平静){_BIT}", "make {where} simpler"),
        (rf"(?:简化){_WHERE}", "make {where} simpler"),
        (rf"(?:重写|改写|重新写|修改|换掉|改|换一?个(?:新的)?){_BIT}{_WHERE}", "rewrite {where}"),
        (rf"{_OF}(?:重写|改写|重新写|修改|换掉|改一改|改掉|改){_BIT}", "rewrite {where}"),
        (rf"(?:续写|接着写|继续写?|往下写|接着)(?:{_OF})?(?:(?P<n>{_N})个?小节)?", "continue for {n} bars"),
        (rf"(?:加|增加|添)上?(?P<n>{_N})个?小节", "continue for {n} bars"),
        (rf"(?:加|写|添加|增加|添)上?(?:一[个段])?(?:第{_N}|新的?|[BC])?(?:部分|乐?段)", "add a second part"),
        (r"(?:加|添加|增加|添)上?一?个?(?:新的?)?乐?段", "add a second part"),
        (rf"(?:给{_WHERE})?(?:配|加|添加|编配?|写)[上出]?(?:和弦|和声|伴奏)", "add chords"),
        (rf"(?:(?:来|写|做)一?[个段])?变奏(?:{_BIT}{_OF})?", "make a variation of {where}"),
        (rf"{_OF}(?:来一?个)?变奏{_BIT}", "make a variation of {where}"),
        (r"(?:把它)?[变改转换][成为到](?P<mode>[大小])调", "make it {mode}"),
        (r"(?:把(?:它|这首曲子))?[变改换写][成为](?:一首)?(?P<kind>\D+?)的?(?:风格)?", "in the style of a {kind}"),
        (r"(?:用|以)?(?P<kind>\D+?)的?风格(?:写|来写|改写)?", "in the style of a {kind}"),
        (r"(?:把)?(?:音符|时值|音值)的?(?:时值|长度)?都?(?:加倍|翻倍|加长一倍|扩大一倍)", "double the note lengths"),
        (r"(?:把)?(?:音符|时值|音值)的?(?:时值|长度)?都?(?:减半|缩短一半)", "halve the note lengths"),
        (rf"(?:修复|修正|改正|纠正|修一下)(?:{_WHERE}|错误)?|把(?:它|错误)(?:修好|改正)", "repair it"),
        (rf"只(?:保留|留下?|要){_WHERE}", "keep only {where}"),
        (rf"{_IT}(?:一共|总共|共)?有?(?:多少|几)个?小节", "how many bars"),
        (rf"{_IT}(?:是|在)?(?:什么|哪个)调[式性]?|{_IT}调[号性]?是什么", "what key is it"),
        (rf"{_IT}(?:速度)?(?:是|有)?(?:多快|多少)|{_IT}速度(?:怎么样|如何)?", "how fast is it"),
        (rf"{_IT}音域(?:是?(?:多少|什么|多大|多宽|怎么样))?", "what is its range"),
        (rf"{_IT}(?:里|中)?(?:用了|有|是)?(?:什么|哪些|哪几个)和弦", "what chords are there"),
        (rf"{_IT}(?:里|中)?(?:一共|总共|共)?有?(?:多少|几)个?音符?", "how many notes"),
        (rf"从?(?P<name>{_NOTE})[到和至与](?P<other>{_NOTE})(?:之间)?(?:的|是)?(?:什么)?音程(?:是什么)?",
         "what is the interval from {name} to {other}"),
        (rf"(?P<name>{_NOTE}[a-zA-Z0-9#+]*)(?:和弦)?{_WHICH}", "notes of {name}"),
        (rf"(?P<name>{_KEY})(?:音阶)?{_WHICH}", "notes of {name}"),
        (rf"(?P<name>{_KEY})的?关系[大小]?调(?:是什么|是哪个)?", "the relative of {name}"),
        (rf"(?P<name>{_KEY})有(?:几|多少)个?升?降?号", "the signature of {name}"),
        (rf"{_IT}(?:一共|总共|共)?(?:有|分)?(?:多少|几)个?(?:部分|乐?段)", "how many parts"),
        (rf"{_IT}(?:是|用)?什么曲式|{_IT}曲式(?:是什么)?", "what form is it in"),
        (rf"{_IT}(?:对不?对?|正确|(?:有没)?有(?:什么)?(?:错误?|问题|毛病))|检查{_BIT}{_IT}", "is it valid"),
        (r"(?:全部|全都|都)(?:保存|导出|存下来)|(?:保存|导出)(?:全部|所有)(?:格式|文件)?", "save everything"),
        (rf"{_LIKE}《(?P<name>[^》]+)》{_SUCH}", "something like {name}"),
        (rf"{_LIKE}(?:这首|它){_SUCH}", "something like this"),
        (r"[从在]?(?:曲库|库|收藏)里?(?:找|打开|看)[出到]?《(?P<name>[^》]+)》", "show me {name} from the library"),
    )
)  # fmt: skip
_PLACES: Final = (
    (re.compile(rf"第({_N})(?:小节)?(?:到|至|-|~)第?({_N})小节"), "bars {0}-{1}"),
    (re.compile(rf"第({_N})小节"), "bar {0}"),
    (re.compile(rf"第({_N})(?:部分|乐?段)"), "part {0}"),
    (re.compile(rf"最后({_N})个?小节"), "the last {0} bars"),
    (re.compile(r"最后一?(?:部分|乐?段)"), "the last part"),
    (re.compile(r"结尾|尾句"), "the ending"),
    (re.compile(r"开头"), "the opening"),
)
_KIND: Final = re.compile(r"[\u3400-\u9fff]*(?:舞曲|格|尔|波尔卡|圆舞曲|进行曲|华尔[兹滋]|[玛马]祖卡|号管|角笛)")
USUAL_BARS: Final = "8"


def translate_edit(text: str) -> str:
    """The change in English; nothing where the text asks for none.

    >>> translate_edit("把第五小节写得更密集一些"), translate_edit("请续写八小节"), translate_edit("写一首吉格舞曲")
    ('make bar 5 busier', 'continue for 8 bars', '')
    """
    plain = _PLAIN.sub("", _PLAIN.sub("", text.strip()))
    for pattern, english in _SENTENCES:
        if found := pattern.fullmatch(plain):
            groups = found.groupdict()
            if groups.get("kind") and not _KIND.fullmatch(groups["kind"]):
                continue
            return english.format(
                where=_place(groups.get("where") or ""),
                n=read_count(groups["n"]) if groups.get("n") else USUAL_BARS,
                mode={"大": "major", "小": "minor"}.get(groups.get("mode") or "", ""),
                kind=groups.get("kind"),
                name=groups.get("name"),
                other=groups.get("other"),
            )
    return ""


def _place(text: str) -> str:
    for pattern, english in _PLACES:
        if found := pattern.fullmatch(text):
            return english.format(*(read_count(group) for group in found.groups()))
    return "it"
