"""A morning with contacts, in a real browser: find a group, act on it, mend one person, with keyboard and pointer."""

import re

import pytest
from playwright.sync_api import Page, expect

from contacts import actions
from contacts.models import Contact, ContactTag
from contacts.models.contact import Source
from tests.factories import NOON, PASSWORD, Cast
from workspaces.scope import workspace_scope

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_contacts(page: Page, site: str, cast: Cast, complaints: list[str]) -> None:
    with workspace_scope(cast.acme.pk):
        for number in range(30):
            actions.add_contact(
                actor=cast.ada,
                values={"first_name": f"Person {number:02d}", "country": "ES" if number % 2 else "PE"},
                source=Source.USER,
                at=NOON,
            )
    page.goto(f"{site}/w/{cast.acme.pk}/contacts")
    page.get_by_label("E-mail").fill("ada@example.com")
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Contacts")).to_be_visible()

    page.wait_for_load_state("load")  # a key counts once the scripts are there

    # A filter by keyboard; the address follows, and says the same when it is opened anew.
    page.keyboard.press("f")
    page.get_by_label("Field").select_option("countryCode")
    value = page.locator("#filter-tree input[role=combobox]")
    value.click()
    page.keyboard.type("Spa")
    page.keyboard.press("Enter")
    expect(page.locator("#filter-live")).to_contain_text("15 of 30 contacts match")
    expect(page).to_have_url(re.compile(r"f\.0\.value=ES"))
    page.reload()
    expect(page.locator("#filter-live")).to_contain_text("15 of 30 contacts match")

    # Rows are chosen, the act names its number, and the toast says what was done.
    page.get_by_label("Choose Person 29").check()
    page.get_by_label("Choose Person 27").check()
    page.get_by_role("button", name="Add tags").click()
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_role("heading")).to_have_text("Tag 2 contacts")
    dialog.get_by_role("combobox").fill("Spring")
    page.keyboard.press("Enter")
    page.keyboard.press("Escape")  # the list first, not the dialog
    dialog.get_by_role("button", name="Tag 2 contacts").click()
    expect(page.locator(".toast")).to_contain_text("2 contacts have new tags.")
    with workspace_scope(cast.acme.pk):
        assert ContactTag.objects.filter(tag__name="Spring").count() == 2

    # One person, mended in place: Esc keeps, Enter saves, the focus stays where it was.
    page.get_by_role("link", name="Person 29").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Person 29")
    phone = page.locator("#field-phone")
    phone.locator("a.value").click()
    expect(phone.locator("input[name=value]")).to_be_focused()
    page.keyboard.type("12")
    page.keyboard.press("Enter")
    expect(phone).to_contain_text("is not a phone number")
    page.keyboard.press("Escape")
    expect(phone.locator("a.value")).to_be_focused()
    page.keyboard.press("Enter")
    expect(phone.locator("input[name=value]")).to_be_focused()
    page.keyboard.type("+34 600 12 34 56")
    page.keyboard.press("Enter")
    expect(phone.locator("a.value")).to_contain_text("+34 600 12 34 56")
    expect(page.locator("#contact-activity")).to_contain_text("changed Phone")

    # The same phone again: a warning with the way to the contact, and the contact all the same.
    page.keyboard.press("u")
    page.get_by_role("link", name="Add contact").click()
    dialog.get_by_label("First name").fill("Twin")
    dialog.get_by_label("Phone").fill("+34600123456")
    page.keyboard.press("Enter")
    expect(dialog.get_by_role("link", name="Person 29")).to_be_visible()
    dialog.get_by_role("button", name="Add all the same").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Twin")

    # Which is then merged.
    page.get_by_role("link", name="Review the merge").click()
    page.get_by_role("button", name="Merge 2 contacts").click()
    expect(page.locator("#contact-activity")).to_contain_text("into this one")
    with workspace_scope(cast.acme.pk):
        assert Contact.objects.count() == 30

    # The palette finds people from anywhere.
    page.keyboard.press("/")
    page.keyboard.type("person 07")
    expect(page.locator("#palette-results").get_by_role("link", name="Person 07")).to_be_visible()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Person 07")
