"""Whether words at the head of a paragraph name a place, as a dateline does."""

import re


def _names(listed: str) -> frozenset[str]:
    return frozenset(" ".join(name.split()) for name in listed.split(","))


# States, provinces and countries, with the abbreviations of post offices and of the Associated Press, without points.
_REGIONS = _names(
    """
    ab, afghanistan, ak, al, ala, alabama, alas, alaska, albania, alberta, algeria, alta, ar, argentina, ariz,
    arizona, ark, arkansas, armenia, australia, austria, az, azerbaijan, bahrain, bangladesh, bc, belarus, belgium,
    bolivia, brazil, british columbia, bulgaria, ca, calif, california, cambodia, cameroon, canada, chile, china,
    co, colo, colombia, colorado, conn, connecticut, costa rica, croatia, ct, cuba, cyprus, czech republic, czechia,
    dc, de, del, delaware, denmark, dominican republic, ecuador, egypt, el salvador, england, estonia, ethiopia,
    finland, fl, fla, florida, france, ga, georgia, germany, ghana, greece, gu, guatemala, haiti, hawaii, hi,
    honduras, hong kong, hungary, ia, iceland, id, idaho, il, ill, illinois, in, ind, india, indiana, indonesia,
    iowa, iran, iraq, ireland, israel, italy, jamaica, japan, jordan, kan, kans, kansas, kazakhstan, kentucky,
    kenya, ks, kuwait, ky, la, latvia, lebanon, libya, lithuania, louisiana, luxembourg, ma, maine, malaysia, malta,
    manitoba, maryland, mass, massachusetts, mb, md, me, mexico, mi, mich, michigan, minn, minnesota, miss,
    mississippi, missouri, mn, mo, moldova, monaco, mongolia, mont, montana, morocco, ms, mt, nb, nc, nd, ne, neb,
    nebr, nebraska, nepal, netherlands, nev, nevada, new brunswick, new hampshire, new jersey, new mexico, new york,
    new zealand, nh, nicaragua, nigeria, nj, nl, nm, north carolina, north dakota, north korea, northern ireland,
    norway, nova scotia, ns, nt, nu, nv, ny, oh, ohio, ok, okla, oklahoma, oman, on, ont, ontario, or, ore, oregon,
    pa, pakistan, panama, paraguay, pe, penn, pennsylvania, peru, philippines, poland, portugal, pr, puerto rico,
    qatar, qc, que, quebec, québec, rhode island, ri, romania, russia, rwanda, saskatchewan, saudi arabia, sc,
    scotland, sd, senegal, serbia, singapore, sk, slovakia, slovenia, somalia, south africa, south carolina,
    south dakota, south korea, spain, sri lanka, sudan, sweden, switzerland, syria, taiwan, tanzania, tenn,
    tennessee, tex, texas, thailand, the netherlands, tn, tunisia, turkey, tx, uae, uganda, uk, ukraine,
    united arab emirates, united kingdom, united states, uruguay, us, usa, ut, utah, uzbekistan, va, venezuela,
    vermont, vi, vietnam, virginia, vt, w va, wa, wales, wash, washington, west virginia, wi, wis, wisc, wisconsin,
    wv, wy, wyo, wyoming, yemen, yt, zambia, zimbabwe
    """
)
# Cities that stand alone in a dateline: those of the Associated Press Stylebook, and more of that size.
_CITIES = _names(
    """
    abu dhabi, amsterdam, ankara, athens, atlanta, auckland, austin, baghdad, baltimore, bangkok, barcelona, basel,
    beijing, beirut, bengaluru, berlin, bern, bogota, bogotá, boston, brussels, bucharest, budapest, buenos aires,
    cairo, calgary, cape town, charlotte, chengdu, chicago, cincinnati, cleveland, copenhagen, dallas, denver,
    detroit, djibouti, doha, dubai, dublin, edinburgh, frankfurt, geneva, gibraltar, guangzhou, guatemala city,
    hamburg, hangzhou, hanoi, havana, helsinki, hong kong, honolulu, houston, indianapolis, islamabad, istanbul,
    jakarta, jerusalem, johannesburg, kansas city, kuala lumpur, kuwait city, kyiv, lagos, las vegas, lima, lisbon,
    london, los angeles, luxembourg, macau, madrid, manama, manchester, manila, melbourne, mexico city, miami,
    milan, milwaukee, minneapolis, monaco, montreal, moscow, mumbai, munich, muscat, nairobi, nanjing, nashville,
    new delhi, new orleans, new york, oklahoma city, orlando, oslo, ottawa, panama city, paris, philadelphia,
    phoenix, pittsburgh, prague, quebec city, riga, rio de janeiro, riyadh, rome, sacramento, salt lake city,
    san antonio, san diego, san francisco, san jose, san marino, santiago, sao paulo, seattle, seoul, shanghai,
    shenzhen, singapore, st louis, stockholm, suzhou, sydney, são paulo, taipei, tallinn, tampa, tel aviv, tianjin,
    tokyo, toronto, vancouver, vatican city, vienna, vilnius, warsaw, washington, washington d c, washington dc,
    wellington, wuhan, wuxi, zurich, zürich
    """
)
# Words before a date or a dash that name no place.
_NO_PLACE = _names(
    """
    AG, CORP, GMBH, INC, LLC, LTD, PLC,
    ADVISORY, ALERT, ANNOUNCEMENT, ATTENTION, BACKGROUND, CONTACT, CORRECTION, DATE, EVENT, FACT, IMPORTANT, MEDIA,
    MEMO, MEMORANDUM, NEWS, NOTE, NOTES, NOTICE, PHOTO, PRESS, RELEASE, REMINDER, REPORT, SCHEDULE, SECTION, STATEMENT,
    SUMMARY, UPDATE, UPDATED, URGENT, VIDEO, WARNING, WHAT, WHEN, WHERE, WHO
    """
)
_CAPITALISED = re.compile(r"[^\W\d_a-z][\w.'’&/-]*")
_PARTICLES = _names(
    "de, del, da, do, di, la, le, les, el, am, an, auf, der, den, the, of, and, on, upon, sur, bei, in, y, &, und, et"
)


def is_place(words: str, *, vouched: bool = False) -> bool:
    """Whether the words name a place.

    `vouched` says that a date or a news wire stands beside them: then any few capitalised words will do. Else a region
    must follow the city (`Boise, Idaho`; `WUXI, Jiangsu`), or the city be one that datelines name alone.
    """
    parts = [part.strip() for part in words.split(",")]
    if not 2 <= len(words) <= 70 or len(parts) > 4 or not all(map(_is_name, parts)):
        return False
    if any(word.strip(".:").upper() in _NO_PLACE for word in words.replace(",", " ").split()):
        return False
    city, regions = parts[0], parts[1:]
    if vouched:
        return True
    if not regions:
        return _plain(city) in _CITIES
    return _plain(regions[-1]) in _REGIONS or (city.isupper() and not regions[-1].isupper())


def _is_name(part: str) -> bool:
    words = part.split()
    return 0 < len(words) <= 5 and any(map(_CAPITALISED.fullmatch, words)) and all(
        _CAPITALISED.fullmatch(word) or word in _PARTICLES for word in words
    )  # fmt: skip


def _plain(name: str) -> str:
    """The name in the spelling of the lists: `D.C.` is `dc`, `ST. LOUIS` is `st louis`."""
    return " ".join(name.replace(".", "" if len(name) < 5 else " ").casefold().split())
