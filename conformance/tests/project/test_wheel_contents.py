"""What the code asks for at run time is what a wheel carries ('make wheel-check' builds and tries one)."""

import re
import subprocess
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
INSTALLED = re.compile(r"foreach\(folder ([^)]+)\)\n.*?endforeach\(\)", re.DOTALL)


def tracked(*patterns: str) -> list[str]:
    command = ["git", "ls-files", *patterns]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        pytest.skip("not a git checkout: the list of files is not known")
    return done.stdout.splitlines()


def install_rule() -> re.Match[str]:
    text = (ROOT / "native" / "CMakeLists.txt").read_text(encoding="utf-8")
    (rule,) = INSTALLED.finditer(text)
    return rule


def test_every_data_folder_is_installed() -> None:
    asked = {
        name
        for path in (ROOT / "conformance" / "dred_conformance").rglob("*.py")
        for name in re.findall(r"data_folder\(\s*\"([^\"]+)\"", path.read_text(encoding="utf-8"))
    }
    assert asked >= {"vectors", "spec-notes", "conformance/adapters"}
    assert set(install_rule()[1].split()) == asked


def test_every_folder_of_data_is_in_the_checkout() -> None:
    for name in install_rule()[1].split():
        assert tracked(name), name


def test_no_published_file_is_left_out_by_the_install_rule() -> None:
    patterns = re.findall(r'PATTERN "([^"]+)" EXCLUDE', install_rule()[0])
    assert "__pycache__" in patterns
    kept_out = {".gitignore"}
    for name in tracked(*install_rule()[1].split()):
        parts = set(Path(name).parts)
        hit = [each for each in patterns if any(Path(part).match(each) for part in parts)]
        assert not hit or Path(name).name in kept_out, (name, hit)


def test_every_package_of_the_checkout_is_in_the_wheel() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    packed = set(project["tool"]["scikit-build"]["wheel"]["packages"])
    packages = {
        str(Path(name).parent)
        for name in tracked("reference/*/__init__.py", "native/*/__init__.py", "conformance/*/__init__.py")
        if len(Path(name).parts) == 3
    }
    assert packages == packed
