"""Refuse to run with a database role that row-level security does not bind."""

from django.db import connection

from config.env import SettingsError

DANGERS = """
SELECT current_user,
       r.rolsuper,
       r.rolbypassrls,
       (SELECT count(*) FROM pg_class c WHERE c.relowner = r.oid AND c.relrowsecurity)
  FROM pg_roles r
 WHERE r.rolname = current_user
"""


def refuse_dangerous_role() -> None:
    """Raise SettingsError when the app's database role could see past the tenant walls."""
    with connection.cursor() as cursor:
        cursor.execute(DANGERS)
        role, is_super, bypasses, owned = cursor.fetchone()
    connection.close()
    complaints = []
    if is_super:
        complaints.append("is a superuser")
    if bypasses:
        complaints.append("has BYPASSRLS")
    if owned:
        complaints.append(f"owns {owned} tenant tables")
    if complaints:
        raise SettingsError(
            f"DATABASE_URL logs in as {role}, which {' and '.join(complaints)}: row-level security would not hold. "
            "Use the app role; bin/prepare-database makes it."
        )
