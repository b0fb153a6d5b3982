"""The contacts list over 1,000,000 contacts in one workspace: how long a page takes, and whether depth costs anything.

    .venv/bin/python bench/contacts_list.py [--contacts 1000000] [--rounds 15]

Starts a PostgreSQL of its own in a temporary folder, fills it by SQL (a minute or two), and calls the queries that pages
and API call, as the app's role behind row-level security. Prints the median of each, and its ratio to the first page.
"""
# ruff: noqa: E402, PLC0415, SIM905 - Django is set up only once the server runs; names read better as text

import argparse
import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "bench")]

import psycopg2
from _servers import bench_server

FIRST = (
    "Ada Ana Antonio Beatriz Björn Carla Carlos Cécile Chloé Clara Daniel David Diego Elena Emil Emma Enzo Eva Fatima Felix "
    "Fernando Gabriel Giulia Hana Hugo Ida Ingrid Isabel Iván Jana Javier Joanna José Juan Julia Karin Kofi Lara Laura Lena "
    "Leo Lucía Luis Manuel María Mariana Marta Mateo Max Mia Miguel Nadia Nina Noah Nora Olga Oscar Pablo Paula Pedro Rosa "
    "Ruth Sara Sofía Tomás Valentina Víctor Yuki Yusuf Zoë"
).split()
LAST = (
    "Abe Adeyemi Almeida Álvarez Andersen Bauer Becker Blanco Castro Cohen Costa Cruz Díaz Dubois Eriksen Evans Fernández "
    "Ferrer Fischer Flores García Gómez González Gutiérrez Haddad Hansen Hernández Herrera Hughes Ibrahim Ito Jansen Jensen "
    "Jiménez Kaya Keller Kim Koch Kowalski Kruger Larsen Lefèvre López Lund Marín Martínez Medina Mendoza Meyer Molina Morales "
    "Moreau Moreno Müller Muñoz Navarro Nguyen Nielsen Núñez Ortega Ortiz Patel Peña Pérez Petrov Ramírez Ramos Reyes Ríos "
    "Rivera Rodríguez Romero Rossi Ruiz Sánchez Santos Schmidt Silva Singh Soto Suárez Torres Vargas Vega Vidal Wagner Weber"
).split()
# One contact in 50,000 has this name.
RARE = "Quintanilla"

FILL = """
INSERT INTO contacts_contact (workspace_id, first_name, last_name, phone, phone_e164, phone_match_key, email, email_key,
                              language, country, picture_url, stage_id, assignee_id, is_blocked, custom, source, is_open,
                              last_interaction_at, version, created_at, updated_at)
SELECT %(workspace_id)s, first, last, phone, phone, phone, email, email,
       (ARRAY['es', 'en', 'fr', 'de'])[1 + n %% 4], (ARRAY['ES', 'MX', 'FR', 'DE', 'GB', 'US', 'AR'])[1 + n %% 7], '',
       (%(stages)s::bigint[])[1 + n %% 7], CASE WHEN n %% 200 = 0 THEN %(user_id)s::bigint END, n %% 1000 = 0,
       jsonb_build_object('size', n %% 5000, 'model', (ARRAY['Brisa', 'Alba', 'Mar'])[1 + n %% 3],
                          'since', to_char(DATE '2020-01-01' + (n %% 2000)::int, 'YYYY-MM-DD')),
       'import', n %% 20 = 0, CASE WHEN n %% 3 > 0 THEN at END, 1, at, at
  FROM (SELECT n, (%(first)s::text[])[1 + (n * 7919) %% %(first_count)s] AS first,
               CASE WHEN n %% 50000 = 77 THEN %(rare)s ELSE (%(last)s::text[])[1 + (n * 104729 / 64) %% %(last_count)s] END AS last,
               CASE WHEN n %% 5 > 0 THEN '+34' || (600000000 + n) ELSE '' END AS phone,
               CASE WHEN n %% 4 > 0 THEN 'c' || n || '@' || (ARRAY['example.com', 'example.org', 'example.net'])[1 + n %% 3]
                    ELSE '' END AS email,
               TIMESTAMPTZ '2021-01-01' + n * INTERVAL '2 minutes' AS at
          FROM generate_series(1, %(contacts)s::bigint) AS n) AS made
"""
TAGS = """
INSERT INTO contacts_contacttag (workspace_id, contact_id, tag_id, source, created_at)
SELECT %(workspace_id)s, c.id, t.id, 'import', now()
  FROM contacts_contact c
  JOIN (VALUES ('customer', 3), ('workshop', 20), ('press', 1000), ('founders', 100000)) AS share(name, one_in) ON true
  JOIN contacts_tag t ON t.workspace_id = %(workspace_id)s AND t.name = share.name
 WHERE c.workspace_id = %(workspace_id)s AND c.id %% share.one_in = 1
"""


