"""The chores of the house: setup, demo, test, test-long, bench, lock, serve. Plain Python 3.11 or later, nothing else.

python3 make.py demo     set everything up, build the example county, serve it
python3 make.py test     set everything up, lint, contracts, tests on SQLite and PostgreSQL, browser walks
"""

from __future__ import annotations

import hashlib
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.proofs import PROOFS

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
BIN = VENV / ("Scripts" if os.name == "nt" else "bin")
PYTHON = BIN / ("python.exe" if os.name == "nt" else "python")
ZUGONG = BIN / ("zugong.exe" if os.name == "nt" else "zugong")
DEBIAN = {
    "postgresql": "/usr/lib/postgresql/*/bin/initdb",  # the folder alone may be the client's
    "chromium": "/usr/bin/chromium",
    "libreoffice-writer-nogui": "/usr/bin/soffice",
    "poppler-utils": "/usr/bin/pdftotext",
    "fonts-noto-cjk": "/usr/share/fonts/opentype/noto",
    "slapd": "/usr/sbin/slapd",
    "libldap2-dev": "/usr/include/ldap.h",
    "libsasl2-dev": "/usr/include/sasl/sasl.h",
}

# Tests whose answer does not hang on which database it is: of files, texts, words, rights, pages. Where they read rows, it is
# by queries that other tests put to both databases, every day or among the long proofs. Every day once, on SQLite, is enough.
SAME_ON_EVERY_DATABASE = (
    "tests/test_administrators.py",
    "tests/test_asides.py",
    "tests/test_at_rest.py",
    "tests/test_commands.py",  # their home is on SQLite, whatever the tests run on
    "tests/test_directory.py",
    "tests/test_door.py",
    "tests/test_every_record.py",
    "tests/test_floor_plan.py",
    "tests/test_forged.py",
    "tests/test_handed_out.py",
    "tests/test_hostile.py",
    "tests/test_killed.py",
    "tests/test_leaving.py",
    "tests/test_limits.py",
    "tests/test_masked_everywhere.py",
    "tests/test_on_paper.py",
    "tests/test_other_counties.py",
    "tests/test_pages.py",
    "tests/test_proofs.py",
    "tests/test_provider.py",
    "tests/test_retention.py",
    "tests/test_roletable.py",
    "tests/test_rotation_killed.py",
    "tests/test_security_page.py",
    "tests/test_seeing.py",
    "tests/test_small_numbers.py",
    *(f"zugong/base/tests/test_{name}.py" for name in ("bounds", "cells", "keyfiles", "logs", "secrecy")),
    "zugong/intake/tests/test_headings.py",
    "zugong/statistics/tests/test_rules.py",
    "zugong/reports/tests",
)


def say(sentence: str) -> None:
    """Tell whoever watches what is being done."""
    print(f"== {sentence}", flush=True)


def run(*command: str | Path, env: dict[str, str] | None = None, check: bool = True) -> int:
    """Run a command in the checkout; a failure ends the chore with its code."""
    done = subprocess.run([str(part) for part in command], cwd=ROOT, env={**os.environ, **(env or {})})
    if check and done.returncode:
        sys.exit(done.returncode)
    return done.returncode


def pip_install(*locks: str) -> None:
    """Install locked packages into .venv, once for each state of the locks."""
    stamp = VENV / f"installed-{'-'.join(locks)}"
    digest = hashlib.sha256(b"".join((ROOT / f"requirements/{name}.lock").read_bytes() for name in locks)).hexdigest()
    if stamp.exists() and stamp.read_text() == digest:
        return
    say(f"安装依赖（{'、'.join(locks)}）")
    files = [part for name in locks for part in ("-r", ROOT / f"requirements/{name}.lock")]
    run(PYTHON, "-m", "pip", "install", "-q", "--disable-pip-version-check", "--require-hashes", *files)
    stamp.write_text(digest)


