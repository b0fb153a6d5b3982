"""The map is kept true: what it names is there, and its picture equals the import contract."""

import re
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
MAP = (ROOT / "docs/ARCHITECTURE.md").read_text(encoding="utf-8")


def test_every_path_that_the_documents_name_exists() -> None:
    missing = []
    for document in [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").rglob("*.md"))]:
        text = document.read_text(encoding="utf-8")
        named = re.findall(
            r"`((?:bin|bench|config|contacts|docs|exports|imports|reports|locale|tests|workspaces)/[\w./-]*)", text
        )
        linked = re.findall(r"\]\(((?!http)[^)#]+)\)", text)
        missing += [f"{document.name}: {path}" for path in named if not (ROOT / path).exists()]
        missing += [f"{document.name}: {path}" for path in linked if not (document.parent / path).exists()]
    assert missing == []


def test_the_picture_equals_the_contract() -> None:
    drawn = re.findall(r"^(\w+) {2,}", MAP.split("```")[1], re.MULTILINE)
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["importlinter"][
        "contracts"
    ]
    layers = next(contract["layers"] for contract in contracts if contract["name"] == "Apps depend downwards")
    assert drawn == [app for layer in layers for app in layer.split(" | ")]


def test_every_app_of_the_tree_is_drawn() -> None:
    apps = {path.parents[1].name for path in ROOT.glob("*/migrations/__init__.py")} | {"config"}
    assert apps == set(re.findall(r"^(\w+) {2,}", MAP.split("```")[1], re.MULTILINE))
