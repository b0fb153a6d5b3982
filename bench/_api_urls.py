"""The product's addresses, and a bare view that reads the same contact and answers the same JSON.

It has what nobody can do without: the scope, in which the walls show the rows, and the queries. It has no token, no rate limit,
no framework and no error form. It stands below /v2, so that the middleware treats both alike.
"""

from django.http import HttpRequest, JsonResponse
from django.urls import include, path

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


urlpatterns = [
    path("v2/bare/<int:workspace_id>/<int:contact_id>", bare_contact),
    path("", include("config.urls")),
]
