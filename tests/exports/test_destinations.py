"""Scheduled files on their way to a store: to a real SFTP server and a real one that speaks S3, whole or not at all."""

import hashlib
import io
import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import boto3
import paramiko
import pytest
from botocore.exceptions import ClientError
from pytest_django.fixtures import Settings

from exports.destinations import Destination, NotSent, Outgoing, destination_of
from exports.destinations.sftp import fingerprint
from tests.exports.s3_server import KEY_ID, SECRET, s3_server
from tests.exports.sftp_server import PASSWORD, USER, SftpServer, settings_for, sftp_server

HOUR = timedelta(hours=1)
KEY = UUID("0f0e0d0c-0b0a-4908-8706-050403020100")
NAME = "[Test-House][messages][01032026000000][02032026000000][0f0e0d0c-0b0a-4908-8706-050403020100].csv"
PATH = f"export/messages/{NAME}"
CONTENT = "ID\r\nÑ\r\n".encode() * 50_000


@pytest.fixture(autouse=True)
def _loopback(settings: Settings) -> None:
    settings.OUTSIDE_ALLOW = ["127.0.0.1/32"]


@pytest.fixture
def server(tmp_path: Path) -> Iterator[SftpServer]:
    with sftp_server(tmp_path) as running:
        yield running


@pytest.fixture(scope="module")
def s3_address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with s3_server(tmp_path_factory.mktemp("s3")) as address:
        yield address


def sftp() -> Destination:
    found = destination_of("sftp")
    assert found is not None
    return found


def s3() -> Destination:
    found = destination_of("s3")
    assert found is not None
    return found


def outgoing(content: bytes = CONTENT, **more: Any) -> Outgoing:
    facts: dict[str, Any] = {
        "file": io.BytesIO(content),
        "size_bytes": len(content),
        "organization": "Test-House",
        "dataset": "messages",
        "range_from": datetime(2026, 3, 1, tzinfo=UTC),
        "range_to": datetime(2026, 3, 2, tzinfo=UTC),
        "key": KEY,
        "ending": "csv",
        "attempt": 1,
    }
    return Outgoing(**{**facts, **more})


def test_names_hold_where_from_what_and_from_when_to_when() -> None:
    assert str(outgoing().path) == PATH
    assert outgoing(range_from=None, range_to=None, ending="csv.gz").name == f"[Test-House][messages][][][{KEY}].csv.gz"


def test_a_file_gets_its_name_only_once_it_is_whole(server: SftpServer) -> None:
    assert sftp().send(outgoing(), settings_for(server), {"password": PASSWORD}) == f"from tertulia/daily/{PATH}"
    assert server.names() == [f"from tertulia/daily/{PATH}"]
    assert (server.root / "from tertulia/daily" / PATH).read_bytes() == CONTENT
    assert server.written == [f"{NAME}.1.part"]
    # After a death in between it is sent again, in its own place.
    sftp().send(outgoing(attempt=2), settings_for(server), {"password": PASSWORD})
    assert server.names() == [f"from tertulia/daily/{PATH}"]


def test_a_server_that_replaces_nothing_gets_it_too(server: SftpServer) -> None:
    server.can_replace = False
    for attempt in (1, 2):
        sftp().send(outgoing(attempt=attempt), settings_for(server, folder=""), {"password": PASSWORD})
        assert server.names() == [PATH]


def test_what_breaks_on_the_way_leaves_nothing(server: SftpServer) -> None:
    server.breaks_after = 100_000
    with pytest.raises(NotSent):
        sftp().send(outgoing(), settings_for(server), {"password": PASSWORD})
    assert server.names() == []


def test_the_half_of_an_attempt_that_died_is_cleared_away(server: SftpServer) -> None:
    half = server.root / f"{PATH}.1.part"
    half.parent.mkdir(parents=True)
    half.write_bytes(b"half")
    sftp().send(outgoing(attempt=2), settings_for(server, folder=""), {"password": PASSWORD})
    assert server.names() == [PATH]


def test_another_key_than_the_pinned_one_gets_no_password(server: SftpServer) -> None:
    wrong = fingerprint(paramiko.ECDSAKey.generate())
    for pinned in (wrong, ""):
        with pytest.raises(NotSent, match=re.escape(fingerprint(server.host_key))):
            sftp().send(outgoing(), settings_for(server, host_key=pinned), {"password": PASSWORD})
    with pytest.raises(NotSent, match="another key"):
        sftp().tried(settings_for(server, host_key=wrong), {"password": PASSWORD})
    assert server.written == []


