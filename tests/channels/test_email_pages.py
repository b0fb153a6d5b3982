"""A mail on the page: its words in the thread, and the mail as it was sent in a frame that can do nothing."""

from io import BytesIO

import pytest
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from PIL import Image

from inbox.actions import receive_message
from inbox.actions.mailboxes import Watched, take_mail
from inbox.channels.contract import Incoming
from inbox.channels.email.deliveries import read_delivery
from inbox.channels.email.mailbox import Cursor, Fetched
from inbox.channels.email.rates import Rates
from inbox.models import Channel, InboundEvent, Message
from tests.channels.mail import a_mail, an_account, settings_for
from tests.factories import Cast, browser_of
from workspaces.actors import Actor
from workspaces.scope import workspace_scope

CURSOR = Cursor(uid_validity=1, last_uid=0, since="2026-01-01T00:00:00+00:00")

pytestmark = pytest.mark.django_db(transaction=True)


def a_received_mail(cast: Cast) -> Message:
    """Take in a mail with pictures of its own and of the web, without a server."""
    with workspace_scope(cast.acme.pk):
        channel = Channel.objects.create(
            workspace_id=cast.acme.pk,
            kind="other_email",
            name="Support",
            key="mailbox",
            settings=settings_for(143, 25),
            created_at=timezone.now(),
        )
    mail = a_mail("Plain words\n\nOn Monday, 2 March, Shop wrote:\n> quoted words")
    mail.add_alternative(
        '<p style="color:red">Rich words<script>alert(1)</script></p>'
        '<img src="cid:Logo"><img src="https://t.test/x.gif">',
        subtype="html",
    )
    picture = BytesIO()
    Image.new("RGB", (2, 2), "red").save(picture, "PNG")
    rich = mail.get_body(("html",))
    assert rich is not None
    rich.add_related(picture.getvalue(), maintype="image", subtype="png", cid="<logo>", filename="logo.png")
    watched = Watched(cast.acme.pk, channel.pk, an_account(), CURSOR, "")
    fetched = Fetched(1, mail.as_bytes(), timezone.now())
    take_mail(watched, fetched, CURSOR, rates=Rates(), waits_since=None, clock=timezone.now)
    with workspace_scope(cast.acme.pk):
        told = read_delivery(InboundEvent.objects.in_workspace(cast.acme.pk).get().payload)
        assert isinstance(told, Incoming)
        actor = Actor.system(workspace_id=cast.acme.pk)
        message = receive_message(actor=actor, channel=channel, incoming=told, at=timezone.now())
    assert message is not None
    return message


def test_the_mail_as_it_was_sent_stands_in_a_sandbox(cast: Cast) -> None:
    message = a_received_mail(cast)
    address = reverse("inbox_mail", args=[cast.acme.pk, message.pk])
    answer = browser_of(cast.ada_user).get(address)
    page = answer.content.decode()
    assert answer.status_code == 200
    assert '<p style="color:red">Rich words</p>' in page
    assert "script" not in page
    assert "t.test" not in page
    assert 'src="data:image/png;base64,' in page
    policy = answer.headers["Content-Security-Policy"]
    assert policy.startswith("default-src 'none'; img-src data:; style-src 'unsafe-inline'")
    assert "sandbox allow-popups allow-popups-to-escape-sandbox" in policy
    assert "frame-ancestors 'self'" in policy
    assert (answer.headers["X-Frame-Options"], answer.headers["Referrer-Policy"]) == ("SAMEORIGIN", "no-referrer")
    shown = browser_of(cast.ada_user).get(f"{address}?images=1")
    assert 'src="https://t.test/x.gif"' in shown.content.decode()
    assert browser_of(cast.gus_user).get(address).status_code == 404


def test_a_mail_that_an_older_cleaner_wrote_is_cleaned_again(cast: Cast) -> None:
    message = a_received_mail(cast)
    with workspace_scope(cast.acme.pk):
        Message.objects.filter(pk=message.pk).update(payload={**message.payload, "cleaner": 0})
    answer = browser_of(cast.ada_user).get(reverse("inbox_mail", args=[cast.acme.pk, message.pk]))
    assert '<p style="color:red">Rich words</p>' in answer.content.decode()


def test_the_card_shows_words_first_and_the_rest_on_request(cast: Cast) -> None:
    message = a_received_mail(cast)
    with workspace_scope(cast.acme.pk):
        card = render_to_string("inbox/email_card.html", {"message": Message.objects.get(pk=message.pk)})
    assert "Plain words" in card
    assert card.index("Plain words") < card.index("Quoted text") < card.index("quoted words")
    for words in ("A question", "Sender not verified", "Show pictures", "Original mail", 'sandbox="allow-popups'):
        assert words in card
