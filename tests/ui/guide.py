"""What the style page shows: enough rows, fields and words to put every component on one page."""

from datetime import timedelta
from typing import Any

from django import forms
from django.http import HttpResponse
from django.template.loader import render_to_string
from django.test import override_settings
from django.urls import path
from django.utils import timezone

SETTINGS = ("General", "Users", "Teams", "Contact fields", "Tags", "API tokens", "Data import")
ZONES = ("Europe/Madrid", "Europe/Paris", "America/Bogota", "America/Mexico_City", "Asia/Tokyo")
COUNTS = (
    ("Add", 12906, "add"),
    ("Update", 4218, "update"),
    ("Unchanged", 902, "same"),
    ("Skip", 0, "skip"),
    ("Errors", 406, "error"),
)
PEOPLE: tuple[tuple[str, str, str, list[tuple[str, str, str]]], ...] = (
    ("Cleo Marín", "+44 7700 900 142", "cleo.marin@example.com", [("Warranty", "orange", ""), ("VIP", "purple", "")]),
    ("Tomás Iriarte", "+33 6 39 98 01 77", "t.iriarte@example.org", [("Pre-sale", "tag-blue", "")]),
    ("Hanneke de Wit", "+1 415 555 0182", "h.dewit@example.com", [("Billing", "yellow", "")]),
    ("+44 7700 900 018", "+44 7700 900 018", "", []),
    ("Lucía Berriz", "+33 6 39 98 01 63", "lucia.b@example.com", [("Playa", "red", "🏖️")]),
)


ACCOUNT = ("account_profile", "account_security", "account_appearance", "account_logout")
# The style page needs the account's addresses and nothing else of the product.
urlpatterns = [path(name, lambda _request: HttpResponse(), name=name) for name in ACCOUNT]


class Sample(forms.Form):
    name = forms.CharField(label="Name", help_text="As people should see it.")
    email = forms.EmailField(label="Work e-mail")
    country = forms.ChoiceField(label="Default country", choices=[("es", "Spain"), ("fr", "France")])
    zone = forms.ChoiceField(label="Time zone", choices=[(zone, zone) for zone in ZONES])
    notes = forms.CharField(label="Notes", required=False, widget=forms.Textarea(attrs={"rows": 2}))
    agree = forms.BooleanField(label="Mail me when it is done", required=False, help_text="One mail, at the end.")
    role = forms.ChoiceField(label="Role", choices=[("a", "Agent"), ("m", "Manager")], widget=forms.RadioSelect)
    file = forms.FileField(required=False, widget=forms.HiddenInput)


@override_settings(ROOT_URLCONF="tests.ui.guide")
def style_page(*, theme: str) -> str:
    return render_to_string(
        "workspaces/styleguide.html",
        {"shell": _shell(theme), "csrf_token": "token", "csp_nonce": "nonce", **_content()},
    )


def _shell(theme: str) -> dict[str, Any]:
    children = [
        {
            "key": "imports" if name == "Data import" else name,
            "label": name,
            "url": "#",
            "current": name == "Data import",
        }
        for name in SETTINGS
    ]
    workspaces = [{"id": 1, "name": "Marea Bikes", "role": "Owner", "url": "#", "current": True}]
    return {
        "theme": theme,
        "workspace": workspaces[0],
        "workspaces": [
            *workspaces,
            {"id": 2, "name": "Taller Valencia", "role": "Agent", "url": "#", "current": False},
        ],
        "user": {"id": 5, "name": "Ada Ferrer", "email": "ada@example.com"},
        "nav": [
            {
                "key": "contacts",
                "label": "Contacts",
                "icon": "contacts",
                "url": "#contacts",
                "current": False,
                "children": [],
            },
            {
                "key": "settings",
                "label": "Settings",
                "icon": "settings",
                "url": "#settings",
                "current": True,
                "children": children,
            },
        ],
        "search_url": "/search",
    }


def _content() -> dict[str, Any]:
    now = timezone.now()
    return {
        "now": now,
        "steps": [
            {"label": "Upload", "state": "done", "url": "#"},
            {"label": "Map", "state": "done", "url": "#"},
            {"label": "Review", "state": "current"},
            {"label": "Import", "state": "coming"},
        ],
        "texts": {
            "importing": "Importing 17,124 contacts",
            "importing_words": "11,300 done · 1,870 a second · about 3 s left",
            "cancel": "Cancel the import",
            "note": "282 contacts lose a value",
            "note_text": "because the file has an empty cell. Turn on “Do not overwrite” to keep it.",
        },
        "counts": [{"name": name, "value": value, "kind": kind, "def": "new contacts"} for name, value, kind in COUNTS],
        "tabs": [
            {"label": "All", "url": "#", "current": True, "count": 48210},
            {"label": "New in the last 7 days", "url": "#", "count": 702},
        ],
        "people": [
            {
                "id": index,
                "name": name,
                "phone": phone,
                "email": email,
                "tags": tags,
                "kind": "good",
                "lifecycle": "Customer",
                "chosen": index < 2,
                "at": now - timedelta(hours=index),
            }
            for index, (name, phone, email, tags) in enumerate(PEOPLE)
        ],
        "sizes": [10, 25, 50],
        "tag_names": ["grey", "red", "orange", "yellow", "green", "blue", "indigo", "purple"],
        "form": Sample(
            {"name": "Marea Bikes", "email": "ada@marea", "country": "es", "zone": ZONES[0], "agree": "on", "role": "a"}
        ),
        "events": [
            {"icon": "tag", "text": "Tag Warranty added by Ada Ferrer", "at": now},
            {
                "icon": "upload",
                "kind": "good",
                "text": "Added by the import of clientes.csv",
                "at": now - timedelta(days=40),
                "more": "Row 311",
            },
        ],
    }
