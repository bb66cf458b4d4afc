"""The same work on this machine and on a Ray cluster of two nodes."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from abcllm.corpus import get_engine
from abcllm.errors import DataError, UnknownName

from .test_building import built, digests

pytest.importorskip("pyarrow")

PATIENCE_S = 120


def double(number: int) -> int:
    if number == 13:
        raise DataError("thirteen", source="numbers", row=13)
    return 2 * number


@pytest.mark.parametrize("workers", [1, 2])
def test_results_come_in_order(workers: int) -> None:
    assert [*get_engine("local", workers).map(double, range(12))] == [*range(0, 24, 2)]


def test_faults_come_through() -> None:
    with pytest.raises(DataError, match="numbers:13: thirteen"):
        list(get_engine("local", 2).map(double, range(20)))


def test_an_unknown_engine_is_named() -> None:
    with pytest.raises(UnknownName, match="no engine is called 'spark'; there are: local, ray"):
        get_engine("spark", 1)


@pytest.fixture(scope="module")
def cluster() -> Iterator[Any]:
    """Two nodes of one CPU each on this machine."""
    ray = pytest.importorskip("ray")
    begin = "import ray; ray.init(num_cpus=1, include_dashboard=False, log_to_driver=False); ray.shutdown()"
    try:
        subprocess.run([sys.executable, "-c", begin], capture_output=True, check=True, timeout=PATIENCE_S)
    except (subprocess.CalledProcessError, subprocess.TimeoutExpired) as fault:
        pytest.skip(f"Ray does not start on this machine: {fault}")
    from ray.cluster_utils import Cluster

    two = Cluster(initialize_head=True, head_node_args={"num_cpus": 1, "include_dashboard": False})
    two.add_node(num_cpus=1)
    ray.init(address=two.address, log_to_driver=False)
    yield two
    ray.shutdown()
    two.shutdown()


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore")  # Ray's own
def test_a_cluster_of_two_nodes_gives_the_same_bytes(cluster: Any, plan_file: Path, tmp_path: Path) -> None:
    engine = get_engine("ray", 2, cluster.address)

    def halve(number: int) -> int:  # inside, so that the nodes get it whole
        if number % 2:
            raise DataError("odd", source="numbers", row=number)
        return number // 2

    assert [*engine.map(halve, range(0, 24, 2))] == [*range(12)]
    with pytest.raises(DataError, match="numbers:13: odd"):
        list(engine.map(halve, [2, 13, 4]))
    built(plan_file, tmp_path / "here")
    built(plan_file, tmp_path / "there", engine=engine)
    assert digests(tmp_path / "there") == digests(tmp_path / "here")
