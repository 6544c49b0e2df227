"""Page furniture: lines that belong to the page an article stood on, not to the article.

Each pattern describes a whole line or its beginning, in Indonesian or English, and says
nothing about any one site unless the site's own phrase is the only sign. A line is judged
alone here; what its neighbours make of it (a list under "Topik:", a name under a reading
time) is decided in `structure`.

The phrase lists are regular expressions, one alternative to a line; a line indented deeper
goes on with the one above.
"""

from __future__ import annotations

import re
from enum import StrEnum


class Mark(StrEnum):
    """What a line of furniture is, as far as it matters for the lines after it."""

    ALONE = "alone"  # nothing follows from it
    LINK = "link"  # a cross-link's label, whose link stands on the next line
    SHARE = "share"  # a share button: at the end, what follows without a sentence is furniture
    END = "end"  # the article is over: at the end, what follows is furniture
    INSET = "inset"  # the label of a box of links: like LINK, and like SHARE at the end
    AUTHOR = "author"  # a writer's badge: the lines under it describe the writer
    CAPTION = "caption"  # a picture's credit, with or without its caption


# A line longer than this is body text, whatever it begins with: boilerplate is shorter.
LONGEST = 400
_LONGEST_CAPTION = 300

_WHOLE_ALONE = r"""
    advertisements?
    advertorial
    iklan
    sponsored(?: content)?
    promoted
    konten (?:ini )?bersponsor
    skip (?:ads?|to (?:main )?content)
    (?:advertisement *)?scroll to continue(?: with content| reading)?
    (?:advertisement *)?scroll (?:untuk|ke bawah untuk) (?:lanjut
        |melanjutkan)(?: (?:mem)?baca)?
    (?:story|article) continues (?:below|after)(?: (?:this )?advertisement)?
    continue reading(?: (?:below|the main story))?
    artikel (?:ini )?berlanjut setelah iklan
    (?:ber)?lanjut(?:kan)?(?: membaca)? (?:ke|di) halaman.{0,30}
    halaman (?:selanjutnya|berikutnya|\d+)
    next page
    load more
    (?:baca|lihat|tampilkan|show|read|view|see) (?:semua|selengkapnya|all|full article)
    selengkapnya
    \[?gambas:.{1,60}\]?
    \d{1,3}\+?[ -](?:min|mins|minute|minutes|menit) *(?:read|reads|baca|membaca|dibaca
        |waktu baca)
    (?:waktu (?:mem)?baca|reading time|read time
        |estimasi (?:waktu )?baca) *[:：]? *[~±]?\d{1,3} (?:min|mins|minutes?|menit)
    (?:diperbarui )?\d{1,2} (?:detik|menit|jam|hari|minggu|bulan|tahun) (?:yang )?lalu
    (?:(?:updated|published|posted) )?(?:\d{1,2}|an?) (?:second|minute|min|hour|day|week|month
        |year)s? ago
    copy link
    salin (?:tautan|link)
    link copied
    tautan (?:telah )?disalin
    (?:(?:facebook|twitter|x|whatsapp|telegram|line|linkedin|email|e-mail|print|cetak
        |instagram|youtube|tiktok|pinterest|tweet|threads)(?:[ |/,·•]+|$)){1,12}
    dengarkan (?:artikel|berita)(?: ini)?
    listen to (?:this )?(?:article|story)
    simpan (?:artikel|berita)(?: ini)?
    save (?:this )?(?:article|story)
    skip advertisement
    tutup iklan
    (?:-\s*)?advertisement(?:\s*-)?
"""

_WHOLE_SHARE = r"""
    share(?: (?:this|the))?(?: (?:article|story|post|page|news|on|via|to|it))?
    share this ?[:：].{0,60}
    (?:bagikan|sebarkan|share)(?: (?:artikel|berita|tulisan|konten|halaman))?(?: (?:ini|ke|di
        |via|melalui|kepada teman))* ?[:：]?
    like this
    like loading\.*
    loading\.*
"""

