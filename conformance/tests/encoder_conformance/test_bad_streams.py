"""Every kind of bad stream is caught by the check made for it, and by no other; good ones by none."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from dred_conformance.encoder_conformance.judging import CHECKS
from dred_conformance.encoder_conformance.sound import Sound
from dred_conformance.runner.verdict import Verdict

pytestmark = pytest.mark.official_model
FEW = 70  # packets are enough where the fault is in each of them, or in one
BadOf = Callable[[Any], dict[str, Any]]


@pytest.mark.clause("DRED-one-per-frame", "DRED-silence", "DRED-offset-sign", "DRED-last-latent")
def test_a_good_stream_passes_every_check(made: Any, judge: Any, bad_of: BadOf) -> None:
    judged = judge(made.packets())
    assert bad_of(judged) == {}
    assert [finding.verdict for _, finding in judged.findings] == [Verdict.PASS] * len(CHECKS)


@pytest.mark.clause("DRED-one-per-frame")
def test_two_on_a_frame(made: Any, judge: Any, bad_of: BadOf) -> None:
    packets = made.with_each(made.payloads["kept"][:FEW], lambda payload: [(0, payload), (0, payload)])
    found = bad_of(judge(packets))
    assert set(found) == {"one_per_frame"}
    assert found["one_per_frame"].verdict is Verdict.FAIL
    assert found["one_per_frame"].actual == "2 on frame 0"


@pytest.mark.clause("DRED-one-per-packet")
def test_one_on_each_frame(made: Any, judge: Any, bad_of: BadOf) -> None:
    both = made.with_each(
        made.payloads["kept"][:FEW], lambda payload: [(0, payload), (1, payload)], made.two_frames
    )
    found = bad_of(judge(both))
    assert set(found) == {"one_per_packet"}
    assert found["one_per_packet"].verdict is Verdict.NON_STRICT


@pytest.mark.clause("DRED-first-frame")
def test_on_the_second_frame(made: Any, judge: Any, bad_of: BadOf) -> None:
    # 10 ms later in the packet, so 4 units less to signal: the time stays true
    packets = made.with_each(
        made.payloads["kept"][:FEW], lambda payload: [(1, made.again(payload, moved=-4))], made.two_frames
    )
    found = bad_of(judge(packets))
    assert set(found) == {"first_frame"}
    assert found["first_frame"].verdict is Verdict.NON_STRICT


@pytest.mark.clause("DRED-offset-sign")
@pytest.mark.parametrize("moved", [-8, 2])
def test_the_offset_is_wrong(made: Any, judge: Any, bad_of: BadOf, moved: int) -> None:
    packets = made.with_each(made.payloads["kept"], lambda payload: [(0, made.again(payload, moved=moved))])
    found = bad_of(judge(packets))
    assert set(found) == {"offset"}
    assert found["offset"].verdict is Verdict.FAIL
    assert found["offset"].figures["delay_2p5ms"] == pytest.approx(-moved, abs=1)


@pytest.mark.clause("DRED-last-latent")
def test_the_last_latent_is_lost(made: Any, judge: Any, bad_of: BadOf) -> None:
    payloads = made.payloads["lossy"]
    read = [made.latents_read(each) for each in payloads]
    lost = [index for index, number in enumerate(read) if number < made.written["lossy"][index]]
    # where one latent less gives the same bytes, nobody can know
    sure = [index for index in lost if made.again(payloads[index]) != payloads[index]]
    assert len(sure) > 3
    found = bad_of(judge(made.packets("lossy")))
    assert set(found) == {"last_latent"}
    assert found["last_latent"].verdict is Verdict.FAIL
    assert found["last_latent"].figures["lost_packets"] == len(sure)
    assert found["last_latent"].packet == sure[0]


@pytest.mark.clause("DRED-last-latent", "DRED-stop")
@pytest.mark.parametrize("added", [b"\x5a", b"\x00"])
def test_a_latent_of_nothing(made: Any, judge: Any, bad_of: BadOf, added: bytes) -> None:
    # as above, only before the pause: what decodes from the byte may lie in it
    padded = [None if each is None else each + added for each in made.payloads["kept"][:60]]
    packets = made.with_each(padded, lambda payload: [(0, payload)])
    speech = Sound(made.sound.samples[: round(1.25 * made.sound.rate)], made.sound.rate)
    found = bad_of(judge(packets, speech))
    assert set(found) == {"last_latent"}
    assert found["last_latent"].figures["packets_with_latents_of_nothing"] > 10


@pytest.mark.clause("DRED-silence")
def test_silence_is_not_trimmed(made: Any, judge: Any, bad_of: BadOf) -> None:
    found = bad_of(judge(made.packets("untrimmed")))
    assert set(found) == {"silence"}
    assert found["silence"].verdict is Verdict.NON_STRICT
    assert found["silence"].figures["leading_largest_ms"] > 400


@pytest.mark.clause("DRED-offset-sign")
def test_the_deployed_offset_after_silence(made: Any, judge: Any, bad_of: BadOf) -> None:
    found = bad_of(judge(made.packets("deployed")))
    found.pop("last_latent", None)  # the deployed rule may lose some, too
    assert set(found) == {"offset_after_silence"}
    # 700 ms of silence, less the step before activity is seen to end: 34 steps of 20 ms
    assert found["offset_after_silence"].figures["largest_error_2p5ms"] == 272
    assert "680 ms later" in found["offset_after_silence"].text


@pytest.mark.clause("DRED-offset-sign")
def test_a_wrong_offset_after_silence_shows_in_the_features_alone(
    made: Any, judge: Any, bad_of: BadOf
) -> None:
    payloads = list(made.payloads["deployed"])
    wrong = next(
        index for index in range(90, 120) if made.again(payloads[index], moved=-264) == payloads[index - 1]
    )
    payloads[wrong] = made.again(payloads[wrong], bent=True)  # other symbols: nothing contradicts itself
    found = bad_of(judge(made.with_each(payloads, lambda payload: [(0, payload)])))["offset_after_silence"]
    assert found.figures["contradictions"] == 0
    assert found.packet == wrong
    assert "right after silence" in found.text
    assert found.figures["largest_error_2p5ms"] == pytest.approx(272, abs=2)


@pytest.mark.clause("DRED-net-tolerance")
def test_features_of_another_speech(made: Any, judge: Any, bad_of: BadOf) -> None:
    noise = np.random.default_rng(5).normal(0, 0.1, made.sound.samples.shape)
    noise[1300 * 16 : 2000 * 16] = 0
    found = bad_of(judge(made.packets(), Sound(noise, made.sound.rate)))
    assert set(found) == {"feature_error"}


@pytest.mark.clause("RFC6716-3.4-reject")
def test_a_malformed_packet(made: Any, judge: Any, bad_of: BadOf) -> None:
    packets = made.packets()[:FEW]
    packets[7] = b"\x4b\x00"  # code 3 with no frame
    found = bad_of(judge(packets))
    assert set(found) == {"well_formed"}
    assert "packet 7" in found["well_formed"].text
    assert "R5" in found["well_formed"].text


@pytest.mark.clause("DRED-always-decodes")
def test_cut_payloads(made: Any, judge: Any, bad_of: BadOf) -> None:
    packets = made.packets()[:FEW]
    cut = made.with_each([made.payloads["kept"][20][:12]], lambda payload: [(0, payload)])
    found = bad_of(judge([*packets[:20], *cut, *packets[21:]]))
    assert set(found) == {"payload"}
    assert found["payload"].packet == 20


@pytest.mark.clause("DRED-offset-sign")
def test_speech_that_the_encoder_cannot_know(made: Any, judge: Any, bad_of: BadOf) -> None:
    packets = made.packets()[:FEW]
    ahead = made.again(made.payloads["kept"][20], moved=6)
    packets[20] = made.with_each([ahead], lambda payload: [(0, payload)])[0]
    found = bad_of(judge(packets))
    assert set(found) == {"payload"}
    assert "later than anything" in found["payload"].text
