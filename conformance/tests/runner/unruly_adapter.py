"""An adapter that does not behave as a process should; a test program, not a test.

unruly_adapter.py MODE PIDS: it appends its process id, and those of its children, to the file PIDS.
"""

import json
import os
import signal
import sys
import time
from pathlib import Path

HELLO = {
    "name": "unruly",
    "version": "1",
    "stages": ["packet"],
    "wire": [],
    "models": [],
    "operations": ["packet"],
}
LONG = 600.0
IGNORED = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP, signal.SIGPIPE)


def note(pid: int, pids: Path) -> None:
    with pids.open("a", encoding="utf-8") as file:
        file.write(f"{pid}\n")


def write(text: str) -> None:
    sys.stdout.write(text)
    sys.stdout.flush()


def right(seq: int, data: bytes) -> str:
    first = data[0]
    seen = {"config": first >> 3, "stereo": bool(first & 4), "code": first & 3, "padding": ""}
    result = {**seen, "frames": [data[1:].hex()], "consumed": len(data)}
    return json.dumps({"seq": seq, "result": result})


def grandchild(pids: Path) -> None:
    """Leave a child that keeps all pipes open and listens to no signal it may ignore."""
    child = os.fork()
    if child:
        note(child, pids)
        return
    for number in IGNORED:
        signal.signal(number, signal.SIG_IGN)
    time.sleep(LONG)
    os._exit(0)


def misbehave(mode: str, text: str, seq: int, pids: Path) -> None:
    """Answer the second request of a process."""
    if mode == "hangs-deaf":
        for number in IGNORED:
            signal.signal(number, signal.SIG_IGN)
        time.sleep(LONG)
    elif mode == "waits":
        print("waiting", file=sys.stderr, flush=True)
        time.sleep(LONG)
    elif mode == "partial-line":
        write(text[:7])
        time.sleep(LONG)
    elif mode == "trickles":
        for character in text + "\n":
            write(character)
            time.sleep(0.05)
    elif mode == "complains":
        sys.stderr.write("first words\n" * 2000 + "\x1b[31mout of luck\x07\n")
        sys.stderr.flush()
        os.abort()
    elif mode == "dies-with-grandchild":
        grandchild(pids)
        os._exit(3)
    elif mode == "twice":
        write(f"{text}\n{text}\n")
    elif mode == "ahead":
        write(f"{text}\n{right(seq + 1, b'8')}\n")
    elif mode == "closes-pipes":
        for descriptor in (0, 1, 2):
            os.close(descriptor)
        time.sleep(LONG)
    else:
        write(text + "\n")


def main() -> None:
    mode, pids = sys.argv[1], Path(sys.argv[2])
    note(os.getpid(), pids)
    if mode == "silent":
        time.sleep(LONG)
    for line in sys.stdin:
        request = json.loads(line)
        if request["op"] == "hello":
            write(json.dumps({"seq": 0, **HELLO}) + "\n")
            if mode == "exits-after-hello":
                sys.exit(0)
            if mode == "stops-reading":
                time.sleep(LONG)
            if mode == "grandchild":
                grandchild(pids)
            continue
        if mode == "slow":
            time.sleep(0.02)
        text = right(request["seq"], bytes.fromhex(request["packet"]))
        if request["seq"] == 2:
            misbehave(mode, text, 2, pids)
        else:
            write(text + "\n")
    if mode == "stays-after-the-end":
        time.sleep(LONG)


if __name__ == "__main__":
    main()
