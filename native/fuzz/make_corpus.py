"""Writes the seeds of the fuzzers: small inputs that reach each branch, made by hand."""

from pathlib import Path

CORPUS = Path(__file__).parent / "corpus"

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
LINES = {
    "hello": '{"seq":0,"op":"hello","protocol":1}',
    "packet": '{"seq":1,"op":"packet","packet":"0b4103aabb076101","self_delimited":false}',
    "packet_write": '{"seq":2,"op":"packet_write","config":1,"stereo":true,"code":3,"frames":["aa","bb"],"padding":"00"}',
    "packet_pad": '{"seq":3,"op":"packet_pad","packet":"08aa","extensions":[{"id":126,"frame":0,"payload":"aa"}],"size":40}',
    "extension": '{"seq":4,"op":"extension","padding":"0761046263","frame_count":3}',
    "extension_write": '{"seq":5,"op":"extension_write","extensions":[{"id":3,"frame":0,"payload":""}],"frame_count":2,"size":9,"pad":true}',
    "range_decode": '{"seq":6,"op":"range_decode","data":"50bc92","steps":[["decode",8],["update",0,8,8],["icdf",[4,2,0],3],["uint",300],["bits",3],["bit_logp",2],["laplace",16384,12800]]}',
    "range_encode": '{"seq":7,"op":"range_encode","size":9,"steps":[["encode",1,2,8],["encode_bin",0,1,2],["icdf",1,[4,2,0],3],["uint",7,300],["bits",5,3],["shrink",6]]}',
    "payload": '{"seq":8,"op":"payload","payload":"440c0102030405","wire":"experimental-12","model":"m","max_latents":null}',
    "latent": '{"seq":9,"op":"latent","packet":"0b4109aabbfc440c0102030405","wire":"draft-32","model":"m","frame_offset":2}',
    "availability": '{"seq":10,"op":"availability","packet":"0b4109aabbfc440c0102030405","sampling_rate":48000,"max_samples":48000,"wire":"experimental-12","model":"m","rule":"1.6.1"}',
    "latent_write": '{"seq":11,"op":"latent_write","model":"m","q0":1,"dq":1,"qmax":15,"state":"AACAPw==","latents":"","latent_count":0}',
    "payload_write": '{"seq":12,"op":"payload_write","q0":1,"dq":1,"qmax":15,"offset":-3,"state":[0],"latents":[[0]],"wire":"draft-32","model":"m"}',
    "nested": "[" * 40,
    "no_object": "[1]",
    "invalid_utf8": b'{"seq":1,"op":"\xff"}',
    "huge_number": '{"seq":1e999,"op":"hello"}',
}


def write(target: str, seeds: dict[str, bytes]) -> None:
    """Write the seeds of one target."""
    folder = CORPUS / target
    folder.mkdir(parents=True, exist_ok=True)
    for name, seed in seeds.items():
        (folder / name).write_bytes(seed)


def main() -> None:
    """Write all seeds."""
    write("packet", {name: bytes.fromhex(text) for name, text in PACKETS.items()})
    write("extension", {name: b"\x02" + bytes.fromhex(text) for name, text in AREAS.items()})
    write("packet_pad", {name: bytes.fromhex(text) for name, text in PADDED.items()})
    write("range_coder", {name: bytes.fromhex(text) for name, text in CALLS.items()})
    write("protocol", {n: line if isinstance(line, bytes) else line.encode() for n, line in LINES.items()})
    payloads = {f"counting_{model}": bytes([model, model & 1, *range(7 * model, 7 * model + 40)]) for model in range(8)}
    payloads |= {"zeros": bytes(24), "ones": b"\x05\x00" + b"\xff" * 40, "empty": b"\x01\x01"}
    write("payload", payloads)


if __name__ == "__main__":
    main()
