"""C sources that are not what the exporter writes."""

import contextlib
import io
import os
import time
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

from dred_model import Limits, ModelBundle, ModelError, import_model
from dred_model.c_source import SourceModel, read_source


def parse(text: str, limits: Limits = Limits()) -> SourceModel:  # noqa: B008  an immutable record
    model = SourceModel()
    read_source(model, io.BytesIO(text.encode()), "plc_data.c", limits)
    model.layers()
    return model


def refusal(text: str, limits: Limits = Limits()) -> ModelError:  # noqa: B008
    with pytest.raises(ModelError) as caught:
        parse(text, limits)
    return caught.value


def floats(text: str) -> list[float]:
    array = parse(f"static const float a[{text.count(',') + 1}] = {{ {text} }};").arrays["a"]
    assert array.dtype == np.float32
    return [float(value) for value in array]


def test_numbers_of_all_kinds() -> None:
    assert floats("1, -2.5, +.5, 3., 1e-3f, -0x0p0".replace(", -0x0p0", ", 2E2F")) == [
        1,
        -2.5,
        0.5,
        3,
        np.float32(1e-3),
        200,
    ]
    model = parse(
        "static const opus_int8 b[3] = {-128, 127, 0};\n"
        "static const int c[2] = { -2147483648,\n 2147483647,\n};\n"
        "const opus_uint8 d[4] =  {0, 255,\n\n  7 ,8 }  ;"
    )
    assert model.arrays["b"].tolist() == [-128, 127, 0]
    assert model.arrays["c"].tolist() == [-(1 << 31), (1 << 31) - 1]
    assert model.arrays["d"].tolist() == [0, 255, 7, 8]
    assert [str(model.arrays[name].dtype) for name in "bcd"] == ["int8", "int32", "uint8"]


def test_comments_are_no_code() -> None:
    text = (
        "/* static const int a[1] = {1}; */ // static const int a[1] = {2};\n"
        "/* begins\n static const int a[1] = {3};\n ends */ "
        "static const int /* here */ a[2] = { 4, /* five */ 6 // 7\n};\n"
    )
    assert parse(text).arrays["a"].tolist() == [4, 6]


def test_other_code_is_skipped() -> None:
    text = (
        "#include <x.h>\nextern const opus_uint8 a[4];\n"
        "const WeightArray list[] = {\n {NULL, 0, 0, NULL}\n};\n"
        "static const double e[2] = { garbage };\nint f(int a) { return a; }\n"
    )
    assert parse(text).arrays == {}


def test_lengths_may_be_defined_names() -> None:
    text = "#define N 2\n#define M (3)\nconst opus_uint8 a[N*M] = {1,2,3,4,5,6};"
    assert parse(text).arrays["a"].size == 6
    assert refusal(text.replace("#define N 2", "#define N 4")).rule == "M5"
    assert refusal(text.replace("#define N 2", "")).rule == "M7"
    assert refusal(text + "\n#define N 3").rule == "M7"


@pytest.mark.parametrize(
    "value",
    [
        "nan",
        "NAN",
        "inf",
        "-INFINITY",
        "1e39",
        "-1e39",
        "1e999999",
        "0x1p3",
        "1_000",
        "1.5.5",
        "",
        "1 2",
        "1e",
        "--1",
        "½",
        "1" * 65,
    ],
)
def test_floats_that_are_none(value: str) -> None:
    error = refusal(f"static const float a[3] = {{ 1, {value}, 2 }};")
    assert error.rule == "M7"
    assert error.subject == "plc_data.c: a"


@pytest.mark.parametrize(
    "value", ["128", "-129", "1.0", "1e1", "010", "0x10", "1u", "'a'", "", "99999999999999999999999", "1_0"]
)
def test_int8_that_are_none(value: str) -> None:
    assert refusal(f"static const opus_int8 a[3] = {{ 1, {value}, 2 }};").rule == "M7"


@pytest.mark.parametrize("value", ["-1", "256"])
def test_uint8_that_are_none(value: str) -> None:
    assert refusal(f"const opus_uint8 a[1] = {{ {value} }};").rule == "M7"


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("static const int a[2] = { 1, 2", "M1"),
        ("static const int a[2] = { 1, 2\nstatic const int b[1] = { 3 };", "M7"),
        ("static const int a[2] = { 1, 2 }\nint x;", "M7"),
        ("static const int a[2] = { 1, {2} };", "M7"),
        ("static const int a[2] = { 1\n 2 };", "M7"),
        ("static const int a[3] = { 1,, 2 };", "M7"),
        ("static const int a[3] = { 1, 2 };", "M5"),
        ("static const int a[1] = { 1, 2 };", "M5"),
        ("static const int a[999999999] = { 1 };", "M2"),
        ("static const int a[9999999999] = { 1 };", "M7"),
        ("static const int a[1] = { 1 };\nstatic const int a[1] = { 1 };", "M7"),
        ("/* no end", "M1"),
        ('linear_init(&model->x, arrays, "a"', "M1"),
        ("linear_init(&model->x, arrays, NULL, 1, 2)", "M7"),
        ("linear_init(&model->x, arrays, " + "NULL," * 7 + "N, 2)", "M7"),
        ("linear_init(&model->x, arrays, " + '"a b",' * 7 + "1, 2)", "M7"),
        ("linear_init(&model->x, arrays, " + "NULL," * 5 + '"diag", NULL, 1, 2)', "M7"),
        ("linear_init(&model->x, arrays, " + " " * 5000 + "(", "M7"),
        ("conv2d_init(&model->x, arrays, NULL, NULL, 1, 2, 3)", "M7"),
    ],
)
def test_structures_that_are_not_understood(text: str, rule: str) -> None:
    assert refusal(text).rule == rule


