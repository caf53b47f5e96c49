"""What the tests of each way to a receiver share; a test module says what its `channel` is."""

import pytest

from tests.jobs.channels.parcels import Traces, new_identity, parcel


@pytest.fixture(scope="module")
def identity():
    return new_identity()


@pytest.fixture
def put(tmp_path, channel):
    """Put a parcel as a step does: from a folder of its own, with what an earlier attempt left."""
    traces = Traces()

    def it(content=b"a;b\r\n", **changes):
        return channel(**changes).put(parcel(tmp_path / "work", content), traces.mark())

    it.traces = traces
    return it
