"""The state machine once more: a buffer, two positions, a queue that is filled before each frame."""

import math

import numpy as np
from numpy.typing import NDArray

from dred_reference.concealment.burg import burg_features

from .recording import RecordingExtractor, RecordingPrediction, RecordingVocoder

Floats = NDArray[np.float64]
Known = Floats | None

FALL = (0, 0, 0.2, 0.2, 0.4, 0.4, 0.8, 0.8, 1.6, 1.6)


class PlainConcealer:
    def __init__(
        self, network: RecordingPrediction, extractor: RecordingExtractor, vocoder: RecordingVocoder
    ) -> None:
        self.network, self.extractor, self.vocoder = network, extractor, vocoder
        self.pcm = [0.0] * 2400
        self.gap = True
        self.analysis_pos = self.predict_pos = 2400
        self.blend = False
        self.lost = 0
        self.cont = [np.zeros(20) for _ in range(5)]
        self.bak = [network.state, network.state]
        self.fec: list[Floats] = []
        self.skip = 0

    def update(self, frame: Floats) -> None:
        if self.analysis_pos >= 160:
            self.analysis_pos -= 160
        else:
            self.gap = True
        if self.predict_pos >= 160:
            self.predict_pos -= 160
        self.pcm = self.pcm[160:] + frame.tolist()
        self.lost, self.blend = 0, False

    def run(self, vector: Floats) -> Floats:
        self.bak = [self.bak[1], self.network.state]
        return self.network.step(vector)

    def fec_or_prediction(self) -> tuple[Floats, bool]:
        if self.fec and self.skip == 0:
            features = self.fec.pop(0)
            self.run(np.concatenate([np.zeros(36), features, [-1]]))
            return features, True
        self.skip = max(0, self.skip - 1)
        return self.run(np.zeros(57)), False

    def queue(self, known: list[Known]) -> None:
        """Fill the queue: what is not known is skipped, and left out after the first known one."""
        self.fec, self.skip = [], 0
        for features in known:
            if features is not None:
                self.fec.append(features)
            elif not self.fec:
                self.skip += 1

    def conceal(self) -> Floats:
        if not self.blend:
            self.network.state = self.bak[0]
            count = 0
            while self.analysis_pos < 2400:
                x = 32768 * np.array(self.pcm[self.analysis_pos : self.analysis_pos + 160])
                burg, features = burg_features(x), self.extractor.frame(x)[:20]
                if (not self.gap or count > 0) and self.analysis_pos >= self.predict_pos:
                    self.cont = [*self.cont[1:], features]
                    self.run(np.concatenate([burg, features, [1]]))
                self.analysis_pos += 160
                count += 1
            for _ in range(2):
                self.cont = [*self.cont[1:], self.fec_or_prediction()[0]]
            past = np.array(self.pcm[-320:], dtype=np.float32)
            self.vocoder.start(past, np.array(self.cont, dtype=np.float32))
            self.gap = False
        features, is_known = self.fec_or_prediction()
        features = features.copy()
        self.lost = 0 if is_known else self.lost + 1
        change = -1.6 - 2 * (self.lost - 9) if self.lost >= 10 else -FALL[self.lost]
        features[0] = max(-15, features[0] + change)
        made = self.vocoder.frame(features.astype(np.float32))
        integers = [math.floor(0.5 + min(max(32768 * x, -32767), 32767)) for x in made.tolist()]
        self.cont = [*self.cont[1:], features]
        if self.analysis_pos >= 160:
            self.analysis_pos -= 160
        else:
            self.gap = True
        self.predict_pos = 2400
        self.pcm = self.pcm[160:] + [x / 32768 for x in integers]
        self.blend = True
        return np.array(self.pcm[-160:])
