"""An adapter for code 0 packets that misbehaves as its first argument says; a test program, not a test."""

import json
import os
import signal
import sys
import time

HELLO = {
    "name": "misbehaving",
    "version": "1",
    "stages": ["packet"],
    "wire": [],
    "models": [],
    "operations": ["packet"],
}


def hello(mode: str) -> dict[str, object]:
    if mode == "lies":
        return {**HELLO, "stages": ["packet", "extension"], "operations": ["packet", "extension"]}
    if mode == "writers-only":
        return {**HELLO, "operations": ["packet_write"]}
    if mode == "no-operations":
        return {key: value for key, value in HELLO.items() if key != "operations"}
    if mode == "hello-incomplete":
        return {"name": "misbehaving"}
    return dict(HELLO)


def packet_result(data: bytes) -> dict[str, object]:
    if not data:
        return {"error": {"rule": "R1", "stage": "packet", "position": 0, "message": "empty"}}
    first = data[0]
    seen = {"config": first >> 3, "stereo": bool(first & 4), "code": first & 3, "padding": ""}
    return {"result": {**seen, "frames": [data[1:].hex()]}}


def answer(mode: str, request: dict[str, object], count: int) -> str:
    seq = request["seq"]
    if request["op"] == "hello":
        return json.dumps({"seq": seq, **hello(mode)})
    body: dict[str, object] = {"unsupported": "not this one"}
    if request["op"] == "packet":
        body = packet_result(bytes.fromhex(str(request["packet"])))
    match mode:
        case "wrong-seq":
            seq = 1000
        case "garbage":
            return "}{ no JSON"
        case "not-an-object":
            return "[1, 2]"
        case "deep":
            return "[" * 100_000
        case "wrong-shape":
            body = {"result": {"config": "one"}}
        case "two-answers":
            return json.dumps({"seq": seq, **body}) + "\n" + json.dumps({"seq": seq, **body})
        case "both":
            body = {**body, "unsupported": "and a result"}
        case "refuses":
            body = {"unsupported": "not today"}
        case "no-rule" if "error" in body:
            body = {"error": {"stage": "packet", "message": "something"}}
        case "crash-mid" if count == 2:
            os.kill(os.getpid(), signal.SIGSEGV)
        case "exit-mid" if count == 2:
            print("giving up", file=sys.stderr)
            sys.exit(7)
        case "closes-stdout" if count == 2:
            os.close(1)
            time.sleep(60)
        case "hang" if count == 2:
            time.sleep(60)
        case "huge-line" if count == 2:
            while True:
                sys.stdout.write("x" * 65536)
        case "floods-stderr":
            sys.stderr.write("y" * 300_000)
            sys.stderr.flush()
        case "wrong" if count == 2:
            body = {"result": {"config": 0, "stereo": False, "code": 0, "padding": "", "frames": [""]}}
    return json.dumps({"seq": seq, **body})


def main() -> None:
    mode = sys.argv[1]
    if mode == "crash-at-start":
        sys.exit("cannot start")
    if mode == "silent":
        time.sleep(60)
    if mode == "hello-garbage":
        print("hello there", flush=True)
    for count, line in enumerate(sys.stdin):
        print(answer(mode, json.loads(line), count), flush=True)


if __name__ == "__main__":
    main()
