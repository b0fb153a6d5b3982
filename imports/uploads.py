"""Taking a file in without trusting what the request says about its size."""

from django.core.files.uploadhandler import TemporaryFileUploadHandler

from imports.csv_files import LARGEST_FILE_BYTES


class CappedUpload(TemporaryFileUploadHandler):
    """Keeps an upload on disk up to just over what an import takes; the rest is read and thrown away.

    So a body of any length ends in the same clear refusal, and no disk fills up.
    """

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        if start <= LARGEST_FILE_BYTES:
            self.file.write(raw_data)