# Boxes of links that stand inside articles as well as after them.
_WHOLE_INSET = r"""
    (?:berita|artikel|topik|video|foto|konten|tulisan|cerita|kabar) (?:terkait|pilihan
        |rekomendasi)(?: (?:lainnya|hari ini|untuk anda))?
    (?:terkait|rekomendasi(?: untuk anda)?|pilihan (?:editor|redaksi)|jangan lewatkan)
    (?:related|recommended|similar) (?:articles?|stories|story|posts?|news|topics?|coverage
        |reading|videos?)(?: for you)?
    recommended(?: for you)?
    you (?:may|might)(?: also)? (?:like|enjoy|be interested in)
    editors?['’]?s?['’]? (?:picks?|choice)
"""

_WHOLE_END = r"""
    (?:berita|artikel|topik|video|foto|konten|tulisan|cerita|kabar) (?:terkini|terbaru
        |terpopuler|populer|lainnya|lain|terhangat)(?: (?:lainnya|hari ini|minggu ini))?
    (?:terpopuler|terkini|trending(?: now| topics?)?|most (?:read|popular|viewed)|populer)
    (?:latest|popular|trending|top|more|other) (?:articles?|stories|story|posts?|news|topics?
        |coverage|reading|videos?)(?: (?:for you|from .{1,40}|on .{1,40}|this week|today))?
    (?:more|also) (?:from|on|in) (?:this|the) (?:story|topic|author|section|web)
    (?:\d+ )?(?:komentar|comments?)
    (?:leave|post|add) a (?:comment|reply)
    (?:tinggalkan|tulis|beri|kirim) (?:komentar|balasan|pesan).{0,20}
    join the (?:conversation|discussion)
    (?:tentang penulis|about the (?:author|writer)s?)
    (?:previous|next) (?:article|post|story)
    (?:artikel|berita|pos) (?:sebelumnya|selanjutnya|berikutnya)
    (?:topik|tags?|tagar|topics?|filed under|tagged(?: (?:with|as|in))?) ?[:：]
    (?:terms of (?:use|service)|privacy policy|kebijakan privasi|pedoman media siber
        |tentang kami|about us|contact us|hubungi kami|redaksi|karir|disclaimer)
"""

# Labels of topic lists with their topics on the same line.
_TOPICS = r"""
    (?:topik(?: terkait)?|tags?|tagar|topics?|related topics?|filed under|tagged (?:with|as
        |in)|kata kunci|keywords?) ?[:：]
"""

# "Baca juga", "Read also", ...: an invitation to another article.
_CROSS = r"""
    (?:(?:baca|simak|lihat|tonton|dengarkan|saksikan|cek|klik) (?:juga|pula|selengkapnya
        |selanjutnya|(?:artikel|berita|video) (?:lainnya|terkait|menarik|lain)|video)|(?:read
        |see|watch|listen) (?:also|more|next|here|on)|(?:also|must|further) (?:read|see|watch
        |listen|reading)|artikel (?:terkait|lainnya)|berita (?:terkait|lainnya|sebelumnya)
        |related(?: (?:articles?|stories|story|posts?|news|links?|coverage))?|recommended
        |don['’]t miss|jangan lewatkan|selanjutnya|terkait|video pilihan|pilihan redaksi
        |more on this)
"""
# These need no colon: no article addresses its reader so in passing.
_CROSS_OPEN = r"""
    (?:baca (?:juga|pula|selengkapnya)|simak (?:juga|pula|video)|lihat (?:juga|pula)
        |tonton (?:juga|video)|saksikan (?:juga|video)|read (?:also|more)|also read|see also
        |watch also)
"""

_PICTURE = r"""
    (?:(?:sumber|kredit|credit|dok(?:umentasi)?\.?) )?(?:foto|photos?|photograph
        |photo (?:credits?|illustration|caption|source|by|courtesy(?: of)?)|gambar|ilustrasi
        |illustration|images?(?: (?:credits?|source|by))?|picture(?: credit)?|caption
        |keterangan (?:foto|gambar)|featured image|infografis|infographic
        |grafis)(?: ? (?:ilustrasi|oleh|by|dok\.?|arsip|credit))? ?[:：/]
"""

