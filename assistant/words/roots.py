"""Indonesian roots that Snowball's stemmer cuts short, put right by a list of known words.

The nasal prefixes men-, pen-, meng-, peng- swallow the t or k that a root begins with (tolak,
menolak; kirim, mengirim). Snowball puts p and s back but not these two, so that a question
with "dikirim" misses an article with "mengirimkan". The letter is put back where that makes
a known word: the recoding step of Nazief and Adriani (1996), without their dictionary.
"""

from __future__ import annotations

from assistant.words.common_words import common_words

# Longer prefixes first: "mengambil" is meng-ambil, not men-gambil.
_SWALLOWED = {"meng": "k", "peng": "k", "men": "t", "pen": "t"}
_VOWELS = frozenset("aeiou")
_STUMP = 3
"""Letters of a stem that is nearly always a word cut in its middle (terima: ima)."""


def root(word: str, stem: str) -> str:
    """The root of a lower-case Indonesian word whose Snowball stem is `stem`."""
    known = common_words()
    if stem in known or not stem:
        return stem
    prefix = next((prefix for prefix in _SWALLOWED if word.startswith(prefix)), None)
    if prefix and stem[0] in _VOWELS and _SWALLOWED[prefix] + stem in known:
        return _SWALLOWED[prefix] + stem
    if stem.startswith(("ber", "ter")) and word[3:] in known:  # bertemu: berte
        return word[3:]
    return word if len(stem) <= _STUMP and word in known else stem
