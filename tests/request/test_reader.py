"""What is said, and how it is read: a table of utterances, the laws behind it, and what is said of doubts."""

from __future__ import annotations

from time import process_time

import pytest

from abcllm.notation import Key, Meter
from abcllm.request import (
    RHYTHMS,
    Ask,
    Change,
    Compose,
    Instruction,
    Recast,
    Rename,
    Request,
    Reseed,
    Save,
    Steps,
    Transpose,
    Unclear,
    read_request,
)

JIG = Request.for_rhythm("jig")


def describe(instruction: Instruction) -> str:
    """An instruction in a line: of a tune its rhythm, key, metre, bars and tempo in quarter notes a minute."""
    match instruction:
        case Compose(request, remarks, passed_over):
            key, meter, tempo = request.key.name, request.meter, f"{request.tempo_qpm:g}"
            words = [f"compose {request.rhythm or '-'} {key} {meter} {request.bars} {tempo}"]
            words += [f'"{request.title}"'] if request.title else []
            words += [f"seed {request.seed}"] if request.seed is not None else []
            words += [f"variant {request.variant}"] if request.variant else []
            words += ["remarks"] if remarks else []
            words += [f"passed over {', '.join(passed_over)}"] if passed_over else []
            return "; ".join(words)
        case Steps(steps):
            return " + ".join(map(describe, steps))
        case Transpose(semitones, key):
            return f"transpose to {key.name}" if key else f"transpose {semitones:+d}"
        case Change(tempo_qpm):
            return f"tempo {tempo_qpm:g}"
        case Save(format, path):
            return f"save {format or path}"
        case Rename(title):
            return f'rename "{title}"'
        case Ask(kind):
            return f"ask {kind}"
        case Reseed(seed):
            return f"seed {seed}"
        case Recast(rhythm):
            return f"recast {rhythm}"
        case _:
            return type(instruction).__name__.lower()


