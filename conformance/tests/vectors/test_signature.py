"""Detached signatures by the tools that people have; no prompt without a terminal, nothing half-written."""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest
from typer.testing import CliRunner

from dred_conformance.cli.main import app
from dred_conformance.release import signature as signatures

PASSPHRASE = "correct horse"
TOOLS = [
    pytest.param(
        tool,
        marks=pytest.mark.skipif(shutil.which(tool) is None, reason=f"{tool} is not installed"),
    )
    for tool in ("minisign", "ssh-keygen")
]
NAME = "opus-dred-vectors-0.1.0.zip"
SUFFIXES = {"minisign": ".minisig", "ssh-keygen": ".sig"}
every_tool = pytest.mark.parametrize("tool", TOOLS)


def run(*arguments: str) -> tuple[int, str]:
    result = CliRunner().invoke(app, list(arguments))
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result.exit_code, result.output


def key_pair(tool: str, folder: Path, *, passphrase: str = "") -> tuple[Path, Path]:
    """Make a key pair: the secret key and the public one."""
    secret = folder / f"{tool}-{bool(passphrase)}.key"
    if tool == "ssh-keygen":
        command = ["ssh-keygen", "-q", "-t", "ed25519", "-N", passphrase, "-C", "nobody", "-f", str(secret)]
        subprocess.run(command, check=True)
        return secret, secret.with_name(secret.name + ".pub")
    public = folder / f"{secret.name}.pub"
    command = ["minisign", "-G", "-p", str(public), "-s", str(secret)]
    done = subprocess.run(
        command if passphrase else [*command, "-W"],
        input=f"{passphrase}\n{passphrase}\n",
        text=True,
        capture_output=True,
        check=False,
    )
    if done.returncode != 0:
        pytest.skip(f"this minisign makes no keys here: {done.stderr.strip()[:100]}")
    return secret, public


@pytest.fixture(scope="session")
def protected_keys(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], tuple[Path, Path]]:
    """Return what gives a key pair with a passphrase; minisign takes seconds to make one."""

    @cache
    def pair(tool: str) -> tuple[Path, Path]:
        return key_pair(tool, tmp_path_factory.mktemp("keys"), passphrase=PASSPHRASE)

    return pair


def exported(vectors: Path, output: Path, key: Path) -> tuple[int, str]:
    return run("vectors", "export", "--vectors", str(vectors), "-o", str(output), "--sign", str(key))


def verified(file: Path, signature: Path, key: Path | str) -> tuple[int, str]:
    return run("vectors", "verify", str(file), "--signature", str(signature), "--public-key", str(key))


@every_tool
def test_a_signed_release_verifies_and_a_changed_one_does_not(
    tool: str, vectors: Path, tmp_path: Path
) -> None:
    secret, public = key_pair(tool, tmp_path)
    file = tmp_path / NAME
    code, text = exported(vectors, file, secret)
    assert code == 0, text
    signature = tmp_path / (NAME + SUFFIXES[tool])
    assert signature.is_file()
    code, text = verified(file, signature, public)
    assert code == 0, text
    assert f"the signature is good ({tool})" in text
    assert verified(file, signature, public.read_text(encoding="utf-8").splitlines()[-1])[0] == 0
    (tmp_path / "other").mkdir()
    _, stranger = key_pair(tool, tmp_path / "other")
    code, text = verified(file, signature, stranger)
    assert code == 1
    assert "is no signature of" in text
    file.write_bytes(file.read_bytes() + b"\0")
    code, text = verified(file, signature, public)
    assert code == 1
    assert "do not use the file" in text


@every_tool
def test_signing_again_gives_the_same_bytes(tool: str, vectors: Path, tmp_path: Path) -> None:
    secret, _ = key_pair(tool, tmp_path)
    file = tmp_path / NAME
    signature = tmp_path / (NAME + SUFFIXES[tool])
    assert exported(vectors, file, secret)[0] == 0
    before = file.read_bytes(), signature.read_bytes()
    assert exported(vectors, file, secret)[0] == 0
    assert (file.read_bytes(), signature.read_bytes()) == before


@every_tool
def test_a_passphrase_is_not_waited_for_where_nobody_can_give_it(
    tool: str, vectors: Path, tmp_path: Path, protected_keys: Callable[[str], tuple[Path, Path]]
) -> None:
    secret, _ = protected_keys(tool)
    output = tmp_path / "out"
    output.mkdir()
    code, text = exported(vectors, output / NAME, secret)
    assert code == 2
    assert "passphrase needs a terminal" in text
    assert list(output.iterdir()) == []


