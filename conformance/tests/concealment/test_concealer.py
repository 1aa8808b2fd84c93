"""Which frames are analysed, what the network is told, from what the vocoder starts."""

import numpy as np
import pytest

from dred_reference.concealment import Concealer
from dred_reference.concealment.attenuation import attenuated
from dred_reference.concealment.burg import burg_features

from .plain_concealer import Known, PlainConcealer
from .recording import Floats, RecordingExtractor, RecordingPrediction, RecordingVocoder, good_frame


class Rig:
    """A concealer that is listened to."""

    def __init__(self) -> None:
        self.prediction, self.extractor = RecordingPrediction(), RecordingExtractor()
        self.vocoder = RecordingVocoder()
        self.concealer = Concealer(self.prediction, self.extractor, self.vocoder)

    def hear(self, *numbers: int) -> None:
        for number in numbers:
            self.concealer.update(good_frame(number))

    @property
    def analysed(self) -> list[int]:
        """Numbers of the frames that were analysed."""
        return [round(sample / 32 - 1) for sample in self.extractor.frames]


@pytest.mark.clause("PLC-history", "PLC-analysis")
def test_good_frames_are_only_remembered() -> None:
    rig = Rig()
    rig.hear(*range(100))
    assert not rig.concealer.concealing
    assert rig.extractor.frames == rig.prediction.steps == rig.vocoder.starts == []


@pytest.mark.clause("PLC-history", "PLC-analysis")
def test_parts_of_frames_are_put_together() -> None:
    speech = np.random.default_rng(5).uniform(-0.5, 0.5, 160 * 20)
    whole, parts = Rig(), Rig()
    for frame in speech.reshape(-1, 160):
        whole.concealer.update(frame)
    for part in speech.reshape(-1, 40):
        parts.concealer.update(part)
    for each in (whole, parts):
        each.concealer.conceal()
    np.testing.assert_array_equal(parts.prediction.steps, whole.prediction.steps)
    np.testing.assert_array_equal(parts.vocoder.starts[0][0], speech[-320:].astype(np.float32))


@pytest.mark.clause("PLC-history", "PLC-analysis")
def test_what_is_left_of_a_frame_waits() -> None:
    rig = Rig()
    speech = np.arange(200) / 1024
    rig.concealer.update(speech[:160])
    rig.concealer.update(speech[160:])
    made = rig.concealer.conceal()
    rig.concealer.update(np.full(120, 0.5))
    rig.concealer.conceal()
    # Two frames: 40 samples that were left and 120 that were made; 40 that were made and 120 that were heard.
    assert rig.extractor.frames == [0, 32 * 160, 32768 * made[120]]
    assert rig.prediction.flags == 6 * [0]


@pytest.mark.clause("PLC-analysis", "PLC-priming")
@pytest.mark.parametrize(("count", "analysed"), [(0, 0), (1, 1), (4, 4), (15, 15), (16, 15), (40, 15)])
def test_the_first_hole(count: int, analysed: int) -> None:
    rig = Rig()
    rig.hear(*range(count))
    rig.concealer.conceal()
    assert rig.concealer.concealing
    assert rig.analysed == list(range(count - analysed, count))
    heard = max(0, analysed - 1)  # the first one comes after a gap
    assert rig.prediction.flags == heard * [1] + 3 * [0]
    assert len(rig.vocoder.starts) == 1
    assert len(rig.vocoder.features) == 1


@pytest.mark.clause("PLC-analysis", "PLC-net-input")
def test_what_the_network_hears() -> None:
    rig = Rig()
    frames = np.random.default_rng(1).uniform(-0.5, 0.5, (3, 160))
    for frame in frames:
        rig.concealer.update(frame)
    rig.concealer.conceal(np.full(20, 0.25), (None, np.full(20, 0.5)))
    heard, blind, second, third = rig.prediction.steps[1:]
    np.testing.assert_allclose(heard[:36], burg_features(32768 * frames[2]))
    assert (heard[36:56] == frames[2, 0]).all()
    assert not blind.any()
    for step, value in ((second, 0.5), (third, 0.25)):
        assert not step[:36].any()
        assert (step[36:56] == value).all()
    assert rig.prediction.flags == [1, 1, 0, -1, -1]


