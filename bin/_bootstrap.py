"""Makes `.venv` with the locked dependencies; standard library only, so that any Python 3.11 can run it.

uv does the work where it can be had, in seconds; else venv and pip, in a minute. A stamp of the lock lets later starts skip
all of it, so they need no network.
"""

import contextlib
import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import NoReturn

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
TOOLS = ROOT / ".tools"
STAMP = VENV / "tertulia-lock"
LOCKS = {"run": "requirements.txt", "dev": "requirements-dev.txt"}  # the second holds all of the first
OLDEST = (3, 11)


def run_in_venv(*command: str, kind: str) -> NoReturn:
    """Become a Python of the virtual environment, which is made first where needed; kind: run or dev.

    -P: a folder `config` where the person stands is not ours.
    """
    prepare(kind)
    program = [str(VENV / "bin" / "python"), "-P", *command]
    sys.stdout.flush()
    os.execv(program[0], program)


def prepare(kind: str) -> None:
    """Bring `.venv` up to the lock; a later call with the same lock does nothing."""
    if sys.version_info < OLDEST:
        fail(f"Python {'.'.join(map(str, OLDEST))} or newer is needed; this is {sys.version.split()[0]}.")
    try:
        if _is_ready(kind):
            return
        with _only_one():
            if not _is_ready(kind):
                _install("dev" if kind == "run" and _stamped("dev") else kind)
    except PermissionError as error:
        fail(f"{error.filename or ROOT} cannot be used by this account: take a copy of the tree that belongs to you.")
    except OSError as error:
        fail(f"The dependencies cannot be installed: {error}.")


def fail(sentence: str) -> NoReturn:
    """End with one sentence and status 1."""
    print(sentence, file=sys.stderr)
    raise SystemExit(1)


def _is_ready(kind: str) -> bool:
    """Whether the environment fits the lock: what is made for development is good for running too."""
    if not (VENV / "bin" / "python").exists():
        return False
    stamps = _stamps()
    if stamps.get("root") != str(ROOT):
        return False
    return any(stamps.get(name) == _hash_of(name) for name in ({"dev"} if kind == "dev" else {"run", "dev"}))


def _stamped(kind: str) -> bool:
    return kind in _stamps()


def _stamps() -> dict[str, str]:
    with contextlib.suppress(OSError, ValueError):
        return dict(line.split(" ", 1) for line in STAMP.read_text(encoding="utf-8").splitlines())
    return {}


def _hash_of(kind: str) -> str:
    return hashlib.sha256((ROOT / LOCKS[kind]).read_bytes()).hexdigest()


def _install(kind: str) -> None:
    print(f"Installing the dependencies of {LOCKS[kind]} into .venv", file=sys.stderr, flush=True)
    environment = uv_environment()
    uv = find_uv()
    if _stamps().get("root", str(ROOT)) != str(ROOT):  # the tree was moved, and programs in .venv name their place
        shutil.rmtree(VENV, ignore_errors=True)
    python = str(VENV / "bin" / "python")
    lock = str(ROOT / LOCKS[kind])
    if uv:
        if not _is_venv():
            _run([uv, "venv", "--quiet", "--clear", "--no-project", "--python", sys.executable, str(VENV)], environment)
        _run([uv, "pip", "sync", "--quiet", "--require-hashes", "--python", python, lock], environment)
    else:
        if not _is_venv():
            shutil.rmtree(VENV, ignore_errors=True)
            _run(
                [sys.executable, "-m", "venv", str(VENV)],
                os.environ,
                "This Python can make no virtual environment: install python3-venv, or let pip install the package uv.",
            )
        _run([python, "-m", "pip", "install", "--quiet", "--no-deps", "--require-hashes", "-r", lock], os.environ)
    for folder in (VENV / "lib").glob("python*/site-packages"):  # the tree itself, for a plain `pytest`
        (folder / "tertulia.pth").write_text(f"{ROOT}\n", encoding="utf-8")
    STAMP.write_text(f"{kind} {_hash_of(kind)}\nroot {ROOT}\n", encoding="utf-8")


def _is_venv() -> bool:
    """Whether `.venv` is there and its Python still is."""
    python = VENV / "bin" / "python"
    if not ((VENV / "pyvenv.cfg").exists() and python.exists()):
        return False
    return subprocess.run([python, "-c", ""], check=False, capture_output=True).returncode == 0


def find_uv() -> str | None:
    """Return a uv: ours, or one that pip brings; None when neither is to be had."""
    ours = TOOLS / "bin" / "uv"
    if not ours.exists():
        command = [sys.executable, "-m", "pip", "install", "--quiet", "--upgrade", "--target", str(TOOLS), "uv"]
        answer = subprocess.run(command, check=False, capture_output=True, text=True)
        if answer.returncode or not ours.exists():
            return shutil.which("uv")
    return str(ours)


def uv_environment() -> dict[str, str]:
    """Return the environment with pip's index, links and certificate in uv's words; uv does not read pip's settings."""
    answer = subprocess.run(
        [sys.executable, "-m", "pip", "config", "list"], check=False, capture_output=True, text=True
    )
    pip: dict[str, str] = {}
    for line in sorted(answer.stdout.splitlines(), key=lambda line: line.startswith(":env:")):  # the environment wins
        name, _, value = line.partition("=")
        section, _, option = name.rpartition(".")
        if section in {"global", "install", ":env:"}:
            pip[option.lower()] = value.strip().strip("'\"").replace("\\n", " ")
    wanted = {
        "UV_DEFAULT_INDEX": pip.get("index-url"),
        "UV_INDEX": " ".join(pip.get("extra-index-url", "").split()),
        "UV_FIND_LINKS": ",".join(pip.get("find-links", "").split()),
        "UV_INSECURE_HOST": " ".join(pip.get("trusted-host", "").split()),
        "UV_NO_INDEX": "1" if pip.get("no-index", "").lower() in {"1", "true", "yes"} else None,
        "SSL_CERT_FILE": pip.get("cert"),
        "UV_HTTP_TIMEOUT": pip.get("timeout") or pip.get("default-timeout") or "120",
        "UV_INDEX_STRATEGY": "unsafe-best-match",  # as pip does; the lock's hashes say what is taken
        "UV_LINK_MODE": "copy",  # the cache may lie on another disk
        "UV_PYTHON_DOWNLOADS": "never",
        "UV_NO_CONFIG": "1",
    }
    return {**{name: value for name, value in wanted.items() if value}, **os.environ}


def _run(command: list[str], environment: "os._Environ[str] | dict[str, str]", sentence: str | None = None) -> None:
    answer = subprocess.run(command, env=dict(environment), check=False, stdout=sys.stderr)
    if answer.returncode:
        fail(
            sentence
            or f"The dependencies could not be installed: {' '.join(command[:4])} ended with {answer.returncode}."
        )


@contextlib.contextmanager
def _only_one() -> Iterator[None]:
    """Let one start install at a time."""
    TOOLS.mkdir(exist_ok=True)
    with (TOOLS / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
