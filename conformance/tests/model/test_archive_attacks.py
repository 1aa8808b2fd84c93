"""Archives damaged or made with intent: each is refused with its rule, and the cache stays as it was."""

import gzip
import io
import itertools
import tarfile
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dred_model import Limits, ModelBundle, ModelError, cache, import_model

SMALL_LIMITS = Limits(expanded_bytes=4 << 20, member_bytes=1 << 20, download_bytes=1 << 20, members=40)


def snapshot(folder: Path) -> dict[str, tuple[int, bytes]]:
    return {
        str(path.relative_to(folder)): (path.stat().st_mtime_ns, path.read_bytes() if path.is_file() else b"")
        for path in sorted(folder.rglob("*"))
    }


@pytest.fixture
def refused(small: ModelBundle, tmp_path: Path, cache_folder: Path) -> Callable[..., ModelError]:
    """Import bytes, store on success; expect a refusal that leaves a filled cache untouched."""
    cache.store(small)
    before = snapshot(cache_folder)
    assert before

    def attempt(data: bytes, limits: Limits = SMALL_LIMITS) -> ModelError:
        path = tmp_path / "small.tar.gz"
        path.write_bytes(data)
        with pytest.raises(ModelError) as caught:
            cache.store(import_model(path, limits=limits))
        assert snapshot(cache_folder) == before
        assert caught.value.message
        return caught.value

    return attempt


@pytest.fixture(scope="session")
def good(small: ModelBundle, forms: SimpleNamespace) -> bytes:
    data: bytes = forms.tar_gz(forms.c_sources(small))
    return data


def member(path: str, kind: bytes = tarfile.REGTYPE, **fields: object) -> tarfile.TarInfo:
    info = tarfile.TarInfo(path)
    info.type = kind
    for key, value in fields.items():
        setattr(info, key, value)
    return info


def test_the_archive_that_is_not_damaged_passes(good: bytes, small: ModelBundle, tmp_path: Path) -> None:
    (tmp_path / "a.tar.gz").write_bytes(good)
    found = import_model(tmp_path / "a.tar.gz", limits=SMALL_LIMITS)
    assert found.model_sha256 == small.model_sha256
    assert found.name == "a"


