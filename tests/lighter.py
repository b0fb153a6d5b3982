"""What a run of tests spares itself, where no test can tell the difference but by the clock."""

import gc
from typing import Any

import pytest
from django.template import Context, Template
from django.test.signals import template_rendered
from whitenoise.middleware import WhiteNoiseMiddleware

# Garbage is looked for after so many new objects, not after 700: the product's code stays in memory until the end anyway.
SELDOM = (100_000, 50, 50)


@pytest.hookimpl(trylast=True)
def pytest_collection_finish() -> None:
    """Leave everything that was imported and collected out of the search for garbage, and search seldom."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(*SELDOM)


@pytest.fixture(scope="session", autouse=True)
def _note_pages_only(django_test_environment: None) -> None:
    """Let `response.context` hold what the page was given: a page has hundreds of small templates, each context a copy."""
    Template._render = _render  # type: ignore[attr-defined]


@pytest.fixture(scope="session", autouse=True)
def _look_for_static_files_once(django_test_environment: None) -> None:
    """Let all clients of a process know the static files that its first found: each would walk all folders for itself."""
    found: dict[str, Any] = {}
    look = WhiteNoiseMiddleware.add_files_from_finders

    def add_files_from_finders(middleware: WhiteNoiseMiddleware) -> None:
        if not found:
            look(middleware)
            found.update(middleware.files)
        middleware.files.update(found)

    WhiteNoiseMiddleware.add_files_from_finders = add_files_from_finders


def _render(template: Template, context: Context) -> str:
    if context.template is template:  # no other template is around this one
        template_rendered.send(sender=template, template=template, context=context)
    return template.nodelist.render(context)
