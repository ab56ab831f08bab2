"""The tablet's side of enrolment, before anybody has unlocked.

    begin ─▶ unsent ─▶ offered ─▶ accepted ─finish─▶ a worker's profile
                 └────────┴─▶ expired, withdrawn ─cancel─▶ nothing

The keys are made together with the encrypted profile that holds them; each step is durable before the next one
begins, so whatever is killed goes on with `resume`.
"""

from threading import RLock

from app.crypto.age import X25519Identity, open_sealed
from app.crypto.age_errors import AgeError
from app.crypto.wordlist import root_words
from app.protocol.enrolment_answer import first_bound, read_answer, refused
from app.protocol.enrolment_codes import read_answer as read_answer_code
from app.protocol.enrolment_codes import root_mark
from app.protocol.enrolment_offer import offer_hash
from app.protocol.errors import Problem
from app.protocol.roster import ROOT
from app.store.profiles import ProfileInfo, remove_profile, rename_profile
from app.store.store import Store
from app.sync.transport import checked_address
from app.usecases.enrolment.belonging import establish
from app.usecases.enrolment.door import door
from app.usecases.enrolment.people import introduce_first
from app.usecases.enrolment.waiting import Waiting, read_waiting
from app.usecases.enrolment_views import JoiningView
from app.usecases.problems import problem_text
from app.usecases.services import Services
from app.usecases.unlock import opened_worker
from app.usecases.worker import Worker

ENDED = ("expired", "withdrawn")


class Joining:
    """One tablet that waits to be let in. Blocking, at most one request a call; safe to call from several threads."""

    def __init__(self, services: Services, info: ProfileInfo, store: Store, waiting: Waiting | None) -> None:
        self.profile = info.id
        self.problem: Problem | None = None
        self._services, self._info, self._store = services, info, store
        # None: everything was kept, and only the profile's role was still to be written when somebody pulled the plug.
        self._waiting = waiting
        self._guard = RLock()
        if waiting is not None and waiting.problem:
            self.problem = Problem(waiting.problem)

    def view(self) -> JoiningView:
        problem = problem_text(self.problem) if self.problem else None
        waiting = self._waiting
        if waiting is None:
            return JoiningView(self._info.label, self._server(), (), "accepted", "", problem)
        answer = waiting.signed_answer.answer if waiting.answer else None
        return JoiningView(
            name=(answer.name if answer else "") or self._info.label,
            server=answer.server if answer else "" if waiting.first else waiting.invitation.server,
            words=waiting.words,
            state=waiting.state,
            request_code=waiting.request_code,
            problem=problem,
            organisation_words=root_words(answer.root) if answer else (),
            first=waiting.first,
        )

    def poll(self) -> JoiningView:
        """Asks the server once. Never raises: what went wrong is in the view, and in `.problem`."""
        with self._guard:
            waiting = self._refreshed()
            if waiting is None or waiting.first or waiting.state in ("accepted", *ENDED):
                return self.view()
            self.problem = None
            try:
                self._poll(waiting)
            except Problem as problem:
                self.problem = problem
            return self.view()

    def accept(self, code: str) -> JoiningView:
        """Takes the supervisor's answer as text. Raises enrol.bad_code …, enrol.bad_answer; nothing changes then."""
        with self._guard:
            waiting = self._refreshed()
            if waiting is None or waiting.state == "accepted":
                return self.view()
            kind, sealed = read_answer_code(code)
            if (kind == "first") != waiting.first:
                raise refused("kind")
            if waiting.first:
                self._take_first(waiting, sealed)
            else:
                self._take(waiting, sealed)
            self.problem = None
            return self.view()

    def finish(self) -> Worker:
        """The worker, once the organisation's list has been fetched and holds exactly this tablet's keys.

        Raises as `establish`; the profile stays pending then and nothing is believed.
        """
        with self._guard:
            waiting = self._refreshed()
            if waiting is not None:
                establish(self._services, waiting).keep(self._store)
                self._waiting = None
            role = str(self._store.values.get("device")["role"])
            info = ProfileInfo(self.profile, self._info.label, role)
            rename_profile(self._services.data_dir, info)
            worker = opened_worker(self._services, self.profile, info.label, self._store)
        introduce_first(worker)
        return worker

    def cancel(self) -> None:
        """Takes the profile off this tablet, keys and all. The invitation itself is the supervisor's to withdraw."""
        with self._guard:
            if self._refreshed() is None:
                raise Problem("enrol.not_pending")
            self._store.close()
            remove_profile(self._services.data_dir, self.profile)
            if self._services.keystore is not None:
                self._services.keystore.forget(self.profile)

    def close(self) -> None:
        """Closes the store; `resume` goes on."""
        self._store.close()

    def _refreshed(self) -> Waiting | None:
        """What the store says now: another window may have gone on with the same profile."""
        self._waiting = read_waiting(self._store)
        return self._waiting

    def _server(self) -> str:
        return str((self._store.values.get("organisation") or {}).get("server", ""))

    def _poll(self, waiting: Waiting) -> None:
        code, secrets = waiting.invitation, waiting.invitation_keys
        try:
            ours = door(self._services, code.server, waiting.keys, secrets.token)
            found = ours.offer(waiting.blob) if waiting.state == "unsent" else ours.look()
            if not found.offer:  # the server was set back to an older state
                found = ours.offer(waiting.blob)
        except Problem as problem:
            self._ended(waiting, problem)
            raise
        if found.offer != waiting.blob:
            used = Problem("server.invite_used")
            self._ended(waiting, used)
            raise used
        if waiting.state == "unsent":
            waiting = self._waiting = waiting.keep(self._store, state="offered")
        if found.answer:
            self._take(waiting, found.answer)

    def _ended(self, waiting: Waiting, problem: Problem) -> None:
        if problem.code == "server.invite_used":
            state = "withdrawn"
        elif problem.code == "server.invite_unknown":
            late = self._services.clock().timestamp() >= waiting.invitation.expires
            state = "expired" if late else "withdrawn"
        else:
            return
        self._waiting = waiting.keep(self._store, state=state, problem=problem.code)

    def _take(self, waiting: Waiting, sealed: bytes) -> None:
        data = waiting.invitation_keys.open_answer(sealed)
        answer = read_answer(data, waiting.bound).answer
        if root_mark(answer.root) != waiting.invitation.root_mark:
            raise Problem("enrol.wrong_root")
        if answer.offer != offer_hash(waiting.offer):
            raise refused("offer")
        checked_address(answer.server)
        self._waiting = waiting.keep(self._store, state="accepted", answer=data, problem="")

    def _take_first(self, waiting: Waiting, sealed: bytes) -> None:
        identity: X25519Identity = waiting.keys.identity
        try:
            data = open_sealed(sealed, [identity])
        except AgeError as error:
            raise refused("seal") from error
        signed = read_answer(data, first_bound(waiting.offer))
        if signed.answer.signer != ROOT or signed.answer.offer != offer_hash(waiting.offer):
            raise refused("offer")
        signed.check(signed.answer.root)
        checked_address(signed.answer.server)
        self._waiting = waiting.keep(self._store, state="accepted", answer=data, problem="")
