"""An encoder that does not behave; a test program, not a test. bad_encoder.py MODE INPUT OUTPUT [STREAM]."""

import os
import subprocess
import sys
import time
from pathlib import Path

mode, source, output = sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3])
sys.stderr.write(f"encoding {source.stat().st_size} bytes\n")
sys.stderr.flush()
if mode == "copy":
    output.write_bytes(Path(sys.argv[4]).read_bytes())
elif mode == "crash":
    os.abort()
elif mode == "exit":
    sys.exit(3)
elif mode == "hang":
    child = subprocess.Popen(["sleep", "600"])
    Path(sys.argv[4]).write_text(f"{os.getpid()} {child.pid}", encoding="utf-8")
    time.sleep(600)
elif mode == "garbage":
    output.write_bytes(bytes(range(256)) * 40)
elif mode == "empty":
    output.write_bytes(b"")
elif mode == "chatter":
    for _ in range(40):
        sys.stdout.write("x" * 65536)
        sys.stderr.write("y" * 65536)
elif mode != "nothing":
    sys.exit(f"there is no mode {mode}")
