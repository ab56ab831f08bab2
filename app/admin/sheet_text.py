"""The words of the recovery sheet, in Romanian and English."""

Paragraphs = tuple[tuple[str, str], ...]

PRIVATE_NOTE = "SECRET · Nu fotografiați, nu trimiteți · Do not photograph, do not send"
PUBLIC_NOTE = "PUBLIC · Se poate arăta oricui · May be shown to anybody"

RECOVERY_TITLE = "Cheia de recuperare · Recovery key"
RECOVERY_CAPTION = "Cheia de recuperare · Recovery key"
RECOVERY_STEPS: Paragraphs = (
    (
        "Cu această cheie se poate deschide orice vizită a organizației, chiar dacă toate "
        "dispozitivele și parolele s-au pierdut. Cine are foaia poate citi tot.",
        "This key opens every visit of the organisation, even when all devices and passphrases are "
        "lost. Whoever holds this sheet can read everything.",
    ),
    (
        "Păstrați două exemplare în plicuri sigilate, în două clădiri. Notați pe plic data și cine "
        "l-a sigilat. După tipărire ștergeți fișierele sheet.pdf și sheet.html.",
        "Keep two copies in sealed envelopes in two buildings. Write on each who sealed it and when. "
        "After printing, delete the files sheet.pdf and sheet.html.",
    ),
    (
        "Ca să deschideți o vizită fără Doorstep: instalați programul liber „age”, scrieți cheia "
        "într-un fișier cheie.txt (sau scanați codul) și rulați: age -d -i cheie.txt vizita.age > "
        "vizita.z; conținutul este comprimat zlib și urmat de zerouri.",
        "To open a visit without Doorstep: install the free program “age”, write the key into a file "
        "key.txt (or scan the code) and run: age -d -i key.txt visit.age > visit.z; what comes out "
        "is a zlib stream followed by zeros.",
    ),
    (
        "Cu Doorstep: python -m app.admin open vizita.age --identity cheie.txt. Dacă foaia a fost "
        "văzută de altcineva, faceți imediat o cheie nouă: python -m app.admin rotate-recovery.",
        "With Doorstep: python -m app.admin open visit.age --identity key.txt. If somebody else has "
        "seen this sheet, make a new key at once: python -m app.admin rotate-recovery.",
    ),
)

ROOT_TITLE = "Cheia rădăcină · Root key"
ROOT_CAPTION = "Cheia rădăcină · Root key"
ROOT_STEPS: Paragraphs = (
    (
        "Cu această cheie se numește primul coordonator și se poate reface organizația dacă toți "
        "coordonatorii și-au pierdut dispozitivele. Nu deschide vizite, dar cine o are poate adăuga "
        "pe cineva care le deschide.",
        "This key appoints the first supervisor and can rebuild the organisation when all "
        "supervisors have lost their devices. It opens no visits, but whoever has it can add "
        "somebody who does.",
    ),
    (
        "Păstrați-o separat de cheia de recuperare. Nu o puneți pe server, pe tabletă sau într-un "
        "cont online.",
        "Keep it apart from the recovery key. Never put it on the server, on a tablet or in an "
        "online account.",
    ),
    (
        "Folosire: pe un calculator de încredere, copiați dosarul organizației și rulați: python -m "
        "app.admin add-supervisor DOSAR COD-DE-CERERE. Verificați cele șase cuvinte cu persoana în "
        "față.",
        "To use it: on a trusted computer, copy the organisation's folder and run: python -m "
        "app.admin add-supervisor FOLDER REQUEST-CODE. Check the six words with the person in front "
        "of you.",
    ),
    (
        "Dacă dosarul s-a pierdut, refaceți-l din această foaie cu numele și ora de mai sus: "
        "python -m app.admin restore DOSAR --name NUME --made ORA.",
        "If the folder is lost, make it again from this sheet with the name and time above: "
        "python -m app.admin restore FOLDER --name NAME --made TIME.",
    ),
)

PUBLIC_TITLE = "Amprenta organizației · The organisation's fingerprint"
PUBLIC_CAPTION = "Cheia publică rădăcină · Public root key"
PUBLIC_STEPS: Paragraphs = (
    (
        "Oriunde Doorstep arată cuvintele organizației, trebuie să fie acestea. Dacă sunt altele, "
        "opriți-vă: nu este organizația dumneavoastră.",
        "Wherever Doorstep shows the organisation's words, they must be these. If they differ, stop: it "
        "is not your organisation.",
    ),
)

WORDS_CAPTION = "Șase cuvinte de control · Six control words"
RECOVERY_PUBLIC = (
    "Cheia publică de recuperare, pentru verificare:",
    "The public recovery key, for checking:",
)
FIRST_RECOVERY = (
    "Prima cheie publică de recuperare (restore --first-recovery):",
    "The first public recovery key (restore --first-recovery):",
)
