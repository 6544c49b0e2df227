"""The markers that a model wrote: every form read, every one taken out.

`split` (a whole reply) and `MarkerSplitter` (a stream) turn raw text into sentences without
markers, beside the passage numbers that each one named. Numbers that name no passage are
recorded as written, never resolved.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import TypeVar

from assistant.sentences import sentences as sentence_spans

# "[3]", "[3, 4]", "[3-5]", with any Unicode digits: what a reader would take for a citation.
_BRACKETED_NUMBER = re.compile(r"[ \t]*\[\s*\d+(?:\s*[,;\-–—]\s*\d+)*\s*\]")


def neutralise(text: str) -> str:
    """`text` as it may stand in an answer: no bracketed number, no Markdown link, trimmed.

    Invisible format characters go too: they can hide a bracketed number or turn the
    direction of what follows.
    """
    text = _visible(text)
    while True:
        # Removal can bring brackets together ("[[1]2]", "[a][3](url)"): until nothing changes.
        changed = _BRACKETED_NUMBER.sub("", text).replace("](", "] (")
        if changed == text:
            return text.strip()
        text = changed


def _visible(text: str) -> str:
    if text.isascii():
        return text
    return "".join(char for char in text if unicodedata.category(char) != "Cf")


@dataclass(frozen=True, slots=True)
class MarkedSentence:
    """One sentence of a model's reply, its markers taken out.

    `markers` are passage numbers, each within 1..n, in order, once each. `unknown` are the
    markers that name no passage, as written. `new_line` says that the sentence began a line
    of its own (a paragraph, a list item).
    """

    text: str
    markers: tuple[int, ...]
    unknown: tuple[str, ...]
    new_line: bool = False


def split(raw: str, *, passages: int) -> list[MarkedSentence]:
    """The sentences of a model's whole reply; `passages` is how many it was shown.

    Markdown links and images are reduced to their text, emphasis and list signs go, a
    bibliography of the model's own is dropped (the program mints the list of sources),
    and every form of marker is read. HTML stays as the characters it is.
    """
    splitter = MarkerSplitter(passages=passages)
    return splitter.feed(raw) + splitter.close()


class MarkerSplitter:
    """Reads a streamed reply. However the stream is cut, the sentences are the same.

    A sentence comes out once the words after it have shown that it is complete and that no
    further marker of it follows. `unknown` collects every unknown marker so far, those of
    the dropped bibliography included.
    """

    def __init__(self, *, passages: int) -> None:
        self._passages = passages
        self._buffer: list[str] = []
        self._words = 0  # words read since the last look at the buffer, or sentence end
        self._due = _LOOKAHEAD_WORDS  # so many words make another look worth while
        self._fresh = True  # the buffer starts at a line's start
        self._prefixed = False  # this line writes its markers before the sentences
        self._bibliography = False
        self._pending: MarkedSentence | None = None
        self._unknown: dict[str, None] = {}

    @property
    def unknown(self) -> tuple[str, ...]:
        """Every unknown marker read so far, as written, once each, in order."""
        return tuple(self._unknown)

    def feed(self, text: str) -> list[MarkedSentence]:
        """Read the next piece of the reply; the sentences that it completed."""
        done: list[MarkedSentence] = []
        # One character at a time: what comes out depends on the characters alone and not on
        # how the stream was cut.
        for char in text:
            if char == "\n":
                done += self._end_line()
                continue
            if unicodedata.category(char) == "Cf":
                continue
            self._buffer.append(char)
            if char.isspace() and len(self._buffer) > 1 and not self._buffer[-2].isspace():
                self._words += 1
                if self._words >= self._due:
                    settled = self._advance()
                    done += settled
                    self._words = 0
                    # A line that goes on without a sentence's end is looked at ever less often.
                    self._due = _LOOKAHEAD_WORDS if settled else self._due + _LOOKAHEAD_WORDS
        return done

    def close(self) -> list[MarkedSentence]:
        """The end of the reply: the sentences still held back."""
        done = self._end_line(final=True)
        if self._pending is not None:
            done.append(self._pending)
            self._pending = None
        return done

    def _advance(self) -> list[MarkedSentence]:
        """Give out what is settled in the middle of a line."""
        raw = "".join(self._buffer)
        if _open_bracket(raw) or (self._fresh and _dropped_line(raw, self._bibliography)):
            return []
        done: list[MarkedSentence] = []
        while True:
            line = _Line(raw, passages=self._passages, fresh=self._fresh, prefixed=self._prefixed)
            if len(line.spans) < 2 or line.words_after(0) < _LOOKAHEAD_WORDS:
                break
            done += self._take(line, 0)
            raw = raw[line.cut(1) :]
            self._prefixed = line.prefixed
            self._fresh = False
            self._buffer = list(raw)
        if line.spans and self._pending is not None and line.words_after(-1) >= _LOOKAHEAD_WORDS:
            # The line has text of its own, so no lone marker follows the pending sentence.
            done.append(self._pending)
            self._pending = None
        return done

    def _end_line(self, *, final: bool = False) -> list[MarkedSentence]:
        raw = "".join(self._buffer)
        fresh = self._fresh
        self._buffer = []
        self._words, self._due, self._fresh = 0, _LOOKAHEAD_WORDS, True
        prefixed, self._prefixed = self._prefixed, False
        if not raw.strip() or _FENCE.match(raw):
            return []
        if fresh:
            if _BIBLIOGRAPHY_HEADING.match(raw):
                self._bibliography = True
                self._note(raw)
                return []
            if _dropped_line(raw, self._bibliography):
                self._note(raw)
                return []
            self._bibliography = False
        line = _Line(raw, passages=self._passages, fresh=fresh, prefixed=prefixed, final=final)
        if not line.spans:
            self._attach(line)
            return []
        done: list[MarkedSentence] = []
        for index in range(len(line.spans)):
            done += self._take(line, index)
        return done

    def _take(self, line: _Line, index: int) -> list[MarkedSentence]:
        """Make the line's sentence the pending one; the one that was pending is complete."""
        sentence = line.sentence(index)
        self._unknown.update(dict.fromkeys(sentence.unknown))
        done = [] if self._pending is None else [self._pending]
        self._pending = sentence
        return done

    def _attach(self, line: _Line) -> None:
        """A line of markers alone belongs to the sentence before it."""
        markers = [number for mark in line.marks for number in mark.numbers]
        unknown = [text for mark in line.marks for text in mark.unknown]
        self._unknown.update(dict.fromkeys(unknown))
        if self._pending is not None:
            self._pending = MarkedSentence(
                self._pending.text,
                _once([*self._pending.markers, *markers]),
                _once([*self._pending.unknown, *unknown]),
                self._pending.new_line,
            )

    def _note(self, raw: str) -> None:
        """Record the unknown markers of a line that is dropped."""
        line = _Line(raw, passages=self._passages, fresh=True, prefixed=False)
        self._unknown.update(dict.fromkeys(text for mark in line.marks for text in mark.unknown))


