"""Where things lie in the output folder of a run."""

from pathlib import Path

from dred_conformance.simulation.errors import SimulationError

__all__ = ["OutputFolder"]


class OutputFolder:
    """Names of files, relative to a folder.

    Parameters
    ----------
    root
        Is made if it is not there.
    audio
        One of `dred_conformance.simulation.settings.AUDIO_FORMATS`.

    Raises
    ------
    SimulationError
        L4: the folder cannot be made, or is a file.
    """

    def __init__(self, root: Path, audio: str) -> None:
        self.root = root
        self._audio = audio
        self.make("")

    def make(self, name: str) -> Path:
        """Return a folder inside, which is made."""
        folder = self.root / name
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise SimulationError("L4", f"{folder}: cannot be made ({error.strerror})") from error
        return folder

    @property
    def has_audio(self) -> bool:
        """Whether files of sound are kept."""
        return self._audio != "none"

    def clip(self, clip: str) -> str:
        """Return the name of a clip as it was sent."""
        return f"audio/original/{clip}.{self._audio}"

    def heard(self, clip: str, condition: str, scheme: str) -> str:
        """Return the name of what was heard in a case."""
        return f"audio/{condition.replace('%', 'pct')}/{clip}.{scheme}.{self._audio}"

    def plot(self, name: str) -> str:
        """Return the name of a picture."""
        return f"plots/{name}.png"
