"""Twenty workspaces with their people, channels and contacts, made by SQL: one large, nineteen small."""

from typing import Any

from _rows import insert

SMALL = 19
SHARE = 1 / 95  # of a small workspace's events to the large one's
CONTACTS = 250_000
PEOPLE, TEAMS, CHANNELS, CATEGORIES, BROADCASTS = 30, 5, 8, 12, 40

# One row for each workspace, with what its rows may name; and the hours of a year with their share of a year's events.
PLACES = f"""
CREATE TEMP TABLE places AS
SELECT w.id AS workspace_id, CASE WHEN w.name = 'Large' THEN 1.0 ELSE {SHARE} END AS share,
       (SELECT array_agg(m.user_id ORDER BY m.user_id) FROM workspaces_membership m WHERE m.workspace_id = w.id) AS users,
       (SELECT array_agg(m.team_id ORDER BY m.user_id) FROM workspaces_membership m WHERE m.workspace_id = w.id) AS teams,
       (SELECT array_agg(c.id ORDER BY c.id) FROM inbox_channel c WHERE c.workspace_id = w.id) AS channels,
       0::bigint AS first_contact, 0::bigint AS contacts
  FROM workspaces_workspace w;
CREATE TEMP TABLE hours AS
WITH weighed AS (
    SELECT at, exp(-power((extract(hour FROM local) - 11.5) / 3.5, 2)) + 0.7 * exp(-power((extract(hour FROM local) - 18) / 2.5, 2)) + 0.03 AS by_hour,
           (ARRAY[1.15, 1.1, 1.05, 1.0, 0.95, 0.5, 0.35])[extract(isodow FROM local)::int] * (0.8 + 0.4 * extract(doy FROM local) / 366) AS by_day
      FROM (SELECT at, at AT TIME ZONE 'Europe/Madrid' AS local
              FROM generate_series(date_trunc('hour', now()) - INTERVAL '365 days', date_trunc('hour', now()) - INTERVAL '1 hour', '1 hour') AS at) made
)
SELECT at, by_hour * by_day / sum(by_hour * by_day) OVER () AS share FROM weighed;
"""


def fill_places(cursor: Any) -> None:
    """Fill an empty database with them; leave the temporary tables `places` and `hours`, from which moments are drawn."""
    cursor.execute("INSERT INTO workspaces_organization (name, created_at) VALUES ('Bench', now())")
    insert(
        cursor, "workspaces_workspace",
        {"organization_id": "(SELECT max(id) FROM workspaces_organization)", "name": f"CASE n WHEN {SMALL // 2} THEN 'Large' ELSE 'Small ' || n END",
         "time_zone": "'Europe/Madrid'", "default_country": "'ES'", "language": "'en'", "api_rate_per_second": "5"},
        f"generate_series(0, {SMALL}) AS n",
    )  # fmt: skip
    large = "w.name = 'Large'"
    insert(
        cursor, "workspaces_user",
        {"email": "'person' || n || '@example.com'", "first_name": "'Ada'", "last_name": "'Ferrer ' || n", "is_active": "true", "shortcuts_on": "true"},
        f"generate_series(1, {PEOPLE + 5 * SMALL}) AS n",
    )  # fmt: skip
    insert(
        cursor, "workspaces_team", {"workspace_id": "w.id", "name": "'Team ' || n"},
        f"workspaces_workspace w, generate_series(1, CASE WHEN {large} THEN {TEAMS} ELSE 1 END) AS n",
    )  # fmt: skip
    insert(
        cursor, "workspaces_membership",
        {"workspace_id": "w.id", "user_id": "u.id", "role": "CASE u.n WHEN 1 THEN 'owner' ELSE 'agent' END",
         "team_id": "(SELECT t.id FROM workspaces_team t WHERE t.workspace_id = w.id ORDER BY (t.id + u.n) % 5, t.id LIMIT 1)"},
        f"(SELECT w.*, row_number() OVER (PARTITION BY {large} ORDER BY w.id) AS place FROM workspaces_workspace w) w"
        " JOIN (SELECT u.id, row_number() OVER (ORDER BY u.id) AS n FROM workspaces_user u) u"
        f" ON CASE WHEN {large} THEN u.n <= {PEOPLE} ELSE (u.n - {PEOPLE} - 1) / 5 = w.place - 1 AND u.n > {PEOPLE} END",
    )  # fmt: skip
    insert(
        cursor, "inbox_channel",
        {"workspace_id": "w.id", "kind": "(ARRAY['custom_channel','email','web_chat'])[1 + n % 3]", "name": "'Line ' || n",
         "account": "'+3460012345' || n", "key": "'bench-' || w.id || '-' || n", "state": "'active'"},
        f"workspaces_workspace w, generate_series(1, CASE WHEN {large} THEN {CHANNELS} ELSE 2 END) AS n",
    )  # fmt: skip
    insert(
        cursor, "inbox_closingcategory", {"workspace_id": "w.id", "name": "'Category ' || n"},
        f"workspaces_workspace w, generate_series(1, {CATEGORIES}) AS n",
    )  # fmt: skip
    insert(
        cursor, "inbox_broadcast", {"workspace_id": "w.id", "name": "'News ' || n"},
        f"(SELECT w.id FROM workspaces_workspace w ORDER BY w.id) w, generate_series(1, {BROADCASTS}) AS n ORDER BY w.id, n",
    )  # fmt: skip
    cursor.execute(PLACES)
    cursor.execute(f"UPDATE places SET contacts = greatest(500, {CONTACTS} * share)")
    cursor.execute(
        "UPDATE places p SET first_contact = 1 + (SELECT coalesce(sum(q.contacts), 0) FROM places q WHERE q.workspace_id < p.workspace_id)"
    )
    # The index of letters is rebuilt at the end: kept row by row it costs several times as much.
    cursor.execute("SELECT indexdef FROM pg_indexes WHERE indexname = 'contact_by_text'")
    letters = cursor.fetchall()[0][0]
    cursor.execute("DROP INDEX contact_by_text")
    source = "places p, generate_series(0, p.contacts - 1) AS n"
    insert(
        cursor, "contacts_contact",
        {"id": "p.first_contact + n", "workspace_id": "p.workspace_id", "first_name": "(ARRAY['Ada','José','Núria','Łukasz','Ольга','さくら'])[1 + n % 6]",
         "last_name": "'Marín ' || n % 997", "phone": "'+34' || (600000000 + n)", "phone_e164": "'+34' || (600000000 + n)",
         "phone_match_key": "'+34' || (600000000 + n)", "custom": "'{}'", "source": "'import'", "version": "1",
         "assignee_id": "CASE WHEN n % 7 = 0 THEN p.users[1 + n % cardinality(p.users)] END"},
        source,
    )  # fmt: skip
    insert(
        cursor, "inbox_contactchannel",
        {"id": "p.first_contact + n", "workspace_id": "p.workspace_id", "contact_id": "p.first_contact + n", "state": "'reachable'", "is_verified": "true",
         "channel_id": "p.channels[1 + floor(power(((p.first_contact + n) * 7919 % 1000) / 1000.0, 2) * cardinality(p.channels))::int]",
         "external_id": "'+34' || (600000000 + n)", "name": "'Ada'"},
        source,
    )  # fmt: skip
    for table in ("contacts_contact", "inbox_contactchannel"):
        cursor.execute(f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), max(id)) FROM {table}")
    cursor.execute(letters)
    cursor.execute("ANALYZE")
