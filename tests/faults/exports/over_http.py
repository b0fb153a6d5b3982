"""Exports over the real HTTP API: many requests at once, and who gets a file when."""

import hashlib
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import httpx

from exports.actions import begin_download
from tests.faults.exports.data import DAYS, a_place
from tests.faults.exports.faults import killed
from tests.faults.exports.trials import SECONDS, Trial, clock
from tests.faults.trials import Vacuous
from workspaces.actions import change_member
from workspaces.errors import PermissionMissing
from workspaces.queries import actor_of_member
from workspaces.scope import workspace_scope

AT_ONCE = 40
PLACES = 12


def many_at_once(trial: Trial) -> None:
    """Of forty requests in the same moment one is taken, and the others are told which one."""
    house = trial.house
    house.serve()
    house.arm("claimed")
    start = threading.Barrier(AT_ONCE)

    def one(_number: int) -> httpx.Response:
        start.wait()
        return asked(trial)

    with ThreadPoolExecutor(AT_ONCE) as pool:
        answers = list(pool.map(one, range(AT_ONCE)))
    taken = [answer for answer in answers if answer.status_code == 202]
    refused = [answer for answer in answers if answer.status_code == 409]
    trial.say(f"{len(taken)} were taken", unless=len(taken) == 1)
    trial.say(f"{len(refused)} were refused", unless=len(refused) == AT_ONCE - 1)
    trial.export_id = taken[0].json()["id"]
    named = {answer.json().get("running") for answer in refused}
    trial.say(f"the refusals name {named}", unless=named == {trial.export_id})
    trial.await_point("claimed")
    house.disarm()
    trial.judge_file(is_told=False)
    trial.result += f"; {len(taken)} × 202, {len(refused)} × 409"


def many_places(trial: Trial) -> None:
    """Every workspace asks at once; each gets its file, made once."""
    house = trial.house
    house.workers[1].start()
    places = [a_place(house.superuser, contacts=50) for _ in range(PLACES)]
    trials = [Trial(house, place, lease=trial.lease) for place in places]
    for each in trials:
        each.ask(dataset="contacts")
    for each in trials:
        row = each.judge_file()
        each.say(f"{row.attempt} attempts", unless=row.attempt == 1)
        trial.found += each.found
    trial.export_id = trials[0].export_id
    trial.result = f"{PLACES} files, each at the first attempt"


def downloads(trial: Trial) -> None:
    """Whole, resumed, in parallel: the same bytes. For nobody else."""
    house = trial.house
    house.serve()
    trial.ask()
    row = trial.judge_file()
    whole = fetched(trial)
    trial.say(f"answered {whole.status_code}", unless=whole.status_code == 200)
    trial.say("other bytes", unless=_is(whole.content, row.sha256))
    head = fetched(trial, method="HEAD")
    trial.say("HEAD says another size", unless=int(head.headers["Content-Length"]) == row.size_bytes)
    half = _first_half(trial, row.size_bytes or 0)
    tag = whole.headers["ETag"]
    rest = fetched(trial, {"Range": f"bytes={len(half)}-", "If-Range": tag})
    trial.say(f"the rest was answered {rest.status_code}", unless=rest.status_code == 206)
    trial.say("halves do not make the whole", unless=_is(half + rest.content, row.sha256))
    other = fetched(trial, {"Range": "bytes=5-9", "If-Range": '"of-another-file"'})
    trial.say(f"a part of another file was answered {other.status_code}", unless=other.status_code == 200)
    with ThreadPoolExecutor(8) as pool:
        several = list(pool.map(lambda _number: fetched(trial).content, range(8)))
    trial.say("parallel downloads differ", unless=all(_is(each, row.sha256) for each in several))
    foreign = a_place(house.superuser, contacts=1)
    for who, token, wanted in (
        ("nobody", "", 401),
        ("an invented token", "tt_" + "x" * 40, 401),
        ("a token without the scope", trial.place.weak_token, 403),
        ("another workspace", foreign.token, 404),
    ):
        got = fetched(trial, token=token)
        trial.say(f"{who} was answered {got.status_code} for {wanted}", unless=got.status_code == wanted)
        trial.say(f"{who} got bytes of the file", unless=whole.content[:40] not in got.content)
    trial.result = "200, 206 and HEAD equal; 401, 401, 403, 404"