# Newsletters, channels, apps: a call to the reader that names the site's own means.
_PROMISE = r"""
    (?:subscribe|sign up|berlangganan|(?:register|daftar) (?:now|here|for|to|sekarang|di
        |untuk))\b.{0,100}\b(?:newsletters?|buletin|nawala|notifikasi|notifications?|channel
        |kanal|inbox|mailing list)
    follow us\b(?: (?:on|at|for|in)\b.*| ?[:：.!]?$)
    like us on\b
    follow (?:our|the latest|[@\w.]+ on)\b.{0,100}\b(?:google news|whatsapp|telegram
        |instagram|facebook|twitter|tiktok|youtube|channel)
    join (?:us on|our)\b.{0,80}\b(?:telegram|whatsapp|channel|newsletter|community|group)
    ikuti (?:kami|terus|juga|berita|update|akun|kanal|channel|saluran|media sosial|informasi
        |artikel|perkembangan|whatsapp)\b.{0,160}\b(?:google news|whatsapp|telegram|instagram
        |facebook|twitter|tiktok|youtube|media sosial|di sini|saluran|channel|kanal)\b
    ikuti kami ?[:：.!]?$
    (?:dapatkan|cek|simak|temukan|baca)(?: \w+){0,3} (?:update|berita|artikel
        |kabar)\b.{0,140}\b(?:google news|whatsapp channel|saluran whatsapp|telegram
        |newsletter|klik di sini)
    (?:gabung|bergabung(?:lah)?|mari (?:ber)?gabung|yuk gabung)\b.{0,100}\b(?:telegram
        |whatsapp)
    (?:download|unduh|install|get)\b.{0,40}\b(?:aplikasi|app)\b.{0,60}\b(?:kami|our
        |play store|google play|app store|sekarang|now)
    get (?:our|the)\b.{0,80}\b(?:newsletter|inbox)\b
    get .{2,60} newsletter\. sign up
    enter your e-?mail
    masukkan alamat e-?mail
    (?:thank you|thanks) for (?:reading|signing up|subscribing)
    terima kasih (?:telah|sudah) (?:membaca|berlangganan)
"""

_BOILERPLATE = r"""
    .{2,60}(?:community|komunitas) adalah media yang menyediakan platform
    semua karya tulis yang dibuat adalah sepenuhnya
    (?:seluruh )?(?:isi|konten) (?:(?:artikel|tulisan|berita) )?(?:ini )?(?:adalah )?
        (?:sepenuhnya )?(?:menjadi )?tanggung jawab (?:sepenuhnya )?(?:penulis|pengirim)
    (?:artikel|berita|konten) ini (?:telah|sudah|pertama kali|sebelumnya
        |juga) (?:pernah )?(?:pertama kali )?(?:tayang|terbit|ditayangkan|diterbitkan|dimuat
        |dipublikasikan)(?: (?:pertama kali|sebelumnya))? (?:di|oleh|dengan judul)\b
    this (?:article|post|content) (?:(?:was|has been|is) )?(?:(?:first|originally|previously
        |also) )?(?:appeared|published|republished|produced|posted) (?:in|on|by|at|from
        |with) (?!\d)
    (?:the )?(?:post|article) .{3,150} appeared first on\b
    dilarang keras mengambil konten
    our standards: the thomson reuters trust principles
"""

_RIGHTS = r"""
    (?:©|\(c\) ?(?:\d{4}|copyright)|copyright *(?:©|\(c\)|\d{4}|by )|hak cipta *(?:©|\(c\)
        |\d{4})|all rights reserved|hak cipta dilindungi(?: (?:oleh )?undang-undang)?\.?$)
"""

# Section names and buttons of a site's head: furniture only where a title still follows.
_NAVIGATION = r"""
    (?:berita|kabar|news|informasi) (?:utama|terkini|terbaru|terpopuler|populer|hari ini
        |nasional|internasional|dunia|daerah|politik|ekonomi|olahraga)
    (?:berita|kabar|news|informasi) (?:tentang|seputar|dari|about|from)(?: [\w-]+){1,3}
    home
    homepage
    beranda
    menu
    search
    cari
    login
    log in
    sign in
    masuk
    daftar
    news
    berita
    breaking news
    latest news
    top stories
    headlines?
    terkini
    terbaru
    indeks
    index
    (?:inter)?nasional
    (?:inter)?national
    world
    dunia
    politics
    politik
    business
    bisnis
    ekonomi
    economy
    sports?
    olahraga
    opini
    opinion
    regional
    daerah
    global
    asia
    technology
    teknologi
    tekno
    lifestyle
    gaya hidup
    (?:home|beranda|news|berita)(?: ?[>/»›|] ?[^>/»›|]{1,80}){1,6}
"""


