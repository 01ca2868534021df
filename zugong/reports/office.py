"""LibreOffice, where the machine has it: a Word paper as PDF, the way it will be printed.

Never needed to write a report; without LibreOffice the .docx is the result.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import tempfile
from pathlib import Path

from zugong.base.rules import Refused

COMMANDS = ("soffice", "libreoffice")
PLACES = (
    r"C:\Program Files\LibreOffice\program\soffice.exe",
    r"C:\Program Files (x86)\LibreOffice\program\soffice.exe",
    "/Applications/LibreOffice.app/Contents/MacOS/soffice",
    "/opt/libreoffice/program/soffice",
)
PATIENCE = 120.0  # seconds; a first start on a slow machine takes up to thirty
MISSING = "本机没有安装 LibreOffice，不能转换成 PDF。Word 文件不受影响；需要 PDF 时请安装 LibreOffice，或用 Word、WPS 另存。"


def find_soffice() -> str | None:
    """The LibreOffice program of this machine, or None."""
    on_path = (shutil.which(command) for command in COMMANDS)
    at_place = (place for place in PLACES if Path(place).is_file())
    return next((found for found in (*on_path, *at_place) if found), None)


def to_pdf(docx: Path, folder: Path, fonts_conf: Path | None = None, patience: float = PATIENCE) -> Path:
    """Convert `docx` into `folder` under the same name and return the PDF; `patience` in seconds.

    `fonts_conf` is a fontconfig file that says which font stands for a missing one. Raises `Refused` when LibreOffice
    is not installed, takes too long, or gives no PDF; an older PDF of that name is then left as it was.
    """
    soffice = find_soffice()
    if soffice is None:
        raise Refused(MISSING)
    if not docx.is_file():
        raise Refused(f"没有找到要转换的文件“{docx.name}”。")
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="zugong-office-") as name:
        work = Path(name)
        complaint = run_soffice(arguments(soffice, docx, work), environment(fonts_conf), patience)
        made = work / "out" / f"{docx.stem}.pdf"
        if not made.is_file() or not made.stat().st_size:
            raise Refused(f"LibreOffice 没有把“{docx.name}”转换成 PDF。{complaint}".strip())
        return Path(shutil.move(made, folder / made.name))


def arguments(soffice: str, docx: Path, work: Path) -> list[str]:
    """The command line. A profile of its own lets several conversions run at once and beside an open LibreOffice."""
    profile = (work / "profile").resolve().as_uri()
    return [
        soffice,
        f"-env:UserInstallation={profile}",
        "--headless",
        "--norestore",
        "--nolockcheck",
        "--convert-to",
        "pdf:writer_pdf_Export",
        "--outdir",
        str(work / "out"),
        str(docx.resolve()),
    ]


def environment(fonts_conf: Path | None) -> dict[str, str]:
    """This process's environment, with the fonts' stand-ins if any."""
    chosen = {"FONTCONFIG_FILE": str(fonts_conf.resolve())} if fonts_conf else {}
    return {**os.environ, **chosen}


def run_soffice(command: list[str], env: dict[str, str], patience: float) -> str:
    """Run LibreOffice to its end; what it said when it failed, '' otherwise. Raises `Refused`."""
    try:
        process = subprocess.Popen(  # noqa: S603 - a fixed program, a list of arguments, no shell
            command, env=env, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, start_new_session=True
        )
    except OSError as error:
        raise Refused(f"LibreOffice 不能启动：{error.strerror or error}。请检查安装。") from error
    try:
        said, _ = process.communicate(timeout=patience)
    except subprocess.TimeoutExpired:
        stop(process)
        raise Refused(f"LibreOffice 在 {patience:g} 秒内没有完成转换，已停止。请稍后再试。") from None
    return f"它的提示：{said.decode(errors='replace').strip()[:300]}" if process.returncode and said.strip() else ""


def stop(process: subprocess.Popen[bytes]) -> None:
    """End LibreOffice with the helpers it started; `soffice` is a script, the work is done by its child."""
    if hasattr(os, "killpg"):
        os.killpg(process.pid, signal.SIGKILL)
    process.kill()
    process.communicate()