# A marker may follow the full stop and "ujarnya" may follow a closing quote: three words
# after a sentence's end settle both.
_LOOKAHEAD_WORDS = 3
# A bracket that opened this many characters ago and hasn't closed is no marker.
_BRACKET_REACH = 200

_LABEL_WORDS = (
    r"sources?|src|sumber|passages?|bagian|kutipan|dokumen|documents?|docs?|refs?|referensi|"
    r"references?|rujukan|artikel|articles?|citations?|cite|sitasi|konteks|contexts?|chunks?|"
    r"teks|texts?|excerpts?|nomor|no|footnotes?|catatan(?:\ kaki)?"
)
_LABEL = rf"(?:(?:{_LABEL_WORDS})[\s_.:#\-–]{{0,3}})"
_ITEM = (
    rf"(?:{_LABEL}|[spdr](?=\d))?[#^@№]?\s{{0,2}}-?\d+"
    r"(?::\d+)?(?:[†‡][^\]】\n,;]{0,40})?"
)
_RANGE_SIGN = r"(?:-|–|—|‐|‑|−|\.{2,3}|to|sampai|hingga|s\.?d\.?)"
_PART = rf"(?:{_ITEM})(?:\s{{0,2}}{_RANGE_SIGN}\s{{0,2}}(?:{_ITEM}))?"
_BODY = rf"{_PART}(?:(?:\s{{0,2}}[,;/&+]\s{{0,2}}|\s{{1,2}})(?:(?:and|dan)\s{{1,2}})?(?:{_PART}))*"
_LABELLED_BODY = rf"(?={_LABEL}){_BODY}"
_PLACEHOLDER = rf"[nx?]|number|nomor|citation\ needed|butuh\ rujukan|{_LABEL_WORDS}"
_SQUARE = (
    rf"\\?\[\[?\s{{0,2}}(?:{_BODY}|{_PLACEHOLDER})\s{{0,2}}\\?\]\]?"
    rf"|[【［〔⟦〖]\s{{0,2}}(?:{_BODY}|{_PLACEHOLDER})\s{{0,2}}[】］〕⟧〗]"
)
_ROUND = rf"[(（]\s{{0,2}}{_LABELLED_BODY}\s{{0,2}}[)）]"
_SUPERSCRIPT = r"⁽?[⁰¹²³⁴-⁹]+(?:\s?[,;⁻]\s?[⁰¹²³⁴-⁹]+)*⁾?"
_ONE = rf"(?:{_SQUARE}|{_ROUND}|{_SUPERSCRIPT})"
_SEQUENCE = rf"{_ONE}(?:\s{{0,2}}(?:(?:[,;&]|dan\b|and\b)\s{{0,2}}){{0,2}}{_ONE})*"
_WRAPPED = (
    rf"[(（]\s{{0,2}}(?:(?:lihat|see|cf\.?|vide|dari|from|sumber|sources?|refs?\.?|"
    rf"referensi|referensi)\s{{0,2}}:?\s{{0,2}})?{_SEQUENCE}\s{{0,2}}[)）]"
)
_MARKER = re.compile(rf"(?:{_WRAPPED}|{_SEQUENCE})", re.IGNORECASE | re.VERBOSE)
_ROUND_PLAIN = re.compile(
    r"[(（]\s{0,2}(\d{1,3}(?:\s{0,2}[,;&\-–]\s{0,2}\d{1,3})*)\s{0,2}[)）]"
    r"(?=\s*[.!?…]*[\"”’»]?\s*$|\s*[.!?…])"
)
# "Pasal 5 ayat (1)." is the law's own numbering.
_BEFORE_ENUMERATION = re.compile(
    r"(?:(?<!\d)\d{1,3}|ayat|angka|huruf|pasal|butir|nomor|no\.?|poin|section|paragraph|article|clause|item)"
    r"\s*$",
    re.IGNORECASE,
)
# "12 km²", "x²", "10⁶": units and powers, not footnotes. A year may carry a footnote.
_BEFORE_POWER = re.compile(
    r"(?:(?<![^\W\d_])(?:[a-zA-Z]|[mcdkhµn]m|dam|km|in|ft|yd|mi|ha|mc)"
    r"|(?<!\d)(?![12]\d{3}$)\d[\d.,]*)$"
)

