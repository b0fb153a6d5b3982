import pytest

from workspaces.ranges import NoSuchPart, Span, asked_span


@pytest.mark.parametrize(
    ("header", "span"),
    [
        ("bytes=0-", Span(0, 9)),
        ("bytes=3-5", Span(3, 5)),
        ("bytes=3-99", Span(3, 9)),
        ("bytes=-4", Span(6, 9)),
        ("bytes=-99", Span(0, 9)),
        ("bytes=5-3", None),
        ("bytes=-", None),
        ("bytes=0-1,3-4", None),
        ("bytes=²-3", None),
        ("lines=0-1", None),
    ],
)
def test_a_part_is_one_span_of_bytes_or_the_whole_is_given(header: str, span: Span | None) -> None:
    assert asked_span(header, size=10) == span


@pytest.mark.parametrize(("header", "size"), [("bytes=10-", 10), ("bytes=-0", 10), ("bytes=0-", 0), ("bytes=-5", 0)])
def test_behind_the_end_there_is_nothing(header: str, size: int) -> None:
    with pytest.raises(NoSuchPart):
        asked_span(header, size=size)
