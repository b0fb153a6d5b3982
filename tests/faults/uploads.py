"""Faults while a file is taken in: the web server, over HTTP, with a token."""

import threading

import httpx

from tests.faults.trials import Trial, Vacuous, clock
from workspaces.actions import create_token
from workspaces.scope import workspace_scope


def a_token(trial: Trial) -> str:
    """Make an API token in the trial's workspace."""
    with workspace_scope(trial.actor.workspace_id):
        return create_token(actor=trial.actor, name="Faults", scopes=("read", "write"), at=clock())[1]


def posted(address: str, token: str, content: bytes) -> "httpx.Response | httpx.HTTPError":
    """Upload a file; return the answer, or why there is none."""
    try:
        return httpx.post(
            f"{address}/v2/import",
            headers={"Authorization": f"Bearer {token}"},
            data={"purpose": "add_and_update", "identifier": "phone"},
            files={"file": ("people.csv", content, "text/csv")},
            timeout=60,
        )
    except httpx.HTTPError as error:
        return error


def killed(trial: Trial, point: str) -> None:
    """Kill the web server amid an upload. What is left holds the place until it is cancelled, or an hour is over."""
    house = trial.house
    address, token = house.serve(), a_token(trial)
    answers: list[object] = []
    house.arm(point)
    upload = threading.Thread(target=lambda: answers.append(posted(address, token, trial.content)))
    upload.start()
    house.await_point(point)
    house.web.kill()
    house.disarm()
    upload.join()
    if not isinstance(answers[0], httpx.HTTPError):
        raise Vacuous(f"the upload was answered {answers[0]}")
    house.serve()
    refused = posted(address, token, trial.content)
    if not isinstance(refused, httpx.Response) or refused.status_code != 409:
        raise AssertionError(f"a second upload was answered {refused}")
    trial.cancel(refused.json()["running"])
    taken = posted(address, token, trial.content)
    if not isinstance(taken, httpx.Response) or taken.status_code != 201:
        raise AssertionError(f"the upload after that was answered {taken}")
    trial.import_id = taken.json()["id"]
    trial.check()
    trial.write()
