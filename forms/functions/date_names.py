"""Short names of months and week days by language (from the Unicode CLDR), and which language a form means.

A form names its languages freely: "ro", "Română (ro)", "fr-FR", "Arabic". Anything unknown
falls back to English.
"""

from functools import lru_cache

_MONTHS = {
    "ar": "يناير فبراير مارس أبريل مايو يونيو يوليو أغسطس سبتمبر أكتوبر نوفمبر ديسمبر",
    "bn": "জানু ফেব মার্চ এপ্রি মে জুন জুল আগ সেপ অক্টো নভে ডিসে",
    "cs": "led úno bře dub kvě čvn čvc srp zář říj lis pro",
    "de": "Jan. Feb. März Apr. Mai Juni Juli Aug. Sept. Okt. Nov. Dez.",
    "el": "Ιαν Φεβ Μαρ Απρ Μαΐ Ιουν Ιουλ Αυγ Σεπ Οκτ Νοε Δεκ",
    "en": "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec",
    "es": "ene feb mar abr may jun jul ago sept oct nov dic",
    "fa": "ژانویه فوریه مارس آوریل مه ژوئن ژوئیه اوت سپتامبر اکتبر نوامبر دسامبر",
    "fr": "janv. févr. mars avr. mai juin juil. août sept. oct. nov. déc.",
    "hi": "जन॰ फ़र॰ मार्च अप्रैल मई जून जुल॰ अग॰ सित॰ अक्टू॰ नव॰ दिस॰",
    "hu": "jan. febr. márc. ápr. máj. jún. júl. aug. szept. okt. nov. dec.",
    "it": "gen feb mar apr mag giu lug ago set ott nov dic",
    "ku": "rbn sbt adr nsn gln hzr trm tbx îln cot mjd brf",
    "ne": "जनवरी फेब्रुअरी मार्च अप्रिल मे जुन जुलाई अगस्ट सेप्टेम्बर अक्टोबर नोभेम्बर डिसेम्बर",
    "nl": "jan feb mrt apr mei jun jul aug sep okt nov dec",
    "pl": "sty lut mar kwi maj cze lip sie wrz paź lis gru",
    "ps": "جنوري فبروري مارچ اپریل مۍ جون جولای اګست سېپتمبر اکتوبر نومبر دسمبر",
    "pt": "jan. fev. mar. abr. mai. jun. jul. ago. set. out. nov. dez.",
    "ro": "ian. feb. mar. apr. mai iun. iul. aug. sept. oct. nov. dec.",
    "ru": "янв. февр. мар. апр. мая июн. июл. авг. сент. окт. нояб. дек.",
    "so": "Jan Feb Mar Abr May Jun Lul Ogs Seb Okt Nof Dis",
    "sq": "jan shk mar pri maj qer korr gush sht tet nën dhj",
    "sr": "јан феб мар апр мај јун јул авг сеп окт нов дец",
    "sw": "Jan Feb Mac Apr Mei Jun Jul Ago Sep Okt Nov Des",
    "tr": "Oca Şub Mar Nis May Haz Tem Ağu Eyl Eki Kas Ara",
    "uk": "січ. лют. бер. квіт. трав. черв. лип. серп. вер. жовт. лист. груд.",
    "ur": "جنوری فروری مارچ اپریل مئی جون جولائی اگست ستمبر اکتوبر نومبر دسمبر",
    "vi": "thg_1 thg_2 thg_3 thg_4 thg_5 thg_6 thg_7 thg_8 thg_9 thg_10 thg_11 thg_12",
}
_DAYS = {
    "ar": "الاثنين الثلاثاء الأربعاء الخميس الجمعة السبت الأحد",
    "bn": "সোম মঙ্গল বুধ বৃহস্পতি শুক্র শনি রবি",
    "cs": "po út st čt pá so ne",
    "de": "Mo. Di. Mi. Do. Fr. Sa. So.",
    "el": "Δευ Τρί Τετ Πέμ Παρ Σάβ Κυρ",
    "en": "Mon Tue Wed Thu Fri Sat Sun",
    "es": "lun mar mié jue vie sáb dom",
    "fa": "دوشنبه سه‌شنبه چهارشنبه پنجشنبه جمعه شنبه یکشنبه",
    "fr": "lun. mar. mer. jeu. ven. sam. dim.",
    "hi": "सोम मंगल बुध गुरु शुक्र शनि रवि",
    "hu": "H K Sze Cs P Szo V",
    "it": "lun mar mer gio ven sab dom",
    "ku": "dşm sşm çşm pşm înî şem yşm",
    "ne": "सोम मङ्गल बुध बिहि शुक्र शनि आइत",
    "nl": "ma di wo do vr za zo",
    "pl": "pon. wt. śr. czw. pt. sob. niedz.",
    "ps": "دونۍ درېنۍ څلرنۍ پينځنۍ جمعه اونۍ يونۍ",
    "pt": "seg. ter. qua. qui. sex. sáb. dom.",
    "ro": "lun. mar. mie. joi vin. sâm. dum.",
    "ru": "пн вт ср чт пт сб вс",
    "so": "Isn Tldo Arbc Khms Jmc Sbti Axd",
    "sq": "hën mar mër enj pre sht die",
    "sr": "пон уто сре чет пет суб нед",
    "sw": "Jumatatu Jumanne Jumatano Alhamisi Ijumaa Jumamosi Jumapili",
    "tr": "Pzt Sal Çar Per Cum Cmt Paz",
    "uk": "пн вт ср чт пт сб нд",
    "ur": "پیر منگل بدھ جمعرات جمعہ ہفتہ اتوار",
    "vi": "Th_2 Th_3 Th_4 Th_5 Th_6 Th_7 CN",
}
_LANGUAGES = {
    "ar": "arabic العربية",
    "bn": "bengali bangla বাংলা",
    "cs": "czech čeština",
    "de": "german deutsch",
    "el": "greek ελληνικά",
    "en": "english",
    "es": "spanish español castellano",
    "fa": "persian farsi dari فارسی دری",
    "fr": "french français",
    "hi": "hindi हिन्दी",
    "hu": "hungarian magyar",
    "it": "italian italiano",
    "ku": "kurdish kurmanji kurdî",
    "ne": "nepali नेपाली",
    "nl": "dutch nederlands",
    "pl": "polish polski",
    "ps": "pashto پښتو",
    "pt": "portuguese português",
    "ro": "romanian română",
    "ru": "russian русский",
    "so": "somali soomaali",
    "sq": "albanian shqip",
    "sr": "serbian српски",
    "sw": "swahili kiswahili",
    "tr": "turkish türkçe",
    "uk": "ukrainian українська",
    "ur": "urdu اردو",
    "vi": "vietnamese",
}


def month_names(language: str) -> list[str]:
    """January first, as in "Jan"."""
    return _words(_MONTHS[language_code(language)])


def day_names(language: str) -> list[str]:
    """Monday first, as in "Mon"."""
    return _words(_DAYS[language_code(language)])


def _words(line: str) -> list[str]:
    return [word.replace("_", " ") for word in line.split(" ")]


@lru_cache(maxsize=64)
def language_code(language: str) -> str:
    """The ISO 639 code behind a form's name for a language; "en" where it is none of ours."""
    name = language.strip().lower()
    if name.endswith(")") and "(" in name:
        name, _, code = name[:-1].rpartition("(")
        known = _known(code)
        if known:
            return known
    return _known(name) or "en"


def _known(name: str) -> str:
    code = name.strip().replace("_", "-").split("-")[0]
    if code in _MONTHS:
        return code
    for known, names in _LANGUAGES.items():
        if name.strip() in names.split(" "):
            return known
    return ""
