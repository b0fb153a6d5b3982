"""The two demo workspaces: who works there, and what their contacts look like."""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random

from config.demo import names, programs, talks
from config.demo.inbox import InboxPlan, fill_inbox
from config.demo.names import Origin
from config.demo.people import Ground, add_people
from config.demo.staff import Past, crew_of, hire, live_through
from config.demo.tidying import keep_in_order
from contacts import actions as contact_actions
from contacts.models import Contact
from contacts.queries import stages
from reports.tallies.building import build_tallies
from workspaces import actions as workspace_actions
from workspaces.actions import NewPerson, WorkspaceSettings
from workspaces.actors import Actor
from workspaces.models import User
from workspaces.permissions import Role, Scope
from workspaces.queries import actor_of_member
from workspaces.scope import workspace_scope
from workspaces.web.context import workspaces_of
from workspaces.working_hours import WorkingHours

OPEN_FOR = timedelta(days=230)  # longer than the history, so that nothing happens before what it names was there
# Monday to Friday with a long lunch, and Saturday morning.
WORKING_HOURS = WorkingHours.of([*([[[9 * 60, 14 * 60], [16 * 60, 20 * 60]]] * 5), [[10 * 60, 14 * 60]], []])
FieldPlan = tuple[str, str, str, tuple[str, ...], tuple[object, ...]]  # slug, name, type, allowed values, values drawn


@dataclass(frozen=True, slots=True)
class House:
    """One demo workspace; `people` are first name, last name, mailbox and role, the owner first."""

    settings: WorkspaceSettings
    domain: str
    people: tuple[tuple[str, str, str, Role], ...]
    teams: tuple[tuple[str, tuple[int, ...]], ...]  # name, and which of the people by place
    tags: tuple[tuple[str, str, str], ...]  # name, colour, emoji
    fields: tuple[FieldPlan, ...]
    origins: tuple[tuple[Origin, int], ...]
    contacts: int
    seed: int
    inbox: InboxPlan
    past: Past | None = None


MAREA = House(
    settings=WorkspaceSettings(name="Marea Bikes", time_zone="Europe/Madrid", default_country="ES", language="en"),
    domain="marea.example",
    people=(
        ("Ada", "Ferrer", "ada", Role.OWNER),
        ("Max", "Okafor", "max", Role.MANAGER),
        ("Ben", "Lindqvist", "ben", Role.AGENT),
        ("Nora", "Solà", "nora", Role.AGENT),
    ),
    teams=(("Workshop", (2,)), ("Orders", (1,))),
    tags=(
        ("VIP", "tag-purple", "⭐"),
        ("Workshop", "tag-green", "🔧"),
        ("Warranty", "tag-orange", ""),
        ("Pre-sale", "tag-blue", ""),
        ("Returns", "tag-red", "📦"),
        ("B2B", "tag-indigo", ""),
        ("Newsletter", "tag-grey", ""),
    ),
    fields=(
        ("city", "City", "text", (), ()),
        ("bike_model", "Bike model", "list", ("Brisa 5", "Brisa 7", "Duna", "Faro", "Ola"), ("Brisa 5", "Brisa 7", "Duna", "Faro", "Ola")),
        ("order_number", "Order", "text", (), tuple(f"MB-{number}" for number in range(20100, 20999, 7))),
        ("bought_on", "Bought on", "date", (), ()),
        ("frame_size_cm", "Frame size (cm)", "number", (), (46, 48.5, 50, 52, 54, 56.5, 58)),
        ("news_by_email", "News by e-mail", "checkbox", (), (True, False)),
    ),
    origins=((names.SPAIN, 46), (names.FRANCE, 16), (names.BRITAIN, 10), (names.GERMANY, 12), (names.BRAZIL, 8), *((origin, 1) for origin in names.FURTHER)),
    contacts=4200,
    seed=20260302,
    inbox=InboxPlan(
        channels=(
            ("custom_channel", "Taller Valencia", {"id_type": "phone", "destination_url": "https://taller.marea.example/out"}, 62, "phone"),
            ("web_chat", "Shop chat", {"origins": [], "greeting": "Hola, ¿en qué te ayudamos?"}, 45, ""),
        ),
        talks=talks.BIKES,
        away_states=("Lunch", "In the workshop"),
        conversations=14_000,
        assistant=programs.ASSISTANT,
        promotion=programs.PROMOTION,
        surveys=programs.SURVEY,
    ),
    past=Past("Weekend desk", ("Lía", "Montero", "lia", "E-039"), stayed=(3,), moved_to="Orders", days_ago=64),
)  # fmt: skip
HARBOUR = House(
    settings=WorkspaceSettings(name="Harbour Clinic", time_zone="Europe/London", default_country="GB", language="en"),
    domain="harbour.example",
    people=(
        ("Grace", "Whitlock", "grace", Role.OWNER),
        ("Omar", "Haddad", "omar", Role.MANAGER),
        ("Isla", "Sinclair", "isla", Role.AGENT),
        ("Tom", "Barnaby", "tom", Role.AGENT),
    ),
    teams=(("Front desk", (2, 3)),),
    tags=(
        ("New patient", "tag-green", "🌱"),
        ("Recall due", "tag-yellow", "⏰"),
        ("Insurance", "tag-blue", ""),
        ("Complaint", "tag-red", ""),
        ("Interpreter", "tag-purple", ""),
    ),
    fields=(
        ("town", "Town", "text", (), ()),
        ("insurer", "Insurer", "list", ("None", "Bellrock", "Northsure", "Tidewater"), ("None", "Bellrock", "Northsure", "Tidewater")),
        ("last_visit", "Last visit", "date", (), ()),
        ("call_after", "Call after", "time", (), ("08:30", "09:00", "12:30", "17:45")),
        ("consent", "Consent on file", "checkbox", (), (True, True, True, False)),
    ),
    origins=((names.BRITAIN, 50), (names.AMERICA, 20), (names.SWEDEN, 8), (names.SPAIN, 6), *((origin, 2) for origin in names.FURTHER)),
    contacts=2600,
    seed=20260415,
    inbox=InboxPlan(
        channels=(
            ("custom_channel", "Harbour text line", {"id_type": "phone", "destination_url": "https://text.harbour.example/out"}, 70, "phone"),
            ("web_chat", "Website chat", {"origins": [], "greeting": "Hello, how can we help?"}, 40, ""),
        ),
        talks=talks.CLINIC,
        away_states=("Lunch", "With a patient"),
        conversations=6_000,
    ),
)  # fmt: skip
HOUSES = (MAREA, HARBOUR)
WORDS = [
    "amber",
    "anchor",
    "basil",
    "breeze",
    "cedar",
    "cobalt",
    "copper",
    "coral",
    "cotton",
    "drift",
    "ember",
    "fable",
    "fennel",
    "harbor",
    "hazel",
    "indigo",
    "juniper",
    "lantern",
    "linen",
    "maple",
    "marble",
    "meadow",
    "nectar",
    "olive",
    "onyx",
    "pebble",
    "pepper",
    "quartz",
    "quill",
    "river",
    "saffron",
    "sage",
    "silver",
    "slate",
    "sorrel",
    "timber",
    "tulip",
    "umber",
    "velvet",
    "walnut",
    "willow",
    "winter",
    "yarrow",
    "zephyr",
]


