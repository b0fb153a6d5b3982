"""The routes about one contact: exact shapes, and what they refuse."""

from typing import Any
from urllib.parse import quote

import pytest

from contacts import actions
from contacts.identifiers import Identifier
from contacts.models import Contact
from tests.api.conftest import Caller, add
from tests.factories import NOON, Cast, everything_in
from workspaces.scope import workspace_scope

UNKNOWN = 999_999_999


def test_a_contact_has_exactly_this_shape(api: Caller) -> None:
    contact_id = add(api, "email:cleo@example.com")
    answer = api.get(f"/contact/id:{contact_id}")
    created_at = answer.json.pop("created_at")
    assert isinstance(created_at, int)
    assert answer.status == 200
    assert answer.json == {
        "id": contact_id,
        "firstName": "Cleo",
        "lastName": None,
        "phone": None,
        "email": "cleo@example.com",
        "language": None,
        "profilePic": None,
        "countryCode": None,
        "custom_fields": [],
        "status": "close",
        "tags": [],
        "assignee": None,
        "lifecycle": None,
        "isBlocked": False,
        "snoozedUntil": None,
    }


def test_a_full_contact_tells_everything(api: Caller, cast: Cast) -> None:
    api.post("/space/custom_field", {"name": "Company", "slug": "company", "dataType": "text"})
    api.post("/space/custom_field", {"name": "Seats", "dataType": "number"})
    body = {
        "firstName": "Cleo",
        "lastName": "Duarte",
        "phone": "+34 600 12 34 56",
        "email": "cleo@example.com",
        "language": "es",
        "profilePic": "https://example.com/cleo.png",
        "countryCode": "ES",
        "custom_fields": [{"name": "Company", "value": "Example SL"}],
    }
    added = api.post("/contact/phone:+34600123456", body)
    assert added.json == {"code": 200, "message": "Contact added.", "contactId": added.json["contactId"]}
    contact_id = added.json["contactId"]
    api.post(f"/contact/id:{contact_id}/tag", ["vip", "Madrid"])
    api.post(f"/contact/id:{contact_id}/lifecycle/update", {"name": "Hot Lead"})
    with workspace_scope(cast.acme.pk):
        stage = actions.add_stage(actor=cast.ada, name="Lead of ours", at=NOON)
        actions.update_contact(
            actor=cast.ada,
            contact=Identifier.of(contact_id),
            values={"assignee_id": cast.ben_user.pk, "stage_id": stage.pk, "is_blocked": True},
            at=NOON,
        )
        Contact.objects.filter(pk=contact_id).update(is_open=True, snoozed_until=NOON, created_at=NOON)
    assert api.get(f"/contact/id:{contact_id}").json == {
        "id": contact_id,
        **body,
        "custom_fields": [{"name": "Company", "value": "Example SL"}, {"name": "Seats", "value": None}],
        "status": "open",
        "tags": ["Madrid", "vip"],
        "assignee": {
            "id": cast.ben_user.pk,
            "firstName": cast.ben_user.first_name,
            "lastName": cast.ben_user.last_name,
            "email": "ben@example.com",
        },
        "lifecycle": "Lead of ours",
        "isBlocked": True,
        "snoozedUntil": int(NOON.timestamp()),
        "created_at": int(NOON.timestamp()),
    }


@pytest.mark.parametrize(
    "identifier",
    [
        "email:cleo@example.com",
        "email:CLEO@Example.com",
        quote("email:cleo@example.com", safe=""),
        "phone:+34600123456",
        quote("phone:+34600123456", safe=""),
        "phone:34600123456",
        "phone: 34600123456".replace(" ", "%20"),
    ],
)
def test_an_identifier_finds_its_contact_however_it_is_encoded(api: Caller, identifier: str) -> None:
    contact_id = add(api, "email:cleo@example.com", phone="+34600123456")
    assert api.get(f"/contact/{identifier}").json["id"] == contact_id


