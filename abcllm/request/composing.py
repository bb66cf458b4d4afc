"""A wish for a tune, read: kind, key, metre, length, tempo, title, and what of it was not understood."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from ..notation import Key
from ..notation.fields import FieldFault
from .instructions import MAX_BARS, MAX_TEMPO_QPM, MIN_TEMPO_QPM, Compose, Request, Unclear, key_words
from .keys import check_key
from .phrases import compile_words
from .rhythms import RHYTHMS, usual_rhythm
from .wish import MOODS, Wish, take_wish

__all__ = ["EXAMPLES", "read_wish"]

QUESTIONS: Final = 'Try: "what key is it", "how many bars", "how fast is it", "what is its range", "is it valid".'
EXAMPLES: Final = 'Try: "a 16-bar jig in D", "a slow waltz in A minor", "a reel in E dorian called The Rainy Road".'

_NOT: Final = compile_words(
    "not", "no", "never", "without", "don't", "do not", "except", "anything but", "neither", "nor", "isn't"
)
_BEYOND: Final = compile_words(
    "add", "alter", "analyse", "analyze", "accompany", "arrange", "buy", "change", "compare", "complete", "continue",
    "decorate", "delete", "e-mail", "edit", "email", "explain", "finish", "fix", "harmonise", "harmonize", "improve",
    "insert", "invert", "modify", "orchestrate", "ornament", "record", "remove", "repair", "repeat", "replace",
    "reverse", "send", "simplify", "sing", "swap", "translate", "upload", "vary",
)  # fmt: skip
_QUESTION_WORDS: Final = frozenset(
    {"what", "which", "who", "whose", "why", "when", "where", "how", "what's", "is", "are"}
)
MOST_LOST: Final = 6  # words; where more are not understood, a key among them is an accident
_MOOD_TEMPO: Final = {"minor": 0.85, "major": 1.1}


def read_wish(text: str, previous: Request | None) -> Compose | Unclear:
    """What tune a text asks for; `previous` is the request that "again", "longer" or "in 3/4" go on from."""
    try:
        wish = take_wish(text)
    except FieldFault as fault:
        return Unclear(
            f"{fault.message[0].upper()}{fault.message[1:]}.",
            'Metres are written like 3/4, 4/4, 6/8, 9/8 or "cut time".',
        )
    if trouble := _trouble(text, wish, previous):
        return trouble
    settled = _settle(wish, previous)
    return settled if isinstance(settled, Unclear) else Compose(settled, tuple(wish.remarks), wish.left)


def _trouble(text: str, wish: Wish, previous: Request | None) -> Unclear | None:
    """Why a tune should not be composed on these words."""
    beyond, negated = _BEYOND.search(" ; ".join(wish.left)), _NOT.search(" ; ".join(wish.left))
    if beyond:
        return Unclear(
            f'I cannot do what "{beyond.group()}" asks for here; "help" says what can be done.',
            EXAMPLES,
        )
    letter = next((run for run in wish.left if len(run) == 1 and run.isascii() and run.isalpha()), "")
    if letter:
        other = " (what German calls H is B in English)" if letter in "hH" else ""
        return Unclear(f'"{letter}" is no key{other}.', "Keys are A to G, as in D, Bb, F#, A minor, E dorian.")
    if negated:
        return Unclear(f'I do not understand what "{negated.group()}" rules out.', f"Say what is wanted. {EXAMPLES}")
    asking = next((word for word in text.split()[:1] if word.lower() in _QUESTION_WORDS), "")
    if asking and not wish.again:
        return Unclear("I answer questions about the tune that is there, and no others.", QUESTIONS)
    lost = wish.refers and wish.left  # something is to be done with the tune, and not all of it was understood
    prose = len(" ".join(wish.left).split()) > MOST_LOST and not (wish.rhythm or wish.asked)
    if lost or prose or not (wish.says_something or wish.again or wish.relative != 1 or wish.asked):
        return Unclear(f'I do not understand "{_shorten(text)}".', EXAMPLES)
    changes = wish.length != 1 or wish.relative != 1
    if previous is None and changes and not (wish.rhythm or wish.keys or wish.meters or wish.bars):
        return Unclear("There is no tune yet that could be changed.", EXAMPLES)
    for key, _ in wish.keys:
        if trouble := check_key(key):
            return Unclear(f"{trouble}.", EXAMPLES)
    for bars in wish.bars:
        if not 1 <= bars <= MAX_BARS:
            return Unclear(f"A tune has 1 to {MAX_BARS} bars, not {bars}.", EXAMPLES)
    return None


def _shorten(text: str) -> str:
    return text if len(text) <= 60 else f"{text[:57]}..."


def _settle(wish: Wish, previous: Request | None) -> Request | Unclear:
    """The request: what is wished, then what was before, then what is usual."""
    for kind, found in (
        ("metres", [str(meter) for meter in wish.meters]),
        ("keys", [key_words(key) for key, _ in wish.keys]),
        ("lengths", [f"{bars} bars" for bars in wish.bars]),
    ):
        if len(dict.fromkeys(found)) > 1:
            wish.remarks.append(f"of the {kind} {' and '.join(dict.fromkeys(found))}, the first is taken: {found[0]}")
    base = _base(wish, previous)
    key = _settle_key(wish, base.key)
    if trouble := check_key(key):
        return Unclear(f"{trouble}.", EXAMPLES)
    request = replace(
        base,
        key=key,
        bars=wish.bars[0] if wish.bars else base.bars,
        title=wish.title or base.title,
    )
    if wish.seed is not None:
        request = replace(request, seed=wish.seed, variant=0)
    if wish.length != 1 and not wish.bars:
        bars = round(request.bars * wish.length)
        if not 1 <= bars <= MAX_BARS:
            return Unclear(f"A tune has 1 to {MAX_BARS} bars, not {bars}.", EXAMPLES)
        request = replace(request, bars=bars)
        wish.remarks.append(f"{bars} bars instead of {base.bars}")
    return _settle_tempo(wish, request)


def _base(wish: Wish, previous: Request | None) -> Request:
    """The request that the wish starts from: the usual tune of its kind, or the one before."""
    if wish.rhythm:
        return _of_rhythm(wish, previous)
    if previous is not None:
        return _go_on(wish, replace(previous, variant=previous.variant + 1))
    if wish.meters:
        base = Request.for_meter(wish.meters[0], minor=_is_minor(wish))
        if base.rhythm:
            wish.remarks.append(f"no kind of tune was named: in {base.meter}, a {base.rhythm}")
        return base
    wish.remarks.append(f"no kind of tune was named{' that I know' if wish.left else ''}: a jig")
    return Request.for_rhythm("jig", minor=_is_minor(wish))


def _is_minor(wish: Wish) -> bool:
    return wish.mode in ("minor", "dorian", "phrygian") or (not wish.mode and wish.mood in MOODS["minor"])


def _of_rhythm(wish: Wish, previous: Request | None) -> Request:
    base = Request.for_rhythm(wish.rhythm, minor=_is_minor(wish))
    if wish.meters:
        meter = wish.meters[0]
        base = replace(base, meter=meter)
        if str(meter) not in (usual := RHYTHMS[wish.rhythm].meters):
            wish.remarks.append(f"a {wish.rhythm} is usually in {', '.join(usual)}; {meter} is taken, as asked")
    if previous is None or not (wish.again or wish.refers):
        return base
    _remark_on_replacing(wish)
    key = base.key if wish.keys or _is_minor(wish) else previous.key  # "again, as a reel": what is not said stays
    return replace(base, key=key, bars=previous.bars, variant=previous.variant + 1)


def _go_on(wish: Wish, request: Request) -> Request:
    """The request before, in another metre where one is named."""
    if wish.left:
        wish.remarks.append(f"no kind of tune was named that I know: a {request.rhythm or 'tune'}, as before")
    if wish.keys and not wish.again:
        tonic = wish.keys[0][0].tonic
        wish.remarks.append(f'a new tune; to move the one that is there, say "transpose to {tonic}"')
    else:
        _remark_on_replacing(wish)
    meter = wish.meters[0] if wish.meters else request.meter
    if meter == request.meter or (request.rhythm and str(meter) in RHYTHMS[request.rhythm].meters):
        return replace(request, meter=meter)
    rhythm = usual_rhythm(str(meter))
    if request.rhythm:
        wish.remarks.append(f"a {request.rhythm} is not in {meter}: a {rhythm or 'tune'} instead")
    return replace(request, rhythm=rhythm, meter=meter, tempo_qpm=Request.for_meter(meter).tempo_qpm)


def _remark_on_replacing(wish: Wish) -> None:
    if wish.refers and not wish.again:
        wish.remarks.append('a new tune in place of the one that is there; "undo" brings it back')


def _settle_key(wish: Wish, base: Key) -> Key:
    mode = wish.mode
    if not mode and wish.mood and not any(with_mode for _, with_mode in wish.keys):
        mode = next(mode for mode, words in MOODS.items() if wish.mood in words)
    if wish.keys:
        key, with_mode = wish.keys[0]
        key = key if with_mode or not mode else Key(key.tonic, mode)
    elif mode and mode != base.mode:
        key = Key(base.tonic, mode)
    else:
        key = base
    return key


def _settle_tempo(wish: Wish, request: Request) -> Request | Unclear:
    tempo_qpm, factor = request.tempo_qpm, wish.factor
    if wish.mood:
        kind = next(kind for kind, words in MOODS.items() if wish.mood in words)
        taken = [kind] if request.key.mode == kind else []
        if not (wish.pace or wish.tempo):
            factor = _MOOD_TEMPO[kind]
            taken.append(f"{'slower' if factor < 1 else 'faster'} than usual")
        wish.remarks.append(f'"{wish.mood}" is taken as {" and ".join(taken) or "said already"}')
    if wish.tempo:
        tempo_qpm = wish.tempo.qpm(request.meter)
    elif wish.relative != 1:
        tempo_qpm = float(round(tempo_qpm * wish.relative))
    elif factor != 1:
        usual = RHYTHMS[request.rhythm].tempo_qpm if request.rhythm else request.tempo_qpm
        tempo_qpm = float(round(usual * factor))
    if not MIN_TEMPO_QPM <= tempo_qpm <= MAX_TEMPO_QPM:
        return Unclear(
            f"A tune goes at {MIN_TEMPO_QPM:g} to {MAX_TEMPO_QPM:g} quarter notes a minute, not {tempo_qpm:g}.",
            EXAMPLES,
        )
    return replace(request, tempo_qpm=tempo_qpm)
