"""The whole product alive: pages, a worker, the realtime process, and a gateway whose server stands behind a custom channel."""

import json
import time
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from playwright.sync_api import Page, expect

from inbox.models import Channel
from tests.channels.test_custom import a_custom_channel
from tests.factories import Cast, browser_of
from tests.realtime import RealtimeProcess
from tests.workspaces.sinks import Sink
from workspaces.models import User

CLEO, TOMAS = "+34600123456", "+34600999888"
MOST_SECONDS = 5.0


@dataclass
class Gateway:
    """A customer's server: it posts what people write to our webhook, and receives our answers."""

    site: str
    sink: Sink
    channel: Channel
    token: str
    posted: int = 0

    def hears(self, text: str, *, sender: str = CLEO, first_name: str = "Cleo", last_name: str = "Marín") -> None:
        """Post one message as the contact's, over the network."""
        self.posted += 1
        said = {"type": "message", "mId": f"in-{self.posted}", "timestamp": int(time.time() * 1000)}
        person = {"firstName": first_name, "lastName": last_name}
        message = {"type": "text", "text": text}
        body = {"contactId": sender, "contact": person, "events": [{**said, "message": message}]}
        request = urllib.request.Request(
            f"{self.site}/custom/webhook",
            data=json.dumps(body).encode(),
            headers={"Authorization": f"Bearer {self.token}", "Content-Type": "application/json"},
        )
        with urllib.request.urlopen(request, timeout=10) as answer:
            assert answer.status == 200

    def said(self) -> list[str]:
        """Return the texts that reached the customer's server."""
        bodies: list[dict[str, Any]] = [json.loads(one.body) for one in self.sink.requests if b'"message"' in one.body]
        return [str(body["message"]["text"]) for body in bodies]


@dataclass
class Living:
    """What a journey through the open inbox needs."""

    url: str
    realtime: RealtimeProcess
    gateway: Gateway


def a_gateway(cast: Cast, url: str, sink: Sink) -> Gateway:
    """Connect a custom channel whose server is the sink."""
    sink.body = b'{"mId": "out-1"}'
    channel, token = a_custom_channel(cast.ada, destination_url=sink.url())
    return Gateway(site=url, sink=sink, channel=channel, token=token)


def enter(page: Page, url: str, user: User) -> None:
    """Sign somebody in, in this page's context."""
    cookie = browser_of(user).cookies["tertulia"].value
    page.context.add_cookies([{"name": "tertulia", "value": cookie, "url": url}])


def wait_for_line(page: Page) -> None:
    """Wait until the page hears of changes."""
    page.wait_for_function(
        "() => import('/static/workspaces/js/socket.js').then((line) => line.linkState() === 'live')"
    )


def seconds_to(show: Callable[[], object], *places: Any) -> float:
    """Do something, and return the seconds until all places are to be seen."""
    began = time.monotonic()
    show()
    for place in places:
        expect(place).to_be_visible(timeout=MOST_SECONDS * 1000)
    taken = time.monotonic() - began
    assert taken < MOST_SECONDS
    return taken


def until(condition: Callable[[], bool], *, seconds: float = 8) -> None:
    """Wait for something to be true."""
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.05)
