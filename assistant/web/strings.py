"""The page's texts in Indonesian and English."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from assistant.types import Language, Support


@dataclass(frozen=True, slots=True)
class Strings:
    """Every text of the interface in one language. `{…}` is filled by the caller."""

    language: Language
    title: str
    tagline: str
    chat_tab: str
    articles_tab: str
    answerer_tab: str
    question_label: str
    question_placeholder: str
    send: str
    stop: str
    clear: str
    retry: str
    edit: str
    copy: str
    copied: str
    export_markdown: str
    export_json: str
    interface_language: str
    theme: str
    welcome: str
    try_asking: str
    you: str
    searching: str
    writing: str
    draft_note: str
    finished: str
    stopped: str
    interrupted: str
    searched: str
    short_answer: str
    not_found: str
    nearest: str
    read_article: str
    references: str
    support: Mapping[Support, str]
    support_help: Mapping[Support, str]
    legend: str
    engine_extractive: str
    engine_generative: str
    engine_note: str
    unknown_markers: str
    took: str
    evidence: str
    evidence_empty: str
    evidence_found: str
    back_to_list: str
    back_to_answer: str
    close: str
    score: str
    date_unknown: str
    line: str
    cites: str
    go_to_reference: str
    go_to_sentence: str
    article_gone: str
    article_changed: str
    article_truncated: str
    earlier: str
    later: str
    articles_heading: str
    articles_count: str
    articles_search: str
    articles_search_placeholder: str
    no_hits: str
    hits: str
    reader_empty: str
    column_title: str
    column_outlet: str
    column_date: str
    column_length: str
    column_passages: str
    column_state: str
    state_indexed: str
    state_uploaded: str
    state_skipped: str
    arm_lexical: str
    arm_dense: str
    arm_fused: str
    not_returned: str
    also_in: str
    upload: str
    upload_help: str
    uploaded: str
    remove: str
    removed: str
    reindex: str
    reindexed: str
    reindexing: str
    answerer: str
    answerer_help: str
    extractive: str
    test_connection: str
    testing: str
    test_ok: str
    test_failed: str
    error: str
    error_unknown: str
    editing: str
    cancel: str
    too_long: str
    example_date: str
    example_speaker: str
    example_title: str


ID = Strings(
    language="id",
    title="Tanya Artikel",
    tagline="Jawaban dari {count} artikel, setiap kalimat dengan sumbernya",
    chat_tab="Percakapan",
    articles_tab="Artikel",
    answerer_tab="Penjawab",
    question_label="Pertanyaan Anda",
    question_placeholder="Tulis pertanyaan …",
    send="Tanya",
    stop="Hentikan",
    clear="Percakapan baru",
    retry="Ulangi",
    edit="Ubah",
    copy="Salin dengan rujukan",
    copied="Tersalin",
    export_markdown="Simpan Markdown",
    export_json="Simpan JSON",
    interface_language="Bahasa antarmuka",
    theme="Terang/gelap",
    welcome="Apa yang ingin Anda ketahui?",
    try_asking="Contoh pertanyaan dari artikel di folder ini:",
    you="Anda bertanya",
    searching="Mencari di artikel …",
    writing="Menulis jawaban …",
    draft_note="belum diperiksa",
    finished="Jawaban selesai dengan {count} rujukan.",
    stopped="Dihentikan. Kalimat yang sudah diperiksa tetap berlaku.",
    interrupted="Jawaban ini terputus.",
    searched="Yang dicari:",
    short_answer="Jawaban singkat",
    not_found="Tidak ada dalam artikel-artikel ini",
    nearest="Artikel yang paling dekat:",
    read_article="Baca artikel",
    references="Rujukan",
    support={
        "quoted": "kutipan langsung",
        "supported": "didukung sumber",
        "weak": "dukungan lemah",
        "unsupported": "tidak didukung sumber",
    },
    support_help={
        "quoted": "Kalimat ini dikutip kata demi kata dari artikel.",
        "supported": "Isi kalimat ini ada dalam bagian yang dirujuk.",
        "weak": "Bagian yang dirujuk hanya mendukung sebagian kalimat ini.",
        "unsupported": "Bagian yang dirujuk tidak memuat isi kalimat ini.",
    },
    legend="Tanda pada kalimat",
    engine_extractive="Kutipan dari artikel, tanpa model bahasa",
    engine_generative="Ditulis oleh {model}, diperiksa terhadap artikel",
    engine_note="Model bahasa gagal, jadi artikel dikutip langsung.",
    unknown_markers="Model menyebut rujukan yang tidak ada; rujukan itu dihapus: {markers}",
    took="{ms} ms",
    evidence="Sumber",
    evidence_empty="Setiap angka dalam jawaban membuka artikelnya di sini, tepat pada kalimat "
    "yang dirujuk.",
    evidence_found="{count} bagian artikel ditemukan",
    back_to_list="Semua sumber",
    back_to_answer="Kembali ke jawaban",
    close="Tutup",
    score="skor",
    date_unknown="tanpa tanggal",
    line="baris {line}",
    cites="dirujuk sebagai",
    go_to_reference="Rujukan {number}: buka {title}",
    go_to_sentence="Kembali ke kalimat yang merujuk [{number}]",
    article_gone="Artikel ini tidak ada lagi di folder. Kutipan yang tersimpan:",
    article_changed="Artikel ini berubah setelah jawaban ditulis. Kutipan yang tersimpan:",
    article_truncated="Menampilkan huruf {start} sampai {end} dari {total}.",
    earlier="Bagian sebelumnya",
    later="Bagian berikutnya",
    articles_heading="Artikel di folder ini",
    articles_count="{count} artikel, {passages} bagian",
    articles_search="Cari di artikel",
    articles_search_placeholder="Kata atau pertanyaan",
    no_hits="Tidak ada bagian yang cocok.",
    hits="Hasil pencarian",
    reader_empty="Pilih sebuah artikel untuk membacanya di sini.",
    column_title="Judul",
    column_outlet="Media",
    column_date="Tanggal",
    column_length="Panjang",
    column_passages="Bagian",
    column_state="Status",
    state_indexed="terindeks",
    state_uploaded="unggahan",
    state_skipped="dilewati",
    arm_lexical="kata (BM25)",
    arm_dense="makna (kosinus)",
    arm_fused="gabungan",
    not_returned="–",
    also_in="juga dalam {files}",
    upload="Tambah artikel",
    upload_help="Berkas .txt atau .md, UTF-8, paling besar {size}.",
    uploaded="{name} ditambahkan dan sudah bisa ditanyakan.",
    remove="Hapus",
    removed="{name} dihapus; tidak akan dirujuk lagi.",
    reindex="Perbarui indeks",
    reindexed="Indeks terkini: {added} baru, {changed} berubah, {removed} hilang, "
    "{unchanged} tetap.",
    reindexing="Memperbarui indeks",
    answerer="Penjawab",
    answerer_help="Yang menulis jawaban. Sumber dan pemeriksaannya tetap sama.",
    extractive="Kutipan langsung (tanpa model)",
    test_connection="Uji koneksi",
    testing="Menguji …",
    test_ok="{name} menjawab dalam {ms} ms.",
    test_failed="{name} tidak menjawab: {reason}",
    error="Ada yang salah",
    error_unknown="Pertanyaan ini tidak dapat dijawab karena kesalahan di server.",
    editing="Pertanyaan {turn} sedang diubah; jawabannya dan yang sesudahnya akan diganti.",
    cancel="Batal",
    too_long="Pertanyaan terlalu panjang: {count} huruf, paling banyak {limit}.",
    example_date="Apa yang terjadi pada {value}?",
    example_speaker="Apa yang dikatakan {value}?",
    example_title="Apa isi artikel “{value}”?",
)

EN = Strings(
    language="en",
    title="Ask the Articles",
    tagline="Answers from {count} articles, every sentence with its source",
    chat_tab="Conversation",
    articles_tab="Articles",
    answerer_tab="Answerer",
    question_label="Your question",
    question_placeholder="Write a question …",
    send="Ask",
    stop="Stop",
    clear="New conversation",
    retry="Ask again",
    edit="Edit",
    copy="Copy with references",
    copied="Copied",
    export_markdown="Save Markdown",
    export_json="Save JSON",
    interface_language="Interface language",
    theme="Light/dark",
    welcome="What would you like to know?",
    try_asking="Questions made from the articles in this folder:",
    you="You asked",
    searching="Searching the articles …",
    writing="Writing the answer …",
    draft_note="not checked yet",
    finished="Answer finished with {count} references.",
    stopped="Stopped. The sentences already checked still stand.",
    interrupted="This answer was interrupted.",
    searched="Searched for:",
    short_answer="Short answer",
    not_found="Not in these articles",
    nearest="The nearest articles:",
    read_article="Read the article",
    references="References",
    support={
        "quoted": "quoted word for word",
        "supported": "supported by its source",
        "weak": "weakly supported",
        "unsupported": "not supported by its source",
    },
    support_help={
        "quoted": "This sentence is the article's own, word for word.",
        "supported": "What this sentence says is in the passage it cites.",
        "weak": "The passage it cites supports only a part of this sentence.",
        "unsupported": "The passage it cites does not say this.",
    },
    legend="Marks on sentences",
    engine_extractive="Quoted from the articles, no language model",
    engine_generative="Written by {model}, checked against the articles",
    engine_note="The language model failed, so the articles are quoted instead.",
    unknown_markers="The model named references that don't exist; they were removed: {markers}",
    took="{ms} ms",
    evidence="Sources",
    evidence_empty="Each number in an answer opens its article here, at the very sentence "
    "that is cited.",
    evidence_found="{count} passages found",
    back_to_list="All sources",
    back_to_answer="Back to the answer",
    close="Close",
    score="score",
    date_unknown="no date",
    line="line {line}",
    cites="cited as",
    go_to_reference="Reference {number}: open {title}",
    go_to_sentence="Back to the sentence that cites [{number}]",
    article_gone="This article is no longer in the folder. The quotation that was kept:",
    article_changed="This article has changed since the answer. The quotation that was kept:",
    article_truncated="Showing characters {start} to {end} of {total}.",
    earlier="Earlier part",
    later="Later part",
    articles_heading="Articles in this folder",
    articles_count="{count} articles, {passages} passages",
    articles_search="Search the articles",
    articles_search_placeholder="Words or a question",
    no_hits="No passage fits.",
    hits="Found",
    reader_empty="Choose an article to read it here.",
    column_title="Title",
    column_outlet="Outlet",
    column_date="Date",
    column_length="Length",
    column_passages="Passages",
    column_state="State",
    state_indexed="indexed",
    state_uploaded="uploaded",
    state_skipped="skipped",
    arm_lexical="words (BM25)",
    arm_dense="meaning (cosine)",
    arm_fused="fused",
    not_returned="–",
    also_in="also in {files}",
    upload="Add articles",
    upload_help="Files .txt or .md, UTF-8, at most {size} each.",
    uploaded="{name} was added and can be asked about now.",
    remove="Remove",
    removed="{name} was removed; it won't be cited again.",
    reindex="Refresh the index",
    reindexed="Index up to date: {added} new, {changed} changed, {removed} gone, "
    "{unchanged} the same.",
    reindexing="Refreshing the index",
    answerer="Answerer",
    answerer_help="Who writes the answers. The sources and the checks stay the same.",
    extractive="Direct quotation (no model)",
    test_connection="Test the connection",
    testing="Testing …",
    test_ok="{name} answered in {ms} ms.",
    test_failed="{name} did not answer: {reason}",
    error="Something went wrong",
    error_unknown="This question could not be answered because of an error on the server.",
    editing="Editing question {turn}; its answer and those after it will be replaced.",
    cancel="Cancel",
    too_long="The question is too long: {count} characters, at most {limit}.",
    example_date="What happened on {value}?",
    example_speaker="What did {value} say?",
    example_title="What is the article “{value}” about?",
)

STRINGS: Mapping[Language, Strings] = {"id": ID, "en": EN}


def preferred_language(accept_language: str) -> Language:
    """The interface language for an `Accept-Language` header: Indonesian or, failing it, English.

    The header lists languages best first in practice; `q` weights are honoured.
    """
    best: tuple[float, Language] = (0.0, "en")
    for part in accept_language.split(","):
        tag, _, parameters = part.strip().partition(";")
        base = tag.split("-")[0].strip().lower()
        language: Language | None = "id" if base in {"id", "in"} else "en" if base == "en" else None
        if language is None:
            continue
        try:
            weight = float(parameters.partition("q=")[2] or 1.0)
        except ValueError:
            weight = 0.0
        if weight > best[0]:
            best = (weight, language)
    return best[1]
