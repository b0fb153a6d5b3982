"""Which process does which job: what comes in shares its worker with nothing that may take long."""

from pathlib import Path

import pytest
import yaml
from celery import current_app

from config.supervisor.services import services
from workspaces.jobs import Job

ROOT = Path(__file__).resolve().parents[2]
COMPOSE = yaml.safe_load((ROOT / "docker-compose.yml").read_text(encoding="utf-8"))["services"]


def queue_of(task: str, **options: str) -> str:
    """Return the queue that a bell for a task goes to."""
    name: str = current_app.amqp.router.route(dict(options), task)["queue"].name
    return name


def workers() -> dict[str, str]:
    """Return the process that serves each queue; a queue of two processes is an error here."""
    served: dict[str, str] = {}
    for program in services(port=8000, environment={}):
        if "--queues" in program.command:
            for queue in program.command[program.command.index("--queues") + 1].split(","):
                assert queue not in served
                served[queue] = program.name
    return served


def test_every_job_and_every_sweep_has_a_process() -> None:
    asked = {queue_of(job.value) for job in Job}
    asked |= {entry["options"]["queue"] for entry in current_app.conf.beat_schedule.values()}
    assert asked <= set(workers())


@pytest.mark.parametrize("job", sorted(set(Job) - {Job.TAKE_IN}))
def test_intake_has_a_worker_without_jobs_that_wait_or_take_long(job: Job) -> None:
    served = workers()
    assert served[queue_of(job.value)] != served[queue_of(Job.TAKE_IN.value)]


def test_every_process_in_a_container_is_started_again_but_for_the_two_that_end() -> None:
    restarts = {name: service.get("restart") for name, service in COMPOSE.items()}
    once = {name for name, policy in restarts.items() if policy == "no"}
    assert once == {"prepare", "migrate"}
    assert {policy for name, policy in restarts.items() if name not in once} == {"unless-stopped"}
