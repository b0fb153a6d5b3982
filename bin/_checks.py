"""The checks, two at a time; each prints its complaints, and one line at the end tells which failed."""

import os
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

from _bootstrap import ROOT
from _locks import outdated

TOOLS = Path(sys.executable).parent
# The settings must be complete; nothing is connected to.
SETTINGS = {
    "DJANGO_SETTINGS_MODULE": "config.settings",
    "SECRET_KEY": "".join(chr(33 + number * 7 % 90) for number in range(64)),
    "BASE_URL": "https://inbox.example.org",
    "DATABASE_URL": "postgres://app:app@127.0.0.1:9/none",
    "REDIS_URL": "redis://127.0.0.1:9/0",
}


def commands() -> dict[str, list[str]]:
    """Return the checks by name, the slowest first."""
    templates = [str(folder.relative_to(ROOT)) for folder in sorted(ROOT.glob("*/web/templates"))]
    manage = [sys.executable, "-W", "ignore", "manage.py"]
    return {
        "mypy": [str(TOOLS / "mypy"), "."],
        "ruff check": [str(TOOLS / "ruff"), "check", "--quiet", "."],
        "ruff format": [str(TOOLS / "ruff"), "format", "--check", "--quiet", "."],
        "imports": [str(TOOLS / "lint-imports"), "--no-cache"],
        "templates lint": [str(TOOLS / "djlint"), "--lint", "--quiet", *templates],
        "templates format": [str(TOOLS / "djlint"), "--check", *templates],
        "settings": [*manage, "check", "--deploy", "--fail-level", "WARNING"],
        "migrations": [*manage, "makemigrations", "--check", "--dry-run"],
    }


def main() -> int:
    """Run the checks; return 1 when one has a complaint."""
    failed = []
    with ThreadPoolExecutor(2) as pool:
        for name, (status, seconds, output) in zip(commands(), pool.map(_run, commands().values()), strict=True):
            print(f"{'ok' if status == 0 else 'FAILED':<7} {name} ({seconds:.1f} s)", flush=True)
            if status:
                failed.append(name)
                print(_beginning_and_end(output), flush=True)
    if old := outdated():
        failed.append("locks")
        print(
            f"FAILED  locks\n{', '.join(old)} were made for other dependencies than pyproject.toml names: run bin/lock."
        )
    else:
        print("ok      locks")
    print(f"{len(failed)} failed: {', '.join(failed)}" if failed else "All checks passed.")
    return 1 if failed else 0


def _beginning_and_end(output: str) -> str:
    """Return a complaint short enough to read; whoever wants all of it runs that tool alone."""
    lines = output.splitlines()
    return "\n".join(lines if len(lines) <= 120 else [*lines[:80], f"... {len(lines) - 110} lines ...", *lines[-30:]])


def _run(command: list[str]) -> tuple[int, float, str]:
    began = time.monotonic()
    answer = subprocess.run(
        command,
        cwd=ROOT,
        env={**os.environ, **SETTINGS, "DATABASE_OWNER_URL": ""},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    return answer.returncode, time.monotonic() - began, answer.stdout.strip()


if __name__ == "__main__":
    raise SystemExit(main())