def test_the_identifier_of_a_new_contact_becomes_its_phone_or_email(api: Caller) -> None:
    by_phone = add(api, "phone:+34600123456")
    by_email = add(api, "email:cleo@example.com", phone="+34600999999")
    assert api.get(f"/contact/id:{by_phone}").json["phone"] == "+34600123456"
    assert api.get(f"/contact/id:{by_phone}").json["countryCode"] == "ES"
    assert api.get(f"/contact/id:{by_email}").json["email"] == "cleo@example.com"


@pytest.mark.parametrize(
    ("identifier", "body", "code", "field"),
    [
        ("id:12", {"firstName": "A"}, "contacts.identifier_not_valid", "identifier"),
        ("nickname:cleo", {"firstName": "A"}, "contacts.identifier_not_valid", "identifier"),
        ("email:cleo", {"firstName": "A"}, "contacts.identifier_not_valid", "identifier"),
        ("phone:12", {"firstName": "A"}, "contacts.identifier_not_valid", "identifier"),
        ("email:a@b.co", {}, "workspaces.required", "firstName"),
        ("email:a@b.co", {"firstName": None}, "workspaces.null", "firstName"),
        ("email:a@b.co", {"firstName": " "}, "workspaces.blank", "firstName"),
        ("email:a@b.co", {"firstName": ["A"]}, "workspaces.invalid", "firstName"),
        ("email:a@b.co", {"firstName": "A" * 256}, "workspaces.max_length", "firstName"),
        ("email:a@b.co", {"firstName": "A", "phone": "call me"}, "contacts.value_refused", "phone"),
        ("email:a@b.co", {"firstName": "A", "email": "other@b.co"}, "contacts.value_refused", "email"),
        ("phone:+34600123456", {"firstName": "A", "phone": "+34600999999"}, "contacts.value_refused", "phone"),
        ("email:a@b.co", {"firstName": "A", "language": "klingon"}, "workspaces.max_length", None),
        ("email:a@b.co", {"firstName": "A", "language": "xx"}, "contacts.value_refused", "language"),
        ("email:a@b.co", {"firstName": "A", "countryCode": "ZZ"}, "contacts.value_refused", "countryCode"),
        ("email:a@b.co", {"firstName": "A", "profilePic": "ftp://x"}, "contacts.value_refused", "profilePic"),
        ("email:a@b.co", {"firstName": "A", "custom_fields": {}}, "workspaces.not_a_list", "custom_fields"),
        (
            "email:a@b.co",
            {"firstName": "A", "custom_fields": [{"name": "nope", "value": 1}]},
            "contacts.field_unknown",
            "custom_fields.nope",
        ),
        ("email:a@b.co", ["A"], "workspaces.invalid", None),
        ("email:a@b.co", "A", "workspaces.invalid", None),
        ("email:a@b.co", None, "workspaces.value_not_valid", None),
    ],
)
def test_a_bad_new_contact_is_refused_and_nothing_changes(
    api: Caller, cast: Cast, identifier: str, body: Any, code: str, field: str | None
) -> None:
    api.get("/space/user")  # the use of the token is noted before we compare
    with workspace_scope(cast.acme.pk):
        before = everything_in(cast.acme)
    answer = api.post(f"/contact/{identifier}", body)
    assert answer.status == 400, answer.text
    if body not in ({"firstName": "A", "language": "klingon"}, None):
        assert (answer.code, answer.field) == (code, field), answer.text
    assert set(answer.json) == {"code", "message", "errors"}
    assert answer.json["code"] == 400
    with workspace_scope(cast.acme.pk):
        assert everything_in(cast.acme) == before


def test_an_existing_contact_is_not_created_again(api: Caller) -> None:
    contact_id = add(api, "email:cleo@example.com")
    answer = api.post("/contact/email:CLEO@example.com", {"firstName": "Other"})
    assert (answer.status, answer.code) == (409, "contacts.contact_exists")
    assert str(contact_id) in answer.json["message"]