def _any(phrases: str) -> str:
    """The alternatives of a phrase list as one pattern."""
    lines: list[str] = []
    for line in phrases.strip("\n").split("\n"):
        if line.startswith(" " * 8):
            lines[-1] += line[8:]
        else:
            lines.append(line[4:])
    return "(?:" + "|".join(lines) + ")"


def _opens(phrases: str, then: str = "") -> re.Pattern[str]:
    return re.compile(_any(phrases) + then, re.IGNORECASE)


_CLOSE = r" ?[.:：!…»>→-]* ?$"
_IS_ALONE = _opens(_WHOLE_ALONE, _CLOSE)
_IS_SHARE = _opens(_WHOLE_SHARE, _CLOSE)
_IS_END = _opens(_WHOLE_END, _CLOSE)
_IS_INSET = _opens(_WHOLE_INSET, _CLOSE)
_IS_NAVIGATION = _opens(_NAVIGATION, _CLOSE)
_IS_TOPICS = _opens(_TOPICS)
_IS_CROSS = _opens(_CROSS, r" ?(?:[:：|»→]|[-–—] )")
_IS_CROSS_OPEN = _opens(_CROSS_OPEN, r"\b")
_IS_CROSS_LABEL = _opens(_CROSS, r" ?[:：»→]*$")
_IS_PICTURE = _opens(_PICTURE)
_IS_PROMISE = _opens(_PROMISE)
_IS_BOILERPLATE = _opens(_BOILERPLATE)
_IS_RIGHTS = _opens(_RIGHTS)
# The shouted English label, which sites put before a headline: case is the sign.
_IS_READ = re.compile(r"READ(?:\s{2,}|\s*[:|»–-]\s+|\s+(?:MORE|ALSO|NEXT|ON)\b)\S?")
_IS_HASHTAGS = re.compile(r"(?:#[^\s#]+[\s,]*){1,30}$")
_IS_BADGE = re.compile(r"\b(?:verified|community|official) writer\b", re.IGNORECASE)

# The credit that closes a caption: "(ANTARA FOTO/Budi)", "ilustrasi(unsplash.com/…)". A full
# stop after it means that a sentence mentions a photo; then the line is the article's.
_CREDITS = r"""
    (?:ilustrasi|illustration)? ?[(\[](?:[^()\[\]]{0,80}\b)?(?:foto|photos?|photograph|images
        |getty|shutterstock|unsplash|pexels|pixabay|freepik|istimewa|wikimedia commons|flickr
        |dok\.|dokumentasi|handout|courtesy)\b[^()\[\]]{0,80}[)\]]
    (?-i:\b(?:Foto|FOTO|Photo|PHOTO|Image|Gambar))(?: by)? ?[:：] ?[^!?]{1,70}(?<![.])
    (?-i:\b(?:Photo|Image|Picture)) by [^.!?]{2,60}(?: (?:on|via|from|for) [^.!?]{2,40})?
    (?:(?<=[.!?/]) ?|^)(?:via )?(?:[\w ]{2,30}/ ?)?(?:getty images
        |ap photo)(?: ?/[^.!?]{1,60})?
    (?:(?<=[.!?] )|^)(?:reuters|antara foto|afp|antara) ?/ ?[^.!?]{2,60}
"""
_CREDIT = _opens(_CREDITS, " ?$")
# "(KOMPAS.com/FITRIA CHUSNA)": a photographer's credit, unless a finished sentence stands
# before it, for then it may as well be the writers'.
_NAMED_CREDIT = re.compile(
    r"(?<![.!?\"”])[ ]?[(\[][A-Za-z.]{2,24}[ ]?/[ ]?[A-Z][\w.'’-]+(?: [A-Z][\w.'’-]*){1,4}[)\]]$"
)
_ANY_CREDIT = re.compile(
    r"[(\[](?:[A-Za-z. ]{2,24}/[\w.'’ -]{2,40}"
    r"|(?:REUTERS|AFP|ANTARA|AP|EPA|Reuters)(?: .{2,30})?)[)\]]$"
)
# No credit is without one of these; looking for them first spares most lines the search.
_CREDIT_HINT = re.compile(
    "foto|photo|image|gambar|getty|stock|unsplash|pexels|pixabay|freepik|istimewa|dok|handout"
    "|courtesy|wikimedia|flickr|picture|/",
    re.IGNORECASE,
)
_SENTENCE_BREAK = re.compile(r"[.!?]\s+[A-Z“\"]")
_MARKUP = "*_>~#`[|"
_BULLETS = "•●▪◦‣·-–—»→►▶"
_SPACE = re.compile(r"\s+")


