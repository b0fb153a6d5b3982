"""S3 and what speaks like it: an object appears whole, or not at all."""

import re
from collections.abc import Mapping
from typing import Any
from uuid import uuid4

import boto3
from boto3.s3.transfer import TransferConfig
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError
from django.utils.translation import gettext as _

from exports.destinations.contract import DestinationRefused, NotSent, Outgoing
from exports.destinations.guarded import guard
from workspaces.outside import AddressRefused, check_address

BUCKET = re.compile(r"[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]")
# One part in memory at a time.
TRANSFER = TransferConfig(
    multipart_threshold=16 << 20, multipart_chunksize=16 << 20, max_concurrency=1, use_threads=False
)
CLIENT = Config(
    connect_timeout=10,
    read_timeout=60,
    retries={"max_attempts": 2},
    signature_version="s3v4",
    proxies={},
    # Checksums beside the signature are Amazon's own; what speaks like it often refuses them.
    request_checksum_calculation="when_required",
    response_checksum_validation="when_required",
)
# A bucket's name before the host is Amazon's way; elsewhere it is a part of the path.
ELSEWHERE = CLIENT.merge(Config(s3={"addressing_style": "path"}))


class S3Bucket:
    """A bucket of the workspace's own, at Amazon or at an address that is given."""

    settings: tuple[str, ...] = ("endpoint_url", "region", "bucket", "prefix", "access_key_id")
    secrets: tuple[str, ...] = ("secret_access_key",)

    def checked(self, settings: Mapping[str, str], secrets: Mapping[str, str]) -> dict[str, str]:
        kept = {name: str(settings.get(name, "")).strip() for name in self.settings}
        kept["prefix"] = kept["prefix"].strip("/")
        if not BUCKET.fullmatch(kept["bucket"]):
            raise DestinationRefused(field="bucket", sentence=_("Give the bucket's name."))
        if not kept["access_key_id"]:
            raise DestinationRefused(field="access_key_id", sentence=_("Give the id of the access key."))
        if not secrets.get("secret_access_key"):
            raise DestinationRefused(field="secret_access_key", sentence=_("Give the secret of the access key."))
        if kept["endpoint_url"]:
            check_address(kept["endpoint_url"], field="endpoint_url")
        elif not kept["region"]:
            raise DestinationRefused(field="region", sentence=_("Give the region, such as eu-south-2."))
        return kept

    def send(self, outgoing: Outgoing, settings: Mapping[str, str], secrets: Mapping[str, str]) -> str:
        key = _key(settings, str(outgoing.path))
        try:
            _client(settings, secrets).upload_fileobj(outgoing.file, settings["bucket"], key, Config=TRANSFER)
        except (BotoCoreError, ClientError, OSError) as error:
            raise NotSent(_reason(error)) from error
        return f"s3://{settings['bucket']}/{key}"

    def tried(self, settings: Mapping[str, str], secrets: Mapping[str, str]) -> dict[str, str]:
        key = _key(settings, f".tertulia-{uuid4().hex}")
        try:
            client = _client(settings, secrets)
            client.put_object(Bucket=settings["bucket"], Key=key, Body=b"ok")
            client.delete_object(Bucket=settings["bucket"], Key=key)
        except (BotoCoreError, ClientError, OSError) as error:
            raise NotSent(_reason(error)) from error
        return {}


S3 = S3Bucket()


def _client(settings: Mapping[str, str], secrets: Mapping[str, str]) -> Any:
    if settings.get("endpoint_url"):
        try:
            check_address(settings["endpoint_url"])
        except AddressRefused as refusal:
            raise NotSent(str(refusal.message)) from refusal
    client = boto3.client(
        "s3",
        endpoint_url=settings.get("endpoint_url") or None,
        region_name=settings.get("region") or "us-east-1",
        aws_access_key_id=settings.get("access_key_id"),
        aws_secret_access_key=secrets.get("secret_access_key", ""),
        config=ELSEWHERE if settings.get("endpoint_url") else CLIENT,
    )
    return guard(client)


def _key(settings: Mapping[str, str], path: str) -> str:
    prefix = settings.get("prefix", "")
    return f"{prefix}/{path}" if prefix else path


def _reason(error: Exception) -> str:
    code = error.response.get("Error", {}).get("Code", "") if isinstance(error, ClientError) else type(error).__name__
    return _("The store refused the file or was not reached: %(why)s") % {"why": code}