def fill(admin_url: str, contacts: int) -> tuple[int, int]:
    """Make one workspace with many contacts; return its id and its owner's."""
    connection = psycopg2.connect(admin_url)
    connection.autocommit = True
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO workspaces_organization (name, created_at) VALUES ('Bench', now()) RETURNING id")
        (organization_id,) = cursor.fetchall()[0]
        cursor.execute(
            "INSERT INTO workspaces_workspace (organization_id, name, time_zone, default_country, language,"
            " api_rate_per_second, created_at) VALUES (%s, 'Bench', 'Europe/Madrid', 'ES', 'en', 5, now()) RETURNING id",
            [organization_id],
        )
        (workspace_id,) = cursor.fetchall()[0]
        cursor.execute(
            "INSERT INTO workspaces_user (email, password, first_name, last_name, language, theme, shortcuts_on, is_active,"
            " created_at) VALUES ('ada@example.com', '', 'Ada', 'Ferrer', '', '', true, true, now()) RETURNING id"
        )
        (user_id,) = cursor.fetchall()[0]
        cursor.execute(
            "INSERT INTO workspaces_membership (workspace_id, user_id, role, restrictions, created_at)"
            " VALUES (%s, %s, 'owner', '{}', now())",
            [workspace_id, user_id],
        )
        cursor.execute(
            "INSERT INTO contacts_lifecyclestage (workspace_id, name, position)"
            " VALUES (%(w)s, 'Lead', 0), (%(w)s, 'Customer', 1), (%(w)s, 'Partner', 2) RETURNING id",
            {"w": workspace_id},
        )
        stages = [row[0] for row in cursor.fetchall()]
        cursor.execute(
            "INSERT INTO contacts_tag (workspace_id, name, description, emoji, colour, created_at)"
            " SELECT %s, name, '', '', 'tag-blue', now() FROM unnest(%s) AS name",
            [workspace_id, ["customer", "workshop", "press", "founders"]],
        )
        cursor.execute(
            "INSERT INTO contacts_contactfield (workspace_id, name, slug, description, kind, allowed_values, position,"
            " created_at) SELECT %s, slug, slug, '', kind, '{}', 0, now()"
            " FROM (VALUES ('size', 'number'), ('model', 'text'), ('since', 'date')) AS field(slug, kind)",
            [workspace_id],
        )
        values = {
            "workspace_id": workspace_id, "user_id": user_id, "stages": [None, *stages], "contacts": contacts, "rare": RARE,
            "first": FIRST, "first_count": len(FIRST), "last": LAST, "last_count": len(LAST),
        }  # fmt: skip
        cursor.execute(FILL, values)
        cursor.execute(TAGS, values)
        cursor.execute("VACUUM ANALYZE")
    connection.close()
    return workspace_id, user_id