FRESH = [
    ("a 16-bar jig in D", "compose jig D 6/8 16 165"),
    ("compose a slow waltz in A minor", "compose waltz Am 3/4 16 91"),
    ("A jig in A", "compose jig A 6/8 16 165"),
    ("an A reel", "compose reel A 4/4 16 190"),
    ("a minor waltz", "compose waltz Am 3/4 16 130"),
    ("a waltz in a minor", "compose waltz Am 3/4 16 130"),
    ("a waltz in a minor key", "compose waltz Am 3/4 16 130"),
    ("a waltz in a", "compose waltz A 3/4 16 130"),
    ("in a slow tempo, a reel", "compose reel D 4/4 16 133"),
    ("a reel in e flat major", "compose reel Eb 4/4 16 190"),
    ("reel in Bb", "compose reel Bb 4/4 16 190"),
    ("F#m hornpipe", "compose hornpipe F#m 4/4 16 150"),
    ("D mix reel", "compose reel Dmix 4/4 16 190"),
    ("a G dorian jig", "compose jig Gdor 6/8 16 165"),
    ("something happy", "compose jig D 6/8 16 182; remarks"),
    ("a sad air in D", "compose air Dm 3/4 16 64; remarks"),
    ("a tune", "compose jig D 6/8 16 165; remarks"),
    ("a tune in 5/4", "compose - D 5/4 16 120"),
    ("a tune in G in 3/4", "compose waltz G 3/4 16 130; remarks"),
    ("a jig in 4/4", "compose jig D 4/4 16 165; remarks"),
    ("32 bar polka in G, 120 bpm", "compose polka G 2/4 32 120"),
    ("jig in D with bagpipes", "compose jig D 6/8 16 165; passed over bagpipes"),
    ("a jigg in D", "compose jig D 6/8 16 165; remarks"),
    ("three jigs", "compose jig D 6/8 16 165; remarks"),
    ("a jig called The Rainy Road in D", 'compose jig D 6/8 16 165; "The Rainy Road"'),
    ('a jig in D called "A Night in Bb"', 'compose jig D 6/8 16 165; "A Night in Bb"'),
    ("a jig in G# major", "unclear"),
    ("make me a nice little slip jig please", "compose slip jig G 9/8 16 165"),
    ("write me a song about the sea", "compose song G 4/4 16 100; passed over sea"),
    ("play me a reel", "compose reel D 4/4 16 190 + play"),
    ("a reel in D and save it as pdf", "compose reel D 4/4 16 190 + save pdf"),
    (
        "a reel in D, call it The Old Dog, save as pdf and play it",
        'compose reel D 4/4 16 190; "The Old Dog" + save pdf + play',
    ),
    ("no jig", "unclear"),
    ("slower", "unclear"),
    ("add chords", "unclear"),
    ("hello", "help"),
    ("0/0", "unclear"),
    ("a waltz in 0/0", "unclear"),
    ("a 100000 bar jig", "unclear"),
    ("a jig at quarter = 100", "compose jig D 6/8 16 100"),
    ("a jig at dotted quarter = 100", "compose jig D 6/8 16 150"),
    ("a jig at 100 bpm", "compose jig D 6/8 16 150"),
    ("a jig at 9999 bpm", "unclear"),
    ("what is a jig?", "unclear"),
    ("写一首D大调的16小节吉格舞曲", "compose jig D 6/8 16 165"),
    ("请写一首降E大调的圆舞曲，叫《雨中的路》", 'compose waltz Eb 3/4 16 130; "雨中的路"'),
    ("来一首慢的华尔兹", "compose waltz G 3/4 16 91"),
    ("用风笛写一首里尔舞曲", "compose reel D 4/4 16 190; passed over 风笛"),
    ("an A jig", "compose jig A 6/8 16 165"),
    ("fiddle tune", "compose jig D 6/8 16 165; remarks; passed over fiddle"),
    ("compose a tune about rain", "compose jig D 6/8 16 165; remarks; passed over rain"),
    ("why is the sky blue", "unclear"),
    ("a tango", "unclear"),
    ("Compose a jig", "compose jig D 6/8 16 165"),
    ("write a reel in E minor", "compose reel Em 4/4 16 190"),
    ("create a 32-bar hornpipe in B flat major", "compose hornpipe Bb 4/4 32 150"),
    ("please generate a polka", "compose polka G 2/4 16 125"),
    ("could you please write me a march in G, 32 bars?", "compose march G 4/4 32 110"),
    ("a 24 bar slide in A", "compose slide A 12/8 24 190"),
    ("sixteen bars of mazurka in F", "compose mazurka F 3/4 16 140"),
    ("thirty-two bar reel", "compose reel D 4/4 32 190"),
    ("an 8-bar strathspey in D", "compose strathspey D 4/4 8 120"),
    ("barn dance in G", "compose barndance G 4/4 16 150"),
    ("a hymn in E flat", "compose hymn Eb 4/4 16 80"),
    ("a minuet in D minor", "compose minuet Dm 3/4 16 120"),
    ("schottis in D minor", "compose schottische Dm 4/4 16 130"),
    ("a slängpolska in Dm", "compose polska Dm 3/4 16 110"),
    ("a slip-jig in B minor", "compose slip jig Bm 9/8 16 165"),
    ("a jig in the key of C", "compose jig C 6/8 16 165"),
    ("key of F, a polka", "compose polka F 2/4 16 125"),
    ("jig, key: Am, bars: 8", "compose jig Am 6/8 8 165"),
    ("a reel in C sharp minor", "compose reel C#m 4/4 16 190"),
    ("a reel in c# minor", "compose reel C#m 4/4 16 190"),
    ("a jig in e minor", "compose jig Em 6/8 16 165"),
    ("a waltz in Cmaj", "compose waltz C 3/4 16 130"),
    ("an E mixolydian reel", "compose reel Emix 4/4 16 190"),
    ("an air in A dorian", "compose air Ador 3/4 16 75"),
    ("a fast reel", "compose reel D 4/4 16 228"),
    ("a very slow air", "compose air G 3/4 16 41"),
    ("a lively polka in C", "compose polka C 2/4 16 144"),
    ("a jig at 90 bpm", "compose jig D 6/8 16 135"),
    ("a reel, half note = 100", "compose reel D 4/4 16 200"),
    ("a waltz at 1/4=100", "compose waltz G 3/4 16 100"),
    ("a waltz at tempo 100", "compose waltz G 3/4 16 100"),
    ("a waltz with 100 beats per minute", "compose waltz G 3/4 16 100"),
    ("a tune in 7/8", "compose - D 7/8 16 120"),
    ("a tune in (2+2+3)/8", "compose - D (2+2+3)/8 16 120"),
    ("a tune in common time", "compose reel D 4/4 16 190; remarks"),
    ("a waltz in 3/8", "compose waltz G 3/8 16 130"),
    ("a march in 6/8", "compose march G 6/8 16 110"),
    ("a cheerful march", "compose march G 4/4 16 121; remarks"),
    ("a happy tune in D minor", "compose jig Dm 6/8 16 182; remarks"),
    ('"The Lost Ring", a jig in D', 'compose jig D 6/8 16 165; "The Lost Ring"'),
    ("a jig named 'Tis Raining", 'compose jig D 6/8 16 165; "\'Tis Raining"'),
    ("a waltz titled Late Summer, in F", 'compose waltz F 3/4 16 130; "Late Summer"'),
    ("a jig with a title of my own", "compose jig D 6/8 16 165; passed over title"),
    ("a reel in D without triplets", "unclear"),
    ("a jig in Q", "unclear"),
    ("a reel in H minor", "unclear"),
    ("a jig in 5/0", "unclear"),
    ("zero bar jig", "unclear"),
    ("a jig in D; transpose it to G; save as midi", "compose jig D 6/8 16 165 + transpose to G + save midi"),
    ("make a jig and a pdf", "compose jig D 6/8 16 165; passed over pdf"),
    ("give me a pdf", "save pdf"),
]

