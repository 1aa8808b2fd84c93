"""The native range coder: known streams, and a literal decoder of few lines beside it."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import dred_native
from dred_native import DredError

# Appendix A1 and A2 of the facts: made with code checked byte by byte against libopus.
A1_VALUES = [0, 1, -1, 2, -3, 7, 8, -15, 0, 29]
A1 = bytes.fromhex("50bc9242eaf843f3d23bfffffc")
A2_VALUES = [5, -9, 0, 1]
A2 = bytes.fromhex("84fd1dfffd40")

Step = list[Any]


class LiteralDecoder:
    """RFC 6716 section 4.1, sentence by sentence, on Python integers."""

    def __init__(self, data: bytes) -> None:
        self.data, self.offset, self.taken = data, 0, 0
        self.window = self.available = 0
        self.total = 9
        self.rng = 128
        self.rem = self.byte()
        self.val = 127 - (self.rem >> 1)
        self.normalise()

    def byte(self) -> int:
        value = self.data[self.offset] if self.offset < len(self.data) else 0
        self.offset += 1
        return value

    def normalise(self) -> None:
        while self.rng <= 1 << 23:
            self.total += 8
            self.rng <<= 8
            previous, self.rem = self.rem, self.byte()
            symbol = (previous << 8 | self.rem) >> 1
            self.val = ((self.val << 8) + (255 & ~symbol)) & (1 << 31) - 1

    def decode(self, total: int) -> int:
        self.ext = self.rng // total
        return total - min(self.val // self.ext + 1, total)

    def update(self, low: int, high: int, total: int) -> int:
        skipped = self.ext * (total - high)
        self.val -= skipped
        self.rng = self.ext * (high - low) if low > 0 else self.rng - skipped
        self.normalise()
        return 0

    def bit_logp(self, logp: int) -> int:
        split = self.rng >> logp
        bit = int(self.val < split)
        self.val -= 0 if bit else split
        self.rng = split if bit else self.rng - split
        self.normalise()
        return bit

    def icdf(self, table: list[int], bits: int) -> int:
        unit, above, symbol = self.rng >> bits, self.rng, 0
        below = unit * table[0]
        while self.val < below:
            symbol += 1
            above, below = below, unit * table[symbol]
        self.val -= below
        self.rng = above - below
        self.normalise()
        return symbol

    def bits(self, count: int) -> int:
        if self.available < count:
            while self.available <= 24:
                self.taken += 1
                last = self.data[-self.taken] if self.taken <= len(self.data) else 0
                self.window |= last << self.available
                self.available += 8
        value = self.window & (1 << count) - 1
        self.window >>= count
        self.available -= count
        self.total += count
        return value

    def uint(self, total: int) -> int:
        bits = (total - 1).bit_length()
        if bits <= 8:
            value = self.decode(total)
            self.update(value, value + 1, total)
            return value
        high_total = ((total - 1) >> (bits - 8)) + 1
        value = self.decode(high_total)
        self.update(value, value + 1, high_total)
        return min(value << (bits - 8) | self.bits(bits - 8), total - 1)

    def laplace(self, p0: int, decay: int) -> int:
        mass = 32768 - p0
        sign = self.icdf([mass, mass >> 1, 0], 15)
        if sign == 0:
            return 0
        table = [max(7, decay)]
        for index in range(1, 7):
            table.append(max(7 - index, table[-1] * decay >> 15))
        magnitude = 1
        while (symbol := self.icdf([*table, 0], 15)) == 7:
            magnitude += 7
        return (magnitude + symbol) * (1 if sign == 1 else -1)

    def tell(self) -> int:
        return self.total - self.rng.bit_length()


def steps_of_laplace(values: list[int], p0: int, decay: int) -> list[Step]:
    return [["laplace", value, p0, decay] for value in values]


@pytest.mark.clause(
    "DRED-laplace-sign", "DRED-laplace-magnitude", "DRED-laplace-escape", "RFC6716-5.1.5-finalise"
)
@pytest.mark.parametrize(
    ("values", "p0", "decay", "tell", "data"),
    [(A1_VALUES, 128 << 7, 100 << 7, 104, A1), (A2_VALUES, 10 << 7, 3 << 7, 46, A2)],
)
def test_known_laplace_streams(values: list[int], p0: int, decay: int, tell: int, data: bytes) -> None:
    steps = steps_of_laplace(values, p0, decay)
    encoded = dred_native.range_encode(len(data), steps)
    assert (encoded["data"], encoded["tells"][-1], encoded["overflow"]) == (data, tell, False)
    shrunk = dred_native.range_encode(200, [*steps, ["shrink", len(data)]])
    assert shrunk["data"] == data
    decoded = dred_native.range_decode(data, [["laplace", p0, decay] for _ in values])
    assert decoded["values"] == values
    assert decoded["tells"] == encoded["tells"]
    assert decoded["tell_fracs"] == encoded["tell_fracs"]
    assert decoded["ranges"] == encoded["ranges"]


@st.composite
def encoder_steps(draw: st.DrawFn) -> Step:
    name = draw(st.sampled_from(["encode", "encode_bin", "bit_logp", "icdf", "uint", "bits", "laplace"]))
    if name in {"encode", "encode_bin"}:
        bits = draw(st.integers(1, 16))
        total = 1 << bits if name == "encode_bin" else draw(st.integers(1, 65536))
        low = draw(st.integers(0, total - 1))
        high = draw(st.integers(low + 1, total))
        return [name, low, high, bits if name == "encode_bin" else total]
    if name == "bit_logp":
        return [name, draw(st.integers(0, 1)), draw(st.integers(1, 16))]
    if name == "icdf":
        bits = draw(st.integers(2, 16))
        falling = draw(st.sets(st.integers(1, (1 << bits) - 1), min_size=1, max_size=8))
        table = [*sorted(falling, reverse=True), 0]
        return [name, draw(st.integers(0, len(table) - 1)), table, bits]
    if name == "uint":
        total = draw(st.integers(2, 300) | st.integers(2, 2**32 - 1))
        return [name, draw(st.integers(0, total - 1)), total]
    if name == "bits":
        count = draw(st.integers(0, 25))
        return [name, draw(st.integers(0, (1 << count) - 1)), count]
    return [name, draw(st.integers(-40, 40)), draw(st.integers(1, 32765)), draw(st.integers(0, 32640))]


def as_decoder_steps(step: Step) -> list[Step]:
    name, *arguments = step
    if name == "encode":
        return [["decode", arguments[2]], ["update", *arguments]]
    if name == "encode_bin":
        low, high, bits = arguments
        return [["decode_bin", bits], ["update", low, high, 1 << bits]]
    return [[name, *arguments[1:]]]


@pytest.mark.clause(
    "RFC6716-4.1.2-symbol",
    "RFC6716-4.1.3.1-bin",
    "RFC6716-4.1.3.2-logp",
    "RFC6716-4.1.3.3-icdf",
    "RFC6716-4.1.4-raw",
    "RFC6716-4.1.5-uint",
    "RFC6716-4.1.6.1-tell",
    "RFC6716-4.1.6.2-tellfrac",
    "RFC6716-5.1.1-symbol",
    "RFC6716-5.1.1.1-renorm",
    "RFC6716-5.1.1.2-carry",
    "RFC6716-5.1.2-alternates",
    "RFC6716-5.1.3-raw",
    "RFC6716-5.1.4-uint",
    "RFC6716-5.1.5-finalise",
    "RFC6716-5.1.6-tell",
)
@given(st.lists(encoder_steps(), max_size=60))
def test_what_is_encoded_is_decoded(steps: list[Step]) -> None:
    encoded = dred_native.range_encode(5000, steps)
    assert not encoded["overflow"]
    size = (([1, *encoded["tells"]][-1]) + 7) // 8
    encoded = dred_native.range_encode(5000, [*steps, ["shrink", size]])
    assert (len(encoded["data"]), encoded["overflow"]) == (size, False)
    rest = [as_decoder_steps(step) for step in steps]
    decoded = dred_native.range_decode(encoded["data"], [step for pair in rest for step in pair])
    assert not decoded["uint_error"]
    place = -1
    for number, (step, pair) in enumerate(zip(steps, rest, strict=True)):
        value = decoded["values"][place + 1]
        place += len(pair)
        if step[0] in {"encode", "encode_bin"}:
            assert step[1] <= value < step[2]
        else:
            assert value == step[1]
        for name in ("tells", "tell_fracs", "ranges"):
            assert decoded[name][place] == encoded[name][number]  # type: ignore[literal-required]


@pytest.mark.clause(
    "RFC6716-4.1.1-init", "RFC6716-4.1.2.1-renorm", "RFC6716-4.1.2.1-zero", "RFC6716-4.1.2.1-raw"
)
@given(st.binary(max_size=24), st.lists(encoder_steps(), max_size=40))
def test_any_bytes_decode_as_the_text_says(data: bytes, steps: list[Step]) -> None:
    literal = LiteralDecoder(data)
    native_steps: list[Step] = []
    expected: list[tuple[int, int, int]] = []

    def run(step: Step) -> int:
        name, *arguments = step
        value: int = getattr(literal, name)(*arguments)
        native_steps.append(step)
        expected.append((value, literal.tell(), literal.rng))
        return value

    for step in steps:
        pair = as_decoder_steps(step)
        if len(pair) == 1:
            run(pair[0])
            continue
        # A damaged stream may say anything: the update takes in whatever was decoded.
        low, high, total = pair[1][1:]
        value = run(["decode", total])
        run(["update", min(low, value), max(high, value + 1), total])
    decoded = dred_native.range_decode(data, native_steps)
    assert list(zip(decoded["values"], decoded["tells"], decoded["ranges"], strict=True)) == expected


@pytest.mark.clause("RFC6716-4.1.5-range")
def test_an_integer_out_of_range_is_told() -> None:
    # All bits set: the high part is its largest, and so are the raw bits: 2^9 - 1 of 257 values.
    steps = [["uint", 257], ["uint", 2]]
    decoded = dred_native.range_decode(b"\xff" * 4, steps)
    assert decoded["values"][0] == 256
    assert decoded["uint_error"]
    assert not dred_native.range_decode(b"\x00" * 4, steps)["uint_error"]


@pytest.mark.clause("RFC6716-5.1.5-finalise")
def test_a_buffer_too_small_overflows() -> None:
    steps = [["bits", 1, 1]] * 20
    assert not dred_native.range_encode(3, steps)["overflow"]
    assert dred_native.range_encode(2, steps)["overflow"]
    assert dred_native.range_encode(0, [])["data"] == b""


# The bounds of spec-notes/protocol.md, each exceeded by one.
OUT_OF_RANGE_DECODING: list[list[Step]] = [
    [["decode", 0]],
    [["decode", 65537]],
    [["decode", 8]],
    [["decode", 8], ["bits", 1]],
    [["update", 0, 1, 8]],
    [["decode", 8], ["update", 0, 0, 8]],
    [["decode", 8], ["update", 0, 9, 8]],
    [["decode", 8], ["update", 0, 8, 9]],
    [["decode", 8], ["update", 0, 7, 8]],
    [["decode_bin", 0]],
    [["decode_bin", 17]],
    [["bit_logp", 0]],
    [["bit_logp", 17]],
    [["icdf", [3, 4, 0], 3]],
    [["icdf", [4, 2], 3]],
    [["icdf", [], 3]],
    [["icdf", [9, 0], 3]],
    [["icdf", [2, -1, 0], 3]],
    [["icdf", [1, 0], 0]],
    [["icdf", [1, 0], 17]],
    [["uint", 1]],
    [["uint", 2**32]],
    [["bits", 26]],
    [["bits", -1]],
    [["laplace", 32768, 0]],
    [["laplace", -1, 0]],
    [["laplace", 0, 32641]],
    [["laplace", 0, 2**90]],
]
OUT_OF_RANGE_ENCODING: list[list[Step]] = [
    [["encode", 1, 1, 8]],
    [["encode", 0, 9, 8]],
    [["encode", 0, 1, 0]],
    [["encode", 0, 1, 65537]],
    [["encode_bin", 0, 3, 1]],
    [["encode_bin", 0, 1, 17]],
    [["bit_logp", 2, 1]],
    [["bit_logp", 1, 17]],
    [["icdf", 3, [4, 2, 0], 3]],
    [["icdf", 1, [4, 4, 0], 3]],
    [["icdf", 0, [8, 0], 3]],
    [["uint", 2, 2]],
    [["uint", 0, 1]],
    [["bits", 2, 1]],
    [["bits", 0, 26]],
    [["laplace", 0, 0, 100]],
    [["laplace", -1, 32767, 100]],
    [["laplace", 2**20 + 1, 100, 32640]],
    [["shrink", 9]],
    [["bits", 3, 25], ["bits", 3, 25], ["shrink", 2]],
]


@pytest.mark.parametrize("steps", OUT_OF_RANGE_DECODING, ids=str)
def test_decoder_steps_out_of_range(steps: list[Step]) -> None:
    # Zero bytes decode the lowest symbol of a table and the highest frequency of a total.
    with pytest.raises(DredError) as caught:
        dred_native.range_decode(b"\xff" * 8, steps)
    assert (caught.value.rule, caught.value.stage) == ("W1", "payload")


@pytest.mark.parametrize("steps", OUT_OF_RANGE_ENCODING, ids=str)
def test_encoder_steps_out_of_range(steps: list[Step]) -> None:
    with pytest.raises(DredError) as caught:
        dred_native.range_encode(8, steps)
    assert (caught.value.rule, caught.value.stage) == ("W1", "payload")


@pytest.mark.parametrize(
    "step",
    [["what"], [], [3], ["bits"], ["bits", 1, 2], ["bits", [1]], ["icdf", 3, [1, 0]], ["bits", 1.5], "bits"],
)
def test_steps_of_the_wrong_shape(step: Any) -> None:
    with pytest.raises(TypeError):
        dred_native.range_decode(b"", [step])
