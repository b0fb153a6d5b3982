"""Short lists page like long ones, forward and back, whatever comes and goes."""

import pytest

from tests.api.conftest import Answer, Caller
from tests.factories import Cast, a_member
from workspaces.api.pagination import Asked, Page, page_in_memory

PATHS = ("/space/user", "/space/custom_field")


def ids(answer: Answer) -> list[int]:
    return [item["id"] for item in answer.json["items"]]


@pytest.fixture(autouse=True)
def _seven_of_each(api: Caller, cast: Cast) -> None:
    for number in range(7):
        api.post("/space/custom_field", {"name": f"Field {number}", "dataType": "text"})
    for number in range(4):
        a_member(cast.acme, email=f"m{number}@example.com")


@pytest.mark.parametrize("path", PATHS)
def test_pages_forward_and_back(api: Caller, path: str) -> None:
    everything = ids(api.get(f"{path}?limit=100"))
    assert everything == sorted(everything)
    assert len(everything) == 7
    pages = [api.get(f"{path}?limit=3")]
    while address := pages[-1].json["pagination"]["next"]:
        pages.append(api.get(address))
    assert [ids(page) for page in pages] == [everything[:3], everything[3:6], everything[6:]]
    back = [pages[-1]]
    while address := back[-1].json["pagination"]["previous"]:
        back.append(api.get(address))
    assert [ids(page) for page in back] == [everything[6:], everything[3:6], everything[:3]]
    assert back[-1].json["pagination"] == pages[0].json["pagination"]


@pytest.mark.parametrize("path", PATHS)
def test_a_page_back_that_meets_the_beginning_is_the_first_page_whole(api: Caller, path: str) -> None:
    everything = ids(api.get(f"{path}?limit=100"))
    answer = api.get(f"{path}?limit=3&cursorId=-{everything[1]}")
    assert ids(answer) == everything[:3]
    assert answer.json["pagination"]["previous"] == ""


@pytest.mark.parametrize("path", PATHS)
def test_beyond_the_end_there_is_only_a_way_back(api: Caller, path: str) -> None:
    everything = ids(api.get(f"{path}?limit=100"))
    answer = api.get(f"{path}?limit=3&cursorId={everything[-1] + 1000}")
    assert (answer.json["items"], answer.json["pagination"]["next"]) == ([], "")
    assert ids(api.get(answer.json["pagination"]["previous"])) == everything[-3:]


@pytest.mark.parametrize("path", PATHS)
def test_other_words_of_the_address_are_kept(api: Caller, path: str) -> None:
    answer = api.get(f"{path}?limit=3&note=a%20b&cursorId=")
    assert "note=a+b" in answer.json["pagination"]["next"]


@pytest.mark.parametrize(
    ("rows", "asked", "page"),
    [
        ([], Asked(3), Page([])),
        ([2, 1], Asked(3), Page([1, 2])),
        ([1, 2, 3, 4], Asked(3), Page([1, 2, 3], 3, None)),
        ([1, 2, 3, 4], Asked(3, 1), Page([2, 3, 4], None, -2)),
        ([1, 2, 3, 4, 5], Asked(2, 5, backwards=True), Page([3, 4], 4, -3)),
        ([1, 2, 3, 4, 5], Asked(2, 3, backwards=True), Page([1, 2], 2, None)),
        ([1, 2, 3, 4, 5], Asked(2, 2, backwards=True), Page([1, 2], 2, None)),
        ([], Asked(2, 9), Page([], None, -9)),
        ([], Asked(2, 9, backwards=True), Page([])),
    ],
)
def test_a_page_of_rows_in_memory(rows: list[int], asked: Asked, page: Page[int]) -> None:
    assert page_in_memory(rows, asked, key_of=lambda row: row) == page
