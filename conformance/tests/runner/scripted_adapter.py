"""An adapter that answers with the bytes of files, SEQ replaced; a test program, not a test.

scripted_adapter.py HELLO ANSWER: an empty file HELLO stands for a decent one.
"""

import json
import sys
from pathlib import Path

DECENT = {
    "seq": 0,
    "name": "scripted",
    "version": "1",
    "stages": ["packet"],
    "wire": [],
    "models": [],
    "operations": ["packet"],
}


def main() -> None:
    hello = Path(sys.argv[1]).read_bytes() or json.dumps(DECENT).encode() + b"\n"
    answer = Path(sys.argv[2]).read_bytes()
    output = sys.stdout.buffer
    for line in sys.stdin:
        seq = json.loads(line)["seq"]
        output.write(hello if seq == 0 else answer.replace(b"SEQ", str(seq).encode()))
        output.flush()


if __name__ == "__main__":
    main()