_LEADS = (
    r"menurut|berdasarkan|dalam|pada|dari|di|according\ to|based\ on|in|from|as\ per|per|"
    r"(?:as|seperti|sebagaimana)\ (?:yang\ )?(?:stated|mentioned|reported|noted|described|"
    r"disebutkan|dijelaskan|dinyatakan|dilaporkan|tertulis|disebut)\ (?:in|by|dalam|di|oleh|pada)"
)
_BARE_LABEL = r"(?:sources?|sumber|passages?|kutipan|excerpts?|konteks|contexts?)\s{1,2}\d+"
_LEAD_IN = re.compile(
    rf"(?P<comma>,\s{{0,2}})?\b(?:{_LEADS})\s{{1,2}}(?:the\s{{1,2}})?(?:(?:{_LABEL_WORDS})\s{{1,2}})?"
    rf"(?P<seq>{_SEQUENCE})(?P<after>\s{{0,2}},)?"
    rf"|(?P<comma2>,\s{{0,2}})?\b(?:menurut|berdasarkan|according\ to|based\ on)\s{{1,2}}"
    rf"(?P<seq2>{_BARE_LABEL})(?P<after2>\s{{0,2}},)?",
    re.IGNORECASE | re.VERBOSE,
)
_SAYS_THAT = re.compile(
    r"\s{0,2}(?:(?:juga|also)\s)?(?:menyatakan|menyebutkan|melaporkan|mengatakan|menjelaskan|menulis|"
    r"states?|says?|reports?|notes?|mentions?|explains?)\s(?:bahwa|that)\s",
    re.IGNORECASE,
)
_INNER = re.compile(
    rf"(?P<first>{_ITEM})(?:\s{{0,2}}{_RANGE_SIGN}\s{{0,2}}(?P<last>{_ITEM}))?",
    re.IGNORECASE | re.VERBOSE,
)
_ONE_OF_SEQUENCE = re.compile(rf"{_ONE}|{_BARE_LABEL}", re.IGNORECASE | re.VERBOSE)
_FIRST_NUMBER = re.compile(r"-?\d+")

