"""A disk that is full when a file is to be published: a small file system of its own, or, where that is not allowed, a limit."""

import os
import resource
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx

from tests.faults.servers import wait_for
from tests.faults.trials import Fault, Trial, Vacuous
from tests.faults.uploads import a_token, posted

SIZE_MB = 64
LEFT_BYTES = 128 * 1024  # so that a part of the file finds room


class Disk:
    """The disk under one workspace's files."""

    def __init__(self, folder: Path, *, is_own: bool) -> None:
        self.folder = folder
        self.is_own = is_own
        self._limited = 0

    def fill(self, *, pid: int) -> None:
        """Leave almost no room; pid: the process that is going to write."""
        if not self.is_own:
            self._limited = pid
            resource.prlimit(pid, resource.RLIMIT_FSIZE, (LEFT_BYTES, resource.RLIM_INFINITY))
            return
        facts = os.statvfs(self.folder)
        with (self.folder / "ballast").open("wb") as out:
            os.posix_fallocate(out.fileno(), 0, facts.f_bavail * facts.f_bsize - LEFT_BYTES)

    def free(self) -> None:
        """Give the room back."""
        if self._limited:
            no_limit = (resource.RLIM_INFINITY, resource.RLIM_INFINITY)
            resource.prlimit(self._limited, resource.RLIMIT_FSIZE, no_limit)
            self._limited = 0
        (self.folder / "ballast").unlink(missing_ok=True)


@contextmanager
def disk_of(trial: Trial) -> Iterator[Disk]:
    """Put a workspace's files on a disk of their own, which stays until the trial is over."""
    folder = trial.house.files / "ws" / str(trial.actor.workspace_id)
    folder.mkdir(parents=True, exist_ok=True)
    mount = ["mount", "-t", "tmpfs", "-o", f"size={SIZE_MB}m", "tmpfs", str(folder)]
    mounted = os.geteuid() == 0 and subprocess.run(mount, capture_output=True, check=False).returncode == 0
    if mounted:
        trial.at_the_end(lambda: subprocess.run(["umount", "--lazy", str(folder)], capture_output=True, check=False))
    disk = Disk(folder, is_own=mounted)
    try:
        yield disk
    finally:
        disk.free()


def full_for_errors(trial: Trial) -> None:
    """Nothing fits while the file of the rows with errors is published; then there is room again."""
    with disk_of(trial) as disk:
        trial.upload()
        trial.check("planned", _full_once(disk))
        trial.write()


def full_for_result(trial: Trial) -> None:
    """Likewise for the result file."""
    with disk_of(trial) as disk:
        trial.upload()
        trial.check()
        trial.write("before-result", _full_once(disk))


def full_for_good(trial: Trial) -> None:
    """There is no room until the import is given up; the contacts are written, and the result file follows."""
    house = trial.house

    before = _complaints(trial)

    def full(_trial: Trial) -> None:
        (child,) = house.workers[0].children()
        disk.fill(pid=child)
        house.disarm()

    with disk_of(trial) as disk:
        trial.upload()
        trial.check()
        trial.write("before-result", full, end="failed")
        if _complaints(trial) < before + 3:
            raise Vacuous("the disk was not full for each attempt")
        if trial.now().error_code != "imports.storage_failed":
            raise AssertionError(f"the reason is {trial.now().error_code}")
        disk.free()
        wait_for(lambda: trial.now().result_key != "", "the result file", pause=0.1)


def full_for_upload(trial: Trial) -> None:
    """A file that finds no room is refused with a reason, and leaves nothing."""
    house = trial.house
    address, token = house.serve(), a_token(trial)
    with disk_of(trial) as disk:
        disk.fill(pid=_process_that_serves(trial))
        answer = posted(address, token, trial.content)
        if not isinstance(answer, httpx.Response) or answer.status_code != 503:
            raise AssertionError(f"the upload was answered {getattr(answer, 'status_code', answer)}")
        disk.free()
        taken = posted(address, token, trial.content)
        if not isinstance(taken, httpx.Response) or taken.status_code != 201:
            raise AssertionError("the upload was not taken when there was room again")
        trial.import_id = taken.json()["id"]
        trial.check()
        trial.write()


def _process_that_serves(trial: Trial) -> int:
    children = trial.house.web.children()
    return children[0] if children else trial.house.web.pid


def _full_once(disk: Disk) -> Fault:
    def fault(trial: Trial) -> None:
        (child,) = trial.house.workers[0].children()
        before = _complaints(trial)
        disk.fill(pid=child)
        trial.house.disarm()
        wait_for(lambda: _complaints(trial) > before, "a complaint about the disk")
        disk.free()

    return fault


def _complaints(trial: Trial) -> int:
    worker = trial.house.workers[0]
    return worker.said("No space left on device") + worker.said("File too large")