AFTER_A_JIG = [
    ("slower", "tempo 138"),
    ("a bit slower", "tempo 153"),
    ("much faster", "tempo 231"),
    ("too fast", "tempo 138"),
    ("again", "compose jig D 6/8 16 165; variant 1"),
    ("again in A minor", "compose jig Am 6/8 16 165; variant 1"),
    ("again, but slower", "compose jig D 6/8 16 138; variant 1"),
    ("again as a reel", "compose reel D 4/4 16 190; variant 1"),
    ("another one in G", "compose jig G 6/8 16 165; variant 1"),
    ("in 3/4", "compose waltz D 3/4 16 130; variant 1; remarks"),
    ("in G", "compose jig G 6/8 16 165; variant 1; remarks"),
    ("in A minor", "compose jig Am 6/8 16 165; variant 1; remarks"),
    ("longer", "compose jig D 6/8 32 165; variant 1; remarks"),
    ("32 bars", "compose jig D 6/8 32 165; variant 1"),
    ("call it The Rainy Road", 'rename "The Rainy Road"'),
    ("call it Slow and Easy", 'rename "Slow and Easy"'),
    ('title: "Foo, and save as pdf"', 'rename "Foo, and save as pdf"'),
    ("save as pdf", "save pdf"),
    ("save as foo.mid", "save foo.mid"),
    ("save it to ~/tunes/x.pdf", "save ~/tunes/x.pdf"),
    ("export pdf and midi", "save pdf + save midi"),
    ("save everything", "save all"),
    ("save as docx", "unclear"),
    ("play it", "play"),
    ("play it slower", "tempo 138 + play"),
    ("play", "play"),
    ("show me", "show"),
    ("show it", "show"),
    ("what key is it", "ask key"),
    ("what key is it in?", "ask key"),
    ("how many bars", "ask bars"),
    ("how many bars does it have?", "ask bars"),
    ("how fast is it?", "ask tempo"),
    ("help", "help"),
    ("?", "help"),
    ("quit", "quit"),
    ("transpose to G", "transpose to G"),
    ("transpose to G minor", "unclear"),
    ("transpose it to Bb", "transpose to Bb"),
    ("transpose up a tone", "transpose +2"),
    ("up a tone", "transpose +2"),
    ("down a minor third", "transpose -3"),
    ("a third higher", "transpose +4"),
    ("up an octave", "transpose +12"),
    ("two semitones down", "transpose -2"),
    ("transpose +3", "transpose +3"),
    ("transpose by -2", "transpose -2"),
    ("transpose up 3 semitones", "transpose +3"),
    ("move it up by a fourth", "transpose +5"),
    ("transpose", "unclear"),
    ("transpose to H", "unclear"),
    ("transpose to the key of E flat", "transpose to Eb"),
    ("change the key to A", "transpose to A"),
    ("change the key to A minor", "unclear"),
    ("lower it by a tone", "transpose -2"),
    ("make it higher", "unclear"),
    ("make it slower", "tempo 138"),
    ("make it a reel", "recast reel"),
    ("make it longer", "compose jig D 6/8 32 165; variant 1; remarks"),
    ("make it 32 bars", "compose jig D 6/8 32 165; variant 1; remarks"),
    ("make it in G", "compose jig G 6/8 16 165; variant 1; remarks"),
    ("make the second part higher", "unclear"),
    ("tempo 120", "tempo 180"),
    ("at 120", "tempo 180"),
    ("set the tempo to 90", "tempo 135"),
    ("quarter = 90", "tempo 90"),
    ("120 bpm", "tempo 180"),
    ("double tempo", "tempo 330"),
    ("half speed", "tempo 82"),
    ("slow it down", "tempo 138"),
    ("speed it up a bit", "tempo 178"),
    ("undo", "undo"),
    ("go back", "undo"),
    ("seed 5", "seed 5"),
    ("a reel with seed 7", "compose reel D 4/4 16 190; seed 7"),
    ("use seed 99", "seed 99"),
    ("in minor", "compose jig Dm 6/8 16 165; variant 1"),
    ("minor", "compose jig Dm 6/8 16 165; variant 1"),
    ("dorian", "compose jig Ddor 6/8 16 165; variant 1"),
    ("faster and save as wav", "tempo 198 + save wav"),
    ("thanks", "thanks"),
    ("ok", "thanks"),
    ("another jig", "compose jig D 6/8 16 165; variant 1"),
    ("more", "compose jig D 6/8 16 165; variant 1"),
    ("next", "compose jig D 6/8 16 165; variant 1"),
    ("再来一首", "compose jig D 6/8 16 165; variant 1"),
    ("慢一点", "tempo 138"),
    ("保存为PDF", "save pdf"),
    ("移到G大调", "transpose to G"),
    ("升高一个全音", "transpose +2"),
    ("什么调", "ask key"),
    ("多少小节", "ask bars"),
    ("有几小节", "ask bars"),
    ("这首曲子有多少小节?", "ask bars"),
    ("这首曲子多快", "ask tempo"),
    ("它的音域是多少", "ask range"),
    ("对吗", "ask faults"),
    ("有没有错误?", "ask faults"),
    ("检查一下", "ask faults"),
    ("全部保存", "save all"),
    ("删掉第3小节", "unclear"),
    ("有哪些和弦", "ask chords"),
    ("这首曲子有几个音", "ask notes"),
    ("分几段", "ask parts"),
    ("曲式是什么", "ask parts"),
    ("what chords are there?", "ask chords"),
    ("what are the chords of the tune", "ask chords"),
    ("how many notes does it have", "ask notes"),
    ("how many parts has it?", "ask parts"),
    ("what is the form of the tune", "ask parts"),
    ("put it in 3/4", "recast waltz"),
    ("change it to 4/4 time", "recast reel"),
    ("put it in 13/8", "unclear"),
    ("播放", "play"),
    ("帮助", "help"),
    ("退出", "quit"),
    ("撤销", "undo"),
    ("改成3/4拍", "compose waltz D 3/4 16 130; variant 1; remarks"),
    ("什么速度？", "ask tempo"),
    ("blah blah", "unclear"),
    ("asdf", "unclear"),
    ("X:1", "unclear"),
    ("don't save it", "unclear"),
    ("is it valid?", "ask faults"),
    ("what's the range?", "ask range"),
    ("describe it", "ask all"),
    ("again in A minor and save it as pdf", "compose jig Am 6/8 16 165; variant 1 + save pdf"),
    ("can you make it a little bit faster please?", "tempo 178"),
    ("could you transpose it down a tone?", "transpose -2"),
    ("I'd like a hornpipe", "compose hornpipe G 4/4 16 150"),
    ("a jig or a reel", "compose jig D 6/8 16 165; remarks"),
    ("a jig in D or G", "compose jig D 6/8 16 165; remarks"),
    ("a 2/4 polka", "compose polka G 2/4 16 125"),
    ("cut time reel", "compose reel D 2/2 16 190"),
    ("a reel in cut time", "compose reel D 2/2 16 190"),
    ("a tune in six-eight time", "compose jig D 6/8 16 165; variant 1"),
    ("a march with two 8-bar parts", "compose march G 4/4 16 110"),
    ("a march with 2 parts of 8 bars each", "compose march G 4/4 16 110"),
    ("double jig", "compose jig D 6/8 16 165"),
    ("a slow air", "compose air G 3/4 16 52"),
    ("lullaby", "compose air G 3/4 16 75"),
    ("christmas carol in F", "compose song F 4/4 16 100; passed over christmas"),
    ("a tango in D", "compose jig D 6/8 16 165; variant 1; remarks; passed over tango"),
    ("a blues in E", "compose jig E 6/8 16 165; variant 1; remarks; passed over blues"),
    ("fiddle tune", "compose jig D 6/8 16 165; variant 1; remarks; passed over fiddle"),
    ("Irish reel in E dorian", "compose reel Edor 4/4 16 190; passed over Irish"),
    ("Scottish strathspey", "compose strathspey D 4/4 16 120; passed over Scottish"),
    ("swedish polska in D minor", "compose polska Dm 3/4 16 110; passed over swedish"),
    ("make the tune higher", "unclear"),
    ("make the ending better", "unclear"),
    ("tell me something", "unclear"),
    ("play me a waltz then save it as pdf", "compose waltz G 3/4 16 130 + play + save pdf"),
    ("play it again", "play"),
    ("play it a bit slower", "tempo 153 + play"),
    ("again but faster", "compose jig D 6/8 16 198; variant 1"),
    ("make it a waltz", "recast waltz"),
    ("make it a waltz in G", "compose waltz G 3/4 16 130; variant 1; remarks"),
    ("the same in E minor", "compose jig Em 6/8 16 165; variant 1; remarks"),
    ("now in G", "compose jig G 6/8 16 165; variant 1; remarks"),
    ("another one, slower please", "compose jig D 6/8 16 138; variant 1"),
    ("what about a waltz", "compose waltz G 3/4 16 130"),
    ("how about a polka in D?", "compose polka D 2/4 16 125"),
    ("give me a pdf", "save pdf"),
    ("give me the score", "save pdf"),
    ("render it as png", "save png"),
    ("print it to rain.pdf", "save rain.pdf"),
    ('save under "My Tunes/rain road.mid"', "save My Tunes/rain road.mid"),
    ("save as ../up.abc", "save ../up.abc"),
    ("save as .hidden", "save .hidden"),
    ("save as mp3", "save mp3"),
    ("save it as a picture", "save png"),
    ("transpose to F#", "transpose to F#"),
    ("transpose up", "unclear"),
    ("down an octave", "transpose -12"),
    ("raise it by a tone", "transpose +2"),
    ("a fifth lower", "transpose -7"),
    ("transpose it by 40 semitones", "unclear"),
    ("transpose down 0 semitones", "unclear"),
    ("even slower", "tempo 138"),
    ("way too slow", "tempo 231"),
    ("can you slow it down?", "tempo 138"),
    ("at 100 bpm", "tempo 150"),
    ("at 5 bpm", "unclear"),
    ("what's the tempo?", "ask tempo"),
    ("what is it called?", "ask title"),
    ("which metre is it in?", "ask meter"),
    ("what time signature is it", "ask meter"),
    ("is it in D?", "ask key"),
    ("are there any mistakes?", "ask faults"),
    ("tell me about it", "ask all"),
    ("what kind of dance is it?", "ask rhythm"),
    ("what is the seed", "ask seed"),
    ("how long is it?", "ask bars"),
    ("undo that", "undo"),
    ("back", "undo"),
    ("once more", "compose jig D 6/8 16 165; variant 1"),
    ("try again", "compose jig D 6/8 16 165; variant 1"),
    ("something else", "compose jig D 6/8 16 165; variant 1"),
    ("shorter", "compose jig D 6/8 8 165; variant 1; remarks"),
    ("twice as long", "compose jig D 6/8 32 165; variant 1; remarks"),
    ("another one, 32 bars, in B minor", "compose jig Bm 6/8 32 165; variant 1"),
    ("again in 9/8", "compose jig D 9/8 16 165; variant 1"),
    ("in 5/4", "compose - D 5/4 16 120; variant 1; remarks"),
    ("again with seed 4", "compose jig D 6/8 16 165; seed 4"),
    ("in 12/8", "compose jig D 12/8 16 165; variant 1"),
    ("title: Rain", 'rename "Rain"'),
    ("rename it to The Long Wait", 'rename "The Long Wait"'),
    ('call it "Quoted, Really"', 'rename "Quoted, Really"'),
    ('"Just Quoted"', 'rename "Just Quoted"'),
    ("exit", "quit"),
    ("bye!", "quit"),
    ("写一首A小调的华尔兹", "compose waltz Am 3/4 16 130"),
    ("来一首三十二小节的G大调里尔舞曲", "compose reel G 4/4 32 190"),
    ("写一首6/8拍的曲子", "compose jig D 6/8 16 165; variant 1"),
    ("八六拍的舞曲", "compose jig D 6/8 16 165; variant 1"),
    ("快一点", "tempo 198"),
    ("太快了", "tempo 138"),
    ("转到降B大调", "transpose to Bb"),
    ("降低一个半音", "transpose -1"),
    ("升高两个半音", "transpose +2"),
    ("存成midi", "save midi"),
    ("导出为wav", "save wav"),
    ("叫什么名字", "ask title"),
    ("再来一首，慢一点", "compose jig D 6/8 16 138; variant 1"),
    ("欢快的波尔卡", "compose polka G 2/4 16 144"),
    ("叫它《雨路》", 'rename "雨路"'),
]