_FENCE = re.compile(r"\s*(?:```|~~~)[\w+-]*\s*$")
_LIST_SIGN = re.compile(r"\s*(?:>\s?)*(?:#{1,6}\s+|(?:[-*+•◦▪‣–]|\d{1,2}[.)])\s+)?")
_EMPHASIS = re.compile(r"\*\*|(?<!\w)__|__(?!\w)|(?<![\w*])\*(?=\S)|(?<=[^\s*])\*(?![\w*])")
_CUT_SHORT = re.compile(r"\s*[\[【][\s\d,;\-–]*$")
_URL = r"(?:<[^<>\n]*>|[^()\s]*(?:\([^()\s]*\)[^()\s]*)*)"
_LINK = re.compile(rf"!?\[([^\[\]\n]*|\[[^\[\]\n]*\])\]\(\s*{_URL}(?:\s+[\"'(][^)\n]*)?\s*\)")
_TAGGED = re.compile(
    rf"<(sup|cite|ref)\b[^<>\n]{{0,60}}>\s*\[?({_BODY})\]?\s*</\1>", re.IGNORECASE | re.VERBOSE
)
_BODY_ONLY = re.compile(rf"\[?\s*(?:{_BODY})\s*\]?", re.IGNORECASE | re.VERBOSE)

_BIBLIOGRAPHY_WORDS = (
    r"references?|referensi|bibliography|bibliografi|daftar\s+(?:pustaka|rujukan|sumber|referensi)|"
    r"sumber(?:-sumber)?|sources?|rujukan|footnotes?|catatan\s+kaki|citations?|sitasi|works\s+cited|"
    r"kutipan"
)
_BIBLIOGRAPHY_HEADING = re.compile(
    rf"\s*[#>*_\s]*(?:{_BIBLIOGRAPHY_WORDS})\s*[*_]*\s*(?::[*_]*\s*$|$|:[*_]*\s*(?={_SQUARE}|"
    rf"{_BARE_LABEL}))",
    re.IGNORECASE,
)
_ENTRY = re.compile(
    rf"\s*(?:[-*•+]\s+|\d{{1,3}}[.)]\s+|{_SQUARE}|{_SUPERSCRIPT}|{_BARE_LABEL}|\(\d+\)\s|https?://)",
    re.IGNORECASE | re.VERBOSE,
)
# "[1]: Title" and "[^1]: Title" define a footnote; "[name]: http://…" a link.
_DEFINITION = re.compile(
    rf"\s*(?:{_SQUARE})\s?:(?:\s|$)|\s{{0,3}}\[[^\]\n]{{1,80}}\]:\s*(?:<|\w+:|//|\.?/)",
    re.IGNORECASE | re.VERBOSE,
)


