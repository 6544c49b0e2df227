"""How probable it is that one text follows from another, judged by its words.

A logistic model over a dozen features of a claim and the sentences it may rest on. Within a
language its weights come from IndoNLI's training pairs and from edited article sentences;
across languages only coverage by the translation table and the claim's length count, calibrated
on parallel text. The gates of `agreement` stand before it: this is only asked where no fact
disagrees.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import cache
from itertools import pairwise
from pathlib import Path
from types import MappingProxyType

from assistant.checking.wording import Wording, credit
from assistant.errors import ModelError

WEIGHTS_FILE = Path(__file__).parent.parent / "models" / "checker.json"

NEAR = 3
"""Two of the claim's words that follow each other count as kept together within this many."""

FEATURES = (
    "coverage", "coverage_squared", "coverage_around", "heaviest_missing", "missing", "in_order",
    "together", "log_length", "length_ratio", "degree_added", "opposite", "first_found",
    "last_found",
)  # fmt: skip

ACROSS_FEATURES = ("coverage", "coverage_around", "coverage_first", "log_length")

# Words that widen or narrow a claim: "semua" where the article says "banyak".
_DEGREES = frozenset(
    "semua seluruh setiap selalu hanya paling lebih kurang tiap segala seluruhnya semuanya cuma "
    "sama terbanyak terbesar tertinggi terkecil all only every always more most less least same "
    "each entire none largest highest".split()
)
_OPPOSITES = (
    "naik turun;meningkat menurun;besar kecil;tinggi rendah;panjang pendek;lama baru;tua muda;"
    "kaya miskin;banyak sedikit;lebih kurang;sebelum sesudah;sebelum setelah;pria wanita;"
    "laki perempuan;pria perempuan;awal akhir;buka tutup;masuk keluar;datang pergi;menang kalah;"
    "hidup mati;utara selatan;timur barat;kiri kanan;atas bawah;dalam luar;pertama terakhir;"
    "suka benci;senang sedih;mudah sulit;mudah sukar;cepat lambat;positif negatif;untung rugi;"
    "baik buruk;panas dingin;siang malam;jauh dekat;kuat lemah;mulai berhenti;setuju menolak;"
    "mendukung menentang;menambah mengurangi;maksimal minimal;terbesar terkecil;"
    "tertinggi terendah;ibu ayah;suami istri;membeli menjual;hitam putih;sehat sakit;"
    "sering jarang;selalu jarang;semua sebagian;aman bahaya;gagal berhasil;sukses gagal;"
    "mahal murah;ramai sepi;terang gelap;pagi sore;swasta negeri;lokal asing;sama berbeda;"
    "impor ekspor;penjual pembeli;guru murid;korban pelaku;"
    "rise fall;rose fell;increase decrease;increased decreased;big small;large small;high low;"
    "long short;old new;old young;rich poor;many few;more less;before after;man woman;men women;"
    "early late;open close;win lose;won lost;alive dead;north south;east west;left right;"
    "first last;easy difficult;fast slow;positive negative;good bad;hot cold;strong weak;"
    "start stop;support oppose;accept reject;buy sell;father mother;husband wife;import export;"
    "always never;all some;cheap expensive;success failure;gain loss"
)


def _opposites() -> Mapping[str, frozenset[str]]:
    found: dict[str, set[str]] = {}
    for pair in _OPPOSITES.split(";"):
        one, other = pair.split()
        found.setdefault(one, set()).add(other)
        found.setdefault(other, set()).add(one)
    return MappingProxyType({word: frozenset(others) for word, others in found.items()})


_OPPOSITE = _opposites()


@dataclass(frozen=True, slots=True)
class Coverage:
    """The weighted share of the claim's words that were found, [0, 1], and what wasn't found
    in full: (token index, weight)."""

    share: float
    missing: tuple[tuple[int, float], ...]


def coverage(claim: Wording, readings: Sequence[Wording]) -> Coverage:
    """How much of the claim the readings together contain."""
    total = found = 0.0
    missing: list[tuple[int, float]] = []
    for index, weight in claim.content:
        total += weight
        got = max(credit(claim, index, reading) for reading in readings)
        found += got * weight
        if got < 1.0:
            missing.append((index, weight))
    return Coverage(found / total if total else 0.0, tuple(missing))


@dataclass(frozen=True, slots=True)
class Weights:
    """A logistic model: intercept, and a weight for each named feature."""

    intercept: float
    weights: tuple[float, ...]

    def probability(self, features: Sequence[float]) -> float:
        """In (0, 1)."""
        total = self.intercept + math.fsum(
            weight * value for weight, value in zip(self.weights, features, strict=True)
        )
        return 1.0 / (1.0 + math.exp(-max(-30.0, min(30.0, total))))


