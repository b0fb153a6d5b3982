import hashlib
import json
from collections.abc import Mapping

from inbox.settings_errors import ChangedMeanwhile


def fingerprint(values: Mapping[str, object]) -> str:
    """Return a short mark of what a form showed, which differs once somebody else has saved."""
    return hashlib.sha256(json.dumps(dict(values), sort_keys=True, default=str).encode()).hexdigest()[:16]


def require_unchanged(seen: str, values: Mapping[str, object]) -> None:
    """Refuse to save over what the saver has not seen; a caller who names nothing seen overwrites on purpose."""
    if seen and seen != fingerprint(values):
        raise ChangedMeanwhile