def _dropped_line(raw: str, bibliography: bool) -> bool:
    return bool(_DEFINITION.match(raw) or (bibliography and _ENTRY.match(raw)))


def _open_bracket(raw: str) -> bool:
    """Whether a marker or link may still be being written at the end of `raw`."""
    tail = raw[-_BRACKET_REACH:]
    return any(
        tail.rfind(opening) > tail.rfind(closing) for opening, closing in ("[]", "【】", "()")
    )


_Value = TypeVar("_Value")


def _once(values: Iterable[_Value]) -> tuple[_Value, ...]:
    return tuple(dict.fromkeys(values))


@dataclass(slots=True)
class _Traced:
    """Text that remembers, per character, where in the raw line it came from."""

    text: str = ""
    origin: list[int] = field(default_factory=list)

    def replace(
        self, pattern: re.Pattern[str], keep: Callable[[re.Match[str]], list[tuple[int, int] | str]]
    ) -> None:
        """Replace each match by pieces: spans of the text, or literal characters."""
        if not pattern.search(self.text):
            return
        built = _Traced()
        at = 0
        for match in pattern.finditer(self.text):
            built.copy(self, at, match.start())
            for piece in keep(match):
                if isinstance(piece, str):
                    built.write(piece, self.origin[match.start()])
                else:
                    built.copy(self, *piece)
            at = match.end()
        built.copy(self, at, len(self.text))
        self.text, self.origin = built.text, built.origin

    def copy(self, other: _Traced, start: int, end: int) -> None:
        """Append a span of another traced text."""
        self.text += other.text[start:end]
        self.origin += other.origin[start:end]

    def write(self, text: str, origin: int) -> None:
        """Append characters that stand in the raw text's place `origin`."""
        self.text += text
        self.origin += [origin] * len(text)

    def drop_tail(self, length: int) -> None:
        """Remove the last `length` characters."""
        if length:
            self.text = self.text[:-length]
            del self.origin[-length:]

    def rstrip(self) -> None:
        """Remove the blanks at the end."""
        self.drop_tail(len(self.text) - len(self.text.rstrip()))


@dataclass(frozen=True, slots=True)
class _Found:
    """A place in the undecorated line where markers stand."""

    start: int
    end: int
    marker: str
    lead_in: re.Match[str] | None = None


@dataclass(frozen=True, slots=True)
class _Mark:
    """Markers taken out at one place: `at` in the clean text, `raw` where they stood."""

    at: int
    raw: int
    forward: bool
    numbers: tuple[int, ...]
    unknown: tuple[str, ...]


