"""Sentences of an article that speak to a language model instead of to a reader.

What such a sentence says is no evidence: a model that obeyed it would otherwise find its
words "in the articles". Only forms that no news article needs are recognised; one that is
missed is still data, fenced and attributed like any other.
"""

from __future__ import annotations

import re
import unicodedata

from assistant.types import Evidence, SentenceSpan

_RULES_ID = r"(?:instruksi|perintah|aturan|petunjuk|arahan|prompt|pesan\s+sistem|kutipan|artikel)"
_RULES_EN = (
    r"(?:instructions?|rules?|prompts?|directions?|guidelines?|messages?|passages?|articles?|text)"
)
_MODEL = (
    r"(?:asisten|assistant|chatbot|AI|model(?:\s+bahasa)?|language\s+model|LLM|"
    r"kecerdasan\s+buatan|bot|GPT)"
)
_WRITE_ID = (
    r"(?:tulis(?:kan)?|jawab(?:lah)?|balas(?:lah)?|katakan(?:lah)?|sertakan|tampilkan|cetak|"
    r"keluarkan|ucapkan|tambahkan|sebutkan|kirim(?:kan)?|akhiri|mulai(?:lah)?|gunakan|ganti|"
    r"bocorkan|ulangi|hapus|terjemahkan)"
)
_WRITE_EN = (
    r"(?:write|answer|reply|respond|say|print|output|include|append|add|repeat|reveal|show|"
    r"send|end|begin|start|use|replace|translate|render|return|cite|insert)"
)

_ORDERS = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        rf"\b(?:abaikan|lupakan|hiraukan|jangan\s+(?:ikuti|patuhi|pedulikan))\b.{{0,60}}\b{_RULES_ID}",
        rf"\b(?:ignore|disregard|forget|override|bypass)\b.{{0,60}}\b{_RULES_EN}\b",
        r"\bignore\b.{0,20}\b(?:the\s+)?(?:above|previous|everything)\b",
        # A turn of a conversation that isn't one.
        r"(?:^|[\n>›|\]\)#*])\s*(?:system|assistant|user|human|sistem|asisten|pengguna|developer)"
        r"\s*(?::|›|\||>|\])",
        r"(?:<|‹)\|?\s*(?:im_start|im_end|system|assistant|user|start_of_turn|end_of_turn)",
        r"\[/?INST\]|\(/?INST\)|<<SYS>>|BEGIN\s+(?:SYSTEM|PROMPT)|END\s+OF\s+(?:PASSAGES?|CONTEXT)",
        rf"\b(?:kamu|anda|engkau)\s+(?:sekarang\s+)?(?:adalah|harus|wajib|kini)\b.{{0,40}}\b{_MODEL}\b",
        rf"\byou\s+are\s+(?:now\b|an?\s+(?:\w+\s+){{0,2}}{_MODEL}\b)",
        r"\byou\s+(?:must|will|should|shall)\s+(?:now\s+)?(?:act|respond|answer|obey|reply|say|write|"
        r"output|ignore)\b",
        r"\b(?:asisten|assistant|chatbot|(?:language\s+)?model|LLM|GPT)\b[^.]{0,12}\b(?:harus|wajib|"
        r"diminta|must|should|shall|is\s+required\s+to)\s+(?:menjawab|menulis|mengabaikan|"
        r"menyertakan|answer|write|ignore|include|say|reply|respond|cite|output)",
        rf"\b(?:kepada|untuk|to|dear|attention|perhatian)[,:]?\s+(?:para\s+|semua\s+|all\s+|the\s+)?"
        rf"{_MODEL}\s*[:,]",
        # An order to write something, at the start of a sentence or after a comma.
        rf"(?:^|[,;:–—.(\"“]\s*|\b(?:harap|mohon|tolong|silakan|cukup|selalu)\s+){_WRITE_ID}\b\s*"
        rf"(?:saja|hanya|dengan|kata|kalimat|teks|tautan|gambar|persis|semua|seluruh|setiap|"
        rf"jawaban|pertanyaan|rahasia|bahwa|[:\"“'‘!\[])",
        rf"(?:^|[,;:–—.(\"“]\s*|\b(?:please|just|always|now|then|simply)\s+){_WRITE_EN}\b\s*"
        rf"(?:only|just|with|the\s+(?:word|words|text|following|question|system|user|answer|link|"
        rf"image|token)|this|exactly|a\s+(?:link|markdown)|[:\"“'‘!\[])",
        r"\b(?:new|instruksi\s+baru|updated)\s*(?:instructions?|rules?|aturan)?\s*:",
        r"\b(?:system\s+prompt|prompt\s+sistem)\b",
    )
)


def is_order(text: str) -> bool:
    """Whether a sentence of an article tells a model what to do."""
    visible = "".join(char for char in text if unicodedata.category(char) != "Cf")
    plain = " ".join(visible.split())
    return any(pattern.search(plain) for pattern in _ORDERS)


def is_tainted(evidence: Evidence) -> bool:
    """Whether a span is an order, or follows one in its passage.

    What a hostile article wants to be said often stands in a line of its own, after the
    order or after the sign of a false turn.
    """
    passage = evidence.passage
    spans = passage.sentences or (SentenceSpan(passage.start, passage.end),)
    return any(
        is_order(passage.quote(span.start, span.end)) for span in spans if span.start < evidence.end
    )