def expired(trial: Trial) -> None:
    """A minute before its time is over a file is handed out; then it is gone, and no other with it."""
    house = trial.house
    house.serve()
    trial.ask()
    other = trial.judge_file()
    trial.ask()
    row = trial.judge_file()
    trial.change("expires_at = now() + interval '8 seconds'")
    before = fetched(trial)
    trial.say(f"before its time is over: {before.status_code}", unless=before.status_code == 200)
    trial.wait_for_state("expired")
    after = fetched(trial)
    trial.say(f"after its time is over: {after.status_code}", unless=after.status_code == 410)
    trial.say("its file is still there", unless=not (house.files / row.file_key).exists())
    trial.say("another file is gone", unless=(house.files / other.file_key).exists())
    trial.result = "200, then 410 and no file"


def expired_and_killed(trial: Trial) -> None:
    """The sweep dies between deleting the file and writing so: nobody gets half a file, and the next sweep writes it."""
    house = trial.house
    house.serve()
    trial.ask()
    row = trial.judge_file()
    house.arm("deleted")
    trial.change("expires_at = now()")
    trial.await_point("deleted")
    if (house.files / row.file_key).exists() or trial.now().state != "completed":
        raise Vacuous("the sweep was not between the two")
    answer = fetched(trial)
    trial.say(f"answered {answer.status_code}", unless=answer.status_code == 410)
    killed(trial)
    gone = trial.wait_for_state("expired")
    trial.say("its row names a file", unless=gone.file_key == "")
    ends = trial.sql(
        "SELECT count(*) FROM workspaces_eventrecord WHERE type = 'exports.export.expired' AND subject_id = %s", gone.pk
    )
    trial.say(f"{ends[0][0]} events of its end", unless=ends[0][0] == 1)
    trial.result = "410, then expired"


def demoted_while_waiting(trial: Trial) -> None:
    """Whoever asked may not export any more when a worker comes: there is no file."""
    house = trial.house
    house.workers[0].kill()
    trial.ask(actor=trial.place.manager)
    _make(trial, "agent")
    trial.at_the_end(lambda: _make(trial, "manager"))
    house.workers[0].start()
    trial.judge_ended("failed", "exports.requester_not_allowed")


def demoted_meanwhile(trial: Trial) -> None:
    """Whoever asked is demoted while the rows are written: the file is there for others, and not for them."""
    manager = trial.place.manager
    trial.house.arm("amid-rows")
    trial.ask(actor=manager)
    trial.await_point("amid-rows")
    _make(trial, "agent")
    trial.at_the_end(lambda: _make(trial, "manager"))
    trial.house.disarm()
    row = trial.judge_file()
    with workspace_scope(trial.place.workspace_id):
        as_now = actor_of_member(user_id=manager.user_id or 0, workspace_id=trial.place.workspace_id)
        try:
            begin_download(actor=as_now, export_id=row.pk, is_first_part=True, at=clock())
        except PermissionMissing:
            trial.result += "; refused to them"
        else:
            trial.found.append("they may still download it")


def asked(trial: Trial) -> httpx.Response:
    """Ask for the messages by the API."""
    today = clock().date()
    body = {"dataset": "messages", "from": str(today - timedelta(days=DAYS + 2)), "to": str(today)}
    return httpx.post(
        f"{trial.house.serve()}/v2/export",
        headers={"Authorization": f"Bearer {trial.place.token}"},
        json={**body, "timezone": "Europe/Madrid"},
        timeout=SECONDS,
    )


def fetched(
    trial: Trial, headers: dict[str, str] | None = None, *, method: str = "GET", token: str | None = None
) -> httpx.Response:
    """Download the file by the API, as a program does."""
    shown = trial.place.token if token is None else token
    return httpx.request(
        method,
        f"{trial.house.serve()}/v2/export/{trial.export_id}/download",
        headers={**({"Authorization": f"Bearer {shown}"} if shown else {}), **(headers or {})},
        timeout=SECONDS,
    )


def _first_half(trial: Trial, size: int) -> bytes:
    """Begin a download and hang up at half of it."""
    got = b""
    address = f"{trial.house.serve()}/v2/export/{trial.export_id}/download"
    with httpx.stream(
        "GET", address, headers={"Authorization": f"Bearer {trial.place.token}"}, timeout=SECONDS
    ) as reply:
        for block in reply.iter_raw():
            got += block
            if len(got) >= size // 2:
                break
    return got[: size // 2]


def _is(content: bytes, sha256: str) -> bool:
    return hashlib.sha256(content).hexdigest() == sha256


def _make(trial: Trial, role: str) -> None:
    place = trial.place
    with workspace_scope(place.workspace_id):
        change_member(
            actor=place.owner, user_id=place.manager.user_id or 0, role=role, restrictions=(), team_id=None, at=clock()
        )