@pytest.mark.parametrize(("text", "meaning"), FRESH, ids=lambda value: value[:40])
def test_what_is_said_first(text: str, meaning: str) -> None:
    assert describe(read_request(text)) == meaning


@pytest.mark.parametrize(("text", "meaning"), AFTER_A_JIG, ids=lambda value: value[:40])
def test_what_is_said_after_a_jig_in_d(text: str, meaning: str) -> None:
    assert describe(read_request(text, JIG)) == meaning


def test_the_table_is_long_enough_to_mean_something() -> None:
    assert len({text for text, _ in (*FRESH, *AFTER_A_JIG)}) >= 250


KEY_FIRST = ("a ", "d ", "f#", "x:", "0/")  # there, the case of the first letter says something
SAID = [
    text
    for text, meaning in AFTER_A_JIG
    if len(text) > 1 and not text.lower().startswith(KEY_FIRST) and "passed over" not in meaning
]


@pytest.mark.parametrize("text", SAID[::3], ids=lambda value: value[:40])
def test_case_of_the_first_letter_and_signs_at_the_end_do_not_matter(text: str) -> None:
    assert describe(read_request(f"  {text[0].upper()}{text[1:]} !", JIG)) == describe(read_request(text, JIG))


@pytest.mark.parametrize("rhythm", RHYTHMS)
@pytest.mark.parametrize(("key", "bars"), [(Key("Eb", "minor"), 8), (Key("F#", "dorian"), 11), (Key("A"), 32)])
def test_a_request_in_words_is_read_back(rhythm: str, key: Key, bars: int) -> None:
    usual = Request.for_rhythm(rhythm)
    request = Request(rhythm, key, usual.meter, bars, 93.5, "Rain, and Wind")
    assert read_request(f"Compose {request}.") == Compose(request)


