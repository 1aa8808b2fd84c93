"""The protocol adapter of dred_reference: a JSON request per line on stdin, an answer per line on stdout.

Usage: ``adapter.py [--model DIR]...``, each DIR holding a ``model.json``. It is also an example of how short
an adapter can be: read a line, call the library, print a line.
"""

import argparse
import json
import sys
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from model_folder import load_model
from request import MalformedRequestError, Request
from sources import MODELS, WIRE, UnsupportedError

from dred_reference.errors import DredError, ExtensionError
from dred_reference.feature import PROFILES
from operations import OPERATIONS, STAGES, extension_list


def hello() -> dict[str, Any]:
    """Return what this adapter says of itself."""
    try:
        release = version("opus-dred-reference")
    except PackageNotFoundError:
        release = "uninstalled"
    return {
        "name": "dred_reference",
        "version": release,
        "stages": STAGES,
        "wire": WIRE,
        "models": list(MODELS),
        "operations": list(OPERATIONS),
        "profiles": list(PROFILES),
        "only": {"audio": {"model": [name for name, model in MODELS.items() if model.speaks]}},
    }


def error_members(error: DredError, op: str) -> dict[str, Any]:
    """Return a rejection as the protocol shows it."""
    # The vocoder shares the errors of the features that it takes.
    stage = op if op == "audio" else error.stage
    members: dict[str, Any] = {"rule": error.rule, "stage": stage, "message": error.message}
    if error.position is not None:
        members["position"] = error.position
    if op == "extension" and isinstance(error, ExtensionError):
        members["extensions"] = extension_list(error.extensions)
    return members


def answer_members(request: dict[str, Any]) -> dict[str, Any]:
    """Return what the answer holds beside ``seq``."""
    op = request.get("op")
    try:
        if not isinstance(op, str):
            raise MalformedRequestError("op must be a string")
        if op == "hello":
            return hello()
        if op not in OPERATIONS:
            raise UnsupportedError(f"operation {op}")
        return {"result": OPERATIONS[op](Request(request))}
    except MalformedRequestError as error:
        return {"error": {"stage": "protocol", "message": str(error)}}
    except UnsupportedError as error:
        return {"unsupported": str(error)}
    except DredError as error:
        return {"error": error_members(error, str(op))}
    except Exception as error:  # a defect of ours must not end the session, nor pass as a rejection
        return {"error": {"stage": "internal", "message": f"{type(error).__name__}: {error}"}}


def answer(line: bytes) -> dict[str, Any]:
    """Return the answer to one line of input."""
    problem = "the line is not a JSON object with a seq that is a natural number"
    try:
        request = json.loads(line)
    except (ValueError, RecursionError):
        request = None
    seq = request.get("seq") if isinstance(request, dict) else None
    if not isinstance(request, dict) or type(seq) is not int or seq < 0:
        return {"seq": None, "error": {"stage": "protocol", "message": problem}}
    return {"seq": seq, **answer_members(request)}


def main() -> None:
    """Load the models and answer line after line until the input ends."""
    parser = argparse.ArgumentParser(description="Speak the adapter protocol with dred_reference.")
    parser.add_argument("--model", action="append", default=[], type=Path, metavar="DIR")
    for folder in parser.parse_args().model:
        try:
            name, model = load_model(folder)
        except (OSError, ValueError) as error:
            parser.error(str(error))
        MODELS[name] = model
    for line in sys.stdin.buffer:
        sys.stdout.write(json.dumps(answer(line)) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
