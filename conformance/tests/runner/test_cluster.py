"""A run on a Dask cluster gives the verdicts of a run on this machine, and always ends."""

import importlib.util
import json
import os
import shlex
import signal
import socket
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from dred_conformance.cli.main import app
from dred_conformance.data import data_folder
from dred_conformance.runner.builtin import adapter_command
from dred_conformance.runner.campaign import Campaign, run_campaign
from dred_conformance.runner.cluster import ClusterError, run_on_cluster
from dred_conformance.runner.cluster_task import carried
from dred_conformance.runner.faults import RunStoppedError
from dred_conformance.runner.session import AdapterStartError
from dred_conformance.runner.stopping import Stop
from dred_conformance.runner.verdict import Verdict
from dred_conformance.vectors.case import Case
from dred_conformance.vectors.store import VectorStore

pytestmark = pytest.mark.skipif(
    importlib.util.find_spec("distributed") is None, reason="needs Dask: pip install '.[scale]'"
)
Cases = Callable[..., list[Case]]
Command = Callable[[str], list[str]]


def local_cluster(**options: Any) -> Any:
    from distributed import LocalCluster  # noqa: PLC0415 - an optional extra

    return LocalCluster(threads_per_worker=1, dashboard_address=":0", host="127.0.0.1", **options)


@pytest.fixture(scope="module")
def in_threads() -> Iterator[Any]:
    """A cluster whose workers are threads of this process."""
    with local_cluster(n_workers=2, processes=False, protocol="tcp") as cluster:
        yield cluster


@pytest.fixture(scope="module")
def in_processes() -> Iterator[Any]:
    """A cluster whose workers are processes."""
    with local_cluster(n_workers=2, processes=True) as cluster:
        yield cluster


@pytest.fixture(params=["in_threads", "in_processes"])
def address(request: pytest.FixtureRequest) -> str:
    """The address of a scheduler with two workers."""
    return str(request.getfixturevalue(request.param).scheduler_address)


def outcomes(campaign: Campaign) -> list[tuple[str, Verdict, str]]:
    return [(each.case.id, each.outcome.verdict, each.outcome.reason) for each in campaign.results]


def test_the_verdicts_are_those_of_a_local_run(address: str) -> None:
    store = VectorStore(data_folder("vectors"))
    published = [case for group in store.groups() for case in group.cases]
    cases = [
        case for case in published if case.stage in ("packet", "feature") and case.model != "libopus-1.6"
    ]
    assert {case.stage for case in cases} == {"packet", "feature"}
    seen = []
    found = run_on_cluster(address, "native", cases, progress=seen.append)
    with adapter_command("native", store.folder) as command:
        expected = run_campaign(command, cases)
    assert [each.outcome for each in found.results] == [each.outcome for each in expected.results]
    assert found.counts == {Verdict.PASS: len(cases)}
    assert found.declaration == expected.declaration
    assert len(seen) == len(cases)


# Modes whose outcome does not hang on how many cases a process has seen.
@pytest.mark.parametrize(
    "mode", ["garbage", "refuses", "wrong-seq", "floods-stderr", "no-operations", "lies"]
)
def test_bad_adapters_get_the_same_verdicts(
    mode: str, in_threads: Any, misbehaving: Command, packet_cases: Cases
) -> None:
    cases = packet_cases(6)
    found = run_on_cluster(in_threads.scheduler_address, shlex.join(misbehaving(mode)), cases)
    assert outcomes(found) == outcomes(run_campaign(misbehaving(mode), cases))
    assert found.exit_code in (0, 1)


def test_crashes_on_the_workers_leave_nothing(
    in_processes: Any, unruly: Command, packet_cases: Cases, left_over: Callable[[], list[int]]
) -> None:
    command = shlex.join(unruly("dies-with-grandchild"))
    found = run_on_cluster(in_processes.scheduler_address, command, packet_cases(32))
    assert found.counts == {Verdict.PASS: 16, Verdict.ERROR: 16}
    assert left_over() == []


def test_silence_on_the_workers_ends(
    in_processes: Any, unruly: Command, packet_cases: Cases, left_over: Callable[[], list[int]]
) -> None:
    command = shlex.join(unruly("hangs-deaf"))
    found = run_on_cluster(
        in_processes.scheduler_address, command, packet_cases(64), timeout_s=2.0, max_restarts=1
    )
    assert set(found.counts) == {Verdict.PASS, Verdict.TIMEOUT, Verdict.NOT_RUN}
    assert "started again" in found.results[-1].outcome.reason
    assert left_over() == []


def test_an_adapter_that_dies_all_the_time_is_given_up(
    in_threads: Any, unruly: Command, packet_cases: Cases
) -> None:
    command = shlex.join(unruly("exits-after-hello"))
    found = run_on_cluster(in_threads.scheduler_address, command, packet_cases(400), max_restarts=3)
    assert set(found.counts) == {Verdict.ERROR, Verdict.NOT_RUN}
    assert "started again" in found.results[-1].outcome.reason