def test_a_request_without_a_rhythm_is_read_back() -> None:
    request = Request("", Key("D"), Meter((2, 2, 3), 8), 12, 140)
    assert read_request(str(request)) == Compose(request)


@pytest.mark.parametrize(
    ("text", "remark"),
    [
        ("a jig in 4/4", "a jig is usually in 6/8, 9/8, 12/8; 4/4 is taken, as asked"),
        ("a tune in 3/4", "no kind of tune was named: in 3/4, a waltz"),
        ("a fiddle tune", "no kind of tune was named that I know: a jig"),
        ("a jig or a reel", "of jig and reel, the first is composed: jig"),
        ("a jig in D or G", "of the keys D major and G major, the first is taken: D major"),
        ("a jig in 6/8 or 9/8", "of the metres 6/8 and 9/8, the first is taken: 6/8"),
        ("a hornpie in G", '"hornpie" is read as hornpipe'),
        ("two polkas", 'one tune at a time: the first of "two polkas"'),
        ("a sad jig", '"sad" is taken as minor and slower than usual'),
        ("a happy jig in D minor, slow", '"happy" is taken as said already'),
    ],
)
def test_what_is_settled_for_the_asker_is_said(text: str, remark: str) -> None:
    said = read_request(text)
    assert isinstance(said, Compose)
    assert remark in said.remarks