def test_an_update_changes_what_is_given_and_null_empties(api: Caller) -> None:
    contact_id = add(api, "email:cleo@example.com", lastName="Duarte", language="es")
    answer = api.put(f"/contact/id:{contact_id}", {"lastName": None, "firstName": "Cléo", "id": 5, "workspace_id": 7})
    assert (answer.status, answer.json) == (200, {"contactId": contact_id})
    contact = api.get(f"/contact/id:{contact_id}").json
    assert (contact["firstName"], contact["lastName"], contact["language"]) == ("Cléo", None, "es")
    assert api.put(f"/contact/id:{contact_id}", {}).json == {"contactId": contact_id}


def test_deleting_answers_with_the_id_and_then_it_is_gone(api: Caller) -> None:
    contact_id = add(api, "email:cleo@example.com")
    assert api.delete("/contact/email:cleo@example.com").json == {"contactId": contact_id}
    gone = api.get(f"/contact/id:{contact_id}")
    assert (gone.status, gone.code) == (404, "contacts.contact_not_found")
    assert api.delete(f"/contact/id:{contact_id}").status == 404


def test_create_or_update_creates_once_and_then_updates(api: Caller) -> None:
    first = api.post("/contact/create_or_update/phone:+34600123456", {"firstName": "Cleo"})
    again = api.post("/contact/create_or_update/phone:+34600123456", {"firstName": "Cléo", "email": "c@example.com"})
    by_id = api.post(f"/contact/create_or_update/id:{first.json['contactId']}", {"firstName": "Cleo D"})
    assert first.status == again.status == by_id.status == 200
    assert first.json == again.json == by_id.json == {"contactId": first.json["contactId"]}
    contact = api.get(f"/contact/id:{first.json['contactId']}").json
    assert (contact["firstName"], contact["email"]) == ("Cleo D", "c@example.com")
    assert api.post(f"/contact/create_or_update/id:{UNKNOWN}", {"firstName": "A"}).status == 404
    other = api.post("/contact/create_or_update/email:new@example.com", {"firstName": "A", "email": "old@example.com"})
    assert (other.status, other.field) == (400, "email")


def test_create_or_update_needs_a_first_name_for_a_new_contact_only(api: Caller) -> None:
    contact_id = add(api, "email:cleo@example.com")
    answer = api.post("/contact/create_or_update/email:cleo@example.com", {"lastName": "Duarte"})
    assert (answer.status, answer.json) == (200, {"contactId": contact_id})
    contact = api.get(f"/contact/id:{contact_id}").json
    assert (contact["firstName"], contact["lastName"]) == ("Cleo", "Duarte")
    for body, code in (({"lastName": "X"}, "workspaces.required"), ({"firstName": ""}, "workspaces.blank")):
        answer = api.post("/contact/create_or_update/email:new@example.com", body)
        assert (answer.status, answer.code, answer.field) == (400, code, "firstName")
        assert api.get("/contact/email:new@example.com").status == 404


def test_creating_what_several_hold_names_them_all(api: Caller) -> None:
    held = [add(api, f"email:{name}@example.com", phone="+34600123456") for name in ("one", "two")]
    answer = api.post("/contact/phone:+34600123456", {"firstName": "Third"})
    assert (answer.status, answer.code, answer.json["contactIds"]) == (409, "contacts.contact_exists", held)


def test_several_contacts_with_one_phone_are_never_picked_from(api: Caller) -> None:
    first = add(api, "email:one@example.com", phone="+34600123456")
    second = add(api, "email:two@example.com", phone="+34 600 123 456")
    for answer in (
        api.get("/contact/phone:+34600123456"),
        api.put("/contact/phone:+34600123456", {"lastName": "X"}),
        api.delete("/contact/phone:+34600123456"),
        api.post("/contact/phone:+34600123456/tag", ["vip"]),
        api.post("/contact/create_or_update/phone:+34600123456", {"firstName": "A"}),
    ):
        assert (answer.status, answer.code) == (409, "contacts.identifier_ambiguous"), answer.text
        assert answer.json["contactIds"] == [first, second]
        assert answer.json["code"] == 409