def test_the_command_takes_the_address_of_a_scheduler(
    address: str, misbehaving: Command, tmp_path: Path
) -> None:
    known = tmp_path / "known.txt"
    arguments = ["conform", "--id", "packet-code1-*", "--adapter", shlex.join(misbehaving("good"))]
    local = CliRunner().invoke(app, [*arguments, "--baseline", str(known), "--baseline-create", "--json"])
    assert local.exit_code == 0
    arguments += ["--scheduler", address, "--json"]
    found = CliRunner().invoke(app, arguments)
    assert found.exit_code == 1
    verdicts = [[case["verdict"] for case in json.loads(run.stdout)["cases"]] for run in (local, found)]
    assert verdicts[0] == verdicts[1]
    assert CliRunner().invoke(app, [*arguments, "--baseline", str(known)]).exit_code == 0


def test_fail_fast_stops_everywhere(address: str, misbehaving: Command, packet_cases: Cases) -> None:
    cases = packet_cases(400)
    found = run_on_cluster(address, shlex.join(misbehaving("refuses")), cases, fail_fast=True)
    assert found.counts[Verdict.NOT_RUN] > 300
    assert [each.case for each in found.results] == cases


@pytest.mark.parametrize("command", ["/no/such/adapter", "false"])
def test_an_adapter_that_does_not_start_on_a_worker_is_named(
    command: str, in_threads: Any, packet_cases: Cases
) -> None:
    with pytest.raises(AdapterStartError, match="on a worker"):
        run_on_cluster(in_threads.scheduler_address, command, packet_cases(3))


def test_ctrl_c_ends_the_wait_for_a_silent_adapter(
    address: str, unruly: Command, packet_cases: Cases, left_over: Callable[[], list[int]]
) -> None:
    stop = Stop()
    threading.Timer(1.0, stop.request, ("interrupted", 2)).start()
    with pytest.raises(RunStoppedError, match="interrupted"):
        run_on_cluster(
            address, shlex.join(unruly("hangs-deaf")), packet_cases(40), timeout_s=300.0, stop=stop
        )
    assert left_over() == []


def test_the_death_of_a_worker_costs_no_verdict(
    unruly: Command, packet_cases: Cases, left_over: Callable[[], list[int]]
) -> None:
    with local_cluster(n_workers=2, processes=True) as cluster:
        doomed = next(iter(cluster.workers.values())).pid
        threading.Timer(0.5, os.kill, (doomed, signal.SIGKILL)).start()
        found = run_on_cluster(
            cluster.scheduler_address, shlex.join(unruly("slow")), packet_cases(80), timeout_s=20.0
        )
    assert found.counts == {Verdict.PASS: 80}
    assert left_over() == []


def test_without_any_worker_the_run_is_given_up(packet_cases: Cases) -> None:
    with (
        local_cluster(n_workers=0, processes=False, protocol="tcp") as cluster,
        pytest.raises(ClusterError, match="no worker came"),
    ):
        run_on_cluster(cluster.scheduler_address, "native", packet_cases(3), patience_s=0.3)


def test_when_all_workers_leave_the_rest_is_not_run(unruly: Command, packet_cases: Cases) -> None:
    with local_cluster(n_workers=1, processes=False, protocol="tcp") as cluster:

        def leave_once(result: object) -> None:
            if not left:
                left.append(result)
                cluster.scale(0)

        left: list[object] = []
        found = run_on_cluster(
            cluster.scheduler_address,
            shlex.join(unruly("slow")),
            packet_cases(200),
            timeout_s=20.0,
            patience_s=1.0,
            progress=leave_once,
        )
    assert found.counts[Verdict.PASS] > 0
    assert found.counts[Verdict.NOT_RUN] > 0
    assert "the cluster had no worker" in found.results[-1].outcome.reason


def test_what_is_no_scheduler_is_said_to_be_none(packet_cases: Cases) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        place = f"tcp://127.0.0.1:{server.getsockname()[1]}"

        def hang_up() -> None:
            server.accept()[0].close()

        closing = threading.Thread(target=hang_up)
        closing.start()
        with pytest.raises(ClusterError, match="no Dask scheduler"):
            run_on_cluster(place, "native", packet_cases(1))
        closing.join()
    for address in (place, "nonsense", "tcp://[::1", "tcp://h:999999", "tcp://"):
        with pytest.raises(ClusterError):
            run_on_cluster(address, "native", packet_cases(1))


def test_arrays_travel_with_their_cases() -> None:
    store = VectorStore(data_folder("vectors"))
    case = next(
        case for group in store.groups() for case in group.cases if case.op == "feature" and case.expected
    )
    moved = carried(case)
    assert (moved.expected["features"].values() == case.expected["features"].values()).all()
    assert not hasattr(moved.expected["features"], "path")
