"""``dred model`` as people and scripts meet it."""

import hashlib
import json
import socket
import threading
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from typer.testing import CliRunner

from dred_conformance.cli.model import app
from dred_model import ModelBundle, bundled_model, cache, finding, load_model, save_model, synthetic_model


@pytest.fixture(autouse=True)
def no_checkout(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(finding, "BESIDE_CHECKOUT", "nowhere")


def dred(*arguments: object, code: int = 0) -> Any:
    result = CliRunner().invoke(app, [str(argument) for argument in arguments])
    assert result.exit_code == code, (result.stdout, result.stderr, result.exception)
    return result


def as_json(*arguments: object, code: int = 0) -> Any:
    return json.loads(dred(*arguments, "--json", code=code).stdout)


def test_a_day_in_the_life_of_a_model(small: ModelBundle, forms: SimpleNamespace, tmp_path: Path) -> None:
    (tmp_path / "small.tar.gz").write_bytes(forms.tar_gz(forms.c_sources(small)))
    assert "'dred model fetch'" in dred("list").stdout
    dred("verify")
    imported = as_json("import", tmp_path / "small.tar.gz")
    assert imported["name"] == "small"
    assert imported["model_sha256"] == small.model_sha256
    assert Path(imported["path"]) == cache.folders("small")[0]
    row, packaged = as_json("list")
    assert (row["name"], row["place"], row["intact"], row["latent_dim"]) == ("small", "cache", True, 5)
    assert (packaged["name"], packaged["place"], packaged["intact"]) == ("bundled-1", "package", True)
    assert "small" in dred("list").stdout
    assert "intact" in dred("verify", "small").stdout
    shown = as_json("show", "small")
    assert (shown["latent_dim"], shown["state_dim"], shown["experimental_version"]) == (5, 9, 12)
    assert shown["weights_sha256"] == hashlib.sha256(small.weights_blob or b"").hexdigest()
    assert len(shown["layers"]) == sum(len(network.layers) for network in small.networks.values())
    assert "dec_gru1_input" in dred("show", "small").stdout
    assert as_json("remove", "small") == {"removed": [imported["path"]]}
    assert as_json("list") == [packaged]
    assert as_json("remove", "small", code=1)["error"]["rule"] == "M8"


def test_the_model_of_the_package_is_like_any_other(tmp_path: Path) -> None:
    bundle = bundled_model()
    (verified,) = as_json("verify", "bundled-1")
    assert (verified["place"], verified["intact"]) == ("package", True)
    assert "package" in dred("list").stdout
    shown = as_json("show", "bundled-1")
    assert (shown["model_sha256"], shown["experimental_version"]) == (bundle.model_sha256, 0xB1)
    assert "rdovaeenc" in dred("show", "bundled-1").stdout
    assert as_json("import", save_model(bundle, tmp_path / "copy"))["name"] == "bundled-1"
    assert as_json("remove", "bundled-1")["removed"]
    dred("show", "bundled-1")
    other = save_model(synthetic_model(7).renamed("bundled-1"), tmp_path / "other")
    assert as_json("import", other, code=1)["error"]["rule"] == "M6"


def test_import_takes_a_name_tables_and_a_version(
    small: ModelBundle, forms: SimpleNamespace, tmp_path: Path
) -> None:
    blob = forms.write_blob(tmp_path / "b", small)
    tables = tmp_path / "b" / "dred_stats.json"
    imported = as_json("import", blob, "--name", "mine", "--tables", tables, "--experimental-version", 99)
    assert (imported["name"], imported["experimental_version"]) == ("mine", 99)
    dred("import", blob, "--name", "Not A Name", code=2)
    dred("import", blob, "--experimental-version", 256, code=2)
    dred("import", code=2)
    dred("import", blob, "--no-such-option", code=2)


def test_a_refusal_says_why_and_what_to_do(tmp_path: Path, cache_folder: Path) -> None:
    (tmp_path / "bad.tar.gz").write_bytes(b"\x1f\x8b\x08\0\0\0\0\0\0\0")
    result = dred("import", tmp_path / "bad.tar.gz", "--json", code=1)
    error = json.loads(result.stdout)["error"]
    assert error["rule"] == "M1"
    assert error["subject"] == "bad.tar.gz"
    assert error["advice"]
    assert result.stderr.startswith("M1 bad.tar.gz")
    result = dred("import", tmp_path / "gone", code=1)
    assert result.stdout == ""
    assert result.stderr.startswith("M4")
    assert not cache_folder.exists()


def test_verify_finds_damage(small: ModelBundle) -> None:
    cache.store(synthetic_model(1).renamed("other"))
    folder = cache.store(small)
    (folder / "weights.bin").write_bytes(b"")
    result = dred("verify", code=1)
    assert "other (cache): intact" in result.stdout
    assert "small (cache): BROKEN: M6" in result.stdout
    rows = as_json("verify", "small", code=1)
    assert [(row["intact"], row["error"]["rule"]) for row in rows] == [(False, "M6")]
    assert "BROKEN" in dred("list").stdout
    dred("verify", "other")
    assert as_json("verify", "nobody", code=1)["error"]["rule"] == "M8"
    assert as_json("show", "small", code=1)["error"]["rule"] == "M6"


def test_synthetic_models_are_written(tmp_path: Path) -> None:
    written = as_json("synthetic", "--seed", 7, "--latent-dim", 3, "--state-dim", 4, "-o", tmp_path / "s")
    assert written["name"] == "synthetic-7-3x4"
    assert (
        load_model(tmp_path / "s").tables_sha256
        == synthetic_model(7, latent_dim=3, state_dim=4).tables_sha256
    )
    assert as_json("synthetic", "--seed", 8, "-o", tmp_path / "s", code=1)["error"]["rule"] == "M3"
    dred("synthetic", "--seed", 8, "-o", tmp_path / "s", "--force", "--network", "--dead-level", 3)
    assert load_model(tmp_path / "s").name == "synthetic-8-dead3-net"
    assert as_json("show", "synthetic-8-dead3-net")["networks"].keys() == {"rdovaedec"}
    for bad in (["--latent-dim", 0], ["--state-dim", 257], ["--dead-level", 16]):
        dred("synthetic", "--seed", 1, "-o", tmp_path / "t", *bad, code=2)
    for seed in (-1, 1 << 64, "x"):
        dred("synthetic", "--seed", seed, "-o", tmp_path / "t", code=2)
    dred("synthetic", "--seed", 1, code=2)
    assert not (tmp_path / "t").exists()


def test_show_looks_into_files_too(small: ModelBundle, tmp_path: Path) -> None:
    folder = save_model(small, tmp_path / "m")
    assert as_json("show", folder)["model_sha256"] == small.model_sha256
    assert as_json("show", tmp_path / "gone", code=1)["error"]["rule"] == "M7"
    assert as_json("show", "gone", code=1)["error"]["rule"] == "M8"


@pytest.fixture
def one_file() -> Any:
    """Serve one file once."""

    def start(body: bytes) -> str:
        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                self.send_response(200)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *args: object) -> None:
                pass

        server = HTTPServer(("127.0.0.1", 0), Handler)

        def once() -> None:
            server.handle_request()
            server.server_close()

        threading.Thread(target=once, daemon=True).start()
        return f"http://127.0.0.1:{server.server_address[1]}/mirrored.tar.gz"

    return start