def test_trying_the_settings_learns_the_key_and_leaves_nothing(server: SftpServer) -> None:
    learnt = sftp().tried(settings_for(server, host_key=""), {"password": PASSWORD})
    assert learnt == {"host_key": fingerprint(server.host_key)}
    assert re.fullmatch(r"ecdsa-sha2-nistp256 SHA256:[A-Za-z0-9+/]{43}", learnt["host_key"])
    assert server.names() == []


def test_a_wrong_password_is_said_so(server: SftpServer) -> None:
    with pytest.raises(NotSent, match="refused the user name, password or key"):
        sftp().send(outgoing(), settings_for(server), {"password": "guessed"})
    assert server.written == []


@pytest.mark.parametrize("passphrase", ["", "between us"])
def test_a_private_key_opens_the_door(server: SftpServer, passphrase: str) -> None:
    key = paramiko.ECDSAKey.generate()
    written = io.StringIO()
    key.write_private_key(written, password=passphrase or None)
    secrets = {"private_key": written.getvalue(), "passphrase": passphrase}
    assert sftp().checked(settings_for(server), secrets)["username"] == USER
    with pytest.raises(NotSent):
        sftp().send(outgoing(), settings_for(server), secrets)
    server.trusted.add(key.asbytes())
    sftp().send(outgoing(), settings_for(server), secrets)
    assert server.names() == [f"from tertulia/daily/{PATH}"]


def test_nobody_at_home_is_not_sent(server: SftpServer) -> None:
    with pytest.raises(NotSent, match="could not be reached"):
        sftp().send(outgoing(), settings_for(server, port="1"), {"password": PASSWORD})


def test_loopback_is_refused_unless_the_installation_allows_it(server: SftpServer, settings: Settings) -> None:
    settings.OUTSIDE_ALLOW = []
    with pytest.raises(NotSent, match="cannot be used"):
        sftp().send(outgoing(), settings_for(server), {"password": PASSWORD})
    with pytest.raises(NotSent, match="cannot be used"):
        s3().send(outgoing(), bucket("http://127.0.0.1:1"), {"secret_access_key": SECRET})
    assert server.written == []


def test_an_address_that_turns_private_after_the_check_is_not_connected_to(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.OUTSIDE_ALLOW = []
    monkeypatch.setattr("exports.destinations.s3.check_address", lambda _url: None)
    with pytest.raises(NotSent):
        s3().send(outgoing(), bucket("https://127.0.0.1"), {"secret_access_key": SECRET})


def bucket(address: str, **more: str) -> dict[str, str]:
    known = {"endpoint_url": address, "region": "", "bucket": "files", "prefix": "from/tertulia"}
    return {**known, "access_key_id": KEY_ID, **more}


def the_bucket(address: str) -> Any:
    keys = {"aws_access_key_id": KEY_ID, "aws_secret_access_key": SECRET, "region_name": "us-east-1"}
    return boto3.client("s3", endpoint_url=address, **keys)


def test_an_object_appears_whole_under_its_name(s3_address: str) -> None:
    there = the_bucket(s3_address)
    there.create_bucket(Bucket="files")
    secrets = {"secret_access_key": SECRET}
    assert s3().checked(bucket(s3_address, prefix="/from/tertulia/"), secrets) == bucket(s3_address)
    assert s3().tried(bucket(s3_address), secrets) == {}
    for size in (0, 1_000, 17 << 20):  # the last in parts
        sent = bytes(size)
        key = f"from/tertulia/{PATH}"
        assert s3().send(outgoing(sent), bucket(s3_address), secrets) == f"s3://files/{key}"
        found = there.get_object(Bucket="files", Key=key)["Body"].read()
        assert hashlib.sha256(found).digest() == hashlib.sha256(sent).digest()
    assert [each["Key"] for each in there.list_objects_v2(Bucket="files")["Contents"]] == [f"from/tertulia/{PATH}"]


def test_a_store_that_refuses_says_why(s3_address: str) -> None:
    with pytest.raises(NotSent, match="InvalidAccessKeyId"):
        s3().send(outgoing(), bucket(s3_address, access_key_id="AKIANOBODY"), {"secret_access_key": SECRET})
    with pytest.raises(NotSent, match="SignatureDoesNotMatch"):
        s3().send(outgoing(), bucket(s3_address), {"secret_access_key": "guessed"})
    with pytest.raises(ClientError):
        the_bucket(s3_address).head_object(Bucket="files", Key="absent")
