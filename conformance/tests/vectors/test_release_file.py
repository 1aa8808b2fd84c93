"""A release is the same bytes everywhere, whole or not there, and opened without trust."""

import hashlib
import io
import json
import os
import shutil
import struct
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import CliRunner

from dred_conformance.cli.main import app
from dred_conformance.release import opening
from dred_conformance.release.errors import ReleaseError
from dred_conformance.release.opening import opened_vectors
from dred_conformance.release.packing import packed
from dred_conformance.vectors.store import VectorStore

NAME = "opus-dred-vectors-0.1.0"
CODE1 = "packet/packet-code1.json"


def run(*arguments: str) -> tuple[int, str]:
    result = CliRunner().invoke(app, list(arguments))
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result.exit_code, result.output


@pytest.fixture
def release(vectors: Path, tmp_path: Path) -> Path:
    path = tmp_path / f"{NAME}.zip"
    path.write_bytes(packed(vectors))
    return path


def rewritten(release: Path, change: Callable[[dict[str, bytes]], None]) -> None:
    """Write a release anew with other contents."""
    with zipfile.ZipFile(release) as archive:
        files = {name: archive.read(name) for name in archive.namelist()}
    change(files)
    with zipfile.ZipFile(release, "w") as archive:
        for name, data in files.items():
            entry = zipfile.ZipInfo("x")
            entry.filename = name
            archive.writestr(entry, data)


def test_a_release_holds_everything_and_its_hashes(release: Path, vectors: Path) -> None:
    with zipfile.ZipFile(release) as archive:
        names = archive.namelist()
        sums = archive.read(f"{NAME}/SHA256SUMS").decode()
        contents = {name.removeprefix(f"{NAME}/"): archive.read(name) for name in names}
        kinds = {(e.date_time, e.external_attr, e.create_system, e.compress_type) for e in archive.infolist()}
    assert names == sorted(names)
    assert kinds == {((1980, 1, 1, 0, 0, 0), 0o100644 << 16, 3, zipfile.ZIP_STORED)}
    files = {path.relative_to(vectors).as_posix() for path in vectors.rglob("*") if path.is_file()}
    assert set(contents) == files | {"SHA256SUMS"}
    stated = dict(reversed(line.split("  ", 1)) for line in sums.splitlines())
    assert stated == {
        name: hashlib.sha256(data).hexdigest() for name, data in contents.items() if name != "SHA256SUMS"
    }
    assert {"manifest.json", "README.md", "LICENSE", "CHANGELOG.md", "schema/group-1.schema.json"} <= files


@pytest.mark.skipif(shutil.which("sha256sum") is None, reason="sha256sum is not installed")
def test_sha256sum_reads_the_hashes(release: Path, tmp_path: Path) -> None:
    with zipfile.ZipFile(release) as archive:
        archive.extractall(tmp_path / "unpacked")
    subprocess.run(
        ["sha256sum", "--check", "--strict", "--quiet", "SHA256SUMS"],
        cwd=tmp_path / "unpacked" / NAME,
        check=True,
    )


def test_the_bytes_depend_on_nothing_but_the_vectors(vectors: Path, release: Path, tmp_path: Path) -> None:
    copy = tmp_path / "elsewhere" / "deeper"
    shutil.copytree(vectors, copy)
    for path in copy.rglob("*"):
        path.chmod(0o700)
        os.utime(path, (1_000_000_000, 1_000_000_000))
    environment = {**os.environ, "PYTHONHASHSEED": "4711", "TZ": "Pacific/Kiritimati", "LC_ALL": "C"}
    script = (
        "import os, sys; os.umask(0o077)\n"
        "from pathlib import Path; from dred_conformance.release.packing import packed\n"
        "sys.stdout.buffer.write(packed(Path('deeper')))"
    )
    done = subprocess.run(
        [sys.executable, "-c", script],
        cwd=copy.parent,
        env=environment,
        capture_output=True,
        check=True,
    )
    assert done.stdout == release.read_bytes()