def test_fetch_from_a_mirror(
    small: ModelBundle,
    forms: SimpleNamespace,
    one_file: Callable[[bytes], str],
    monkeypatch: pytest.MonkeyPatch,
    cache_folder: Path,
) -> None:
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    body = forms.tar_gz(forms.c_sources(small))
    digest = hashlib.sha256(body).hexdigest()
    assert as_json("fetch", "--url", one_file(body), code=1)["error"]["rule"] == "M6"
    assert not cache_folder.exists()
    assert as_json("fetch", "--url", one_file(body), "--sha256", digest)["name"] == "mirrored"
    assert [row["name"] for row in as_json("list")] == ["mirrored", "bundled-1"]
    dred("fetch", "--sha256", "xyz", code=2)
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{unused.getsockname()[1]}/"
        assert as_json("fetch", "--url", url, code=1)["error"]["rule"] == "M9"


@pytest.mark.parametrize("command", ["import", "fetch", "list", "verify", "synthetic", "show", "remove"])
def test_every_command_has_help_with_an_example(command: str) -> None:
    assert f"Example: dred model {command}" in " ".join(dred(command, "--help").stdout.split())


@pytest.mark.official_model
def test_the_official_model_is_imported_by_its_content() -> None:
    folder = Path(__file__).parents[4] / "shared/models/libopus-1.6.1"
    if not folder.exists():
        pytest.skip(f"the official model is not at {folder}")
    assert as_json("import", folder)["name"] == "libopus-1.6"
    assert as_json("verify", "libopus-1.6")[0]["intact"]
    assert as_json("show", "libopus-1.6")["networks"].keys() >= {"rdovaedec", "fargan"}
