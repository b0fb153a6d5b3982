"""PostgreSQL and Valkey from wheels, for machines that have neither: used by `bin/up` and by the tests, never by Django."""

from config.env import Variable

VARIABLES = (
    Variable(
        "PG_BIN", "Folder of initdb and postgres, 15 or newer; empty takes the installed wheel, then the system's.", ""
    ),
    Variable(
        "VALKEY_SERVER",
        "Path of valkey-server or redis-server; empty takes the installed wheel, then the system's.",
        "",
    ),
)