def setup() -> None:
    """Everything the program needs: .venv, locked packages, the program itself, the pages' assets."""
    if sys.version_info < (3, 11):
        sys.exit("需要 Python 3.11 或更新的版本。")
    if not PYTHON.exists():
        say("建立 .venv")
        run(sys.executable, "-m", "venv", VENV)
    pip_install("run", "build")
    if not ZUGONG.exists():
        say("安装组工台")
        quiet = ("-q", "--disable-pip-version-check", "--no-deps", "--no-build-isolation")
        run(PYTHON, "-m", "pip", "install", *quiet, "--config-settings", "editable_mode=compat", "-e", ".")
    run(PYTHON, ROOT / "build_assets.py")


def demo() -> None:
    """The shop window: the example county in its own home, as of 2023-06-30, served."""
    setup()
    home = ROOT / "var/demo"
    shutil.rmtree(home, ignore_errors=True)  # each time the same county, whatever was tried on it before
    run(ZUGONG, "demo", *sys.argv[2:], env={"ZUGONG_HOME": str(home)}, check=False)


def serve() -> None:
    """The program on its own home."""
    setup()
    run(ZUGONG, "serve", *sys.argv[2:], check=False)


def there(package: str) -> list[Path]:
    """Where what a package brings is found on this machine; empty where it is not."""
    return sorted(Path("/").glob(DEBIAN[package].lstrip("/")))


def missing_programs() -> None:
    """Install what the tests open files and pages with, where this machine lets us; else say what is skipped."""
    missing = [package for package in DEBIAN if not there(package)]
    if not missing:
        return
    if shutil.which("apt-get") and hasattr(os, "geteuid") and os.geteuid() == 0:
        say(f"安装 {' '.join(missing)}")
        quiet = {"DEBIAN_FRONTEND": "noninteractive"}
        run("apt-get", "-qq", "update", env=quiet, check=False)
        run("apt-get", "-qq", "install", "-y", "--no-install-recommends", *missing, env=quiet, check=False)
    for package in missing:
        if not there(package):
            say(f"没有 {package}，用到它的测试将跳过（装上它再运行即可）")


def directory_client() -> None:
    """The extra `ldap`, which is compiled here; where it cannot be, its tests are skipped and that is said."""
    if shutil.which("cc") and there("libldap2-dev") and there("libsasl2-dev"):
        pip_install("ldap")
    else:
        say("没有编译 LDAP 软件包用的 cc、libldap2-dev、libsasl2-dev，用到它的测试将跳过")


@contextmanager
def postgres() -> Iterator[str | None]:
    """A PostgreSQL server of our own for the time of the tests; its address, or None where there is no server program."""
    programs = sorted((initdb.parent for initdb in there("postgresql")), key=lambda p: float(p.parent.name))
    if not programs:
        yield None
        return
    home = Path(tempfile.mkdtemp(prefix="zugong-pg-"))
    as_user: list[str] = []
    if os.geteuid() == 0:  # the server refuses to run as root
        shutil.chown(home, "postgres", "postgres")
        as_user = ["runuser", "-u", "postgres", "--"]
    port = free_port()
    data, tools = home / "data", programs[-1]
    subprocess.run(
        [*as_user, tools / "initdb", "-D", data, "-U", "zugong", "-A", "trust", "-E", "UTF8", "--no-sync"],
        check=True,
        stdout=subprocess.DEVNULL,
        cwd="/",
    )
    options = f"-p {port} -c listen_addresses=127.0.0.1 -k {home} -c fsync=off -c max_connections=120"
    start = [*as_user, tools / "pg_ctl", "-D", data, "-o", options, "-l", home / "log", "-w", "start"]
    subprocess.run(start, check=True, stdout=subprocess.DEVNULL, cwd="/")
    try:
        yield f"postgres://zugong@127.0.0.1:{port}/postgres"
    finally:
        stop = [*as_user, tools / "pg_ctl", "-D", data, "-m", "immediate", "stop"]
        subprocess.run(stop, stdout=subprocess.DEVNULL, cwd="/")
        shutil.rmtree(home, ignore_errors=True)


def free_port() -> int:
    """A port nobody listens on."""
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return int(s.getsockname()[1])