def test_export_verify_and_list_go_together(vectors: Path, tmp_path: Path) -> None:
    output = tmp_path / "out"
    output.mkdir()
    code, text = run("vectors", "export", "--vectors", str(vectors), "-o", str(output), "--json")
    assert code == 0
    summary = json.loads(text[text.index("{") :])
    path = Path(summary["file"])
    assert path == output / f"{NAME}.zip"
    assert summary["sha256"] == hashlib.sha256(path.read_bytes()).hexdigest()
    assert run("vectors", "verify", str(path)) == (0, "all vector files are as published (version 0.1.0)\n")
    code, text = run("vectors", "list", "--vectors", str(path), "--flag", "rejection", "--cases", "--json")
    assert code == 0
    members = [case for group in json.loads(text)["groups"] for case in group["members"]]
    assert members
    assert all("rejection" in case["flags"] for case in members)
    assert run("vectors", "diff", str(path), str(vectors))[0] == 0


def test_damaged_vectors_are_not_exported(vectors: Path, tmp_path: Path) -> None:
    (vectors / CODE1).write_text("{}", encoding="utf-8")
    path = tmp_path / "out.zip"
    code, text = run("vectors", "export", "--vectors", str(vectors), "-o", str(path))
    assert code == 1
    assert CODE1 in text
    assert not path.exists()


@pytest.mark.parametrize("name", ["README.md", "LICENSE"])
def test_a_release_without_its_texts_is_not_made(name: str, vectors: Path, tmp_path: Path) -> None:
    (vectors / name).unlink()
    code, text = run("vectors", "export", "--vectors", str(vectors), "-o", str(tmp_path / "out.zip"))
    assert code == 2
    assert name in text
    assert list(tmp_path.glob("*.zip*")) == []


def test_a_file_that_cannot_be_written_leaves_nothing(vectors: Path, tmp_path: Path) -> None:
    missing = tmp_path / "no" / "folder" / "out.zip"
    code, text = run("vectors", "export", "--vectors", str(vectors), "-o", str(missing))
    assert code == 2
    assert "out.zip" in text


def test_a_changed_file_of_a_release_is_named(release: Path) -> None:
    def change(files: dict[str, bytes]) -> None:
        files[f"{NAME}/README.md"] += b"more"
        files[f"{NAME}/extra/README.md"] = b"a text that nobody vouches for"
        del files[f"{NAME}/LICENSE"]

    rewritten(release, change)
    code, text = run("vectors", "verify", str(release))
    assert code == 1
    assert "README.md: its SHA-256 is not that of SHA256SUMS" in text
    assert "extra/README.md: is not in SHA256SUMS" in text
    assert "LICENSE: is in SHA256SUMS, but missing" in text


def test_a_release_without_hashes_is_named(release: Path) -> None:
    rewritten(release, lambda files: files.pop(f"{NAME}/SHA256SUMS") and None)
    code, text = run("vectors", "verify", str(release))
    assert code == 1
    assert "SHA256SUMS" in text


HOSTILE_NAMES = ["../outside", "/absolute", "a/../../b", "a\\..\\b", "C:x", "", "a//b", "./a", "x" * 300, "é"]


@pytest.mark.parametrize("name", HOSTILE_NAMES)
def test_a_name_that_leads_elsewhere_is_refused(name: str, release: Path, tmp_path: Path) -> None:
    rewritten(release, lambda files: files.update({name: b"evil"}))
    before = sorted(tmp_path.rglob("*"))
    with pytest.raises(ReleaseError, match="not a plain one"), opened_vectors(release):
        pass
    assert sorted(tmp_path.rglob("*")) == before


def test_names_that_fall_together_are_refused(release: Path) -> None:
    rewritten(release, lambda files: files.update({f"{NAME}/readme.MD": b"other"}))
    with pytest.raises(ReleaseError, match="twice"), opened_vectors(release):
        pass


def test_a_file_and_a_folder_of_one_name_are_refused(release: Path) -> None:
    rewritten(release, lambda files: files.update({f"{NAME}/README.md/inside": b"other"}))
    with pytest.raises(ReleaseError, match="cannot be read"), opened_vectors(release):
        pass


@pytest.mark.parametrize("kind", [0o120777, 0o010644, 0o020644, 0o140644])
def test_links_and_devices_are_refused(kind: int, release: Path) -> None:
    with zipfile.ZipFile(release, "a") as archive:
        entry = zipfile.ZipInfo(f"{NAME}/link")
        entry.create_system = 3
        entry.external_attr = kind << 16
        archive.writestr(entry, "/etc/passwd")
    with pytest.raises(ReleaseError, match="no plain file"), opened_vectors(release):
        pass