def test_merging_keeps_the_primary_and_the_named_values(api: Caller) -> None:
    primary = add(api, "email:one@example.com", lastName="One")
    secondary = add(api, "phone:+34600123456", lastName="Two")
    api.post(f"/contact/id:{secondary}/tag", ["vip"])
    answer = api.post("/contact/merge", {"contactIds": [primary, secondary], "lastName": "Both"})
    assert (answer.status, answer.json) == (200, {"contactId": primary})
    contact = api.get(f"/contact/id:{primary}").json
    assert (contact["lastName"], contact["phone"], contact["tags"]) == ("Both", "+34600123456", ["vip"])
    assert api.get(f"/contact/id:{secondary}").json["id"] == primary


@pytest.mark.parametrize("ids", [None, [], [1], [1, 2, 3], ["a", "b"], [0, 1], [2**70, 1], "12", {"a": 1}])
def test_a_merge_needs_two_ids(api: Caller, ids: Any) -> None:
    assert api.post("/contact/merge", {"contactIds": ids}).status == 400


def test_a_merge_with_itself_or_with_nobody_is_refused(api: Caller) -> None:
    contact_id = add(api, "email:one@example.com")
    with_itself = api.post("/contact/merge", {"contactIds": [contact_id, contact_id]})
    assert (with_itself.status, with_itself.code) == (400, "contacts.merge_with_itself")
    assert api.post("/contact/merge", {"contactIds": [contact_id, UNKNOWN]}).status == 404


def test_tags_are_added_and_taken_off(api: Caller) -> None:
    contact_id = add(api, "email:cleo@example.com")
    for names in (["vip", "New"], ["VIP", "new"]):
        answer = api.post("/contact/email:cleo@example.com/tag", names)
        assert (answer.status, answer.json) == (200, {"contactId": contact_id})
    assert api.get(f"/contact/id:{contact_id}").json["tags"] == ["New", "vip"]
    assert api.delete(f"/contact/id:{contact_id}/tag", ["VIP", "unknown"]).json == {"contactId": contact_id}
    assert api.get(f"/contact/id:{contact_id}").json["tags"] == ["New"]


@pytest.mark.parametrize(
    "names", [[], [""], ["x" * 256], [f"t{n}" for n in range(11)], {"name": "vip"}, "vip", [1.5, {}], None]
)
def test_one_to_ten_names_of_at_most_255_characters(api: Caller, names: Any) -> None:
    contact_id = add(api, "email:cleo@example.com")
    assert api.post(f"/contact/id:{contact_id}/tag", names).status == 400
    assert api.delete(f"/contact/id:{contact_id}/tag", names).status == 400
    assert api.get(f"/contact/id:{contact_id}").json["tags"] == []


def test_the_lifecycle_is_set_by_name_and_taken_away_by_null(api: Caller, cast: Cast) -> None:
    with workspace_scope(cast.acme.pk):
        actions.add_stage(actor=cast.ada, name="Lead of ours", at=NOON)
    contact_id = add(api, "email:cleo@example.com")
    put = api.post(f"/contact/id:{contact_id}/lifecycle/update", {"name": "lead of OURS"})
    assert (put.status, put.json) == (200, {"code": 200, "message": "Lifecycle updated."})
    assert api.get(f"/contact/id:{contact_id}").json["lifecycle"] == "Lead of ours"
    assert api.post(f"/contact/id:{contact_id}/lifecycle/update", {"name": None}).status == 200
    assert api.get(f"/contact/id:{contact_id}").json["lifecycle"] is None
    unknown = api.post(f"/contact/id:{contact_id}/lifecycle/update", {"name": "Nobody has this"})
    assert (unknown.status, unknown.code, unknown.field) == (404, "contacts.stage_not_found", "name")
    assert api.post(f"/contact/id:{contact_id}/lifecycle/update", {}).status == 400


