"""Writes the seeds of the fuzzers: small inputs that reach each branch, made by hand."""

from pathlib import Path

FOLDER = Path(__file__).parent


PACKETS = {
    "code0": "0801020304",
    "code1": "69a1a2b1b2",
    "code2": "b202aabbccdd",
    "code2_long": "b2fc00" + "55" * 252 + "66",
    "cbr": "0b03010203040506",
    "cbr_padded": "4b410301020304" + "000000",
    "cbr_padded_254": "4b41ff00aa" + "00" * 254,
    "vbr": "cb830100" + "aabbcc",
    "vbr_padded": "cbc2030102aabb" + "010101",
    "self_delimited": "080301020304",
    "dred": "0b4109aabb" + "fc440c0102030405",
    "dred_draft": "0b4106aabb" + "400102030405",
    "vbr_48": "e3b0" + "00" * 47 + "11",
}
AREAS = {
    "zeros": "000000",
    "short": "070a080a",
    "separators": "0761024308aabbccddeeff1122030308",
    "repeat": "0761046263",
    "repeat_more": "076105626307",
    "repeat_long": "4103aabbcc0402ddee11",
    "repeat_trailing": "4101aa0762040162cc63",
    "lacing": "41ff00" + "5a" * 255,
    "increment_zero": "0300070a0300",
    "padding": "010101fc0102",
}
PADDED = {
    "one": "01" + "7e0003aabbcc" + "0000" + "08010203",
    "two": "02" + "7e0001aa" + "030101bb" + "00000010" + "0b0201020304",
    "existing": "01" + "250002aabb" + "00000001" + "0b4103aabb076101",
}
CALLS = {
    "symbol": "01" + "0000000a10000000" * 3,
    "mixed": "01020301040107ff05000102030600401020ff",
    "small_buffer": "0003" + "0500ffffff" * 4,
    "laplace": "01" + "0600004000000032" * 4,
}


def write(target: str, seeds: dict[str, bytes]) -> None:
    """Write the seeds of one target."""
    folder = FOLDER / "corpus" / target
    folder.mkdir(parents=True, exist_ok=True)
    for name, seed in seeds.items():
        (folder / name).write_bytes(seed)


def main() -> None:
    """Write all seeds."""
    write("packet", {name: bytes.fromhex(text) for name, text in PACKETS.items()})
    write("extension", {name: b"\x02" + bytes.fromhex(text) for name, text in AREAS.items()})
    write("packet_pad", {name: bytes.fromhex(text) for name, text in PADDED.items()})
    write("range_coder", {name: bytes.fromhex(text) for name, text in CALLS.items()})
    lines = (FOLDER / "protocol_seeds.txt").read_bytes().splitlines()
    write("protocol", {f"line_{number}": line for number, line in enumerate(lines)})
    write("protocol", {"invalid_utf8": b'{"seq":1,"op":"\xff"}'})
    payloads = {
        f"counting_{model}": bytes([model, model & 1, *range(7 * model, 7 * model + 40)])
        for model in range(8)
    }
    payloads |= {"zeros": bytes(24), "ones": b"\x05\x00" + b"\xff" * 40, "empty": b"\x01\x01"}
    write("payload", payloads)
    changes = {f"change_{count}": bytes([count, *range(5 * count), 1, 0, *range(40)]) for count in range(9)}
    write(
        "feature", changes | {"raw": b"\x09DNNw" + bytes(64), "truncated": b"\x00\x00\x00\x00\x10\x00\x00abc"}
    )
    # Kind of change, what goes with it; then numbers of features and past.
    numbers = bytes(range(1, 160))
    write(
        "vocoder",
        {
            "sound": b"\x00" + numbers,
            "name": b"\x01\x05\x01\x18\x78" + numbers,
            "size": b"\x01\x03\x01\x0c\x11" + numbers,
            "weight": b"\x01\x08\x01\x41\x80" + numbers,
            "no_number": b"\x02\x02\x01\x43\x7f\x02\x01\x42\x80" + numbers,
            "record_missing": b"\x09\x07\x01" + numbers,
            "record_twice": b"\x0a\x07\x01" + numbers,
            "truncated": b"\x0a\x07\x00\x00\x01\x00\x00",
            "raw": b"\x0bDNNw" + bytes(64),
        },
    )
    # Model, flags, delay, duration; then per packet: timestamp, arrival, packet. A time is a step from the
    # one before; a packet is its configuration, frames, bytes of a frame, first byte, payload.
    redundant = bytes([0x69, 0, 2, 0x60, 30, *range(3, 33)])
    plain = bytes([0x59, 1, 2, 0x20, 0])
    far = b"\xfb" + bytes([0, 0, 0, 200, 0, 0, 0, 0])
    stream = b"".join(bytes([4 + 8 * (i % 3), 4]) + (redundant, plain)[i % 2] for i in range(8))
    write(
        "receiver",
        {
            "waits": b"\x01\x04\x00\x00\xff\xff" + stream,
            "delay": b"\x02\x00\x10\x00\x00\xff\xff" + stream,
            "plain": b"\x02\x03\x10\x00\x00\xff\xff" + stream,
            "late": b"\x03\x00\x04\x00\x00\xff\xff" + stream.replace(b"\x04\x69", b"\x1f\x69"),
            "far": b"\x01\x04\x00\x00\xff\xff" + far + b"\x04" + redundant + stream,
            "raw": b"\x01\x04\x00\x00\xff\xff\x04\x04\x03\x08\xaa\xbb\x0c\x04\x00",
        },
    )
    # Model, q0, dQ, whether qmax is another, latents, bytes, factor of them, last_extra, count, offset,
    # far offset, far latent_offset, latent_offset; then runs of activity.
    head = bytes([3, 6, 5, 1, 26, 200, 1, 0, 104, 18, 1, 1, 0])
    silence = bytes.fromhex("41fc" + "41" * 8)
    write(
        "redundancy",
        {
            "speech": head + bytes([0xFD] * 7),
            "after_silence": head[:7] + b"\x0e" + head[8:] + silence,
            "small_budget": head[:5] + b"\x14" + head[6:] + bytes([0xFD] * 7),
            "odd_values": head + bytes([0xFD] * 7) + b"\x03abcd" + b"\x00\x00\x00\x05\x7f\xc0\x00\x00" * 3,
            "far": head[:10] + b"\x00\x00\xff\xff\xff\xff" + silence,
            "short_history": head[:8] + b"\x03" + head[9:] + silence,
        },
    )


if __name__ == "__main__":
    main()
