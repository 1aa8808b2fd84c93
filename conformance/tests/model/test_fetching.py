"""Fetching, against a server of our own on 127.0.0.1: good, bad, and hostile."""

import hashlib
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import SimpleNamespace

import pytest

from dred_model import Limits, ModelBundle, ModelError, fetch_model
from dred_model.official import ARCHIVE_SHA256, ARCHIVE_URL

Answer = Callable[[BaseHTTPRequestHandler], None]


@pytest.fixture
def serve(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[Answer], str]]:
    """Start servers; each returns the address of a file on it."""
    for variable in ("http_proxy", "https_proxy", "HTTP_PROXY", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"):
        monkeypatch.delenv(variable, raising=False)
    servers: list[ThreadingHTTPServer] = []

    def start(answer: Answer) -> str:
        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                with suppress(ConnectionError):
                    answer(self)

            def log_message(self, *args: object) -> None:
                pass

        server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        server.daemon_threads = True
        server.block_on_close = False
        threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        servers.append(server)
        return f"http://127.0.0.1:{server.server_address[1]}/models/mirror.tar.gz"

    yield start
    for server in servers:
        server.shutdown()
        server.server_close()


@pytest.fixture(scope="session")
def archive(small: ModelBundle, forms: SimpleNamespace) -> bytes:
    data: bytes = forms.tar_gz(forms.c_sources(small))
    return data


def whole(body: bytes, *, length: int | None = None) -> Answer:
    def answer(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(200)
        handler.send_header("Content-Length", str(len(body) if length is None else length))
        handler.end_headers()
        handler.wfile.write(body)

    return answer


def refusal(url: str, body: bytes = b"", **options: object) -> ModelError:
    with pytest.raises(ModelError) as caught:
        fetch_model(url, hashlib.sha256(body).hexdigest(), silence_s=5, **options)  # type: ignore[arg-type]
    return caught.value


def test_a_good_mirror(serve: Callable[[Answer], str], archive: bytes, small: ModelBundle) -> None:
    reports: list[tuple[int, int | None]] = []
    digest = hashlib.sha256(archive).hexdigest()
    found = fetch_model(
        serve(whole(archive)), digest.upper(), progress=lambda *report: reports.append(report)
    )
    assert found.name == "mirror"
    assert found.model_sha256 == small.model_sha256
    assert reports[0] == (0, len(archive))
    assert reports[-1] == (len(archive), len(archive))
    assert [received for received, _ in reports] == sorted({received for received, _ in reports})
    assert fetch_model(serve(whole(archive)), digest, name="mine").name == "mine"


def test_no_length_announced(serve: Callable[[Answer], str], archive: bytes) -> None:
    def answer(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(200)
        handler.end_headers()
        handler.wfile.write(archive)

    assert fetch_model(serve(answer), hashlib.sha256(archive).hexdigest()).name == "mirror"


def chunked(pieces: list[bytes]) -> Answer:
    def answer(handler: BaseHTTPRequestHandler) -> None:
        handler.protocol_version = "HTTP/1.1"
        handler.send_response(200)
        handler.send_header("Transfer-Encoding", "chunked")
        handler.end_headers()
        for piece in pieces:
            handler.wfile.write(piece)

    return answer


def test_chunks(serve: Callable[[Answer], str], archive: bytes) -> None:
    half = len(archive) // 2
    pieces = [b"%x\r\n%s\r\n" % (len(part), part) for part in (archive[:half], archive[half:])]
    assert (
        fetch_model(serve(chunked([*pieces, b"0\r\n\r\n"])), hashlib.sha256(archive).hexdigest()).name
        == "mirror"
    )
    assert refusal(serve(chunked(pieces)), archive).rule == "M1"
    assert refusal(serve(chunked([*pieces, b"zz\r\n"])), archive).rule in ("M1", "M9")


@pytest.mark.parametrize("cut", [0, 1, 1000, -1])
def test_truncated(cut: int, serve: Callable[[Answer], str], archive: bytes) -> None:
    error = refusal(serve(whole(archive[:cut], length=len(archive))), archive)
    assert error.rule == "M1"
    assert f"of {len(archive)} bytes" in error.message
    assert error.advice


def test_another_content(serve: Callable[[Answer], str], archive: bytes) -> None:
    error = refusal(serve(whole(archive[:-1] + b"x")), archive)
    assert error.rule == "M6"
    assert hashlib.sha256(archive).hexdigest() in error.message


def test_the_official_hash_is_asked_for_by_default(serve: Callable[[Answer], str], archive: bytes) -> None:
    with pytest.raises(ModelError, match=ARCHIVE_SHA256) as caught:
        fetch_model(serve(whole(archive)))
    assert caught.value.rule == "M6"
    assert ARCHIVE_URL.startswith("https://media.xiph.org/opus/models/")
    assert ARCHIVE_SHA256 in ARCHIVE_URL


def test_a_right_hash_of_no_model(serve: Callable[[Answer], str]) -> None:
    assert refusal(serve(whole(b"hello")), b"hello").rule == "M7"


def test_an_announced_size_beyond_the_limit(serve: Callable[[Answer], str], archive: bytes) -> None:
    error = refusal(serve(whole(archive, length=1 << 40)), archive)
    assert error.rule == "M2"
    assert "announced" in error.message


def test_an_endless_answer(serve: Callable[[Answer], str]) -> None:
    def answer(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(200)
        handler.end_headers()
        while True:
            handler.wfile.write(bytes(1 << 16))

    assert refusal(serve(answer), limits=Limits(download_bytes=1 << 20)).rule == "M2"


def test_an_answer_drop_by_drop(serve: Callable[[Answer], str]) -> None:
    def answer(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(200)
        handler.send_header("Content-Length", "1000000")
        handler.end_headers()
        for _ in range(600):
            handler.wfile.write(b"x")
            handler.wfile.flush()
            time.sleep(0.02)

    begin = time.monotonic()
    error = refusal(serve(answer), deadline_s=0.3)
    assert error.rule == "M9"
    assert "not done in time" in error.message
    assert time.monotonic() - begin < 5


def test_silence(serve: Callable[[Answer], str]) -> None:
    released = threading.Event()
    url = serve(lambda _handler: released.wait(20) and None)
    with pytest.raises(ModelError, match="timed out") as caught:
        fetch_model(url, "0" * 64, silence_s=0.2)
    released.set()
    assert caught.value.rule == "M9"


@pytest.mark.parametrize("status", [403, 404, 500, 503])
def test_refusals_of_the_server(status: int, serve: Callable[[Answer], str]) -> None:
    error = refusal(serve(lambda handler: handler.send_error(status)))
    assert error.rule == "M9"
    assert str(status) in error.message


def redirect(target: str) -> Answer:
    def answer(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(302)
        handler.send_header("Location", target)
        handler.send_header("Content-Length", "0")
        handler.end_headers()

    return answer


def test_a_redirect_to_another_server(serve: Callable[[Answer], str], archive: bytes) -> None:
    target = serve(whole(archive))
    assert fetch_model(serve(redirect(target)), hashlib.sha256(archive).hexdigest()).name == "mirror"


@pytest.mark.parametrize("scheme", ["file", "ftp", "data", "gopher"])
def test_redirects_to_anything_but_http(
    scheme: str, serve: Callable[[Answer], str], archive: bytes, tmp_path: Path
) -> None:
    (tmp_path / "secret.tar.gz").write_bytes(archive)
    target = {"file": f"file://{tmp_path}/secret.tar.gz", "data": "data:application/gzip;base64,AAAA"}
    error = refusal(serve(redirect(target.get(scheme, f"{scheme}://127.0.0.1/x.tar.gz"))), archive)
    assert error.rule == "M9"


def test_a_redirect_in_circles(serve: Callable[[Answer], str]) -> None:
    assert refusal(serve(redirect("/models/mirror.tar.gz"))).rule == "M9"


@pytest.mark.parametrize(
    "url",
    [
        "file:///etc/passwd",
        "ftp://127.0.0.1/x",
        "/etc/passwd",
        "",
        "http://",
        "http://[x/",
        "data:,x",
        "http://127.0.0.1:99999/",
    ],
)
def test_addresses_that_are_not_fetched(url: str) -> None:
    assert refusal(url).rule == "M9"


def test_nobody_answers(serve: Callable[[Answer], str]) -> None:
    server = ThreadingHTTPServer(("127.0.0.1", 0), BaseHTTPRequestHandler)
    port = server.server_address[1]
    server.server_close()
    error = refusal(f"http://127.0.0.1:{port}/x.tar.gz")
    assert error.rule == "M9"
    assert "refused" in error.message.lower()
    assert error.advice
    assert "dred model import" in error.advice


def test_garbage_for_an_answer(serve: Callable[[Answer], str]) -> None:
    error = refusal(serve(lambda handler: handler.wfile.write(b"\x00\xff not http\r\n\r\n") and None))
    assert error.rule == "M9"


@pytest.mark.parametrize("sha256", ["", "0" * 63, "0" * 65, "g" * 64])
def test_hashes_that_are_none(sha256: str) -> None:
    with pytest.raises(ModelError) as caught:
        fetch_model("http://127.0.0.1:1/", sha256)
    assert caught.value.rule == "M7"
