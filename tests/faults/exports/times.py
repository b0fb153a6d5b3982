"""Clocks: an export that takes too long is discarded, and the workspace waits half an hour from its request."""

import time
from datetime import timedelta

from exports.models import Export
from tests.faults.exports.faults import ended
from tests.faults.exports.over_http import asked
from tests.faults.exports.trials import SECONDS, Trial, clock
from tests.faults.servers import wait_for
from tests.faults.trials import Vacuous

TOO_LONG = "exports.too_long"
WITHIN = timedelta(seconds=10)  # of the deadline it is discarded
MOVED = "requested_at = requested_at - {0}, deadline_at = deadline_at - {0}"
ALMOST_OVER = MOVED.format("interval '14 minutes 55 seconds'")
OVER = MOVED.format("interval '15 minutes'")


def too_long(trial: Trial) -> None:
    """The deadline passes amid the rows: discarded within ten seconds, refused until minute 30, then taken."""
    house = trial.house
    house.serve()
    trial.ask_and_await("amid-rows")
    house.workers[1].start()  # the first is held, and somebody must sweep
    wait_for(lambda: house.workers[1].said("ready.") > 0, "the second worker", seconds=SECONDS)
    trial.change(ALMOST_OVER)
    row = trial.wait_for_state("discarded")
    _judge_moment(trial, row)
    ends = ended(house.workers[0])
    house.disarm()
    wait_for(lambda: ended(house.workers[0]) > ends, "the late worker's end", seconds=SECONDS)
    trial.judge_ended("discarded", TOO_LONG)
    _judge_pause(trial, row)


def too_long_in_the_queue(trial: Trial) -> None:
    """No worker comes before the deadline: discarded, and never begun."""
    trial.house.workers[0].kill()
    trial.ask()
    trial.change(OVER)
    trial.house.workers[0].start()
    trial.judge_ended("discarded", TOO_LONG)
    trial.say("it was begun", unless=trial.claims() == 0)


def published_too_late(trial: Trial) -> None:
    """The deadline passes when the file is in the store and its row does not say so: the file goes."""
    trial.ask_and_await("published")
    if not trial.strays():
        raise Vacuous("no file was published")
    trial.change(OVER)
    trial.house.disarm()
    trial.judge_ended("discarded", TOO_LONG)


def _judge_moment(trial: Trial, row: Export) -> None:
    late = (row.finished_at or clock()) - row.deadline_at
    trial.say(f"it was discarded {late} after its deadline", unless=timedelta(0) <= late <= WITHIN)
    pause = (row.not_before or row.requested_at) - row.requested_at
    trial.say(f"the workspace waits {pause} from the request", unless=pause == timedelta(minutes=30))


def _judge_pause(trial: Trial, row: Export) -> None:
    refused = asked(trial)
    told = refused.json().get("not_before", "")
    trial.say(f"asked again: {refused.status_code} {told}", unless=refused.status_code == 409 and bool(told))
    trial.change("not_before = now() + interval '6 seconds'")
    almost = asked(trial)
    trial.say(f"just before minute 30: {almost.status_code}", unless=almost.status_code == 409)
    opens_at = trial.now().not_before or clock()
    wait_for(lambda: clock() > opens_at, "minute 30", pause=0.1)
    time.sleep(0.1)
    taken = asked(trial)
    trial.say(f"after minute 30: {taken.status_code}", unless=taken.status_code == 202)
    if taken.status_code == 202:
        discarded = trial.result
        trial.export_id = taken.json()["id"]
        trial.judge_file(is_told=False)
        trial.result = f"{discarded}; 409 until minute 30, then completed"
