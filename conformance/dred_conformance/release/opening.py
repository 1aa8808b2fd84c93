"""Opens vectors that come as a folder or as the file of a release; a file is not trusted."""

import struct
import tempfile
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from dred_conformance.release.errors import ReleaseError
from dred_conformance.vectors.manifest import MANIFEST_NAME, is_safe_name
from dred_conformance.vectors.strict_json import LARGEST_FILE

__all__ = ["opened_vectors"]

_LARGEST_ARCHIVE = 64 << 20
_LARGEST_CONTENT = 128 << 20
_MOST_FILES = 2000
_LARGEST_DIRECTORY = 1 << 20  # of the archive; zipfile reads all of it before it can be asked anything
_END = struct.Struct("<4s4H2LH")  # the end of central directory record
_LOCATOR_SIZE = 20
_FILE_TYPE, _PLAIN, _FOLDER = 0o170000, 0o100000, 0o040000
_CHUNK = 1 << 16
_ADVICE = "; if you trust it, unpack it yourself and give the folder"


@contextmanager
def opened_vectors(path: Path) -> Iterator[Path]:
    """Give the folder of vectors at ``path``: the folder itself, or a release unpacked for the time being.

    Raises
    ------
    ReleaseError
        It is neither, or the file is damaged, too large, or would write outside its folder.
    """
    if path.is_dir():
        yield path
        return
    with tempfile.TemporaryDirectory(prefix="dred-release-") as temporary:
        folder = Path(temporary)
        try:
            _unpack(path, folder)
        except OSError as error:
            raise ReleaseError(f"{path}: cannot be read ({error.strerror or error})") from error
        except (
            zipfile.BadZipFile,
            zlib.error,
            EOFError,
            NotImplementedError,
            RuntimeError,
            ValueError,
        ) as error:
            raise ReleaseError(f"{path}: is damaged or no zip file ({error})") from error
        yield _root(path, folder)


def _unpack(path: Path, folder: Path) -> None:
    if not path.is_file():
        raise ReleaseError(f"{path}: there is no such folder or file")
    size = path.stat().st_size
    if size > _LARGEST_ARCHIVE:
        raise ReleaseError(f"{path}: has more than {_LARGEST_ARCHIVE >> 20} MiB{_ADVICE}")
    _check_directory(path, size)
    left = _LARGEST_CONTENT
    with zipfile.ZipFile(path) as archive:
        _check_names(path, [entry.filename for entry in archive.infolist()])
        for entry in (entry for entry in archive.infolist() if not entry.is_dir()):
            kind = entry.external_attr >> 16 & _FILE_TYPE
            if kind not in (0, _PLAIN):
                raise ReleaseError(f"{path}: {entry.filename} is no plain file{_ADVICE}")
            target = folder / entry.filename
            target.parent.mkdir(parents=True, exist_ok=True)
            left -= _copy(archive, entry, target, min(left, LARGEST_FILE))


def _check_directory(path: Path, size: int) -> None:
    """Look at the end of the archive before zipfile reads a directory of any size into memory."""
    if size < _END.size:
        raise ReleaseError(f"{path}: is no zip file; vectors are a folder or the file of a release")
    with path.open("rb") as file:
        tail_size = min(size, _END.size + _LOCATOR_SIZE)
        file.seek(size - tail_size)
        tail = file.read(tail_size)
    mark, *_, directory_size, _offset, comment_size = _END.unpack(tail[-_END.size :])
    if mark != b"PK\x05\x06" or comment_size:
        raise ReleaseError(f"{path}: does not end as the zip file of a release does; fetch it again{_ADVICE}")
    if directory_size > _LARGEST_DIRECTORY or tail.startswith(b"PK\x06\x07"):
        raise ReleaseError(f"{path}: is far larger inside than a release{_ADVICE}")


def _check_names(path: Path, names: list[str]) -> None:
    if len(names) > _MOST_FILES:
        raise ReleaseError(f"{path}: has more than {_MOST_FILES} files{_ADVICE}")
    for name in names:
        if not is_safe_name(name.removesuffix("/")):
            raise ReleaseError(f"{path}: the name {ascii(name)[:100]} is not a plain one; do not unpack it")
    folded = [name.removesuffix("/").casefold() for name in names]
    if len(set(folded)) != len(folded):
        raise ReleaseError(f"{path}: a name occurs twice; do not unpack it")


def _copy(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, target: Path, limit: int) -> int:
    """Unpack one file, whatever size it claims, and return how large it was."""
    written = 0
    with archive.open(entry) as source, target.open("xb") as sink:
        while chunk := source.read(_CHUNK):
            written += len(chunk)
            if written > limit:
                raise ReleaseError(f"{entry.filename}: the archive unpacks to far more than a release")
            sink.write(chunk)
    return written


def _root(path: Path, folder: Path) -> Path:
    for candidate in (folder, *folder.iterdir()):
        if (candidate / MANIFEST_NAME).is_file():
            return candidate
    raise ReleaseError(f"{path}: holds no {MANIFEST_NAME}; is this a release of vectors?")
