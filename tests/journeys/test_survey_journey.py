"""A contact answers a satisfaction survey in a real browser, with keys alone, in both languages."""

import os
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from inbox.models import Survey
from tests.axe import barriers
from tests.browsers import lent
from tests.factories import Cast
from tests.inbox.test_surveys import asked_contact
from workspaces.scope import workspace_scope

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("fresh_cache")]
WORDS = {
    "en": ("How did we do?", "Send the score", "Send the answer", "Thank you", "Choose a score from 1 to 5."),
    "es": (
        "¿Cómo lo hicimos?",
        "Enviar la puntuación",
        "Enviar la respuesta",
        "Gracias",
        "Elige una puntuación del 1 al 5.",
    ),
}


def picture(page: Page, name: str) -> None:
    if folder := os.environ.get("TERTULIA_PICTURES"):
        page.screenshot(path=Path(folder) / f"{name}.png", full_page=True)


@pytest.mark.parametrize("language", ["en", "es"])
def test_a_contact_scores_and_answers_with_keys_alone(cast: Cast, site: str, browser: Browser, language: str) -> None:
    title, send_score, send_answer, thanks, _choose = WORDS[language]
    _message, where = asked_contact(cast, language=language, survey_question="What could be better?")
    with lent(browser, viewport={"width": 390, "height": 780}, color_scheme="light") as context:
        page = context.new_page()
        page.goto(f"{site}{where}")
        expect(page.get_by_role("heading", level=1)).to_have_text(title)
        assert page.evaluate("document.documentElement.scrollWidth") <= 390
        assert barriers(page) == []
        picture(page, f"survey-{language}-1")
        page.keyboard.press("Tab")
        page.keyboard.press("ArrowRight")
        page.keyboard.press("ArrowRight")
        page.keyboard.press("ArrowRight")
        expect(page.get_by_role("radio", name="4")).to_be_checked()
        picture(page, f"survey-{language}-2")
        page.keyboard.press("Tab")
        expect(page.get_by_role("button", name=send_score)).to_be_focused()
        page.keyboard.press("Enter")
        page.get_by_label("What could be better?").fill("Tell me sooner")
        assert barriers(page) == []
        picture(page, f"survey-{language}-3")
        page.get_by_role("button", name=send_answer).click()
        expect(page.get_by_role("heading", level=1)).to_have_text(thanks)
        assert barriers(page) == []
        picture(page, f"survey-{language}-4")
    with workspace_scope(cast.acme.pk):
        survey = Survey.objects.get()
        assert (survey.score, survey.answer) == (4, "Tell me sooner")


def test_at_night_and_without_an_answer(cast: Cast, site: str, page: Page, complaints: list[str]) -> None:
    _message, where = asked_contact(cast, language="en")
    page.emulate_media(color_scheme="dark")
    page.goto(f"{site}{where}")
    page.evaluate("document.querySelector('form').noValidate = true")
    page.get_by_role("button").click()
    expect(page.get_by_text(WORDS["en"][4])).to_be_visible()
    assert barriers(page) == []
    picture(page, "survey-dark")
    page.get_by_role("radio", name="5").check(force=True)
    page.get_by_role("button").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Thank you")
    page.goto(f"{site}/survey/{'x' * 22}")
    expect(page.get_by_text("There is no survey at this address.")).to_be_visible()
    picture(page, "survey-unknown")
