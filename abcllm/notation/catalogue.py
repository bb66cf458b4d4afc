"""Every diagnostic code: how grave it is, what it finds, why it matters, what to write instead.

`bad` and `good` are tune bodies (or whole tunes where they begin with `X:`) that the tests check: `bad` gives
exactly this code, `good` gives nothing. Those of the codes `A` are answers of models (`abcllm.reply`).
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Final


class Severity(StrEnum):
    """An error makes a tune invalid; a warning is likely a slip; an info is worth knowing."""

    ERROR = "error"
    WARNING = "warning"
    INFO = "info"


ERROR, WARNING, INFO = Severity.ERROR, Severity.WARNING, Severity.INFO


@dataclass(frozen=True)
class Rule:
    """One entry of the catalogue."""

    code: str
    severity: Severity
    title: str
    why: str
    hint: str
    bad: str
    good: str

    @property
    def explanation(self) -> str:
        """The text that `abcllm check --explain CODE` prints."""
        return (
            f"{self.code} {self.title} ({self.severity})\n\n"
            f"{self.why}\n\nBad:\n{_indent(self.bad)}\n\nWrite instead:\n{_indent(self.good)}\n\n"
            f"What to do: {self.hint}\n"
        )


def _indent(text: str) -> str:
    return "\n".join("    " + line for line in text.rstrip("\n").split("\n"))


# fmt: off
_RULES = (
    # Text
    Rule("T101", WARNING, "the file is not UTF-8",
         "ABC 2.1 (section 8.1) asks for UTF-8; the file was read as Latin-1, as older versions of the standard allow.",
         "save the file as UTF-8", "", ""),
    Rule("T102", ERROR, "no tune found",
         "A tune begins with an X: field at the start of a line (section 2.2.1).",
         "begin each tune with X:1, then T: and at last K:, then the music", "Just some words.\n",
         "X:1\nT:t\nK:C\nC|]\n"),
    Rule("T103", ERROR, "a text block is never closed",
         "Everything from %%begintext to the end of the tune is taken for text (section 11.4.3).",
         "write %%endtext on a line of its own after the text",
         "C D E F|]\n%%begintext\nwords\n", "C D E F|]\n%%begintext\nwords\n%%endtext\n"),
    Rule("T104", WARNING, "music after an empty line",
         "An empty line ends the tune (section 2.2.1); what follows is free text and is not played.",
         "remove the empty line, or begin a new tune with X:",
         "C D E F|\n\nG A B c|]\n", "C D E F|\nG A B c|]\n"),
    # Header fields
    Rule("H101", ERROR, "a tune without X:",
         "Every tune begins with its reference number (section 3.1.1); without it programs pass the tune over.",
         "write X:1 on the line before T:", "T:t\nM:4/4\nL:1/4\nK:C\nC D E F|]\n",
         "X:1\nT:t\nM:4/4\nL:1/4\nK:C\nC D E F|]\n"),
    Rule("H102", ERROR, "the reference number is not a number",
         "X: is followed by a whole number and nothing else (section 3.1.1).",
         "write X:1", "X:one\nT:t\nM:4/4\nL:1/4\nK:C\nC D E F|]\n", "X:1\nT:t\nM:4/4\nL:1/4\nK:C\nC D E F|]\n"),
    Rule("H103", ERROR, "a tune without K:",
         "The key field ends the header (section 3.1.14); without it no program knows where the music begins.",
         "write K:C, or the tune's key, on the line before the music",
         "X:1\nT:t\nM:4/4\nL:1/4\nC D E F|]\n", "X:1\nT:t\nM:4/4\nL:1/4\nK:C\nC D E F|]\n"),
    Rule("H104", ERROR, "the key cannot be read",
         "K: takes a tonic A to G, an optional # or b, a mode, and explicit accidentals (section 3.1.14).",
         "write K:D, K:Bb, K:F#m, K:Ador or K:none",
         "X:1\nT:t\nM:4/4\nL:1/4\nK:H\nC D E F|]\n", "X:1\nT:t\nM:4/4\nL:1/4\nK:Bb\nC D E F|]\n"),
    Rule("H105", ERROR, "the metre cannot be read",
         "M: takes a fraction, C, C|, a sum as (2+3)/8, or none (section 3.1.6).",
         "write M:4/4, M:6/8, M:C| or M:none",
         "X:1\nT:t\nM:4/0\nL:1/4\nK:C\nC D E F|]\n", "X:1\nT:t\nM:4/4\nL:1/4\nK:C\nC D E F|]\n"),
    Rule("H106", ERROR, "the unit note length cannot be read",
         "L: takes a fraction of a whole note (section 3.1.7).",
         "write L:1/8 or L:1/4",
         "X:1\nT:t\nM:4/4\nL:1/0\nK:C\nC D E F|]\n", "X:1\nT:t\nM:4/4\nL:1/4\nK:C\nC D E F|]\n"),
    Rule("H107", WARNING, "the tempo cannot be read",
         "Q: takes a beat and a number, words in quotes, or both (section 3.1.8).",
         'write Q:1/4=120 or Q:"Allegro" 1/4=120',
         "X:1\nT:t\nM:4/4\nL:1/4\nQ:fast\nK:C\nC D E F|]\n", 'X:1\nT:t\nM:4/4\nL:1/4\nQ:"fast"\nK:C\nC D E F|]\n'),
    Rule("H108", ERROR, "a line of the header is no field",
         "Between X: and K: each line is a field, a directive or a comment (section 2.2.1).",
         "begin the line with N: for a note, with %% or with %, or remove it",
         "X:1\nT:t\nby somebody\nM:4/4\nL:1/4\nK:C\nC D E F|]\n",
         "X:1\nT:t\nC:somebody\nM:4/4\nL:1/4\nK:C\nC D E F|]\n"),
    Rule("H109", WARNING, "an unknown field",
         "Only the letters of section 3 have a meaning; others are passed over.",
         "use N: for notes, or %% for a directive",
         "X:1\nT:t\nE:wide\nM:4/4\nL:1/4\nK:C\nC D E F|]\n", "X:1\nT:t\nN:wide\nM:4/4\nL:1/4\nK:C\nC D E F|]\n"),
    Rule("H110", ERROR, "several fields on one line",
         "Each field of the header stands on a line of its own; on one line only the first is read.",
         "write each field on a line of its own",
         "X:1 L:1/4 M:4/4 K:C\nC D E F|]\n", "X:1\nL:1/4\nM:4/4\nK:C\nC D E F|]\n"),
    Rule("H111", WARNING, "the order of parts cannot be read",
         "P: in the header gives the playing order of the parts as letters, numbers and brackets (section 3.1.9).",
         "write P:AABB or P:A2(BA)2",
         "X:1\nT:t\nM:4/4\nL:1/4\nP:A(B\nK:C\nC D E F|]\n", "X:1\nT:t\nM:4/4\nL:1/4\nP:A\nK:C\nP:A\nC D E F|]\n"),
    Rule("H112", WARNING, "a user-defined symbol or macro cannot be read",
         "U: and m: take a definition with = (sections 4.16 and 9).",
         "write U:T=!trill! or m:~G2={A}G{F}G",
         "X:1\nT:t\nM:4/4\nL:1/4\nU:T\nK:C\nC D E F|]\n", "X:1\nT:t\nM:4/4\nL:1/4\nU:T=!trill!\nK:C\nC D TE F|]\n"),
    Rule("H113", WARNING, "a part of the playing order does not occur",
         "P: in the header names a part for which the body has no P: line (section 3.1.9).",
         "label the part in the body with P:B, or take it out of the order",
         "X:1\nT:t\nM:4/4\nL:1/4\nP:AB\nK:C\nP:A\nC D E F|]\n",
         "X:1\nT:t\nM:4/4\nL:1/4\nP:AB\nK:C\nP:A\nC D E F|\nP:B\nC4|]\n"),
    Rule("H114", WARNING, "the tune has no music",
         "The header is there, but no note and no rest follows.",
         "write the music on the lines after K:", "X:1\nT:t\nK:C\n", "X:1\nT:t\nL:1/4\nM:4/4\nK:C\nC4|]\n"),
    # Notes and their neighbours
    Rule("N201", ERROR, "a character that means nothing here",
         "Letters outside a-g, A-G, x y z X Z and the shorthand decorations, and most other signs, have no meaning "
         "in a line of music (section 4).",
         "remove it, or put words in quotes: \"^like this\"", "C D k E|]\n", "C D E F|]\n"),
    Rule("N202", ERROR, "a chord is never closed",
         "[ opens a chord of notes, ] closes it on the same line (section 4.17).",
         "write ] after the last note of the chord", "[CEG C D E|]\n", "[CEG] C D E|]\n"),
    Rule("N203", ERROR, "grace notes are never closed",
         "{ opens grace notes, } closes them on the same line (section 4.12).",
         "write } after the last grace note", "{cd C D E F|]\n", "{cd}C D E F|]\n"),
    Rule("N204", ERROR, "a quotation mark is never closed",
         "Chord symbols and annotations stand between two quotation marks on one line (sections 4.18, 4.19).",
         "write the second \"", '"Am C D E F|]\n', '"Am"C D E F|]\n'),
    Rule("N205", ERROR, "a decoration is never closed",
         "Decorations stand between two exclamation marks without a space (section 4.14).",
         "write the second !", "!trill C D E F|]\n", "!trill!C D E F|]\n"),
    Rule("N206", ERROR, "an accidental without a note",
         "^, _ and = stand directly before a note (section 4.2).",
         "write the note, or remove the sign", "C D ^ E F|]\n", "C D ^E F|]\n"),
    Rule("N207", ERROR, "a length that cannot be played",
         "Lengths are whole numbers, / and fractions above zero (section 4.3).",
         "write C2, C/2, C3/2 or C/", "C/0 D E F|]\n", "C D E F|]\n"),
    Rule("N208", ERROR, "a chord or grace group with something else than notes",
         "Only notes, with their accidentals, lengths, ties and decorations, stand in [ ] and { } (section 4.17).",
         "take it out of the brackets", "[C?E] D E F|]\n", "[CE] D E F|]\n"),
    Rule("N209", ERROR, "a bracket that was never opened",
         "] and } close what [ and { open.",
         "remove it, or write the opening bracket", "C D E] F|]\n", "C D E F|]\n"),
    Rule("N210", ERROR, "an inline field that cannot be read",
         "[K:G] holds one field of those that may stand inside the music and is closed on the same line (section 3.2).",
         "write [K:G] or [M:3/4], or put the field on a line of its own", "C D [K:G E F|]\n", "C D [K:G]E F|]\n"),
    Rule("N212", WARNING, "a microtone",
         "Quarter tones are not part of ABC 2.1; the nearest semitone towards the natural is taken.",
         "write ^ or _", "^/C D E F|]\n", "^C D E F|]\n"),
    Rule("N213", WARNING, "a note that no instrument plays",
         "The octave marks lead outside the range of MIDI (0 to 127).",
         "check the commas and apostrophes", "C,,,,,, D E F|]\n", "C,, D E F|]\n"),
    Rule("N214", WARNING, "a tie or slur sign that does not follow its note",
         "A tie stands directly after the note that is held (section 4.20).",
         "move the - to the end of the note before it", "C2 -C D|]\n", "C2- C D|]\n"),
    # Rhythm and bars
    Rule("R201", ERROR, "a bar too long",
         "The notes of the bar last longer than the metre says (section 3.1.6). Players lose the beat here.",
         "remove the surplus, put a bar line, or write the metre that is meant, as [M:5/4]",
         "C D E F G|C D E F|]\n", "C D E F|C D E F|]\n"),
    Rule("R202", ERROR, "a bar too short",
         "A bar inside a section lasts less than the metre says. Only at a section's ends may a bar be incomplete.",
         "add what is missing (a rest: z), or write the metre that is meant, as [M:3/4]",
         "C D E F|C D E|C D E F|]\n", "C D E F|C D E z|C D E F|]\n"),
    Rule("R203", WARNING, "an incomplete bar that nothing completes",
         "The short bar at the end of a section and the pickup that follows or begins it together make one full bar.",
         "lengthen the last bar, or write the pickup that completes it",
         "C D E F|C D E|]\n", "z|C D E F|C D E|]\n"),
    Rule("R204", ERROR, "broken rhythm without a note on both sides",
         "> and < stand between two notes of one bar: the one is lengthened by what the other loses (section 4.4).",
         "remove it, or write the second note before the bar line", "C D E F>|]\n", "C D E>F|]\n"),
    Rule("R205", ERROR, "a tuplet with too few notes",
         "(3 takes the next three notes of the bar, (p:q:r the next r (section 4.13).",
         "write the missing notes, or another number", "C D E (3F/G/|]\n", "C D E (3F/G/A/|]\n"),
    Rule("R206", WARNING, "an overlay of another length than its bar",
         "Each voice joined by & fills the bar from its start (section 7.4).",
         "lengthen or shorten the overlay; x is an invisible rest", "C D E F & C2|]\n", "C D E F & C2 x2|]\n"),
    Rule("R207", ERROR, "a tuplet number that has no meaning",
         "(2 to (9 have a meaning of their own; others need the form (p:q or (p:q:r (section 4.13).",
         "write (11:8 for eleven notes in the time of eight", "(1C D E F|]\n", "(3CDE F z|]\n"),
    Rule("R208", ERROR, "whole-bar rests among notes",
         "Z and X fill whole bars; they stand alone between two bar lines (section 4.5).",
         "write z with a length instead", "C Z D|]\n", "C z2 D|]\n"),
    # Ties, slurs, bar lines, repeats, endings
    Rule("S301", WARNING, "a tie that leads nowhere",
         "A tie joins two notes of the same pitch (section 4.11); from one pitch to another write a slur.",
         "write a slur, (CD), or the same note again", "C- D E F|]\n", "C- C E F|]\n"),
    Rule("S302", WARNING, "a slur that is never closed",
         "Every ( of a slur has its ) (section 4.11).",
         "write ) after the last note of the slur", "(C D E F|]\n", "(C D E F)|]\n"),
    Rule("S303", WARNING, "a slur that was never opened",
         "Every ) of a slur has its ( (section 4.11).",
         "write ( before the first note of the slur, or remove the )", "C D E) F|]\n", "(C D E) F|]\n"),
    Rule("S304", WARNING, "a repeat that is never closed",
         "|: opens a section that :| repeats (section 4.8); without it the section is played once.",
         "write :| at the end of the section", "|:C D E F|C D E F|]\n", "|:C D E F|C D E F:|\n"),
    Rule("S305", WARNING, "a variant ending out of place",
         "Endings are numbered from 1 without a gap, and all but the last are followed by :| (section 4.9).",
         "number the endings 1, 2, ...", "|:C D E F|[2 C4:|\n", "|:C D E F|[1 C4:|[2 D4|]\n"),
    Rule("S306", ERROR, "signs that make no bar line",
         "Bar lines are made of |, [|, |], : and their combinations (section 4.8).",
         "write |, ||, |], |:, :| or ::", "C D : E F|]\n", "C D E F:|\n"),
    Rule("S307", INFO, "an exclamation mark as line break",
         "Until ABC 1.6 a ! ended a line of the printed music; today it belongs to decorations (section 10.2).",
         "remove the !, or write I:linebreak ! in the header", "C D E F|!\nC D E F|]\n", "C D E F|\nC D E F|]\n"),
    Rule("S308", WARNING, "an unusual bar line",
         "A thin and a thick line are written |] at the end and [| at the beginning (section 4.8).",
         "write |]", "C D E F]|\n", "C D E F|]\n"),
    # Voices
    Rule("V401", ERROR, "voices of unequal length",
         "All voices last equally long, or they drift apart (section 7).",
         "add the missing bars to the shorter voice (Z4 rests four bars)",
         "V:1\nC D E F|C4|]\nV:2\nC4|]\n", "V:1\nC D E F|C4|]\nV:2\nC4|C4|]\n"),
    Rule("V402", WARNING, "a property of a voice that cannot be read",
         "V: takes a name and then properties, as name=\"Tenor\" or clef=bass (section 7.1).",
         'write V:T name="Tenor" clef=treble-8',
         "V:1 loud\nC D E F|]\n", 'V:1 name="Tenor"\nC D E F|]\n'),
    Rule("V403", ERROR, "too many voices",
         "A score of so many voices is a mistake of a program, not music.",
         "check what was written after V:", "", ""),
    Rule("V404", WARNING, "a score that names an unknown voice",
         "%%score and %%staves arrange the voices of the tune by their V: names (section 11.1).",
         "name a voice of the tune, or write the V: that is missing",
         "%%score (1 2) 3\nV:1\nC4|]\nV:2\nC4|]\n", "%%score (1 2)\nV:1\nC4|]\nV:2\nC4|]\n"),
    Rule("V405", WARNING, "a voice that the score leaves out",
         "Programs print only the voices that %%score or %%staves names.",
         "add it to the score, as %%score 1 2",
         "%%score 1\nV:1\nC4|]\nV:2\nC4|]\n", "%%score 1 2\nV:1\nC4|]\nV:2\nC4|]\n"),
    Rule("V406", WARNING, "voices that repeat at different places",
         "Each voice plays its own repeats and endings (section 7); where one lacks them, the voices drift apart.",
         "write the same repeats and endings in all voices",
         "V:1\n|:C4:|\nV:2\nC4|]\n", "V:1\n|:C4:|\nV:2\n|:C4:|\n"),
    # Decorations
    Rule("D501", WARNING, "an unknown decoration",
         "Programs pass over decorations that the standard does not name (section 4.14).",
         "take a name of the standard, or put words in quotes: \"^like this\"", "!foo!C D E F|]\n",
         "!trill!C D E F|]\n"),
    Rule("D502", WARNING, "a mark that hangs on nothing",
         "Decorations, chord symbols and grace notes stand before the note that they belong to (section 4.20).",
         "move it before a note", "C D E F|!trill!\n", "C D E !trill!F|]\n"),
    Rule("D503", INFO, "a chord symbol that names no chord",
         "A text in quotes without a sign in front is a chord symbol (section 4.18), and players try to play it; other "
         "words begin with their place: ^ above, _ below, < > or @ (section 4.19).",
         "write \"^Fine\" for words above the note", '"Fine"C D E F|]\n', '"^Fine"C D E F|]\n'),
    Rule("D504", WARNING, "a MIDI number out of range",
         "MIDI knows the programs 0 to 127 and the channels 1 to 16.",
         "take a number within the range", "%%MIDI program 300\nC D E F|]\n", "%%MIDI program 73\nC D E F|]\n"),
    # Words
    Rule("W601", WARNING, "more syllables than notes",
         "Each syllable of a w: line falls on one note of the line above it (section 5.1).",
         "join syllables with ~, or remove some", "C D E F|]\nw:one two three four five\n",
         "C D E F|]\nw:one two three four\n"),
    Rule("W602", WARNING, "words before any music",
         "A w: line follows the line of music that it belongs to (section 5.1).",
         "move it after the music, or write W: for words below the tune",
         "w:one two\nC D E F|]\n", "C D E F|]\nw:one two\n"),
    Rule("W603", WARNING, "too many lines of words",
         "So many verses under one line of music are a mistake of a program; those after the hundredth are not read.",
         "write the later verses below the tune, as W: lines", "", ""),
    # Answers of models: how a tune stands in them. The examples are answers, not tunes.
    Rule("A101", ERROR, "a header on one line",
         "Each field of a header stands on a line of its own, and the music after K: on the next (section 2.2.1). "
         "Models that were trained on tunes without line ends write them so; other programs read the first field only.",
         "write each field on a line of its own", "X:1 L:1/4 M:4/4 K:D D E F G|]\n",
         "X:1\nL:1/4\nM:4/4\nK:D\nD E F G|]\n"),
    Rule("A102", WARNING, "an answer with a tune without X:",
         "Every tune begins with its reference number (section 3.1.1); a number was put before it.",
         "begin each tune with X:1", "M:4/4\nL:1/4\nK:D\nD E F G|]\n", "X:1\nM:4/4\nL:1/4\nK:D\nD E F G|]\n"),
    Rule("A103", ERROR, "an answer with a key that is not named",
         "K: is there, and no key follows it. The tune is read in C, that is without sharps and flats, which is likely "
         "not what was meant.",
         "write the key, as K:D", "X:1\nM:4/4\nL:1/4\nK:\nD E F G|]\n", "X:1\nM:4/4\nL:1/4\nK:D\nD E F G|]\n"),
    Rule("A104", INFO, "a tune in a fence",
         "Fences and tags set the tune apart from the words around it; they are taken off.",
         "nothing needs to be done", "```abc\nX:1\nM:4/4\nL:1/4\nK:D\nD E F G|]\n```\n",
         "X:1\nM:4/4\nL:1/4\nK:D\nD E F G|]\n"),
    Rule("A105", INFO, "marks of the chat",
         "Marks of who speaks and of where an answer ends were left in it; they are taken off.",
         "stop generation at the mark, and decode without special tokens",
         "X:1\nM:4/4\nL:1/4\nK:D\nD E F G|]</s>\n", "X:1\nM:4/4\nL:1/4\nK:D\nD E F G|]\n"),
    Rule("A106", INFO, "thinking before the answer",
         "What a model writes between <think> and </think> is no part of its answer; tunes in it are drafts.",
         "nothing needs to be done", "<think>In D?</think>\nX:1\nM:4/4\nL:1/4\nK:D\nD E F G|]\n",
         "X:1\nM:4/4\nL:1/4\nK:D\nD E F G|]\n"),
    Rule("A107", INFO, "an answer in JSON",
         "The tune is a text inside of a JSON object; its texts were read.",
         "nothing needs to be done", '{"abc": "X:1\\nM:4/4\\nL:1/4\\nK:D\\nD E F G|]\\n"}',
         "X:1\nM:4/4\nL:1/4\nK:D\nD E F G|]\n"),
    Rule("A108", ERROR, "line ends that are written out",
         "A backslash and an n stand where lines should end; other programs see one line.",
         "write line ends", "X:1\\nM:4/4\\nL:1/4\\nK:D\\nD E F G|]\n", "X:1\nM:4/4\nL:1/4\nK:D\nD E F G|]\n"),
    Rule("A109", ERROR, "signs of HTML in the music",
         "Signs are written as HTML writes them, &quot; for a quotation mark and <br> for a line end; in music they "
         "mean something else, or nothing.",
         "write the sign itself", "X:1\nM:4/4\nL:1/4\nK:D\n&quot;D&quot;D E F G|]\n",
         "X:1\nM:4/4\nL:1/4\nK:D\n\"D\"D E F G|]\n"),
    Rule("A110", ERROR, "signs of another script in the music",
         "Fullwidth and curved signs look like those of ABC, and no program reads them.",
         "write the ASCII sign", "X:1\nM:4/4\nL:1/4\nK:D\nD E F G｜]\n", "X:1\nM:4/4\nL:1/4\nK:D\nD E F G|]\n"),
    Rule("A111", ERROR, "signs of Markdown inside the tune",
         "Emphasis, bullets, quote signs, indents and line numbers stand on the lines of the tune.",
         "put the tune into a fence as it is", "**X:** 1\n**M:** 4/4\n**L:** 1/4\n**K:** D\nD E F G|]\n",
         "X:1\nM:4/4\nL:1/4\nK:D\nD E F G|]\n"),
    Rule("A112", WARNING, "characters that cannot be seen",
         "Spaces that do not break, marks without width and their like stand in the tune.",
         "remove them, or write plain spaces", "\ufeffX:1\nM:4/4\nL:1/4\nK:D\nD E\u00a0F G|]\n",
         "X:1\nM:4/4\nL:1/4\nK:D\nD E F G|]\n"),
    Rule("A113", ERROR, "words on the lines of a tune",
         "An empty line sets a tune apart from words; where there is none, programs read words as music.",
         "put an empty line between, or write the words as a field: N: for a note, P: for a part",
         "Here it is: X:1\nM:4/4\nL:1/4\nK:D\nD E F G|]\n", "Here it is:\n\nX:1\nM:4/4\nL:1/4\nK:D\nD E F G|]\n"),
    Rule("A114", WARNING, "empty lines inside a tune",
         "An empty line ends the tune (section 2.2.1); the music after it was meant to belong to it and is read.",
         "remove the empty line", "X:1\nM:4/4\nL:1/4\nK:D\n\nD E F G|]\n", "X:1\nM:4/4\nL:1/4\nK:D\nD E F G|]\n"),
    Rule("A115", ERROR, "an answer that breaks off in a bar",
         "The last bar holds something that was begun and not ended; the bar is left out.",
         "allow longer answers, or ask for the tune to be continued",
         "X:1\nM:4/4\nL:1/4\nK:D\nD E F G|[A", "X:1\nM:4/4\nL:1/4\nK:D\nD E F G|]\n"),
    Rule("A116", ERROR, "an answer that breaks off in a header",
         "A header begins, and no key or no music follows. It is not read as a tune.",
         "allow longer answers, or ask again", "X:1\nT:Reel\nM:4/", "X:1\nM:4/4\nL:1/4\nK:D\nD E F G|]\n"),
    Rule("A117", INFO, "music that belongs to no tune",
         "A line of music stands after a tune and words, or without a header; it is taken for an example.",
         "write a header before it",
         "X:1\nM:4/4\nL:1/4\nK:D\nD E F G|]\n\nTry this for the end:\nA B c d|]\n",
         "X:1\nM:4/4\nL:1/4\nK:D\nD E F G|]\n"),
    Rule("A118", ERROR, "fields that are named otherwise",
         "Fields of the header begin with a capital letter and a colon (section 3); here a small letter or a word.",
         "write T: for the title, M: for the metre, K: for the key",
         "X:1\nMeter: 4/4\nL:1/4\nK:D\nD E F G|]\n", "X:1\nM:4/4\nL:1/4\nK:D\nD E F G|]\n"),
)
# fmt: on

CATALOGUE: Final[dict[str, Rule]] = {rule.code: rule for rule in _RULES}
