"""Synthetic people and homes for the screens: every name is an example, none is of a person."""

from datetime import UTC, date, datetime, timedelta

from app.protocol.errors import Problem
from app.usecases.problems import problem_text
from app.usecases.views import (
    Comment,
    DraftRow,
    DueVisit,
    HouseholdPage,
    HouseholdRow,
    LedgerRow,
    Person,
    ProblemText,
    ProfileCard,
    RecordState,
    RiskFlag,
    SentBackRow,
    StartableForm,
    TimelineItem,
    Today,
)

NOW = datetime(2026, 11, 21, 8, 42, tzinfo=UTC)
TODAY = date(2026, 11, 21)
STREETS = ("Str. Inventată", "Aleea Fictivă", "Calea Imaginară", "Str. Născocită")
AREAS = ("Zona Exemplu", "Zona Probă")
SURNAMES = ("Exemplu", "Probă", "Model", "Test", "Exemplu-Țărmure")

PROFILES = [
    ProfileCard("p-ana", "Ana Exemplu", "fieldworker"),
    ProfileCard("p-mihai", "Mihai Probă", "fieldworker"),
    ProfileCard("p-rodica", "Rodica Test", "supervisor"),
]


def due(number: int, days: int, kind: str = "m3") -> DueVisit:
    state = "overdue" if days < 0 else "due" if days <= 3 else "upcoming"
    return DueVisit(
        household=f"h{number}",
        household_label=label(number),
        code=f"H-{number:04d}",
        area=AREAS[number % 2],
        tenancy=f"t{number}",
        flat=f"ap. {number % 40 + 1}",
        visit_kind=kind,
        due_on=TODAY + timedelta(days=days),
        state=state,
        days=days,
    )


def label(number: int) -> str:
    return f"Familia {SURNAMES[number % len(SURNAMES)]} {number}"


def household_row(number: int) -> HouseholdRow:
    days = {7: -9, 12: 0, 31: -2}.get(number, 4 + number * 3)
    risk = {7: "urgent", 12: "high", 20: "watch"}.get(number)
    return HouseholdRow(
        id=f"h{number}",
        label=label(number),
        code=f"H-{number:04d}",
        area=AREAS[number % 2],
        address=f"{STREETS[number % 4]} {number % 30 + 1}, ap. {number % 40 + 1}",
        people=number % 7 + 1,
        last_visit_on=TODAY - timedelta(days=20 + number) if number % 5 else None,
        next_due=due(number, days) if number % 6 else None,
        risk=RiskFlag(risk, 5, ("Restanța a crescut la trei vizite la rând", "Niciun plan de plată"), TODAY)
        if risk
        else None,
        synthetic=True,
    )


NUMBERS = [7, 12, 31, 13, 20, 26, 5, 44, 2, 9, 15, 18]


def many(total: int) -> list[HouseholdRow]:
    return [household_row(number) for number in range(1, total + 1)]


COMMENTS = (
    Comment(
        ref="/data/rent/owe",
        question="Câtă chirie este neplătită astăzi?",
        text="Ați scris restanță 610 lei, biroul de locuințe spune 310. Verificați chitanța împreună cu Maria?",
        by="Rodica Test",
        at=NOW - timedelta(days=1),
    ),
)

DRAFTS = (
    DraftRow(
        "d44",
        "post_relocation_visit",
        "Vizită la domiciliu",
        "h44",
        label(44),
        NOW - timedelta(minutes=9),
        43,
        69,
        None,
        3,
    ),
    DraftRow(
        "d5",
        "household_baseline",
        "Gospodăria la început",
        "",
        "",
        NOW - timedelta(days=2),
        12,
        88,
        None,
        None,
    ),
)

AWAY = problem_text(Problem("sync.server_away"))


def ledger_row(
    number: int, state: RecordState, parts: int = 1, sent: int = 0, problem: ProblemText | None = None
) -> LedgerRow:
    return LedgerRow(
        record=f"r{number}",
        revision=f"r{number}.1",
        form_title="Vizită la domiciliu",
        household_label=label(number),
        finished_at=NOW - timedelta(hours=number),
        state=state,
        parts=parts,
        parts_sent=sent,
        size=4096,
        log_index=None,
        received_at=NOW - timedelta(hours=number - 1) if state == RecordState.RECEIVED else None,
        problem=problem,
    )


WAITING = (
    ledger_row(5, RecordState.SENDING, 9, 4),
    ledger_row(7, RecordState.FINISHED),
    ledger_row(12, RecordState.FINISHED),
)
LEDGER = [
    *WAITING,
    ledger_row(31, RecordState.RECEIVED),
    ledger_row(44, RecordState.REVIEWED),
    ledger_row(13, RecordState.SENT_BACK),
    ledger_row(2, RecordState.STOPPED, problem=AWAY),
]


def today() -> Today:
    back = SentBackRow(
        "r13", "r13.1", "Vizită la domiciliu", "h13", label(13), NOW - timedelta(days=1), COMMENTS, None
    )
    visits = (due(7, -9), due(31, -2), due(12, 0), due(13, 2, "w1"), due(20, 6, "asked"))
    return Today("Ana Exemplu", TODAY, (back,), DRAFTS, visits, WAITING, True)


def calm_today() -> Today:
    """Nothing late, nothing due, nothing waiting."""
    return Today("Ana Exemplu", TODAY, (), (), (due(20, 6),), (), True)


def household_page(number: int = 12) -> HouseholdPage:
    people = (
        Person("p1", "Maria Exemplu", "f", 1992, "head", "present"),
        Person("p2", "Dan Exemplu", "m", 1990, "partner", "moved"),
        Person("p3", "Ionuț Exemplu", "m", 2011, "child", "present"),
        Person("p4", "Elena Exemplu", "f", 2017, "child", "present"),
    )
    items = (
        TimelineItem(
            "r1",
            "r1.2",
            "post_relocation_visit",
            "Vizită la domiciliu",
            NOW - timedelta(days=9),
            "Ana Exemplu",
            "hasIssues",
            True,
        ),
        TimelineItem(
            "r2",
            "r2.1",
            "post_relocation_visit",
            "Vizită la domiciliu",
            NOW - timedelta(days=70),
            "Mihai Probă",
            "approved",
            False,
        ),
        TimelineItem(
            "r3",
            "r3.1",
            "household_baseline",
            "Gospodăria la început",
            NOW - timedelta(days=430),
            "Ana Exemplu",
            "received",
            True,
        ),
    )
    return HouseholdPage(
        row=household_row(number),
        people=people,
        timeline=items,
        planned=(due(number, 0), due(number, 90, "m6")),
        steps=("Maria cere biroului de locuințe un plan de plată, până pe 30 noiembrie",),
        forms=(
            StartableForm("post_relocation_visit", "Vizită la domiciliu", True, ""),
            StartableForm("household_baseline", "Gospodăria la început", True, ""),
        ),
        drafts=(),
    )