@dataclass(frozen=True, slots=True)
class Models:
    """The model within one language, and the one across two (of coverage and length)."""

    within: Weights
    across: Weights


@cache
def bundled_models() -> Models:
    """The weights that come with the package."""
    try:
        stored = json.loads(WEIGHTS_FILE.read_text("utf-8"))
        within = stored["within"]
        across = stored["across"]
        return Models(
            Weights(within["intercept"], tuple(within["weights"][name] for name in FEATURES)),
            Weights(across["intercept"], tuple(across["weights"][n] for n in ACROSS_FEATURES)),
        )
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise ModelError(
            f"the checker's weights can't be read from {WEIGHTS_FILE.name}: {error}",
            hint="reinstall assistant, or fit them again: python -m assistant.training.checker",
        ) from error


def support(claim: Wording, readings: Sequence[Wording], around: Sequence[Wording]) -> float:
    """Probability that the claim follows from `readings`, [0, 1], no fact disagreeing.

    Within a language it is never more than the share of the claim that is found there.
    """
    models = bundled_models()
    if any(reading.language != claim.language for reading in readings):
        return models.across.probability(across_features(claim, readings, around))
    values = features(claim, readings, around)
    return min(values[FEATURES.index("coverage_around")], models.within.probability(values))


def across_features(
    claim: Wording, readings: Sequence[Wording], around: Sequence[Wording]
) -> tuple[float, ...]:
    """The values of `ACROSS_FEATURES`, in that order."""
    there = _credits(claim, readings)
    near = _credits(claim, [*readings, *around])
    return (
        _share(there),
        _share(near) - _share(there),
        _share(_credits(claim, readings[:1])),
        math.log(len(there)),
    )


def _credits(claim: Wording, readings: Sequence[Wording]) -> list[tuple[float, float]]:
    """For each different word of the claim how far it is found, and its weight.

    A word said twice ("North Korea … in North Korea") counts once.
    """
    different = {claim.stems[index]: (index, weight) for index, weight in reversed(claim.content)}
    return [
        (max(credit(claim, index, reading) for reading in readings), weight)
        for index, weight in sorted(different.values())
    ]


def _share(found: Sequence[tuple[float, float]]) -> float:
    total = sum(weight for _, weight in found)
    return sum(got * weight for got, weight in found) / total if total else 1.0


def features(
    claim: Wording, readings: Sequence[Wording], around: Sequence[Wording]
) -> tuple[float, ...]:
    """The values of `FEATURES`, in that order."""
    found = coverage(claim, readings)
    lost = [
        weight * (1.0 - max(credit(claim, index, reading) for reading in readings))
        for index, weight in found.missing
    ]
    ours = list(claim.stems)
    theirs = [stem for reading in readings for stem in reading.stems]
    blocks = SequenceMatcher(None, ours, theirs, autojunk=False).get_matching_blocks()
    surfaces = frozenset[str]().union(*(reading.surfaces for reading in readings))
    new = [token.text for token in claim.tokens if token.text not in surfaces]
    first, last = claim.content[0][0], claim.content[-1][0]
    return (
        found.share,
        found.share**2,
        found.share + _extra(claim, found, readings, around),
        max(lost, default=0.0),
        min(sum(lost), 6.0) / 6.0,
        sum(block.size for block in blocks) / max(1, len(ours)),
        _kept_together(claim, readings),
        math.log(len(claim.content)),
        min(3.0, len(ours) / max(1, len(theirs))),
        float(min(2, sum(word in _DEGREES for word in new))),
        float(min(2, sum(bool(_OPPOSITE.get(word, frozenset()) & surfaces) for word in new))),
        max(credit(claim, first, reading) for reading in readings),
        max(credit(claim, last, reading) for reading in readings),
    )


def _extra(
    claim: Wording, found: Coverage, readings: Sequence[Wording], around: Sequence[Wording]
) -> float:
    """The further share of the claim that only the surroundings contain."""
    total = sum(weight for _, weight in claim.content)
    extra = 0.0
    for index, weight in found.missing:
        near = max((credit(claim, index, reading) for reading in around), default=0.0)
        here = max(credit(claim, index, reading) for reading in readings)
        extra += max(0.0, near - here) * weight
    return extra / total if total else 0.0


def _kept_together(claim: Wording, readings: Sequence[Wording]) -> float:
    """The share of the claim's neighbouring content words that are near each other there."""
    near: set[tuple[str, str]] = set()
    for reading in readings:
        content = [reading.stems[index] for index, _ in reading.content]
        for at, word in enumerate(content):
            for other in content[at + 1 : at + 1 + NEAR]:
                near.add((word, other))
                near.add((other, word))
    ours = [claim.stems[index] for index, _ in claim.content]
    return sum(pair in near for pair in pairwise(ours)) / max(1, len(ours) - 1)