@every_tool
def test_a_passphrase_is_asked_for_at_a_terminal(
    tool: str, vectors: Path, tmp_path: Path, protected_keys: Callable[[str], tuple[Path, Path]]
) -> None:
    secret, public = protected_keys(tool)
    file = tmp_path / NAME
    command = [sys.executable, "-c", "from dred_conformance.cli.main import run; run()", "vectors", "export"]
    command += ["--vectors", str(vectors), "-o", str(file), "--sign", str(secret)]
    spawn = "import os, pty, sys; sys.exit(os.waitstatus_to_exitcode(pty.spawn(sys.argv[1:])))"
    with subprocess.Popen(
        [sys.executable, "-c", spawn, *command], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as at_terminal:
        assert at_terminal.stdin is not None
        assert at_terminal.stdout is not None
        seen = b""
        while b"assword" not in seen and b"assphrase" not in seen:
            part = os.read(at_terminal.stdout.fileno(), 4096)
            assert part, seen
            seen += part
        at_terminal.stdin.write(f"{PASSPHRASE}\n".encode())
        at_terminal.stdin.flush()
        seen += at_terminal.stdout.read()
        assert at_terminal.wait(60) == 0, seen
    assert verified(file, file.with_name(file.name + SUFFIXES[tool]), public)[0] == 0


@every_tool
def test_a_missing_tool_is_named(
    tool: str, vectors: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    secret, public = key_pair(tool, tmp_path)
    file = tmp_path / NAME
    assert exported(vectors, file, secret)[0] == 0
    signature = tmp_path / (NAME + SUFFIXES[tool])
    monkeypatch.setenv("PATH", str(tmp_path))
    for code, text in (exported(vectors, tmp_path / "2.zip", secret), verified(file, signature, public)):
        assert code == 2
        assert f"{tool} is not installed" in text
    assert not (tmp_path / "2.zip").exists()


def test_a_tool_that_hangs_is_given_up(
    vectors: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tool = tmp_path / "bin" / "ssh-keygen"
    tool.parent.mkdir()
    tool.write_text("#!/bin/sh\nexec sleep 600\n", encoding="utf-8")
    tool.chmod(0o755)
    key = tmp_path / "key"
    key.write_text("-----BEGIN OPENSSH PRIVATE KEY-----\n", encoding="utf-8")
    monkeypatch.setenv("PATH", f"{tool.parent}:{os.environ['PATH']}")
    monkeypatch.setattr(signatures, "_TIMEOUT_S", 0.3)
    code, text = exported(vectors, tmp_path / NAME, key)
    assert code == 2
    assert "did not answer" in text
    assert not (tmp_path / NAME).exists()


@pytest.mark.parametrize("content", [b"", b"hello\n", b"untrusted comment: x\nx\n", b"\xff\x00", None])
def test_what_is_no_key_is_refused(content: bytes | None, vectors: Path, tmp_path: Path) -> None:
    key = tmp_path / "key"
    if content is not None:
        key.write_bytes(content)
    code, text = exported(vectors, tmp_path / NAME, key)
    assert code == 2
    assert "key" in text
    assert not (tmp_path / NAME).exists()


@pytest.mark.parametrize("content", [b"", b"hello\n", None])
def test_what_is_no_signature_is_refused(content: bytes | None, vectors: Path, tmp_path: Path) -> None:
    file, signature = tmp_path / NAME, tmp_path / "signature"
    assert run("vectors", "export", "--vectors", str(vectors), "-o", str(file))[0] == 0
    if content is not None:
        signature.write_bytes(content)
    code, text = verified(file, signature, "RWQCO71JUpIfTMiGzE221l2OPdEj96WO6R1rAGDLfA2Vik3qf7N9MEZw")
    assert code == 2
    assert "signature" in text


@pytest.mark.parametrize("text", ["untrusted comment: x\n", "-----BEGIN SSH SIGNATURE-----\n"])
def test_a_key_of_another_kind_is_refused(text: str, vectors: Path, tmp_path: Path) -> None:
    file, signature = tmp_path / NAME, tmp_path / "signature"
    file.write_bytes(b"whatever")
    signature.write_text(text, encoding="utf-8")
    code, output = verified(file, signature, "nonsense\nssh-ed25519")
    assert code == 2
    assert "public" in output


def test_a_signature_needs_a_key_and_a_file(vectors: Path, tmp_path: Path) -> None:
    signature = tmp_path / "signature"
    signature.write_text("untrusted comment: x\n", encoding="utf-8")
    for arguments in (
        ["--signature", str(signature)],
        ["--public-key", "RWQ"],
        ["--signature", str(signature), "--public-key", "RWQ"],
        [str(vectors), "--signature", str(signature), "--public-key", "RWQ"],
        [str(vectors), "--vectors", str(vectors)],
    ):
        assert run("vectors", "verify", *arguments)[0] == 2, arguments


def test_a_signature_that_was_not_checked_is_mentioned(vectors: Path, tmp_path: Path) -> None:
    file = tmp_path / NAME
    assert run("vectors", "export", "--vectors", str(vectors), "-o", str(file))[0] == 0
    file.with_name(f"{NAME}.minisig").write_text("untrusted comment: x\n", encoding="utf-8")
    code, text = run("vectors", "verify", str(file))
    assert code == 0
    assert "not checked" in text
    _, text = run("vectors", "export", "--vectors", str(vectors), "-o", str(file))
    assert "may be of another file" in text


@every_tool
def test_without_its_signature_a_file_is_not_left(tool: str, vectors: Path, tmp_path: Path) -> None:
    secret, _ = key_pair(tool, tmp_path)
    output = tmp_path / "out"
    in_the_way = output / (NAME + SUFFIXES[tool])
    in_the_way.mkdir(parents=True)
    code, text = exported(vectors, output / NAME, secret)
    assert code == 2
    assert "cannot be written" in text
    assert list(output.iterdir()) == [in_the_way]
