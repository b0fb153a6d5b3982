from functools import lru_cache
from pathlib import Path

from django.conf import settings
from django.template.loaders.filesystem import Loader


@lru_cache(maxsize=1)
def _folders() -> list[Path]:
    return [folder for folder in sorted(settings.ROOT.glob("*/web/templates")) if folder.is_dir()]


class AppFolders(Loader):
    """Finds templates in each app's `web/templates`, ahead of the templates that libraries bring."""

    def get_dirs(self) -> list[str | Path]:
        return [*_folders()]