def make_house(house: House, *, at: datetime) -> dict[str, object]:
    """Make one demo workspace and return how to get into it: id, name, token, and each person's password.

    What a start that was killed had made already is taken over; the rest is one transaction.
    """
    since = at - OPEN_FOR
    people = [_person(house, number, at=since) for number in range(len(house.people))]
    workspace_id = _workspace_id(house, people[0][0], at=since)
    with workspace_scope(workspace_id):
        system = Actor.system(workspace_id=workspace_id)
        if not Contact.objects.in_workspace(workspace_id).exists():
            _furnish(house, system, [user for user, _ in people], at=at)
        scopes = [scope.value for scope in Scope]
        _token, secret = workspace_actions.create_token(actor=system, name="Demo", scopes=scopes, at=at)
    build_tallies(workspace_id=workspace_id, at=at)
    return {
        "id": workspace_id,
        "name": house.settings.name,
        "api_token": secret,
        "users": [
            {"email": user.email, "password": password, "role": role.value}
            for (user, password), (_, _, _, role) in zip(people, house.people, strict=True)
        ],
    }


def _person(house: House, number: int, *, at: datetime) -> tuple[User, str]:
    first, last, mailbox, _role = house.people[number]
    email = f"{mailbox}@{house.domain}"
    password = "-".join(secrets.choice(WORDS) for _ in range(4))
    user = User.objects.filter(email=email).first()
    if user is None:
        person = NewPerson(first_name=first, last_name=last, password=password)
        return workspace_actions.create_person(email=email, person=person, at=at), password
    user.set_password(password)
    user.save(update_fields=["password"])
    return user, password


def _workspace_id(house: House, owner: User, *, at: datetime) -> int:
    for choice in workspaces_of(owner.pk):
        if choice.name == house.settings.name:
            return choice.id
    organization = workspace_actions.create_organization(name=house.settings.name, at=at)
    return workspace_actions.create_workspace(
        owner_id=owner.pk, organization_id=organization.pk, settings=house.settings, at=at
    ).pk


def _furnish(house: House, system: Actor, users: list[User], *, at: datetime) -> None:
    since = at - OPEN_FOR
    teams = hire(system, users, [role for _, _, _, role in house.people], house.teams, since=since)
    crew = crew_of(system, since=since)
    if house.past is not None:
        crew = live_through(system, house.past, users, teams, domain=house.domain, since=since, at=at)
    add_people(
        _ground(house, system, [user.pk for user in users], since=since, at=at),
        count=house.contacts,
        random=Random(house.seed),  # noqa: S311 - believable people, not secrets
        until=at,
    )
    fill_inbox(
        system.workspace_id,
        house.inbox,
        crew=crew,
        zone=house.settings.time_zone,
        random=Random(house.seed + 1),  # noqa: S311 - believable talk, not secrets
        since=since,
        at=at,
    )
    workspace_actions.set_working_hours(actor=system, hours=WORKING_HOURS, at=since)
    keep_in_order(
        [actor_of_member(user_id=user.pk, workspace_id=system.workspace_id) for user in users[:2]],
        workspace_id=system.workspace_id,
        random=Random(house.seed + 2),  # noqa: S311 - believable acts, not secrets
        at=at,
    )


def _ground(house: House, system: Actor, user_ids: list[int], *, since: datetime, at: datetime) -> Ground:
    contact_actions.seed_contact_settings(actor=system, at=since)
    tags = [
        contact_actions.create_tag(actor=system, name=name, colour=colour, emoji=emoji, at=since)
        for name, colour, emoji in house.tags
    ]
    for slug, name, kind, allowed, _values in house.fields:
        contact_actions.add_contact_field(
            actor=system, name=name, slug=slug, kind=kind, allowed_values=allowed, at=since
        )
    days = tuple((at - timedelta(days=days)).date().isoformat() for days in range(4, 330, 6))
    return Ground(
        workspace_id=system.workspace_id,
        origins=house.origins,
        user_ids=user_ids,
        stage_ids=[stage.pk for stage in stages(system)],
        tag_ids=[tag.pk for tag in tags],
        custom=tuple(
            (slug, days if kind == "date" else values) for slug, _name, kind, _allowed, values in house.fields
        ),
    )
