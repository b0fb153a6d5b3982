"""The product's addresses, and bare views to compare with: the same work without what a product needs around it.

The one that reads a contact has the scope, in which the walls show the rows, and the queries; no token, no rate limit, no
framework and no error form. It stands below /v2, so that the middleware treats both alike. The one that stores an event
inserts one row, and nothing else.
"""

import json

from django.db import connection
from django.http import HttpRequest, JsonResponse
from django.urls import include, path
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt

from contacts.access import contact_for_reading
from contacts.api.shapes import contact_bodies
from contacts.identifiers import Identifier
from contacts.queries import contact_fields
from workspaces.actors import Actor
from workspaces.scope import workspace_scope


def bare_contact(_request: HttpRequest, workspace_id: int, contact_id: int) -> JsonResponse:
    """Answer one contact."""
    actor = Actor.system(workspace_id=workspace_id)
    with workspace_scope(workspace_id):
        contact = contact_for_reading(actor, Identifier.of(contact_id))
        body = contact_bodies([contact], fields=contact_fields(actor))[0]
    return JsonResponse(body)


@csrf_exempt
def bare_event(request: HttpRequest, workspace_id: int, channel_id: int) -> JsonResponse:
    """Insert a webhook's event with one statement, which commits by itself."""
    body = json.loads(request.body)
    event, at = body["events"][0], timezone.now()
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO bare_event (workspace_id, channel_id, provider_event_id, sender, payload, state, attempts,"
            " next_attempt_at, error, received_at) VALUES (%s, %s, %s, %s, %s, 'pending', 0, %s, '', %s)",
            [workspace_id, channel_id, event["mId"], body["contactId"], json.dumps(body), at, at],
        )
    return JsonResponse({"received": 1})


urlpatterns = [
    path("v2/bare-event/<int:workspace_id>/<int:channel_id>", bare_event),
    path("v2/bare/<int:workspace_id>/<int:contact_id>", bare_contact),
    path("", include("config.urls")),
]