def checks() -> None:
    """Lint, format, types, the order of the rooms, migrations."""
    say("检查：ruff、mypy、房间次序、迁移")
    run(PYTHON, "-m", "ruff", "check", ".")
    run(PYTHON, "-m", "ruff", "format", "--check", "-q", ".")
    run(PYTHON, "-m", "mypy")
    run(BIN / "lint-imports", "--no-cache")
    with tempfile.TemporaryDirectory() as home:
        env = {"ZUGONG_HOME": home, "DJANGO_SETTINGS_MODULE": "zugong.settings"}
        run(PYTHON, "-m", "django", "makemigrations", "--check", "--dry-run", "-v", "1", env=env)


def pytest(*arguments: str, env: dict[str, str] | None = None, check: bool = True) -> int:
    """Run tests in a home of their own."""
    with tempfile.TemporaryDirectory(prefix="zugong-test-") as home:
        return run(PYTHON, "-m", "pytest", *arguments, env={"ZUGONG_HOME": home, **(env or {})}, check=check)


def test() -> None:
    """What must pass before anything lands."""
    begun = time.monotonic()
    setup()
    pip_install("dev")
    missing_programs()
    directory_client()
    checks()
    say("测试：SQLite")
    pytest("-n", "2", "--dist", "loadgroup", "-m", "not browser and not long")
    with postgres() as url:
        if url:
            say("测试：PostgreSQL")
            marks = "not browser and not office and not long"
            ignored = [f"--ignore={path}" for path in SAME_ON_EVERY_DATABASE]
            pytest("-n", "2", "--dist", "loadgroup", "-m", marks, *ignored, env={"ZUGONG_DATABASE_URL": url})
        else:
            say("没有 PostgreSQL 服务程序，跳过 PostgreSQL 上的测试")
    if there("chromium"):
        say("测试：浏览器")
        pytest("-n", "2", "--dist", "loadfile", "-m", "browser and not long")
    else:
        say("没有 Chromium，跳过浏览器测试")
    say(f"全部通过，用时 {(time.monotonic() - begun) / 60:.1f} 分钟")


def test_long() -> None:
    """Proofs too long for every run, each in a process of its own, on both databases; their results go into docs/proofs.md.

    Those that are named, or all of them. One that does not pass stops no other.
    """
    setup()
    pip_install("dev")
    pip_install("long")
    missing_programs()
    failed = []
    with postgres() as url:
        for database, env in (("SQLite", {}), ("PostgreSQL", {"ZUGONG_DATABASE_URL": url or ""})):
            for proof in sys.argv[2:] or PROOFS:
                if database == "SQLite" or url:
                    say(f"证明：{PROOFS[proof]}（{database}）")
                    if pytest(proof, env={"ZUGONG_PROOFS": str(ROOT / "docs/proofs.md"), **env}, check=False):
                        failed.append(f"{proof}（{database}）")
    if failed:
        sys.exit("没有通过：\n" + "\n".join(failed))


def bench() -> None:
    """Ratios against bare libraries and hand-written SQL, measured in one run."""
    setup()
    run(PYTHON, "-m", "bench", *sys.argv[2:])


def lock() -> None:
    """Write the lock files anew, with hashes and without any registry's address."""
    pip_install("dev")
    bare = ["--no-emit-index-url", "--no-emit-find-links", "--no-emit-trusted-host", "--no-emit-options", "--no-header"]
    compiled = [BIN / "pip-compile", "-q", "--generate-hashes", "--strip-extras", "--allow-unsafe", *bare]
    run(*compiled, "--extra", "pg", "-o", "requirements/run.lock", "pyproject.toml")
    for name in ("ldap", "build", "dev", "long"):
        run(*compiled, "-o", f"requirements/{name}.lock", f"requirements/{name}.in")


CHORES = {"setup": setup, "demo": demo, "serve": serve, "test": test, "test-long": test_long, "bench": bench, "lock": lock}

if __name__ == "__main__":
    chosen = sys.argv[1] if len(sys.argv) > 1 else ""
    if chosen not in CHORES:
        sys.exit(f"用法：python3 make.py {' | '.join(CHORES)}")
    try:
        CHORES[chosen]()
    except KeyboardInterrupt:
        sys.exit(130)