def test_a_bomb_is_refused_before_it_fills_the_disk(release: Path) -> None:
    with zipfile.ZipFile(release, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(f"{NAME}/bomb.bin", bytes(opening.LARGEST_FILE + 1))
    assert release.stat().st_size < 1 << 20
    with pytest.raises(ReleaseError, match="far more than a release"), opened_vectors(release):
        pass


def test_the_whole_content_is_bounded(release: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(opening, "_LARGEST_CONTENT", 100_000)
    with pytest.raises(ReleaseError, match="far more than a release"), opened_vectors(release):
        pass


def test_too_many_files_are_refused(release: Path) -> None:
    with zipfile.ZipFile(release, "a") as archive:
        for number in range(2001):
            archive.writestr(f"{NAME}/{number}", b"")
    with pytest.raises(ReleaseError, match="more than 2000 files"), opened_vectors(release):
        pass


def test_a_directory_of_any_size_is_refused_before_it_is_read(release: Path) -> None:
    data = bytearray(release.read_bytes())
    struct.pack_into("<L", data, len(data) - 22 + 12, 1 << 24)
    release.write_bytes(data)
    with pytest.raises(ReleaseError, match="far larger inside"), opened_vectors(release):
        pass


def test_a_huge_file_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "huge.zip"
    with path.open("wb") as file:
        file.truncate(1 << 40)  # sparse
    with pytest.raises(ReleaseError, match="more than 64 MiB"), opened_vectors(path):
        pass


def test_files_that_break_off_are_refused(release: Path, tmp_path: Path) -> None:
    data = release.read_bytes()
    cut = tmp_path / "cut.zip"
    for end in (0, 1, 21, 22, 100, len(data) // 2, len(data) - 1):
        cut.write_bytes(data[:end])
        with pytest.raises(ReleaseError), opened_vectors(cut):
            pass


def test_flipped_bits_are_noticed(release: Path) -> None:
    data = release.read_bytes()
    for position in range(0, len(data), len(data) // 60):
        release.write_bytes(data[:position] + bytes([data[position] ^ 0x41]) + data[position + 1 :])
        code, text = run("vectors", "verify", str(release))
        assert code in (0, 1, 2)
        assert text.strip()
        if code == 0:  # what no reader looks at, such as a time in the archive
            with opened_vectors(release) as folder:
                assert packed(folder) == data


def test_other_files_are_no_release(tmp_path: Path) -> None:
    with (
        pytest.raises(ReleaseError, match="no such folder or file"),
        opened_vectors(tmp_path / "nowhere.zip"),
    ):
        pass
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("a.txt", b"text")
    other = tmp_path / "other.zip"
    other.write_bytes(stream.getvalue())
    with pytest.raises(ReleaseError, match=r"holds no manifest\.json"), opened_vectors(other):
        pass


def test_an_opened_release_is_gone_afterwards(release: Path) -> None:
    with opened_vectors(release) as folder:
        assert len(list(VectorStore(folder).groups())) == 3
    assert not folder.exists()


def test_a_decoder_is_validated_against_the_file_of_a_release(release: Path) -> None:
    code, text = run("conform", "--vectors", str(release), "--stage", "extension", "--json")
    report = json.loads(text)
    assert code == 0
    assert report["vectors"]["folder"] == str(release)
    assert report["summary"]["verdicts"] == {"pass": 25}
    code, text = run("conform", "--vectors", str(release), "--stage", "feature", "--json")
    assert code == 0  # with the model that lies in the release


def test_a_report_says_how_to_repeat_a_case_of_a_release(release: Path, tmp_path: Path) -> None:
    silent = "python3 -c 'pass'"
    code, text = run("conform", "--vectors", str(release), "--adapter", silent)
    assert code in (1, 2)
    assert text.strip()
    misbehaving = Path(__file__).parents[1] / "runner" / "misbehaving_adapter.py"
    adapter = f"{sys.executable} {misbehaving} good"
    _, text = run("conform", "--vectors", str(release), "--adapter", adapter, "--stage", "packet", "--json")
    failed = [case for case in json.loads(text)["cases"] if case["verdict"] == "fail"]
    assert failed
    assert all(f"--vectors {release}" in case["reproduce"] for case in failed)


@pytest.mark.parametrize("content", [b"", b"no zip", None])
def test_a_decoder_is_not_validated_against_anything_else(content: bytes | None, tmp_path: Path) -> None:
    path = tmp_path / "vectors.zip"
    if content is not None:
        path.write_bytes(content)
    code, text = run("conform", "--vectors", str(path))
    assert code == 2
    assert "vectors.zip" in text