def test_the_channels_of_a_contact_are_an_empty_list_for_now(api: Caller) -> None:
    contact_id = add(api, "email:cleo@example.com")
    answer = api.get(f"/contact/id:{contact_id}/channels?limit=5")
    assert (answer.status, answer.json) == (200, {"items": [], "pagination": {"next": "", "previous": ""}})
    assert api.get(f"/contact/id:{UNKNOWN}/channels").status == 404


@pytest.mark.parametrize(
    ("kind", "sent", "told"),
    [
        ("text", "Ada", "Ada"),
        ("number", 12, 12),
        ("number", "12.5", 12.5),
        ("checkbox", True, True),
        ("checkbox", "no", False),
        ("email", "ada@example.com", "ada@example.com"),
        ("url", "https://example.com", "https://example.com"),
        ("date", "2026-03-31", "2026-03-31"),
        ("time", "17:05", "17:05"),
        ("list", "gold", "gold"),
        ("text", None, None),
        ("text", "", None),
    ],
)
def test_a_custom_value_is_told_in_its_own_type(api: Caller, kind: str, sent: Any, told: Any) -> None:
    values = {"allowedValues": ["gold", "silver"]} if kind == "list" else {}
    api.post("/space/custom_field", {"name": "My Field", "slug": "mine", "dataType": kind, **values})
    for name in ("mine", "My Field", "my field"):
        contact_id = api.post(
            "/contact/create_or_update/email:a@example.com",
            {"firstName": "A", "custom_fields": [{"name": name, "value": sent}]},
        ).json["contactId"]
        assert api.get(f"/contact/id:{contact_id}").json["custom_fields"] == [{"name": "My Field", "value": told}]


@pytest.mark.parametrize(
    ("kind", "sent"),
    [
        ("number", "many"),
        ("number", True),
        ("checkbox", "perhaps"),
        ("email", "ada"),
        ("url", "example"),
        ("date", "31/03/2026"),
        ("date", "2026-02-30"),
        ("time", "25:00"),
        ("list", "bronze"),
        ("text", ["a"]),
        ("text", {"a": 1}),
        ("text", "x" * 10_001),
    ],
)
def test_a_custom_value_that_does_not_fit_is_refused_by_name(api: Caller, kind: str, sent: Any) -> None:
    values = {"allowedValues": ["gold"]} if kind == "list" else {}
    api.post("/space/custom_field", {"name": "My Field", "slug": "mine", "dataType": kind, **values})
    answer = api.post(
        "/contact/email:a@example.com", {"firstName": "A", "custom_fields": [{"name": "mine", "value": sent}]}
    )
    assert (answer.status, answer.code, answer.field) == (400, "contacts.value_refused", "custom_fields.mine")


def test_another_workspace_answers_as_if_it_did_not_exist(api: Caller, globex: Caller) -> None:
    theirs = add(globex, "email:gina@example.com")

    def refusals(contact_id: int) -> list[tuple[int, str]]:
        own = add(api, "email:own@example.com")
        answers = [
            api.get(f"/contact/id:{contact_id}"),
            api.put(f"/contact/id:{contact_id}", {"firstName": "X"}),
            api.delete(f"/contact/id:{contact_id}"),
            api.post(f"/contact/create_or_update/id:{contact_id}", {"firstName": "X"}),
            api.post("/contact/merge", {"contactIds": [contact_id, own]}),
            api.post("/contact/merge", {"contactIds": [own, contact_id]}),
            api.post(f"/contact/id:{contact_id}/tag", ["vip"]),
            api.delete(f"/contact/id:{contact_id}/tag", ["vip"]),
            api.get(f"/contact/id:{contact_id}/channels"),
            api.post(f"/contact/id:{contact_id}/lifecycle/update", {"name": None}),
        ]
        api.delete(f"/contact/id:{own}")
        return [(answer.status, answer.text.replace(str(contact_id), "N")) for answer in answers]

    assert refusals(theirs) == refusals(UNKNOWN)
    assert {status for status, _ in refusals(theirs)} == {404}
    assert api.get("/contact/email:gina@example.com").status == 404
    assert globex.get(f"/contact/id:{theirs}").json["firstName"] == "Cleo"
