"""The two lock files and the sign in their first line that tells which dependencies they were made for."""

import hashlib
import json
import subprocess
import tomllib

from _bootstrap import LOCKS, ROOT, fail, find_uv, uv_environment

SIGN = "# Made by bin/lock for the dependencies with the hash "


def signature(kind: str) -> str:
    """Return a hash of what pyproject.toml asks for; kind: run or dev, which includes run."""
    told = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    asked = [told["project"]["requires-python"], told["project"]["dependencies"]]
    if kind == "dev":
        asked.append(told["dependency-groups"]["dev"])
    return hashlib.sha256(json.dumps(asked).encode()).hexdigest()[:20]


def outdated() -> list[str]:
    """Return the lock files that were made for other dependencies than pyproject.toml names now."""
    return [
        name
        for kind, name in LOCKS.items()
        if (ROOT / name).read_text(encoding="utf-8").partition("\n")[0] != f"{SIGN}{signature(kind)}."
    ]


def make(*arguments: str) -> None:
    """Resolve both locks; versions already locked stay where they fit. No file names a registry."""
    uv = find_uv() or fail("uv is needed to make the locks, and pip could not bring it.")
    for kind, name in LOCKS.items():
        extra = ["--group", "dev", "--constraints", LOCKS["run"]] if kind == "dev" else []
        options = (
            "--universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-annotate --no-header --quiet"
        )
        command = [uv, "pip", "compile", "pyproject.toml", *extra, *options.split(), *arguments, "--output-file", name]
        if subprocess.run(command, cwd=ROOT, env=uv_environment(), check=False).returncode:
            fail(f"{name} could not be made.")
        lines = [line for line in (ROOT / name).read_text(encoding="utf-8").splitlines() if not line.startswith("--")]
        (ROOT / name).write_text("\n".join([f"{SIGN}{signature(kind)}.", *lines, ""]), encoding="utf-8")