@pytest.mark.clause("PLC-analysis")
def test_between_holes_all_is_analysed_and_only_what_was_heard_is_news() -> None:
    rig = Rig()
    rig.hear(0, 1, 2)
    for _ in range(4):
        rig.concealer.conceal()
    assert rig.prediction.flags == [1, 1, *6 * [0]]
    rig.hear(3, 4)
    rig.concealer.conceal()
    assert len(rig.extractor.frames) == 3 + 4 + 2
    assert rig.analysed[-2:] == [3, 4]
    assert rig.prediction.flags == [1, 1, *6 * [0], 1, 1, 0, 0, 0]
    start = rig.vocoder.starts[1][1]
    assert (start[1:3, 0] == [good_frame(3)[0], good_frame(4)[0]]).all()
    np.testing.assert_array_equal(start[0], rig.vocoder.features[3])


@pytest.mark.clause("PLC-analysis")
@pytest.mark.parametrize("made", [13, 14, 30])
def test_a_long_hole_is_forgotten_like_speech(made: int) -> None:
    rig = Rig()
    rig.hear(0, 1)
    for _ in range(made):
        rig.concealer.conceal()
    rig.hear(2, 3)
    analysed, steps = len(rig.extractor.frames), len(rig.prediction.steps)
    rig.concealer.conceal()
    assert len(rig.extractor.frames) - analysed == 15
    # The frame after the gap is one that was made, so nothing that was heard is left out.
    assert rig.prediction.flags[steps:] == [1, 1, 0, 0, 0]


@pytest.mark.clause("PLC-analysis")
def test_good_frames_after_a_hole_make_a_gap() -> None:
    rig = Rig()
    rig.concealer.conceal()
    rig.hear(*range(20))
    steps = len(rig.prediction.steps)
    rig.concealer.conceal()
    assert rig.analysed[-15:] == list(range(5, 20))
    assert rig.prediction.flags[steps:] == [*14 * [1], 0, 0, 0]


@pytest.mark.clause("PLC-rewind")
def test_looking_ahead_is_undone() -> None:
    rig = Rig()
    rig.hear(0, 1, 2)
    known = np.random.default_rng(2).normal(0, 1, (5, 20))
    rig.concealer.conceal(known[2], (known[0], known[1]))
    rig.concealer.conceal(known[3])
    rig.concealer.conceal(known[4])
    rig.hear(3)
    rig.concealer.conceal()
    expected = RecordingPrediction()
    for step in rig.prediction.steps[:5]:  # two frames heard, and one for each that was made
        expected.step(step)
    result = [expected.step(step) for step in rig.prediction.steps[7:]]
    assert rig.prediction.flags[7:] == [1, 0, 0, 0]
    np.testing.assert_array_equal(rig.prediction.state[0], expected.state[0])
    np.testing.assert_allclose(rig.vocoder.starts[1][1][-1], result[2], rtol=1e-6)


@pytest.mark.clause("PLC-continuation")
def test_what_the_vocoder_starts_from() -> None:
    rig = Rig()
    rig.hear(0, 1, 2, 3)
    rig.concealer.conceal(np.full(20, 0.75), (np.full(20, 0.25), np.full(20, 0.5)))
    past, features = rig.vocoder.starts[0]
    np.testing.assert_array_equal(past, np.concatenate([good_frame(2), good_frame(3)]))
    heard = [good_frame(number)[0] for number in (1, 2, 3)]
    assert (features == np.array([[*heard, 0.25, 0.5]]).T).all()
    assert (rig.vocoder.features[0] == 0.75).all()


