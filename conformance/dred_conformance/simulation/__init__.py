"""Calls over networks that lose packets: clips, losses, schemes against them, and how it sounds.

| rule | meaning |
|---|---|
| L1 | something is missing: a package, a model, libopus; how to get it is said |
| L2 | a trace of losses cannot be read, or holds something else |
| L3 | a setting out of its range, or a name that is not known |
| L4 | the output folder cannot be written, or holds a run with other settings |
| L5 | a run that cannot go on: a worker ended, a case failed |

spec-notes/simulation.md says what is simulated and how it is judged.
"""

from dred_conformance.simulation.errors import SimulationError
from dred_conformance.simulation.trace import LossTrace
from dred_conformance.simulation.trace_file import read_trace

__all__ = ["LossTrace", "SimulationError", "read_trace"]
