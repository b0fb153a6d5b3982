class NotFitting(Exception):
    """The file cannot be written in this format; `error_code` is one of `exports.errors.FAILURE_TEXTS`."""

    def __init__(self, error_code: str) -> None:
        super().__init__(error_code)
        self.error_code = error_code