@pytest.mark.clause("PLC-attenuation")
def test_attenuation() -> None:
    features = np.arange(20.0)
    falls = [attenuated(features, n)[0] for n in range(13)]
    expected = [0, 0, -0.2, -0.2, -0.4, -0.4, -0.8, -0.8, -1.6, -1.6, -3.6, -5.6, -7.6]
    np.testing.assert_allclose(falls, expected)
    assert attenuated(features - 20, 0)[0] == -15
    assert attenuated(features, 10**6)[0] == -15
    np.testing.assert_array_equal(attenuated(features, 12)[1:], features[1:])
    assert features[0] == 0


@pytest.mark.clause("PLC-attenuation", "PLC-priming")
def test_known_features_and_heard_frames_start_the_count_anew() -> None:
    rig = Rig()
    steps: list[Floats] = []
    whole = RecordingPrediction.step

    def noted(known: Floats) -> Floats:
        steps.append(whole(rig.prediction, known))
        return steps[-1]

    rig.prediction.step = noted  # type: ignore[method-assign]
    for known in (None, None, None, np.full(20, 0.5), None, None):
        rig.concealer.conceal(known)
    rig.hear(1)
    rig.concealer.conceal()
    changes = [made[0] - step[0] for made, step in zip(rig.vocoder.features[:6], steps[2:], strict=False)]
    np.testing.assert_allclose(changes[:3] + changes[4:], [0, -0.2, -0.2, 0, -0.2], atol=1e-6)
    assert rig.vocoder.features[3][0] == 0.5
    assert rig.vocoder.features[6][0] == pytest.approx(steps[-1][0], rel=1e-6)


@pytest.mark.clause("PLC-conceal", "PLC-history")
def test_what_is_made_is_remembered_as_integers() -> None:
    rig = Rig()
    rig.hear(0)
    made = [rig.concealer.conceal(np.full(20, value), 2 * (np.full(20, 0.1),)) for value in (0.123, 50.0)]
    assert (made[0] * 32768 == np.round(made[0] * 32768)).all()
    assert (made[1] == 32767 / 32768).all()
    rig.hear(1)
    rig.concealer.conceal()
    np.testing.assert_array_equal(rig.vocoder.starts[1][0], np.concatenate([made[1], good_frame(1)]))


@pytest.mark.clause(
    "PLC-conceal", "PLC-history", "PLC-analysis", "PLC-rewind", "PLC-priming", "PLC-continuation"
)
@pytest.mark.parametrize("seed", range(6))
def test_any_order_of_frames(seed: int) -> None:
    generator = np.random.default_rng(seed)
    rig = Rig()
    plain = PlainConcealer(RecordingPrediction(), RecordingExtractor(), RecordingVocoder())

    def some_features() -> Known:
        return generator.normal(0, 2, 20) if generator.random() < 0.5 else None

    for _ in range(25):
        for _ in range(int(generator.choice([0, 1, 2, 5, 14, 15, 16, 30]))):
            frame = generator.uniform(-1, 1, 160)
            rig.concealer.update(frame)
            plain.update(frame)
        for _ in range(int(generator.choice([1, 2, 3, 13, 15, 18]))):
            first, second, known = some_features(), some_features(), some_features()
            if first is not None and second is None and known is not None:
                second = first  # the queue of deployed decoders cannot say this
            plain.queue([known] if plain.blend else [first, second, known])
            np.testing.assert_array_equal(rig.concealer.conceal(known, (first, second)), plain.conceal())
    np.testing.assert_array_equal(rig.prediction.steps, plain.network.steps)
    np.testing.assert_array_equal(rig.extractor.frames, plain.extractor.frames)
    np.testing.assert_array_equal(rig.vocoder.features, plain.vocoder.features)
    for ours, theirs in zip(rig.vocoder.starts, plain.vocoder.starts, strict=True):
        np.testing.assert_array_equal(ours[0], theirs[0])
        np.testing.assert_array_equal(ours[1], theirs[1])