def cases(workspace_id: int, user_id: int, contacts: int) -> list[tuple[str, Callable[[], object]]]:
    """Return what is measured, by name; the first is what the others are compared with."""
    from contacts.filters import parse_filter
    from contacts.queries import Sort, contact_fields, contact_rows, contacts_page, count_contacts, find_contacts
    from contacts.queries.paging import Cursor
    from workspaces.actors import Actor
    from workspaces.permissions import Role
    from workspaces.scope import workspace_scope

    actor = Actor.member(user_id=user_id, workspace_id=workspace_id, role=Role.OWNER, restrictions=[], team_id=None)
    with workspace_scope(workspace_id):
        fields = contact_fields(actor)
        newest = contacts_page(actor, limit=1).rows[0].id
    middle = newest - contacts // 2
    deep = {
        Sort.NEWEST: str(Cursor(True, 0, (middle,), contacts // 2)),
        Sort.NAME: str(Cursor(True, 0, ("manuel", middle), contacts // 2)),
        Sort.EMAIL: str(Cursor(True, 0, ("c5", middle), contacts // 2)),
    }

    def where(field: str, operator: str, value: object = None, category: str = "contactField") -> Any:
        condition = {"category": category, "field": field, "operator": operator, "value": value}
        return parse_filter({"$and": [condition]}, fields=fields, zone=ZoneInfo("Europe/Madrid"))

    def tagged(*names: str, operator: str = "hasAnyOf") -> Any:
        return where("", operator, list(names), category="contactTag")

    def page(**words: Any) -> Callable[[], object]:
        return lambda: contacts_page(actor, **words)

    def count(**words: Any) -> Callable[[], object]:
        return lambda: count_contacts(actor, **words)

    nested = parse_filter(
        {
            "$and": [
                {"category": "contactField", "field": "countryCode", "operator": "exists"},
                {
                    "category": "contactField",
                    "field": "lastInteractionTime",
                    "operator": "isTimestampAfter",
                    "value": "2022-01-01",
                },
                {
                    "$or": [
                        {"category": "contactTag", "operator": "hasAnyOf", "value": ["workshop", "press"]},
                        {"category": "contactField", "field": "model", "operator": "isEqualTo", "value": "brisa"},
                    ]
                },
            ]
        },
        fields=fields,
        zone=ZoneInfo("Europe/Madrid"),
    )
    return [
        ("first page", page()),
        ("page at the middle", page(cursor=deep[Sort.NEWEST])),
        ("page back from the middle", page(cursor=str(Cursor(False, 0, (middle,), contacts // 2)))),
        ("100 rows for the API, first", lambda: contact_rows(actor, limit=100)),
        ("100 rows for the API, middle", lambda: contact_rows(actor, limit=100, after_id=middle)),
        ("by name, first page", page(sort=Sort.NAME)),
        ("by name, middle", page(sort=Sort.NAME, cursor=deep[Sort.NAME])),
        ("by name z to a", page(sort=Sort.NAME_DESC)),
        ("by e-mail, first page", page(sort=Sort.EMAIL)),
        ("by e-mail, middle", page(sort=Sort.EMAIL, cursor=deep[Sort.EMAIL])),
        (f"search {RARE[:6].lower()} (1 in 50,000)", page(search=RARE[:6])),
        ("search maria garcia (1 in 6,000)", page(search="maría garcía")),
        ("search ez (2 letters, none)", page(search="ez")),
        ("search ma (2 letters, many)", page(search="ma")),
        ("search gar (3 letters, many)", page(search="gar")),
        ("search example.com (a third)", page(search="example.com")),
        ("search c777777@", page(search="c777777@")),
        ("search +34 600 777 777", page(search="+34 600 777 777")),
        ("search example.com, middle", page(search="example.com", cursor=deep[Sort.NEWEST])),
        ("search nothing", page(search="xyzxyz")),
        ("find for the palette: lucia", lambda: find_contacts(actor, "lucía")),
        ("tag customer (1 in 3)", page(filter=tagged("customer"))),
        ("tag press (1 in 1,000)", page(filter=tagged("press"))),
        ("tag founders (1 in 100,000)", page(filter=tagged("founders"))),
        ("tag founders, by name", page(filter=tagged("founders"), sort=Sort.NAME)),
        ("tag customer and workshop", page(filter=tagged("customer", "workshop", operator="hasAllOf"))),
        ("no tag customer", page(filter=tagged("customer", operator="hasNoneOf"))),
        ("country ES (1 in 7)", page(filter=where("countryCode", "isEqualTo", "ES"))),
        ("country IT (none)", page(filter=where("countryCode", "isEqualTo", "IT"))),
        ("stage Customer (1 in 7)", page(filter=where("", "isEqualTo", "customer", category="lifecycle"))),
        ("assignee Ada (1 in 200)", page(filter=where("assigneeUserId", "isEqualTo", user_id))),
        ("e-mail is c777777@…", page(filter=where("email", "isEqualTo", "C777777@example.org"))),
        ("phone is +34 600 777 777", page(filter=where("phone", "isEqualTo", "+34 600 777 777"))),
        ("first name Zoë (1 in 70)", page(filter=where("firstName", "isEqualTo", "zoë"))),
        (f"last name {RARE} (1 in 50,000)", page(filter=where("lastName", "isEqualTo", RARE))),
        ("created on one old day", page(filter=where("createdAt", "isEqualTo", "2021-01-05"))),
        ("field model is brisa (1 in 3)", page(filter=where("model", "isEqualTo", "brisa"))),
        ("field size is 4,999 (1 in 5,000)", page(filter=where("size", "isEqualTo", 4999))),
        ("field size over 5,000 (none)", page(filter=where("size", "isGreaterThan", 5000))),
        ("nested: country, time, tags or field", page(filter=nested)),
        ("search gar with tag press", page(search="gar", filter=tagged("press"))),
        ("search example.com with tag founders", page(search="example.com", filter=tagged("founders"))),
        ("count all, to 10,000", count()),
        ("count tag press", count(filter=tagged("press"))),
        ("count country ES, to 10,000", count(filter=where("countryCode", "isEqualTo", "ES"))),
        ("count country IT (none)", count(filter=where("countryCode", "isEqualTo", "IT"))),
        ("count search gar", count(search="gar")),
        ("count search example.com, to 10,000", count(search="example.com")),
        ("count nested", count(filter=nested)),
    ]


def measure(workspace_id: int, call: Callable[[], object], rounds: int) -> float:
    """Return the median of some calls in milliseconds, each in a scope of its own, after two to warm up."""
    from workspaces.scope import workspace_scope

    times = []
    for number in range(rounds + 2):
        with workspace_scope(workspace_id):
            start = time.perf_counter()
            call()
            if number > 1:
                times.append(time.perf_counter() - start)
    return statistics.median(times) * 1000


def report(workspace_id: int, user_id: int, contacts: int, rounds: int) -> None:
    """Measure everything and print the table."""
    first = 0.0
    print(f"{'':<42}{'p50 ms':>10}{'to first':>10}")
    for name, call in cases(workspace_id, user_id, contacts):
        try:
            taken = measure(workspace_id, call, rounds)
        except Exception as refusal:  # noqa: BLE001 - a line of the table, and the next one still counts
            print(f"{name:<42}{str(refusal)[:60]:>10}", flush=True)
            continue
        first = first or taken
        print(f"{name:<42}{taken:>10.1f}{taken / first:>9.1f}×", flush=True)


def main() -> None:
    """Make the server, fill it, measure."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--contacts", type=int, default=1_000_000)
    parser.add_argument("--rounds", type=int, default=15)
    words = parser.parse_args()
    with bench_server() as bench:
        bench.fresh()
        import django

        django.setup()
        start = time.perf_counter()
        workspace_id, user_id = fill(bench.superuser, words.contacts)
        print(f"{words.contacts:,} contacts made in {time.perf_counter() - start:.0f} s\n")
        report(workspace_id, user_id, words.contacts, words.rounds)


if __name__ == "__main__":
    main()
