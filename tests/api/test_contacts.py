"""The routes about one contact: exact shapes, and what they refuse."""

from tests.api.conftest import Caller, add


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
