"""The words of the sheets of a shared recovery key, in Romanian and English."""

from app.admin.sheet_text import Paragraphs

TITLE = "Parte din cheia de recuperare · Share of the recovery key"
WORDS_CAPTION = "Partea dumneavoastră · Your share"
STEPS: Paragraphs = (
    (
        "Cheia de recuperare a organizației este împărțită între trei persoane. Oricare două foi o refac; "
        "una singură nu spune nimic.",
        "The organisation's recovery key is shared among three people. Any two sheets give it back; one "
        "alone tells nothing.",
    ),
    (
        "Verificați acum că toate cele 33 de cuvinte se pot citi. Păstrați foaia într-un plic sigilat, în altă "
        "clădire decât celelalte două. Nu o dați nimănui și nu o fotografiați.",
        "Check now that all 33 words can be read. Keep this sheet in a sealed envelope, in another building "
        "than the other two. Give it to nobody and take no photo of it.",
    ),
    (
        "Recuperare: pe un calculator de încredere, cu două foi din aceeași zi, rulați: python -m app.admin "
        "combine cheie.txt. Din fiecare cuvânt ajung primele patru litere.",
        "To recover: on a trusted computer, with two sheets of the same day, run: python -m app.admin "
        "combine key.txt. The first four letters of each word are enough.",
    ),
    (
        "Fără Doorstep: cuvintele sunt SLIP-39, fără parolă. Orice program SLIP-39 (de exemplu shamir recover) "
        "dă 64 de cifre hexazecimale; scrise în Bech32 cu prefixul age-secret-key- și litere mari sunt o "
        "cheie a programului „age”.",
        "Without Doorstep: the words are SLIP-39 without a passphrase. Any SLIP-39 program (for example shamir "
        "recover) gives 64 hexadecimal digits; written as Bech32 with the prefix age-secret-key- in "
        "capitals they are a key of the program “age”.",
    ),
    (
        "Dacă altcineva a văzut două dintre foi: python -m app.admin rotate-recovery, apoi din nou split. "
        "Cheia publică pe care o refac părțile, pentru verificare:",
        "If somebody else has seen two of the sheets: python -m app.admin rotate-recovery, then split again. "
        "The public key that the shares give back, for checking:",
    ),
)
