"""Folders of .npz arrays that are damaged or made with intent."""

import io
import json
import os
import struct
import zipfile
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dred_model import Limits, ModelBundle, ModelError, import_model

Edit = Callable[[Path], object]


@pytest.fixture
def refusal(small: ModelBundle, forms: SimpleNamespace, tmp_path: Path) -> Callable[..., ModelError]:
    def attempt(edit: Edit, limits: Limits = Limits()) -> ModelError:  # noqa: B008
        folder = forms.write_npz(tmp_path / "m", small)
        edit(folder)
        with pytest.raises(ModelError) as caught:
            import_model(folder, limits=limits)
        return caught.value

    return attempt


def replace_arrays(folder: Path, stem: str, **changed: Any) -> None:
    with np.load(folder / f"{stem}.npz") as archive:
        arrays = {name: archive[name] for name in archive.files}
    for name, array in changed.items():
        del arrays[name]
        if array is not None:
            arrays[name] = array
    np.savez_compressed(folder / f"{stem}.npz", **arrays)


def put_member(folder: Path, name: str, data: bytes) -> None:
    with zipfile.ZipFile(folder / "plc.npz", "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, data)


def npy(header: str, body: bytes = b"", version: bytes = b"\x01\x00") -> bytes:
    text = header.encode().ljust(118 - 10) + b"\n"
    return b"\x93NUMPY" + version + struct.pack("<H", len(text)) + text + body


@pytest.mark.parametrize(
    ("data", "rule"),
    [
        (b"", "M7"),
        (b"\x93NUMPX", "M7"),
        (npy("{'descr': '<f4', 'fortran_order': False, 'shape': (2,), }", bytes(7)), "M1"),
        (npy("{'descr': '<f4', 'fortran_order': False, 'shape': (2,), }", bytes(9)), "M1"),
        (npy("{'descr': '<f4', 'fortran_order': False, 'shape': (99999999999,), }"), "M2"),
        (npy("{'descr': '<f4', 'fortran_order': False, 'shape': (-2,), }"), "M5"),
        (npy("{'descr': '<f4', 'fortran_order': False, 'shape': (1,1), }", bytes(4)), "M5"),
        (npy("{'descr': '<f4', 'fortran_order': False, 'shape': (), }", bytes(4)), "M5"),
        (npy("{'descr': '<f8', 'fortran_order': False, 'shape': (1,), }", bytes(8)), "M7"),
        (npy("{'descr': '>f4', 'fortran_order': False, 'shape': (1,), }", bytes(4)), "M7"),
        (npy("{'descr': '|O', 'fortran_order': False, 'shape': (1,), }", b"cos\nsystem\n"), "M7"),
        (npy("{'descr': '<f4', 'fortran_order': False, 'shape': (1L,), }", bytes(4)), "M7"),
        (npy("__import__('os').abort()"), "M7"),
        (npy("(" * 90), "M7"),
        (npy("{'descr': '<f4', 'fortran_order': False, 'shape': (1,), }", bytes(4), b"\x03\x00"), "M7"),
    ],
)  # fmt: skip
def test_members_that_are_no_arrays(data: bytes, rule: str, refusal: Callable[..., ModelError]) -> None:
    error = refusal(lambda folder: put_member(folder, "extra_bias.npy", data))
    assert error.rule == rule
    assert "extra_bias" in str(error.subject)


@pytest.mark.parametrize("name", ["../x.npy", "/x.npy", "a/b.npy", "x.txt", "x", "x.npy.npy", "9.npy"])
def test_members_with_strange_names(name: str, refusal: Callable[..., ModelError]) -> None:
    assert refusal(lambda folder: put_member(folder, name, b"")).rule == "M3"


def test_a_member_given_twice(refusal: Callable[..., ModelError]) -> None:
    def twice(folder: Path) -> None:
        with zipfile.ZipFile(folder / "plc.npz") as archive:
            data = archive.read("plc_dense_in_bias.npy")
        with pytest.warns(UserWarning, match="Duplicate name"):
            put_member(folder, "plc_dense_in_bias.npy", data)

    assert refusal(twice).rule == "M7"


def test_an_array_in_two_files(refusal: Callable[..., ModelError]) -> None:
    def twice(folder: Path) -> None:
        (folder / "lossgen.npz").write_bytes((folder / "plc.npz").read_bytes())

    assert refusal(twice).rule == "M7"


def test_a_zip_bomb(refusal: Callable[..., ModelError]) -> None:
    bomb = npy("{'descr': '|i1', 'fortran_order': False, 'shape': (3000000,), }", bytes(3000000))
    assert (
        refusal(lambda folder: put_member(folder, "bomb.npy", bomb), Limits(member_bytes=1 << 20)).rule
        == "M2"
    )
    assert (
        refusal(lambda folder: put_member(folder, "bomb.npy", bomb), Limits(array_values=1 << 20)).rule
        == "M2"
    )


def test_truncation_anywhere(small: ModelBundle, forms: SimpleNamespace, tmp_path: Path) -> None:
    folder = forms.write_npz(tmp_path / "m", small)
    whole = (folder / "plc.npz").read_bytes()
    for cut in range(0, len(whole), len(whole) // 50):
        (folder / "plc.npz").write_bytes(whole[:cut])
        with pytest.raises(ModelError) as caught:
            import_model(folder)
        assert caught.value.rule == "M1"


@settings(max_examples=100, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(data=st.data())
def test_no_changed_bytes_raise_anything_else(
    data: st.DataObject, small: ModelBundle, forms: SimpleNamespace, tmp_path: Path
) -> None:
    folder = forms.write_npz(tmp_path / "m", small)
    content = bytearray((folder / "plc.npz").read_bytes())
    directory = content.index(b"PK\x01\x02")
    for _ in range(data.draw(st.integers(1, 6))):
        at = data.draw(st.integers(0, 200) | st.integers(directory, len(content) - 1))
        content[at] = data.draw(st.integers(0, 255))
    (folder / "plc.npz").write_bytes(bytes(content))
    try:
        found = import_model(folder)
    except ModelError:
        return
    assert found.model_sha256 == small.model_sha256  # what was hit does not matter to the content


@pytest.mark.parametrize(
    ("array", "rule"),
    [
        (None, "M4"),
        (np.zeros(23, np.float32), "M5"),
        (np.zeros(25, np.float32), "M5"),
        (np.zeros(24, np.int32), "M7"),
    ],
)
def test_arrays_that_do_not_fit_their_layer(
    array: Any, rule: str, refusal: Callable[..., ModelError]
) -> None:
    error = refusal(lambda folder: replace_arrays(folder, "plc", plc_gru1_input_scale=array))
    assert (error.rule, error.subject) == (rule, "plc_gru1_input_scale")


@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf])
def test_values_that_are_no_numbers(value: float, refusal: Callable[..., ModelError]) -> None:
    bad = np.zeros(24, np.float32)
    bad[7] = value
    error = refusal(lambda folder: replace_arrays(folder, "plc", plc_gru1_input_bias=bad))
    assert (error.rule, error.subject) == ("M7", "plc_gru1_input_bias")
    assert "value 7" in error.message


def test_tables_that_contradict_each_other(
    small: ModelBundle, forms: SimpleNamespace, refusal: Callable[..., ModelError]
) -> None:
    stats = json.loads(forms.stats_json(small))
    stats["tables"]["dred_state_r_q8"][3][2] ^= 1
    error = refusal(lambda folder: (folder / "dred_stats.json").write_text(json.dumps(stats)))
    assert error.rule == "M6"


@pytest.mark.parametrize("file", ["plc.npz", "dred_rdovae_stats.npz", "layers.json"])
@pytest.mark.parametrize("kind", ["link", "pipe"])
def test_links_and_pipes(file: str, kind: str, refusal: Callable[..., ModelError]) -> None:
    def replace(folder: Path) -> None:
        (folder / file).rename(folder / "elsewhere")
        if kind == "link":
            (folder / file).symlink_to("elsewhere")
        else:
            os.mkfifo(folder / file)

    assert refusal(replace).rule == "M3"


def test_no_tables(refusal: Callable[..., ModelError]) -> None:
    error = refusal(lambda folder: (folder / "dred_rdovae_stats.npz").unlink())
    assert error.rule == "M4"


@pytest.mark.parametrize(
    ("shape", "rule"),
    [((16 * 5 + 1,), "M5"), ((15 * 5,), "M5"), ((0,), "M5"), ((16 * 257,), "M5"), ((16 * 6,), "M5")],
)
def test_tables_of_wrong_size(shape: tuple[int], rule: str, refusal: Callable[..., ModelError]) -> None:
    table = np.zeros(shape, np.uint8)
    error = refusal(lambda folder: replace_arrays(folder, "dred_rdovae_stats", dred_latent_r_q8=table))
    assert error.rule == rule


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        "{",
        '{"plc_data": 3}',
        '{"plc_data": [3]}',
        '{"plc_data": [], "plc_data": []}',
        "[" * 100000,
        '{"a": NaN}',
    ],
)
def test_layer_tables_that_are_not_understood(text: str, refusal: Callable[..., ModelError]) -> None:
    error = refusal(lambda folder: (folder / "layers.json").write_text(text))
    assert error.rule == "M7"


@pytest.mark.parametrize(
    ("key", "value"), [("nb_inputs", 0), ("nb_inputs", True), ("nb_outputs", 8.0), ("bias", 3), ("diag", "d")]
)
def test_layers_that_are_not_understood(
    key: str, value: object, small: ModelBundle, forms: SimpleNamespace, refusal: Callable[..., ModelError]
) -> None:
    table = json.loads(forms.layers_json(small))
    table["plc_data"][2][key] = value
    assert refusal(lambda folder: (folder / "layers.json").write_text(json.dumps(table))).rule == "M7"


def test_the_writer_of_these_tests_makes_real_npy() -> None:
    data = npy("{'descr': '<f4', 'fortran_order': False, 'shape': (2,), }", bytes(8))
    assert np.load(io.BytesIO(data)).tolist() == [0, 0]