class _Line:
    """One line of a reply (or what is known of it so far), read.

    `fresh`: `raw` begins at the line's start. `prefixed`: this line writes each marker
    before its sentence ("[1] Kim … [2] Putin …"). `final`: nothing follows.
    """

    def __init__(
        self, raw: str, *, passages: int, fresh: bool, prefixed: bool, final: bool = False
    ) -> None:
        self._passages = passages
        self._fresh = fresh
        self._clean = _Traced()
        self.prefixed = prefixed
        self.marks: list[_Mark] = []
        source = _undecorated(raw, fresh=fresh)
        self._extract(source, self._find(source.text, final=final), end=len(raw))
        self.spans = [
            (span.start, span.end)
            for span in sentence_spans(self._clean.text)
            if any(char.isalnum() for char in self._clean.text[span.start : span.end])
        ]

    def words_after(self, index: int) -> int:
        """How many words follow the sentence `index`; -1: how many the line has."""
        at = 0 if index < 0 else self.spans[index][1]
        return len(self._clean.text[at:].split())

    def cut(self, index: int) -> int:
        """Where in the raw line the sentence `index` begins, its forward markers included."""
        start = self.spans[index][0]
        previous = self.spans[index - 1][1]
        return min(
            [self._clean.origin[start]]
            + [mark.raw for mark in self.marks if mark.forward and previous <= mark.at <= start]
        )

    def sentence(self, index: int) -> MarkedSentence:
        """The sentence `index` with its markers."""
        start, end = self.spans[index]
        marks = [mark for mark in self.marks if self._owner(mark) == index]
        return MarkedSentence(
            text=neutralise(self._clean.text[start:end]),
            markers=_once(number for mark in marks for number in mark.numbers),
            unknown=_once(strange for mark in marks for strange in mark.unknown),
            new_line=self._fresh and index == 0,
        )

    def _owner(self, mark: _Mark) -> int:
        if mark.forward:
            return next(
                (index for index, (_, end) in enumerate(self.spans) if mark.at < end),
                len(self.spans) - 1,
            )
        return max(
            (index for index, (start, _) in enumerate(self.spans) if start < mark.at), default=0
        )

    def _find(self, source: str, *, final: bool) -> list[_Found]:
        """Every place with markers, in order, none overlapping."""
        found = [
            _Found(match.start(), match.end(), match["seq"] or match["seq2"], match)
            for match in _LEAD_IN.finditer(source)
        ]
        found += [
            _Found(match.start(), match.end(), match[0])
            for match in _MARKER.finditer(source)
            if not (
                (match[0][0] in _SUPERSCRIPTS and _BEFORE_POWER.search(source[: match.start()]))
                or _is_indexing(source, match.start())
            )
        ]
        found += [
            _Found(match.start(), match.end(), f"[{match[1]}]")
            for match in _ROUND_PLAIN.finditer(source)
            if all(1 <= int(number) <= self._passages for number in re.findall(r"\d+", match[1]))
            and not _BEFORE_ENUMERATION.search(source[: match.start()])
        ]
        cut_short = _CUT_SHORT.search(source) if final else None
        if cut_short:  # the stream broke off inside a marker
            found.append(_Found(cut_short.start(), len(source), cut_short[0]))
        found.sort(key=lambda place: (place.start, -place.end))
        kept: list[_Found] = []
        for place in found:
            if not kept or place.start >= kept[-1].end:
                kept.append(place)
        return kept

    def _extract(self, source: _Traced, found: list[_Found], *, end: int) -> None:
        """Copy the line without its markers, noting where each one stood."""
        clean = self._clean
        at = 0
        for place in found:
            clean.copy(source, at, place.start)
            starts_line = not clean.text.strip()
            at = place.end
            if place.lead_in:
                groups = place.lead_in
                if (groups["comma"] or groups["comma2"]) and (groups["after"] or groups["after2"]):
                    clean.write(",", source.origin[place.start])
            elif starts_line:
                says = _SAYS_THAT.match(source.text, at)
                at = says.end() if says else at
                self.prefixed = self.prefixed or self._fresh
            at = _close_gap(clean, source.text, at)
            boundary = clean.text[-1:] in _CLOSERS
            numbers, unknown = self._read(place.marker)
            forward = place.lead_in is not None or starts_line or (boundary and self.prefixed)
            self.marks.append(
                _Mark(
                    at=len(clean.text),
                    raw=source.origin[place.start] if place.start < len(source.origin) else end,
                    forward=forward,
                    numbers=numbers,
                    unknown=unknown,
                )
            )
            at = _resume(clean, source, at, capitalise=forward)
        clean.copy(source, at, len(source.text))

    def _read(self, marker: str) -> tuple[tuple[int, ...], tuple[str, ...]]:
        """The passage numbers in a sequence of markers, and the markers that name none."""
        numbers: list[int] = []
        unknown: list[str] = []
        for one in _ONE_OF_SEQUENCE.findall(marker) or [marker]:
            known, strange = self._read_one(one)
            numbers += known
            if strange:
                unknown.append(one.strip())
        return _once(numbers), _once(unknown)

    def _read_one(self, one: str) -> tuple[list[int], bool]:
        if one[0] in _SUPERSCRIPTS:
            one = "".join(_PLAIN_DIGIT.get(char, char) for char in one).replace("⁻", "-")
            if one.isdigit() and len(one) <= 4 and _number(one) > self._passages:
                # "¹²" over five passages is [1][2], not [12].
                digits = [int(char) for char in one]
                if all(1 <= digit <= self._passages for digit in digits):
                    return digits, False
        known: list[int] = []
        parts = list(_INNER.finditer(one))
        strange = not parts
        for part in parts:
            first = _number(part["first"])
            last = _number(part["last"]) if part["last"] else first
            first, last = min(first, last), max(first, last)
            strange = strange or first < 1 or last > self._passages
            # Clamped before it is unrolled: "[1-999999999]" costs nothing.
            known += range(max(first, 1), min(last, self._passages) + 1)
        return known, strange