@pytest.mark.parametrize(
    ("text", "remark"),
    [
        ("in G", 'a new tune; to move the one that is there, say "transpose to G"'),
        ("make it 32 bars", 'a new tune in place of the one that is there; "undo" brings it back'),
        ("in 3/4", "a jig is not in 3/4: a waltz instead"),
        ("longer", "32 bars instead of 16"),
    ],
)
def test_what_becomes_of_the_tune_before_is_said(text: str, remark: str) -> None:
    said = read_request(text, JIG)
    assert isinstance(said, Compose)
    assert remark in said.remarks


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("a jig without repeats", 'what "without" rules out'),
        ("orchestrate it", 'what "orchestrate" asks for'),
        ("a reel in H", '"H" is no key'),
        ("a jig in G# major", "Ab major sounds the same"),
        ("a 1000-bar reel", "1 to 256 bars"),
        ("a reel at 2000 bpm", "20 to 600"),
        ("a waltz in 3/0", "3/0"),
        ("a waltz in 99/64", "99/64"),
        ("transpose to G minor", "keeps the mode"),
        ("transpose to Q", '"Q" is no key'),
        ("transpose by 50 semitones", "1 to 36 semitones"),
        ("save as docx", 'as "docx"'),
        ("who wrote it?", "questions about the tune"),
        ("x" * 2000, "too long"),
        ("", "Nothing was said"),
        ("Dear Sir, we regret that grade D of your application cannot be granted today", "do not understand"),
    ],
    ids=lambda value: value[:30],
)
def test_what_is_unclear_is_said_with_examples(text: str, words: str) -> None:
    said = read_request(text, JIG)
    assert isinstance(said, Unclear)
    assert words in said.text
    assert '"' in said.hint or "/" in said.hint or "," in said.hint


