"""The reference adapter with deliberate bugs in every stage; a test program, not a test.

Usage: ``wrong_adapter.py BUG[,BUG...] [--model DIR]...``
"""

import base64
import json
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[2] / "adapters" / "reference"))

import numpy as np
from model_folder import load_model
from sources import MODELS

import adapter as right

HOSTILE = "</script><script>alert(1)</script><b onmouseover=alert(2)>\x1b[31m\x00\uffff & \"'`]]>"

Answer = dict[str, Any]


def frames_reversed(op: str, result: Any) -> Any:
    if op == "packet" and len(result["frames"]) > 1:
        return {**result, "frames": result["frames"][::-1]}
    return result


def padding_one_short(op: str, result: Any) -> Any:
    if op == "packet" and result["padding"]:
        return {**result, "padding": result["padding"][2:]}
    return result


def frames_numbered_from_one(op: str, result: Any) -> Any:
    if op == "extension":
        return [{**each, "frame": each["frame"] + 1} for each in result]
    return result


def repeats_lost(op: str, result: Any) -> Any:
    if op == "extension" and len(result) > 2:
        return result[:-1]
    return result


def offset_unsigned(op: str, result: Any) -> Any:
    if op in ("payload", "latent", "feature") and result is not None and result.get("offset", 0) < 0:
        return {**result, "offset": -result["offset"]}
    return result


def latents_oldest_first(op: str, result: Any) -> Any:
    if op == "payload" and result is not None:
        return {**result, "latents": result["latents"][::-1], "levels": result["levels"][::-1]}
    return result


def latents_doubled(op: str, result: Any) -> Any:
    if op == "latent" and result is not None:
        values = 2 * np.frombuffer(base64.b64decode(result["latents"]), "<f4")
        return {**result, "latents": base64.b64encode(values.astype("<f4").tobytes()).decode()}
    return result


def latents_not_finite(op: str, result: Any) -> Any:
    if op == "latent" and result is not None:
        size = len(base64.b64decode(result["latents"]))
        nan = np.full(size // 4, np.nan, "<f4")
        return {**result, "latents": base64.b64encode(nan.tobytes()).decode()}
    return result


def features_shifted(op: str, result: Any) -> Any:
    if op == "feature" and result is not None:
        raw = base64.b64decode(result["features"])
        return {**result, "features": base64.b64encode(raw[80:] + raw[:80]).decode()}
    return result


def written_one_more(op: str, result: Any) -> Any:
    for name in ("packet", "padding", "payload", "data"):
        if op.endswith(("write", "pad", "encode")) and result.get(name):
            return {**result, name: result[name][:-2] + "5a"}
    return result


def wrong_shape(op: str, result: Any) -> Any:
    return {**result, "values": "none"} if op == "range_decode" else result


BUGS: dict[str, Callable[[str, Any], Any]] = {
    bug.__name__: bug
    for bug in (
        *(frames_reversed, padding_one_short, frames_numbered_from_one, repeats_lost, offset_unsigned),
        *(latents_oldest_first, latents_doubled, features_shifted, written_one_more, wrong_shape),
        latents_not_finite,
    )
}


def spoilt(bugs: list[str], request: Answer, answer: Answer) -> Answer:
    op = request["op"]
    if op == "hello":
        name = HOSTILE if "hostile" in bugs else "wrong-decoder"
        return {**answer, "name": name, "version": "0.9"}
    if "hang" in bugs and op == "packet_pad" and request["seq"] % 8 == 3:
        time.sleep(60)
    if "accepts_everything" in bugs and "error" in answer and op in ("packet", "extension"):
        seq = answer["seq"]
        nothing = {"config": 0, "stereo": False, "code": 0, "frames": [""], "padding": "", "consumed": 1}
        return {"seq": seq, "result": nothing if op == "packet" else []}
    if "hostile" in bugs and op == "packet":
        # Every other answer fits the protocol, so that both an error and a failure carry the text.
        rule = "R1" if request["seq"] % 2 else HOSTILE
        error = {"rule": rule, "stage": "packet", "message": HOSTILE * 20}
        return {"seq": answer["seq"], "error": error}
    if "not_finite" in bugs and op == "packet":
        return {
            "seq": answer["seq"],
            "result": {"config": float("nan"), "deep": json.loads("[" * 90 + "]" * 90)},
        }
    if "result" in answer:
        for bug in bugs:
            answer["result"] = BUGS.get(bug, lambda _, result: result)(op, answer["result"])
    return answer


def main() -> None:
    bugs = sys.argv[1].split(",")
    if bugs == ["everything"]:
        bugs = [*(bug for bug in BUGS if bug != "latents_not_finite"), "accepts_everything"]
    for folder in sys.argv[3::2]:
        name, model = load_model(Path(folder))
        MODELS[name] = model
    for line in sys.stdin.buffer:
        request, answer = json.loads(line), right.answer(line)
        print(json.dumps(spoilt(bugs, request, json.loads(json.dumps(answer)))), flush=True)


if __name__ == "__main__":
    main()
