"""Detached signatures of a release, made and checked by tools that people have: minisign and ssh-keygen."""

import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from dred_conformance.release.errors import ReleaseError

__all__ = ["SIGNATURE_SUFFIXES", "BadSignatureError", "check_signature", "signature_of"]

SIGNATURE_SUFFIXES = {"minisign": ".minisig", "ssh-keygen": ".sig"}
_PACKAGES = {"minisign": "minisign", "ssh-keygen": "openssh-client"}
_NAMESPACE = "opus-dred-vectors"  # of SSH signatures: one made for another purpose is no signature of vectors
_LARGEST_TEXT = 1 << 16
_TIMEOUT_S = 60.0
_MINISIGN_PUBLIC_KEY = re.compile(r"RW[A-Za-z0-9+/]{54}")
_SSH_KEY_TYPE = re.compile(r"(ssh|sk-ssh|ecdsa|sk-ecdsa)-[a-z0-9@.-]+")


class BadSignatureError(ReleaseError):
    """A signature does not fit the file and the key."""


def signature_of(file: Path, key: Path, comment: str) -> tuple[str, bytes]:
    """Return the suffix and the content of a detached signature of ``file``.

    Parameters
    ----------
    file
        What is signed.
    key
        A secret key of minisign or SSH; or a public SSH key whose secret half an agent holds.
    comment
        Signed with the file, where the tool can (minisign).

    Raises
    ------
    ReleaseError
        The key is none, the tool is missing, or it failed, a passphrase being wanted for example.
    """
    text = _text(key)
    lines = text.splitlines()
    if text.startswith("-----BEGIN ") or _SSH_KEY_TYPE.match(text):
        tool = "ssh-keygen"
    elif len(lines) >= 2 and lines[0].startswith("untrusted comment:") and len(lines[1]) > 200:
        tool = "minisign"
    else:
        raise ReleaseError(f"{key}: is no secret key of minisign or SSH")
    with tempfile.TemporaryDirectory(prefix="dred-signing-") as temporary:
        message = Path(temporary) / file.name
        shutil.copyfile(file, message)
        signature = message.with_name(message.name + SIGNATURE_SUFFIXES[tool])
        secret = str(key.absolute())
        if tool == "minisign":
            arguments = ["-S", "-s", secret, "-m", str(message), "-x", str(signature), "-t", comment]
        else:
            arguments = ["-Y", "sign", "-f", secret, "-n", _NAMESPACE, str(message)]
        done = _run(tool, arguments, may_ask=True)
        if done.returncode != 0 or not signature.is_file():
            raise ReleaseError(
                f"{tool} could not sign with {key}: {_last_words(done)}"
                "; a key with a passphrase needs a terminal (or, for SSH, an agent and the .pub file)"
            )
        return SIGNATURE_SUFFIXES[tool], signature.read_bytes()


def check_signature(file: Path, signature: Path, public_key: str) -> str:
    """Check a detached signature and return the tool that found it good.

    Parameters
    ----------
    file
        What was signed.
    signature
        The signature.
    public_key
        The public key, or a file with it.

    Raises
    ------
    BadSignatureError
        The signature is not one of this file by this key.
    ReleaseError
        One of the three is unusable, or the tool is missing.
    """
    text = _text(signature)
    key = _text(Path(public_key)) if Path(public_key).is_file() else public_key
    if not file.is_file():
        raise ReleaseError(f"{file}: a signature is that of one file; there is no such file")
    if text.startswith("-----BEGIN SSH SIGNATURE-----"):
        tool, done = "ssh-keygen", _check_ssh(file, signature, key)
    elif text.startswith("untrusted comment:"):
        found = _MINISIGN_PUBLIC_KEY.search(key)
        if found is None:
            raise ReleaseError(f"{public_key}: is no public key of minisign, as the signature needs")
        arguments = ["-V", "-q", "-P", found[0], "-m", str(file.absolute()), "-x", str(signature.absolute())]
        tool, done = "minisign", _run("minisign", arguments)
    else:
        raise ReleaseError(f"{signature}: is no signature of minisign or ssh-keygen")
    if done.returncode != 0:
        raise BadSignatureError(
            f"{signature}: is no signature of {file} by this key ({_last_words(done)}); do not use the file"
        )
    return tool


def _check_ssh(file: Path, signature: Path, key: str) -> "subprocess.CompletedProcess[str]":
    parts = key.split()
    start = next((n for n, part in enumerate(parts) if _SSH_KEY_TYPE.fullmatch(part)), None)
    if start is None or start + 1 >= len(parts):
        raise ReleaseError("this is no public SSH key, as the signature needs")
    with tempfile.TemporaryDirectory(prefix="dred-signature-") as temporary:
        signers = Path(temporary) / "allowed_signers"
        signers.write_text(f"{_NAMESPACE} {parts[start]} {parts[start + 1]}\n", encoding="utf-8")
        arguments = ["-Y", "verify", "-f", str(signers), "-I", _NAMESPACE, "-n", _NAMESPACE]
        return _run("ssh-keygen", [*arguments, "-s", str(signature.absolute())], stdin=file)


def _text(path: Path) -> str:
    try:
        with path.open("rb") as file:
            return file.read(_LARGEST_TEXT).decode("utf-8", "replace")
    except OSError as error:
        raise ReleaseError(f"{path}: cannot be read ({error.strerror})") from error


def _run(
    tool: str, arguments: list[str], *, may_ask: bool = False, stdin: Path | None = None
) -> "subprocess.CompletedProcess[str]":
    """Run a tool; it may ask for a passphrase where a person is at the terminal, and never waits else."""
    program = shutil.which(tool)
    if program is None:
        raise ReleaseError(f"{tool} is not installed; on Debian: apt-get install {_PACKAGES[tool]}")
    command = [program, *arguments]
    if may_ask and sys.stdin.isatty():
        return subprocess.run(command, text=True, check=False)  # noqa: S603 - a tool of the user, no shell
    environment = {key: value for key, value in os.environ.items() if key not in ("DISPLAY", "SSH_ASKPASS")}
    try:
        with Path(stdin or os.devnull).open("rb") as source:
            return subprocess.run(  # noqa: S603 - a tool of the user, no shell
                command,
                stdin=source,
                capture_output=True,
                text=True,
                errors="replace",
                check=False,
                env=environment,
                start_new_session=True,  # without a terminal there is nowhere to ask
                timeout=_TIMEOUT_S,
            )
    except subprocess.TimeoutExpired as error:
        raise ReleaseError(f"{tool} did not answer within {_TIMEOUT_S:.0f} s") from error


def _last_words(done: "subprocess.CompletedProcess[str]") -> str:
    words = f"{done.stderr or ''}\n{done.stdout or ''}".strip().splitlines()
    text = next((line.strip() for line in reversed(words) if line.strip()), f"exit code {done.returncode}")
    return "".join(character if character.isprintable() else "?" for character in text[:200])