@pytest.mark.parametrize("text", ["slower", "at 120 bpm", "transpose to G", "longer"])
def test_without_a_tune_there_is_nothing_to_change(text: str) -> None:
    said = read_request(text)
    assert isinstance(said, Unclear)
    assert "no tune yet" in said.text


def test_strange_letters_do_no_harm() -> None:
    for text in (
        "\0",
        "\x1b[31m",
        "a jig\0in D",
        "🎻",
        "a \ud800 jig",
        "((((",
        '"',
        '""',
        "?" * 500,
        "a " * 400,
        "'" * 99,
    ):
        assert describe(read_request(text, JIG))


def test_a_folder_called_file_is_a_folder() -> None:
    assert read_request("save to file/x.abc", JIG) == Save("", "file/x.abc")


@pytest.mark.parametrize(
    "unit",
    [
        "a ",
        "and then ",
        "in ",
        "1/",
        "called ",
        "play ",
        '"',
        " ,",
        "写",
        "十",
        "twenty ",
        "please ",
        "(2+",
        "title is ",
        "it ",
    ],
)
def test_whatever_is_said_at_length_is_read_at_once(unit: str) -> None:
    text = (unit * 1000)[:1000]
    started = process_time()
    assert describe(read_request(text, JIG))
    assert process_time() - started < 2


def test_steps_refer_to_what_was_said_before_them() -> None:
    said = read_request("a waltz in G, transpose it to A and then slow it down")
    assert describe(said) == "compose waltz G 3/4 16 130 + transpose to A + tempo 108"
