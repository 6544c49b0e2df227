"""The reader's word pieces, Indonesian and English, and the vectors they start from.

MiniLM knows English pieces only. A vocabulary learnt on both languages takes its vectors from
MiniLM where it has the piece, and an Indonesian word's from the English words it was aligned
with (the idea of WECHSEL, Minixhofer et al. 2022, with word alignments for bilingual vectors).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from tokenizers import Tokenizer, decoders, models, normalizers, pre_tokenizers, trainers

from assistant.training.data import TrainingData
from assistant.training.translations import Links

PIECES = 24_000
"""Word pieces in all: with 384 bytes each, 9 MB of the model."""

SPECIAL = ("[PAD]", "[UNK]", "[CLS]", "[SEP]")
_LEAST_LINKS = 1.0

Vectors = NDArray[np.float32]


def learn(data: TrainingData) -> Tokenizer:
    """WordPiece over all training texts, lower-cased."""
    tokenizer = Tokenizer(models.WordPiece(unk_token="[UNK]", max_input_chars_per_word=40))
    tokenizer.normalizer = normalizers.BertNormalizer(lowercase=True, strip_accents=True)
    tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    tokenizer.decoder = decoders.WordPiece()
    trainer = trainers.WordPieceTrainer(
        vocab_size=PIECES,
        special_tokens=list(SPECIAL),
        limit_alphabet=400,
        show_progress=False,
    )
    tokenizer.train_from_iterator([*data.english(), *data.indonesian()], trainer)
    return tokenizer


def start_vectors(
    tokenizer: Tokenizer, data: TrainingData, links: Links, folder: Path, known: Vectors
) -> Vectors:
    """One start vector per piece; `known` is MiniLM's table, `folder` holds its tokenizer."""
    theirs = Tokenizer.from_file(str(folder / "tokenizer.json"))
    theirs.no_truncation()
    theirs.no_padding()
    english = _counted(tokenizer, data.english())
    indonesian = _counted(tokenizer, data.indonesian())
    translated = _translated(theirs, links, known)
    middle = known[999:].mean(axis=0)
    out = np.empty((tokenizer.get_vocab_size(), known.shape[1]), dtype=np.float32)
    for piece, at in tokenizer.get_vocab().items():
        number = theirs.token_to_id(piece)
        foreign = indonesian[piece] > english[piece]
        if foreign and piece in translated:
            out[at] = translated[piece]
        elif number is not None:
            out[at] = known[number]
        elif piece in translated:
            out[at] = translated[piece]
        else:
            out[at] = _spelt(theirs, piece, known, middle)
    return out


def _counted(tokenizer: Tokenizer, texts: Iterable[str]) -> Counter[str]:
    found: Counter[str] = Counter()
    for encoded in tokenizer.encode_batch(list(texts)):
        found.update(encoded.tokens)
    return found


def _translated(theirs: Tokenizer, links: Links, known: Vectors) -> Mapping[str, Vectors]:
    """Indonesian words at the mean of the English words they were linked to."""
    sums: dict[str, Vectors] = {}
    counts: dict[str, float] = {}
    vectors: dict[str, Vectors] = {}
    for (en, indonesian), count in links.items():
        if en not in vectors:
            ids = theirs.encode(en, add_special_tokens=False).ids
            vectors[en] = known[ids].mean(axis=0)
        added = sums.get(indonesian)
        weighted = np.float32(count) * vectors[en]
        sums[indonesian] = weighted if added is None else added + weighted
        counts[indonesian] = counts.get(indonesian, 0.0) + count
    return {w: v / np.float32(counts[w]) for w, v in sums.items() if counts[w] >= _LEAST_LINKS}


def _spelt(theirs: Tokenizer, piece: str, known: Vectors, middle: Vectors) -> Vectors:
    inner = piece.startswith("##")
    ids = theirs.encode(piece.removeprefix("##"), add_special_tokens=False).ids
    if inner and ids:
        continued = theirs.token_to_id(f"##{theirs.id_to_token(ids[0])}")
        ids = [ids[0] if continued is None else continued, *ids[1:]]
    return known[ids].mean(axis=0) if ids else middle
