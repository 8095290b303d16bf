"""What may stand where a tracking server should be."""

from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from time import monotonic


class Front(ThreadingHTTPServer):
    """Stands before a server: answers the first requests with a status of its own, and has the server
    answer the others, if there is one."""

    daemon_threads = True

    def __init__(self, status: int, text: str, times: int | None = None, behind: int = 0) -> None:
        super().__init__(("127.0.0.1", 0), Request)
        self.status, self.text, self.times, self.behind = status, text, times, behind
        self.asked: list[float] = []
        """When, in s."""

    @property
    def address(self) -> str:
        return f"127.0.0.1:{self.server_port}"


class Request(BaseHTTPRequestHandler):
    server: Front

    def answer(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        self.server.asked.append(monotonic())
        if self.server.times is None or len(self.server.asked) <= self.server.times:
            self.reply(self.server.status, self.server.text.encode())
        else:
            asked = HTTPConnection("127.0.0.1", self.server.behind)
            asked.request(self.command, self.path, body, dict(self.headers))
            answered = asked.getresponse()
            self.reply(answered.status, answered.read())
            asked.close()

    do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = answer  # noqa: N815, as http.server looks for them

    def reply(self, status: int, body: bytes) -> None:
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """Nothing."""


@contextmanager
def standing(front: Front) -> Iterator[Front]:
    """While it answers."""
    thread = Thread(target=front.serve_forever, daemon=True)
    thread.start()
    try:
        yield front
    finally:
        front.shutdown()
        front.server_close()
        thread.join()
