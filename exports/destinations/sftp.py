"""SFTP: the server's key is pinned, the file is written under another name and renamed once it is whole."""

import hashlib
import io
import posixpath
import socket
import stat
from base64 import b64encode
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from uuid import uuid4

import paramiko
from django.utils.translation import gettext as _

from exports.destinations.contract import DestinationRefused, NotSent, Outgoing
from workspaces.outside import AddressRefused, checked_addresses

SECONDS = 15.0
PORTS = frozenset({22, 2022, 2222, 10022})
KEY_TYPES = (paramiko.Ed25519Key, paramiko.ECDSAKey, paramiko.RSAKey)


class Sftp:
    """Files by SSH; logs in by password or private key."""

    settings: tuple[str, ...] = ("host", "port", "username", "folder", "host_key")
    secrets: tuple[str, ...] = ("password", "private_key", "passphrase")

    def checked(self, settings: Mapping[str, str], secrets: Mapping[str, str]) -> dict[str, str]:
        kept = {name: str(settings.get(name, "")).strip() for name in self.settings}
        kept["port"] = kept["port"] or "22"
        if not kept["port"].isdigit() or not 0 < int(kept["port"]) < 65536:
            raise DestinationRefused(field="port", sentence=_("A port is a number from 1 to 65535."))
        for name, sentence in (("host", _("Give the server's name.")), ("username", _("Give the user's name."))):
            if not kept[name]:
                raise DestinationRefused(field=name, sentence=sentence)
        if not secrets.get("password") and not secrets.get("private_key"):
            raise DestinationRefused(field="password", sentence=_("Give a password or a private key."))
        if secrets.get("private_key"):
            _key_of(secrets)
        try:
            checked_addresses(kept["host"], int(kept["port"]), allowed_ports=PORTS)
        except (AddressRefused, OSError):
            sentence = _("This server cannot be used. Give a public one, on port 22, 2022, 2222 or 10022.")
            raise DestinationRefused(field="host", sentence=sentence) from None
        return kept

    def send(self, outgoing: Outgoing, settings: Mapping[str, str], secrets: Mapping[str, str]) -> str:
        with _session(settings, secrets, must_know_key=True) as (client, _key):
            path = posixpath.join(settings.get("folder") or ".", str(outgoing.path))
            _make_folders(client, posixpath.dirname(path))
            # An attempt that died leaves its half; one that is merely slow writes to another name than ours.
            for former in range(1, outgoing.attempt):
                with suppress(OSError):
                    client.remove(f"{path}.{former}.part")
            half = f"{path}.{outgoing.attempt}.part"
            try:
                client.putfo(outgoing.file, half, file_size=outgoing.size_bytes, confirm=True)
                _rename(client, half, path)
            except OSError:
                with suppress(OSError):
                    client.remove(half)
                raise
            return path

    def tried(self, settings: Mapping[str, str], secrets: Mapping[str, str]) -> dict[str, str]:
        with _session(settings, secrets, must_know_key=bool(settings.get("host_key"))) as (client, key):
            folder = settings.get("folder") or "."
            _make_folders(client, folder)
            path = posixpath.join(folder, f".tertulia-{uuid4().hex}")
            client.putfo(io.BytesIO(b"ok"), path, confirm=True)
            client.remove(path)
            return {"host_key": key}


SFTP = Sftp()


@contextmanager
def _session(
    settings: Mapping[str, str], secrets: Mapping[str, str], *, must_know_key: bool
) -> Iterator[tuple[paramiko.SFTPClient, str]]:
    """Log in on a checked address; the server's key must be the pinned one, or is learnt when the settings are tried."""
    try:
        transport = paramiko.Transport(_socket(settings))
    except (OSError, paramiko.SSHException) as error:
        raise NotSent(_("The server could not be reached: %(why)s") % {"why": error}) from error
    try:
        transport.banner_timeout = transport.auth_timeout = SECONDS
        transport.start_client(timeout=SECONDS)
        key = fingerprint(transport.get_remote_server_key())
        if must_know_key and key != settings.get("host_key"):
            raise NotSent(_("The server shows another key than the one that was trusted: %(key)s") % {"key": key})
        _log_in(transport, settings, secrets)
        client = paramiko.SFTPClient.from_transport(transport)
        if client is None:
            raise NotSent(_("The server offers no SFTP."))
        channel = client.get_channel()
        if channel is not None:
            channel.settimeout(SECONDS * 4)
        yield client, key
    except paramiko.AuthenticationException as error:
        raise NotSent(_("The server refused the user name, password or key.")) from error
    except (OSError, EOFError, paramiko.SSHException) as error:
        raise NotSent(_("The file could not be written: %(why)s") % {"why": error or type(error).__name__}) from error
    finally:
        transport.close()


def fingerprint(key: paramiko.PKey) -> str:
    """Return a server's key as `ssh-keygen -l` shows it, its kind in front."""
    digest = b64encode(hashlib.sha256(key.asbytes()).digest()).decode().rstrip("=")
    return f"{key.get_name()} SHA256:{digest}"


def _socket(settings: Mapping[str, str]) -> socket.socket:
    host, port = settings["host"], int(settings["port"])
    try:
        found = checked_addresses(host, port, allowed_ports=PORTS)
    except AddressRefused as refusal:
        raise NotSent(str(refusal.message)) from refusal
    failure: OSError | None = None
    for address in found:
        try:
            return socket.create_connection((address, port), timeout=SECONDS)
        except OSError as error:
            failure = error
    raise failure or OSError(host)


def _log_in(transport: paramiko.Transport, settings: Mapping[str, str], secrets: Mapping[str, str]) -> None:
    if secrets.get("private_key"):
        transport.auth_publickey(settings["username"], _key_of(secrets))
    else:
        transport.auth_password(settings["username"], secrets.get("password", ""))


def _key_of(secrets: Mapping[str, str]) -> paramiko.PKey:
    for kind in KEY_TYPES:
        try:
            return kind.from_private_key(
                io.StringIO(secrets["private_key"]), password=secrets.get("passphrase") or None
            )
        except (paramiko.SSHException, ValueError):
            continue
    sentence = _("This private key cannot be read. Paste the whole of it, in OpenSSH or PEM form, with its passphrase.")
    raise DestinationRefused(field="private_key", sentence=sentence)


def _rename(client: paramiko.SFTPClient, half: str, path: str) -> None:
    """Give a whole file its name. Not every server can put one in another's place: what is there is this very file, sent before."""
    try:
        client.posix_rename(half, path)
    except OSError:
        with suppress(OSError):
            client.remove(path)
        client.rename(half, path)


def _make_folders(client: paramiko.SFTPClient, folder: str) -> None:
    path = "/" if folder.startswith("/") else ""
    for part in [part for part in folder.split("/") if part not in {"", "."}]:
        path = posixpath.join(path, part)
        try:
            if not stat.S_ISDIR(client.stat(path).st_mode or 0):
                raise NotSent(_("%(path)s is there and is no folder.") % {"path": path})
        except FileNotFoundError:
            client.mkdir(path)
