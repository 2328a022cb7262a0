"""The spellings of each English phone, the usual first, and of phones that share their letters."""

from __future__ import annotations

_PHONES = {
    "AA": "a o ah aa au aw ho e ea al ow ou ha oh eau i oa ar arr ear",
    "AE": "a ai au al i ae aa e ea ha",
    "AH": (
        "a e o u i ou ai io oo eo oe y ea au ei ie ah ia iou ow ua uo oi eu eh ee he wo ough ui "
        "ue ay oa ae ha er or ar ur re our ure"
    ),
    "AO": "o a au aw al ough augh oa ou oo awe eo ao ho ah u hau oar or ore our oor ar aur",
    "AW": "ou ow ough au hou aw ao owe eou",
    "AY": "i y igh ie ye uy ai eye eigh is ui ei aye ay ais hy ia uye oy ae ii",
    "EH": "e ea a ai ie eo ay u ei eh ae he hei ue oe ee air are ear ere eir",
    "ER": (
        "er ir ur or ar ear re our r yr err urr irr eur ure olo ere oar ier orr ro uor uar eir "
        "uer ire aur her ar arr o're ou're eer hur oor ru"
    ),
    "EY": "a ai ay ei ey eigh ea e aigh et ee au ae er ie eh aye ez ao hea eg alf",
    "IH": "i e y a ui u ie ei ia ea ee o ey ai hi ae ehi ay oi eo hy uy is",
    "IY": "e ee ea y i ie ey ei eo ay ae oe is eigh ois agh ia uy hy ui ieu hi it",
    "OW": "o oa ow oe ough ou ew au eau ol oo oh owe eo ho ot os aux oat aoh aw",
    "OY": "oi oy eu uoy oye aw ooey",
    "UH": "u oo ou o oul eu ui ue or ew oe",
    "UW": "u oo ew ue ou o ui ough oe eu ieu ooh ous oup hou ugh wo ioux uu ewe w",
    "B": "b bb be bu pb bh bbe bo br",
    "CH": "ch tch t c ti tche te che cc tu s cz tsch h",
    "D": "d dd de ed ld 'd dh dde t dt di du z",
    "DH": "th the",
    "F": "f ff ph gh fe lf ft pph ffe fo u fi phe ffo gho",
    "G": "g gg gh gu gue ge x ckg go gge",
    "HH": "h wh j g x",
    "JH": "j g ge dg dge d gg di dj ch gi t dgi",
    "K": "k c ck ch cc qu q que cqu ke lk kh kk cu che co x g cch ca cke quh lke kha cks ci cti",
    "L": "l ll le lle 'll ln lo sl la llo li lh tl llh",
    "M": "m mm mb mn me lm mme gm 'm nm mbe mp lme mi mo ma",
    "N": "n nn kn gn ne pn mn nne nd gne dn ln ng hn in on gh ni no en nt kne 'n mp n't",
    "NG": "ng n nd ngue nc ngh",
    "P": "p pp pe ph ppe bp gh po pi pt",
    "R": "r rr wr rh re rre rrh rps 're rt ra lr ru",
    "S": (
        "s ss c ce se sc st ps sw sce sse z sch 's sth sts tz ste ts x tsw ces zz hs si so ssi "
        "cc ths"
    ),
    "SH": "sh ti ci ssi si s ss ch c ce sci sch t sc che x xi she psh chsi tia tie j sti cia",
    "T": "t tt te ed ght tte bt th pt ct cht d tw dt cte 't phth tta z to ti ta tto the tu stt ft",
    "TH": "th tth the t h chth phth",
    "V": "v ve f vv lv lve ph fe w vo ffe u b vi",
    "W": "w wh u o ou hu we ju",
    "Y": "y i j e u ll ye h hi yi",
    "Z": "z s zz ss ze se x si sc cz sth 's thes es zze sp us ds tz ts sse th cs sse",
    "ZH": "s si g ge z ti zi j x ssi sh",
}  # fmt: skip
# A Spanish phone in an author's pronunciation is spelled like these.
_KIN = {
    "es_a": "AA AE", "es_e": "EH EY", "es_i": "IY IH", "es_o": "OW AO AA", "es_u": "UW UH",
    "es_r": "R ER", "es_rr": "R", "es_x": "HH G", "es_b": "B V", "es_d": "D DH", "es_g": "G",
    "es_ny": "N", "es_y": "Y JH",
}  # fmt: skip
# Phones that stand under the same letters.
_BLENDS = {
    "AH L": "le l lle el", "AH M": "m", "AH N": "n", "AH N D": "nd", "HH W": "wh w",
    "K S": "x xe xc cc cs xs xh xsc", "G Z": "x xh ggs", "K SH": "x xi cti", "G ZH": "x",
    "T S": "z zz", "AH W": "u", "UW AH": "oo ue", "OW AH": "oa", "EH K S": "x", "AA R": "r",
    "M IH S T ER": "mr", "M IH S IH Z": "mrs", "D AA K T ER": "dr",
    "EH T S EH T ER AH": "etc", "T TH": "th", "N Y": "n gn ni", "AH V": "'ve f",
    "AH D": "'d", "AH Z": "'s", "IH Z": "'s s", "K W": "cqu", "JH AH": "j", "AH R": "r",
    "Y UW": "u ew ueue ue eu ui ieu iew eau ewe you hu uu", "Y UH": "u eu ue",
    "Y AH": "u eu io", "Y ER": "ure ur eur our er", "Y IH": "u", "W AH": "o oi",
    "W AA": "oi oir oy oua", "W AY": "oi", "W EY": "oe", "AY AH": "i y ia io",
    "AY ER": "ire yre", "AW ER": "our", "IY AH": "ia ea ie", "IH R": "ir",
    "W IY": "ouis oui",
}  # fmt: skip
_NAMES = {
    "a": "EY", "b": "B IY", "c": "S IY", "d": "D IY", "e": "IY", "f": "EH F", "g": "JH IY",
    "h": "EY CH", "i": "AY", "j": "JH EY", "k": "K EY", "l": "EH L", "m": "EH M", "n": "EH N",
    "o": "OW", "p": "P IY", "q": "K Y UW", "r": "AA R", "s": "EH S", "t": "T IY", "u": "Y UW",
    "v": "V IY", "w": "D AH B AH L Y UW", "x": "EH K S", "y": "W AY", "z": "Z IY",
}  # fmt: skip

