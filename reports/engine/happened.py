"""What has not happened yet is unknown, not zero: today's hours that are still to come."""

from dataclasses import replace
from datetime import datetime

from reports.engine.answers import NONE, Answer


def so_far(answer: Answer, *, now: datetime) -> Answer:
    """Return an answer whose lines end with the bucket that `now` is in."""
    begun = sum(bucket.start <= now for bucket in answer.buckets)
    to_come = (NONE,) * (len(answer.buckets) - begun)
    if not to_come:
        return answer
    lines = tuple(replace(line, figures=(*line.figures[:begun], *to_come)) for line in answer.lines)
    return replace(answer, lines=lines)