def test_limits_hold() -> None:
    many = "static const int a[N] = {" + "1,\n" * 2000 + "};"
    assert refusal(many, Limits(array_values=1000)).rule in ("M2", "M5")
    assert (
        refusal(
            "".join(f"static const int a{k}[8] = {{1,1,1,1,1,1,1,1}};\n" for k in range(9)),
            Limits(model_values=64),
        ).rule
        == "M2"
    )
    assert refusal("".join(f"#define A{k} 1\n" for k in range(9)), Limits(definitions=5)).rule == "M2"
    assert (
        refusal("".join(f"static const int a{k}[1] = {{1}};\n" for k in range(9)), Limits(definitions=5)).rule
        == "M2"
    )
    assert refusal("x" * 200, Limits(line_bytes=100)).rule == "M2"


@pytest.mark.parametrize(
    "piece",
    [
        "/*",
        "//",
        "*/",
        "/**/",
        "linear_init(&",
        "linear_init",
        " ",
        "[",
        "const int a [",
        "{",
        ",",
        "#define ",
    ],
)
def test_time_grows_with_the_length_only(piece: str) -> None:
    text = (piece * (500_000 // len(piece)))[:500_000]
    frames = (
        "{}",
        "static const int a[7] = {{ {} ",
        "static const int a[{}",
        "#define {} 1",
        "linear_init(&m->x, {}",
    )
    for frame in frames:
        begin = time.process_time()
        with contextlib.suppress(ModelError):
            parse(frame.format(text))
        assert time.process_time() - begin < 5, frame


@pytest.fixture
def edited(
    small: ModelBundle, forms: SimpleNamespace, tmp_path: Path
) -> Callable[[str, Callable[[str], str]], ModelError]:
    """Import the small model's sources after one file was edited."""

    def attempt(file: str, edit: Callable[[str], str]) -> ModelError:
        folder = forms.write_sources(tmp_path / "m", small)
        text = (folder / "dnn" / file).read_text()
        assert edit(text) != text
        (folder / "dnn" / file).write_text(edit(text))
        with pytest.raises(ModelError) as caught:
            import_model(folder)
        return caught.value

    return attempt


def test_dimensions_that_contradict_the_tables(edited: Callable[..., ModelError]) -> None:
    error = edited("dred_rdovae_constants.h", lambda text: text.replace("LATENT_DIM 5", "LATENT_DIM 6"))
    assert (error.rule, error.subject) == ("M5", "DRED_LATENT_DIM")


def test_a_layer_table_that_contradicts_the_arrays(edited: Callable[..., ModelError]) -> None:
    error = edited(
        "plc_data.c",
        lambda text: text.replace('"plc_gru1_input_scale", 8, 24', '"plc_gru1_input_scale", 8, 32'),
    )
    assert error.rule == "M5"
    assert "plc_gru1_input" in str(error)


def test_a_layer_without_a_call(edited: Callable[..., ModelError]) -> None:
    def drop(text: str) -> str:
        return "\n".join(line for line in text.split("\n") if "model->plc_gru2_input," not in line)

    error = edited("plc_data.c", drop)
    assert (error.rule, error.subject) == ("M4", "plc_gru2_input")


def test_arrays_without_any_call(edited: Callable[..., ModelError]) -> None:
    error = edited("plc_data.c", lambda text: text[: text.index("int init_plc")])
    assert error.rule == "M4"
    assert "no layer calls" in error.message


def test_an_array_that_is_missing(edited: Callable[..., ModelError]) -> None:
    error = edited("plc_data.c", lambda text: text.replace("float plc_gru1_input_scale[", "float other["))
    assert (error.rule, error.subject) == ("M4", "plc_gru1_input_scale")


def test_a_table_that_is_missing(edited: Callable[..., ModelError]) -> None:
    error = edited("dred_rdovae_stats_data.c", lambda text: text.replace("dred_state_p0_q8[", "other["))
    assert (error.rule, error.subject) == ("M4", "dred_state_p0_q8")
    assert error.advice


def test_an_array_of_another_type(edited: Callable[..., ModelError]) -> None:
    error = edited(
        "plc_data.c", lambda text: text.replace("const opus_int8 plc_gru1_input", "const int plc_gru1_input")
    )
    assert (error.rule, error.subject) == ("M7", "plc_gru1_input_weights_int8")


@pytest.mark.parametrize("kind", ["link", "dangling link", "pipe"])
def test_links_and_pipes_in_a_folder(
    kind: str, small: ModelBundle, forms: SimpleNamespace, tmp_path: Path
) -> None:
    folder = forms.write_sources(tmp_path / "m", small)
    (folder / "dnn/plc_data.c").rename(tmp_path / "elsewhere.c")
    if kind == "pipe":
        os.mkfifo(folder / "dnn/plc_data.c")
    else:
        target = "elsewhere.c" if kind == "link" else "nowhere.c"
        (folder / "dnn/plc_data.c").symlink_to(tmp_path / target)
    with pytest.raises(ModelError) as caught:
        import_model(folder)
    assert caught.value.rule == "M3"


def test_a_folder_without_tables(small: ModelBundle, forms: SimpleNamespace, tmp_path: Path) -> None:
    folder = forms.write_sources(tmp_path / "m", small)
    (folder / "dnn/dred_rdovae_stats_data.c").unlink()
    with pytest.raises(ModelError) as caught:
        import_model(folder)
    assert caught.value.rule == "M4"
