"""A network that takes messages: each request is on disk before it is answered."""

import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from tests.faults.messages.journal import Journal


class Provider:
    """An HTTP server on 127.0.0.1 that takes whatever is posted to it."""

    def __init__(self, journal: Journal) -> None:
        guard = threading.Lock()
        taken = [0]

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self) -> None:
                said = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                with guard:
                    taken[0] += 1
                    number = f"out-{taken[0]}"
                    key = self.headers.get("Idempotency-Key", "")
                    journal.write(key=key, to=said["contactId"], text=said["message"].get("text"), number=number)
                answer = json.dumps({"mId": number}).encode()
                self.send_response(200)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(answer)))
                self.end_headers()
                self.wfile.write(answer)

            def handle(self) -> None:
                try:
                    super().handle()
                except OSError:  # whoever sent was killed
                    self.close_connection = True

            def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name of the method it replaces
                pass

        class Server(ThreadingHTTPServer):
            daemon_threads = True
            block_on_close = False

        self._server = Server(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_port}/messages"
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.1}, daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Answer nobody any more."""
        self._server.shutdown()
        self._server.server_close()