# What a spelling costs; the sum over a word chooses among the ways to read it.
_LATER = 0.04  # for each usual spelling before it
_BLEND = 1.2  # for each phone: sharing letters is the last resort
_NAME = 3.2
_SWALLOWED = 0.5  # a consonant that takes a vowel letter along
_ONE_SOUND = frozenset("ti ci si ssi gu qu que gue u i o".split())
_CONSONANTS = frozenset(_PHONES) - frozenset("AA AE AH AO AW AY EH ER EY IH IY OW OY UH UW".split())
Key = tuple[str, tuple[str, ...]]  # letters and the phones under them


def _costs() -> dict[Key, float]:
    costs: dict[Key, float] = {}
    for letter, name in _NAMES.items():
        costs[letter, tuple(name.split())] = _NAME
    for phones, spellings in _BLENDS.items():
        many = tuple(phones.split())
        for rank, letters in enumerate(spellings.split()):
            costs[letters, many] = _BLEND * len(many) + _LATER * rank
    spelled = {phone: spellings.split() for phone, spellings in _PHONES.items()}
    for phone, kin in _KIN.items():
        spelled[phone] = list(dict.fromkeys(s for each in kin.split() for s in spelled[each]))
    for phone, letters_list in spelled.items():
        for rank, letters in enumerate(letters_list):
            key = (letters, (phone,))
            cost = 1.0 + _LATER * min(rank, 15)
            if phone in _CONSONANTS and letters[-1] in "aeiou" and letters not in _ONE_SOUND:
                cost += _SWALLOWED
            costs[key] = min(costs.get(key, 9.0), cost)
    return costs


COSTS = _costs()
LONGEST = max(len(letters) for letters, _ in COSTS)
MOST = max(len(phones) for _, phones in COSTS)
# Letters that often stand for nothing, and what it costs to read them so.
SILENT = {"e": 0.7, "'": 0.2, "-": 0.1, ".": 0.1, "h": 1.0, "u": 1.3}
