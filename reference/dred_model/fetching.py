"""
Fetching the official model.

One file over HTTP, in bounded size and time, whose SHA-256 is known before. What arrives is imported only
when the hash is right; a mirror can therefore be anybody. Nothing but HTTP and HTTPS is spoken, not even
after a redirect.
"""

from __future__ import annotations

import hashlib
import http.client
import re
import tempfile
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Callable
from pathlib import Path
from typing import Any, BinaryIO

from . import official
from .bundle import ModelBundle
from .errors import ModelError
from .importing import import_model
from .limits import DEFAULT_LIMITS, Limits, check_limit

CHUNK = 1 << 16
SCHEMES = ("http", "https")
SILENCE_S = 30.0  # longest wait for the next bytes
DEADLINE_S = 1800.0  # longest download
RETRY = "Check the connection and try again, or get the archive elsewhere and use `dred model import FILE`."

Progress = Callable[[int, int | None], None]


class _Redirects(urllib.request.HTTPRedirectHandler):
    max_redirections = 5

    def redirect_request(self, req: urllib.request.Request, fp: Any, *args: Any) -> Any:
        try:
            _check_url(args[-1])
        except ModelError:
            fp.close()
            raise
        return super().redirect_request(req, fp, *args)


def fetch_model(
    url: str = official.ARCHIVE_URL,
    sha256: str = official.ARCHIVE_SHA256,
    *,
    name: str | None = None,
    progress: Progress | None = None,
    limits: Limits = DEFAULT_LIMITS,
    silence_s: float = SILENCE_S,
    deadline_s: float = DEADLINE_S,
) -> ModelBundle:
    """
    Download a model archive, check its hash, and import it.

    Parameters
    ----------
    url : str
        Where the archive is; the official place by default.
    sha256 : str
        What the archive must hash to; the official archive by default.
    name : str, optional
        As for `import_model`.
    progress : callable, optional
        Called with the bytes received and the total, which is None when the server does not tell it.
    limits : Limits
        Bounds for download and import.
    silence_s, deadline_s : float
        Bounds for the time in seconds: between two pieces, and altogether.

    Returns
    -------
    bundle : ModelBundle
        Not stored yet.

    Raises
    ------
    ModelError
        M9 for network failures, M1 when the download is cut off, M2 when it is too large, M6 when its hash is
        wrong, else as `import_model`.
    """
    expected = sha256.lower()
    if not re.fullmatch(r"[0-9a-f]{64}", expected):
        raise ModelError("M7", "a SHA-256 is 64 hexadecimal digits", subject=sha256[:80])
    _check_url(url)
    with tempfile.TemporaryDirectory(prefix="dred-fetch-") as folder:
        path = Path(folder) / _file_name(url, expected)
        with path.open("wb") as stream:
            found = _download(
                url, stream, progress or _no_progress, limits, silence_s, time.monotonic() + deadline_s
            )
        if found != expected:
            raise ModelError(
                "M6",
                f"the SHA-256 of what arrived is {found}, expected {expected}",
                subject=url,
                advice="The download was damaged or is another file. " + RETRY,
            )
        return import_model(path, name=name, limits=limits)


def _file_name(url: str, sha256: str) -> str:
    if sha256 == official.ARCHIVE_SHA256:
        return f"opus_data-{sha256}.tar.gz"
    base = urllib.parse.urlsplit(url).path.rpartition("/")[2]
    return re.sub(r"[^A-Za-z0-9._-]", "-", base)[:128].lstrip(".-") or "model"


def _no_progress(received: int, total: int | None) -> None:
    """Report to nobody."""


def _check_url(url: str) -> None:
    try:
        parts = urllib.parse.urlsplit(url)
        allowed = parts.scheme in SCHEMES and bool(parts.hostname)
    except ValueError:
        allowed = False
    if not allowed:
        raise ModelError("M9", "only http and https addresses are fetched", subject=url[:200])


def _download(
    url: str, stream: BinaryIO, progress: Progress, limits: Limits, silence_s: float, deadline: float
) -> str:
    opener = urllib.request.OpenerDirector()
    for handler in (
        urllib.request.ProxyHandler(),
        urllib.request.HTTPHandler(),
        urllib.request.HTTPSHandler(),
        urllib.request.HTTPDefaultErrorHandler(),
        urllib.request.HTTPErrorProcessor(),
        _Redirects(),
    ):
        opener.add_handler(handler)
    digest = hashlib.sha256()
    received = 0
    total: int | None = None
    try:
        request = urllib.request.Request(url, headers={"User-Agent": "opus-dred-reference"})  # noqa: S310
        response = opener.open(request, timeout=silence_s)
        if response is None:
            raise ModelError("M9", "no handler for this address", subject=url[:200])
        with response:
            total = response.length
            check_limit(total or 0, limits.download_bytes, "the announced size", url)
            progress(0, total)
            while received != total and (piece := response.read1(CHUNK)):
                received += len(piece)
                check_limit(received, limits.download_bytes, "the download", url)
                digest.update(piece)
                stream.write(piece)
                progress(received, total)
                if time.monotonic() > deadline:
                    raise ModelError(
                        "M9", f"not done in time, after {received} bytes", subject=url, advice=RETRY
                    )
    except urllib.error.HTTPError as error:
        error.close()
        raise ModelError(
            "M9", f"the server says {error.code} {error.reason}", subject=url, advice=RETRY
        ) from None
    except http.client.IncompleteRead:
        raise ModelError("M1", f"cut off after {received} bytes", subject=url, advice=RETRY) from None
    except (OSError, http.client.HTTPException, ValueError) as error:
        reason = getattr(error, "reason", None) or error
        raise ModelError("M9", f"{reason}", subject=url[:200], advice=RETRY) from error
    if total is not None and received != total:
        raise ModelError("M1", f"cut off after {received} of {total} bytes", subject=url, advice=RETRY)
    return digest.hexdigest()