_SUPERSCRIPTS = "⁽⁰¹²³⁴⁵⁶⁷⁸⁹"
_PLAIN_DIGIT = {char: str(digit) for digit, char in enumerate(_SUPERSCRIPTS[1:])} | {
    "⁽": "",
    "⁾": "",
}
_CLOSERS = tuple('.!?…:"”’»')


def _undecorated(raw: str, *, fresh: bool) -> _Traced:
    """The line without links, emphasis and (at its start) list signs."""
    traced = _Traced(raw, list(range(len(raw))))
    for _ in range(3):  # an image inside a link inside brackets; nothing nests deeper
        if "](" in traced.text:
            traced.replace(_LINK, _link_text)
    if "</" in traced.text:
        traced.replace(_TAGGED, lambda match: ["[", match.span(2), "]"])
    if "*" in traced.text or "_" in traced.text:
        traced.replace(_EMPHASIS, lambda _: [])
    if fresh:
        sign = _LIST_SIGN.match(traced.text)
        if sign and sign.end():
            traced = _Traced(traced.text[sign.end() :], traced.origin[sign.end() :])
    return traced


def _link_text(match: re.Match[str]) -> list[tuple[int, int] | str]:
    if not match[0].startswith("!") and _BODY_ONLY.fullmatch(match[1]):
        return ["[", match.span(1), "]"]  # "[1](http://…)" is a marker
    return [match.span(1)]


def _close_gap(clean: _Traced, source: str, at: int) -> int:
    """Take the blanks before a marker with it, and a pair of signs that is left empty."""
    while True:
        clean.rstrip()
        before, after = clean.text[-1:], source[at : at + 1]
        if before in (".", "!", "?", "…") and after == ".":
            return at + 1  # "sentence. [1]."
        if before + after not in ("()", "（）", "``"):
            return at
        clean.drop_tail(1)
        at += 1


def _resume(clean: _Traced, source: _Traced, at: int, *, capitalise: bool) -> int:
    """Make the text after a marker join the text before it; where to copy on from."""
    starts = not clean.text or clean.text.endswith((".", "!", "?", "…"))
    if capitalise and starts:
        # "According to [1], kim" and "[1] says that kim": the sentence starts here.
        while source.text[at : at + 1].isspace():
            at += 1
        first = source.text[at : at + 1]
        if first:
            if clean.text:
                clean.write(" ", source.origin[at])
            clean.write(first.upper() if len(first.upper()) == 1 else first, source.origin[at])
            at += 1
        return at
    following = source.text[at : at + 1]
    if clean.text and following and (following.isalnum() or following in "“‘(«"):
        # The marker was all that stood between two words.
        clean.write(" ", source.origin[at])
    return at


def _number(item: str) -> int:
    """The number in one item of a marker; a huge one is only ever "too large"."""
    match = _FIRST_NUMBER.search(item)
    digits = match[0] if match else "0"
    return int(digits) if len(digits) < 10 else 10**9


def _is_indexing(source: str, at: int) -> bool:
    """Whether a bracket indexes a name in code: `rows[1]`."""
    if source[at] != "[" or source.count("`", 0, at) % 2 == 0:
        return False
    return at > 0 and (source[at - 1].isalnum() or source[at - 1] in "_])")