def test_truncation_anywhere(good: bytes, refused: Callable[..., ModelError]) -> None:
    cuts = [*range(2, 40), *range(40, len(good), len(good) // 60), *range(len(good) - 12, len(good))]
    for cut in cuts:
        assert refused(good[:cut]).rule == "M1", cut


def test_truncated_tar_inside_intact_gzip(good: bytes, refused: Callable[..., ModelError]) -> None:
    plain = gzip.decompress(good)
    end = len(plain.rstrip(b"\0"))
    for cut in [*range(1, end, end // 40), end, end + 100]:
        rule = refused(gzip.compress(plain[:cut])).rule
        assert rule == "M1", (cut, rule)


def test_empty_archives(refused: Callable[..., ModelError]) -> None:
    assert refused(gzip.compress(b"")).rule == "M1"
    assert refused(gzip.compress(bytes(10240))).rule == "M4"
    assert refused(b"").rule == "M7"


def test_damaged_checksum(good: bytes, refused: Callable[..., ModelError]) -> None:
    assert refused(good[:-8] + bytes([good[-8] ^ 1]) + good[-7:]).rule == "M1"  # CRC-32
    assert refused(good[:-1] + bytes([good[-1] ^ 1])).rule == "M1"  # length


def test_something_behind_the_archive(good: bytes, refused: Callable[..., ModelError]) -> None:
    assert refused(good + b"x").rule == "M7"
    assert refused(good + good).rule == "M7"
    assert refused(gzip.compress(gzip.decompress(good) + b"hidden")).rule == "M7"


@pytest.mark.parametrize(
    "path",
    ["/etc/dnn/x", "../x", "dnn/../../x", "dnn/..", "C:/x", "dnn\\x", "dnn/a\nb", "/dnn/fargan_data.c"],
)
def test_paths_that_escape(
    path: str, small: ModelBundle, forms: SimpleNamespace, refused: Callable[..., ModelError]
) -> None:
    error = refused(forms.tar_gz(forms.c_sources(small), extra=(member(path),)))
    assert error.rule == "M3"
    assert error.subject is not None


@pytest.mark.parametrize(
    "kind",
    [tarfile.LNKTYPE, tarfile.SYMTYPE, tarfile.CHRTYPE, tarfile.BLKTYPE, tarfile.FIFOTYPE, b"7", b"S", b"Z"],
)
@pytest.mark.parametrize("path", ["dnn/fargan_data.c", "dnn/README"])
def test_links_devices_and_strange_members(
    kind: bytes, path: str, small: ModelBundle, forms: SimpleNamespace, refused: Callable[..., ModelError]
) -> None:
    files = {key: text for key, text in forms.c_sources(small).items() if key != path}
    error = refused(forms.tar_gz(files, extra=(member(path, kind, linkname="/etc/passwd"),)))
    assert error.rule == "M3"
    assert path in str(error.subject)
    names = {tarfile.LNKTYPE: "hard link", tarfile.SYMTYPE: "symbolic link", tarfile.FIFOTYPE: "pipe"}
    assert names.get(kind, "") in error.message


@pytest.mark.parametrize(
    "path", ["dnn/plc_data.c", "./dnn/plc_data.c", "dnn//plc_data.c", "other/dnn/plc_data.c", "plc_data.c"]
)
def test_a_file_given_twice(
    path: str, small: ModelBundle, forms: SimpleNamespace, refused: Callable[..., ModelError]
) -> None:
    error = refused(forms.tar_gz(forms.c_sources(small), extra=(member(path),)))
    assert error.rule == "M3"
    assert "twice" in error.message


def test_even_a_file_that_is_not_needed_may_not_be_there_twice(
    small: ModelBundle, forms: SimpleNamespace, refused: Callable[..., ModelError]
) -> None:
    error = refused(forms.tar_gz(forms.c_sources(small), extra=(member("./dnn/nolace_data.c"),)))
    assert (error.rule, "twice" in error.message) == ("M3", True)


@pytest.mark.parametrize("offset", [0, 100, 124, 136, 148, 156, 265])
def test_a_damaged_member_header(offset: int, good: bytes, refused: Callable[..., ModelError]) -> None:
    plain = bytearray(gzip.decompress(good))
    plain[offset] ^= 2
    error = refused(gzip.compress(bytes(plain)))
    assert (error.rule, error.position) == ("M1", 0)


def test_the_same_name_in_another_folder_is_somebody_elses_file(
    small: ModelBundle, forms: SimpleNamespace, tmp_path: Path
) -> None:
    files = forms.c_sources(small) | {"training/plc_data.c": "this is no C at all {{{"}
    (tmp_path / "a.tar.gz").write_bytes(forms.tar_gz(files))
    assert import_model(tmp_path / "a.tar.gz").model_sha256 == small.model_sha256


def bomb(path: str, size: int) -> bytes:
    """A member of `size` zeros behind a truthful header, without a megabyte in memory."""
    out = io.BytesIO()
    with gzip.GzipFile(fileobj=out, mode="wb", compresslevel=9) as stream:
        stream.write(member(path, size=size).tobuf(tarfile.GNU_FORMAT))
        for _ in range(size >> 20):
            stream.write(bytes(1 << 20))
    return out.getvalue()


def test_gzip_bombs(refused: Callable[..., ModelError]) -> None:
    assert refused(bomb("dnn/nolace_data.c", 64 << 20)).rule == "M2"  # skipped, yet it counts
    assert refused(bomb("dnn/plc_data.c", 64 << 20)).rule == "M2"
    error = refused(bomb("dnn/plc_data.c", 2 << 20))  # one member beyond its bound, told before it is read
    assert (error.rule, "the member exceeds" in error.message) == ("M2", True)


def test_a_line_without_end(refused: Callable[..., ModelError]) -> None:
    limits = Limits(line_bytes=100_000)
    error = refused(bomb("dnn/plc_data.c", 4 << 20), limits)
    assert error.rule == "M2"
    assert "line" in error.message


def test_a_compressed_size_beyond_the_limit(good: bytes, refused: Callable[..., ModelError]) -> None:
    assert refused(good, Limits(download_bytes=len(good) - 1)).rule == "M2"


def test_too_many_members(
    small: ModelBundle, forms: SimpleNamespace, refused: Callable[..., ModelError]
) -> None:
    extra = tuple(member(f"x/{k}") for k in range(41))
    assert refused(forms.tar_gz(forms.c_sources(small), extra=extra)).rule == "M2"


@pytest.mark.parametrize("kind", [tarfile.XHDTYPE, tarfile.XGLTYPE, tarfile.GNUTYPE_LONGNAME])
def test_an_extended_header_as_a_bomb(kind: bytes, refused: Callable[..., ModelError]) -> None:
    info = member("x", kind, size=3 << 20)
    assert refused(gzip.compress(info.tobuf(tarfile.GNU_FORMAT) + bytes(3 << 20))).rule == "M2"


def pax(*records: tuple[str, str]) -> bytes:
    data = b""
    for key, value in records:
        body = f" {key}={value}\n".encode()
        length = next(n for n in itertools.count(len(body)) if len(str(n)) + len(body) == n)
        data += str(length).encode() + body
    head = member("pax", tarfile.XHDTYPE, size=len(data)).tobuf(tarfile.USTAR_FORMAT)
    return head + data + bytes(-len(data) % 512)


def test_extended_headers_are_understood_and_checked(
    good: bytes, small: ModelBundle, refused: Callable[..., ModelError], tmp_path: Path
) -> None:
    plain = gzip.decompress(good)
    harmless = pax(("mtime", "1.5"), ("comment", "x" * 300)) + plain
    (tmp_path / "a.tar.gz").write_bytes(gzip.compress(harmless))
    assert import_model(tmp_path / "a.tar.gz").model_sha256 == small.model_sha256
    assert refused(gzip.compress(pax(("path", "../../x")) + plain)).rule == "M3"
    assert refused(gzip.compress(pax(("path", "/x")) + plain)).rule == "M3"
    assert refused(gzip.compress(pax(("linkpath", "/x")) + plain)).rule == "M3"
    assert refused(gzip.compress(pax(("size", "99999999999999999")) + plain)).rule == "M7"
    assert refused(gzip.compress(pax(("size", "-1")) + plain)).rule == "M7"
    assert refused(gzip.compress(pax(("size", "99999999999")) + plain)).rule in ("M1", "M2")


@pytest.mark.parametrize(
    "data", [b"5 a=b\n", b"99 path=x\n", b"x path=x\n", b"12 path=x\n", b"7 path=", b"08 a=b\n"]
)
def test_damaged_extended_headers(data: bytes, good: bytes, refused: Callable[..., ModelError]) -> None:
    head = member("pax", tarfile.XHDTYPE, size=len(data)).tobuf(tarfile.USTAR_FORMAT)
    assert refused(gzip.compress(head + data.ljust(512, b"\0") + gzip.decompress(good))).rule == "M7"


def test_long_names_of_gnu_tar(small: ModelBundle, forms: SimpleNamespace, tmp_path: Path) -> None:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w:gz", format=tarfile.GNU_FORMAT) as archive:
        for path, text in forms.c_sources(small).items():
            info = tarfile.TarInfo("long/" * 40 + path)
            info.size = len(text)
            archive.addfile(info, io.BytesIO(text.encode()))
    (tmp_path / "a.tar.gz").write_bytes(out.getvalue())
    assert import_model(tmp_path / "a.tar.gz").model_sha256 == small.model_sha256


@pytest.mark.parametrize("form", [tarfile.USTAR_FORMAT, tarfile.GNU_FORMAT, tarfile.PAX_FORMAT])
def test_archives_of_every_tar_flavour(
    form: int, small: ModelBundle, forms: SimpleNamespace, tmp_path: Path
) -> None:
    forms.write_sources(tmp_path / "m", small)
    with tarfile.open(tmp_path / "a.tar.gz", "w:gz", format=form) as archive:
        archive.add(tmp_path / "m" / "dnn", "dnn")
    assert import_model(tmp_path / "a.tar.gz").model_sha256 == small.model_sha256


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(data=st.data())
def test_no_changed_byte_of_a_tar_raises_anything_else(
    data: st.DataObject, good: bytes, small: ModelBundle, tmp_path: Path
) -> None:
    plain = bytearray(gzip.decompress(good))
    for _ in range(data.draw(st.integers(1, 4))):
        record = data.draw(st.integers(0, len(plain) // 512 - 1)) * 512
        offset = data.draw(st.sampled_from([0, 5, 99, 124, 130, 148, 156, 257, 345, 400]))
        plain[record + offset] = data.draw(st.integers(0, 255))
    path = tmp_path / "a.tar.gz"
    path.write_bytes(gzip.compress(bytes(plain), compresslevel=1))
    try:
        found = import_model(path, limits=SMALL_LIMITS)
    except ModelError:
        return
    assert (found.latent_dim, found.state_dim) == (small.latent_dim, small.state_dim)
