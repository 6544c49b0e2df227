"""Function words of Indonesian and English, question words included (surface forms).

Put together by hand from the closed classes of both languages (pronouns, prepositions,
conjunctions, auxiliaries, particles, question words, reporting formulas), not from a corpus:
they carry grammar, not topic. Case-folded, as `tokens` yields them.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from assistant.types import Language

_INDONESIAN = frozenset(
    """
    ada adalah adapun agak agar akan akankah aku alangkah amat anda antara antaranya apa apabila
    apakah apalagi asal atas atau ataukah ataupun bagai bagaikan bagaimana bagaimanakah
    bagaimanapun bagi bahkan bahwa baik banget banyaknya beberapa begini begitu belum berapa
    berapakah bila bilamana bisa bisakah boleh bolehkah bukan bukankah cara cuma dalam dan
    dapat dapatkah dari daripada demi demikian dengan di dia dialah diantara dirinya disebut
    dong dulu enggak engkau gak gimana guna hal hanya harus hendak hingga ia ialah iapun ini
    inikah inilah itu itukah itulah jadi jangan jika jikalau juga justru kah kalau kalian kami
    kamilah kamu kan kapan kapankah karena karenanya kau ke kemana kenapa kepada kepadanya
    kecuali ketika kini kita kok lagi lah lain lainnya lalu lantas lewat macam maka makin
    mampu mampukah mana manakah masih masing maupun melainkan melalui memang mengapa mengapakah
    mengenai menjadi menurut mereka merupakan meski meskipun mesti mu mulai mungkin namun nah
    ngapain nggak nya oleh olehnya pada padahal padanya para pasti pernah pernahkah per pun
    punya pula saat saatnya saja saling sama sambil sampai sana sangat saya se seakan seandainya
    sebab sebabnya sebagai sebagaimana sebagian sebelum sebelumnya seberapa sebuah secara sedang
    sedangkan seekor segala segera sehingga sejak sejauh sejumlah sekali sekalipun sekarang
    sekitar selagi selain selalu selama semakin sementara semua semuanya senantiasa seorang
    seolah seperti sepertinya seraya serta seseorang sesuatu sesudah setelah setiap siapa
    siapakah siapapun sih soal suatu sudah sudahkah supaya tadi tak tanpa tapi telah tempat
    tengah tentang tentu terhadap terkait termasuk ternyata tersebut terlalu tetap tetapi tiap
    tidak tidakkah tidaklah tuh untuk usai waktu walau walaupun ya yaitu yakni yang
    """.split()
)
_ENGLISH = frozenset(
    """
    a about above across after again against ago all almost along already also although always
    am among an and another any anyone anything are aren't around as at away be because been
    before behind being below beside besides between beyond both but by can can't cannot could
    couldn't did didn't do does doesn't doing don't done down during each either else enough
    even ever every everyone everything few for from further had hadn't has hasn't have haven't
    having he he'd he'll her here hers herself him himself his how however i i'd i'll i'm i've
    if in instead into is isn't it it'd it'll its itself just least less let like many may me
    might more most much must mustn't my myself near neither never no nobody none nor not
    nothing now of off often on once one ones only onto or other others ought our ours
    ourselves out over own per perhaps quite rather really same shall shan't she she'd she'll
    should shouldn't since so some someone something somewhere soon still such than that the
    their theirs them themselves then there therefore these they they'd they'll they're they've
    this those though through throughout thus till to together too toward towards under unless
    until up upon us very via was wasn't we we'd we'll we're we've were weren't what whatever
    when whenever where whereas wherever whether which whichever while who whoever whom whose
    why will with within without won't would wouldn't yes yet you you'd you'll you're you've
    your yours yourself yourselves
    """.split()
)

STOP_WORDS: Mapping[Language, frozenset[str]] = MappingProxyType(
    {"id": _INDONESIAN, "en": _ENGLISH}
)