def mark(line: str) -> Mark | None:
    """What kind of furniture a line is by itself, or None where it may be the article's."""
    if len(line) > LONGEST:
        return None
    plain = _SPACE.sub(" ", line.strip(_MARKUP + "\ufeff ").lstrip(_BULLETS + _MARKUP + " "))
    plain = plain.replace("’", "'")
    if line[0] == "#" and _IS_HASHTAGS.match(line):
        return Mark.ALONE
    if not plain:
        return Mark.ALONE if _only_strokes(line) else None
    return _alone(plain) or _invitation(plain, line) or _notice(plain)


def is_navigation(line: str) -> bool:
    """Whether a line may be a section's name or a menu entry of the site's head."""
    return len(line) <= 120 and bool(_IS_NAVIGATION.match(_SPACE.sub(" ", line)))


def is_credited(line: str) -> bool:
    """Whether a line could be a caption that ends with its credit: "… Utara. (REUTERS/KCNA)".

    By the words alone it may as well be a paragraph with its source: only for the head.
    """
    return len(line) <= _LONGEST_CAPTION and bool(_ANY_CREDIT.search(line))


def _only_strokes(line: str) -> bool:
    """A rule or separator: no word in it, and nothing that could be one."""
    return all(letter in _MARKUP + _BULLETS + "=+. " for letter in line)


def _alone(plain: str) -> Mark | None:
    if _IS_ALONE.match(plain):
        return Mark.ALONE
    if _IS_SHARE.match(plain):
        return Mark.SHARE
    if _IS_INSET.match(plain):
        return Mark.INSET
    return Mark.END if _IS_END.match(plain) else None


def _invitation(plain: str, line: str) -> Mark | None:
    """Cross-links: with their colon always, without it only where no sentence ends."""
    if _IS_CROSS_LABEL.match(plain):
        return Mark.LINK
    if _IS_CROSS.match(plain):
        return Mark.ALONE
    closed = plain.rstrip("\"'”’)*_] ").endswith((".", ";", ","))
    if not closed and (_IS_CROSS_OPEN.match(plain) or _IS_READ.match(line)):
        return Mark.ALONE
    return None


def _notice(plain: str) -> Mark | None:
    if _IS_BADGE.search(plain) and len(plain) <= 120 and not plain.endswith("."):
        return Mark.AUTHOR
    if _IS_TOPICS.match(plain) and not plain.endswith("."):
        return Mark.END
    if _IS_PROMISE.match(plain) or _IS_BOILERPLATE.match(plain) or _IS_RIGHTS.match(plain):
        return Mark.ALONE
    return Mark.CAPTION if _is_caption(plain) else None


def _is_caption(plain: str) -> bool:
    """A picture's label, or at most two sentences that close with a credit."""
    if len(plain) > _LONGEST_CAPTION:
        return False
    if _IS_PICTURE.match(plain):
        return True
    if not _CREDIT_HINT.search(plain):
        return False
    credit = _CREDIT.search(plain) or _NAMED_CREDIT.search(plain)
    return credit is not None and len(_SENTENCE_BREAK.findall(plain[: credit.start()])) <= 1
