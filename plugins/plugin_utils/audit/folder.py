# Copyright: (c) 2026, dataops.access contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The report on disk: each file whole or not at all, for the owner alone, and a copy of each run under ``history/``."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any
from urllib.parse import quote

from ansible_collections.dataops.access.plugins.module_utils.core import files
from ansible_collections.dataops.access.plugins.module_utils.core.errors import ValidationError
from ansible_collections.dataops.access.plugins.plugin_utils.audit import evidence
from ansible_collections.dataops.access.plugins.plugin_utils.audit.changes import CHANGES
from ansible_collections.dataops.access.plugins.plugin_utils.audit.lookback import looked_back
from ansible_collections.dataops.access.plugins.plugin_utils.audit.renderers import (
    PERIOD,
    PERIOD_REPORT,
    RENDERERS,
    REPORT,
    to_json,
)

TENANTS = "tenants"
HISTORY = "history"


@dataclass(frozen=True)
class Written:
    """What a run wrote.

    ``run``: a name that no other run has, wherever it ran; ``newest``: paths outside of ``history/``, ``kept``: in it.
    """

    run: str
    newest: list[str]
    kept: list[str]
    # By host.
    tenants: Mapping[str, str] = field(default_factory=dict)

    @property
    def paths(self) -> list[str]:
        """Everything that is the run's, those outside of history first."""
        return [*self.newest, *self.kept]

    def announced(self, sha256: str) -> list[str]:
        """Lines that say where the record is, and the page for people beside it."""
        pages = [path for path in self.newest if path.endswith(".html")]
        return [f"Report: {self.newest[0]} (SHA-256 {sha256})", *(f"To read in a browser: {page}" for page in pages)]


def prepare(directory: str) -> None:
    """Make the report's folder. Raises ValidationError naming it when it cannot be used."""
    path = Path(directory)
    try:
        for folder in (path, path / TENANTS, path / HISTORY):
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            if not os.access(folder, os.R_OK | os.W_OK | os.X_OK):
                raise ValidationError(
                    f"access_report_dir: {folder} cannot be read and written; correct its permissions"
                )
    except OSError as problem:
        raise ValidationError(f"access_report_dir: {directory} cannot be used: {problem.strerror}") from None
    for name in (REPORT, CHANGES):
        newest = path / name
        if newest.exists() and not (newest.is_file() and os.access(newest, os.R_OK)):
            raise ValidationError(f"access_report_dir: {newest} is there and cannot be read; correct its permissions")


def previous_report(directory: str | None, chosen: str | None) -> dict[str, Any] | None:
    """The report before: the ``chosen`` file, or the newest of the folder if there is one.

    Raises ValidationError where it cannot be read, was changed, or is none.
    """
    if chosen:
        advice = "name another report, or leave access_previous_report out to begin anew"
        return evidence.required(Path(chosen), evidence.REPORT, "access_previous_report", advice)
    return _newest(directory, REPORT, evidence.REPORT)


def previous_changes(directory: str | None) -> dict[str, Any] | None:
    """The newest record of changes in the folder, if there is one. Raises ValidationError where it is none."""
    return _newest(directory, CHANGES, evidence.CHANGES)


def _newest(directory: str | None, name: str, kind: str) -> dict[str, Any] | None:
    path = Path(directory or ".") / name
    if not directory or not path.exists():
        return None
    return evidence.required(path, kind, "access_report_dir", "find out why, and move it away to begin anew")


def with_earlier(
    directory: str | None, previous: Mapping[str, Any] | None, records: Sequence[Mapping[str, Any]], partial: bool
) -> tuple[Mapping[str, Any] | None, list[str]]:
    """What is known of before: the previous report with what kept ones say beside it (`lookback`), and warnings."""
    if previous is None or not directory:
        return previous, []
    warnings: list[str] = []
    hosts = [host for host in (str(record["tenant"]) for record in records) if _of_tenant(directory, host).exists()]
    earlier = _leading_to(Path(directory) / HISTORY, previous, warnings)
    return looked_back(previous, earlier, records, partial, hosts), warnings


def _leading_to(history: Path, report: Mapping[str, Any], warnings: list[str]) -> Iterator[Mapping[str, Any]]:
    """The kept reports before this one, the newest first, each as the one after it names it by its SHA-256."""
    places = sorted(history.glob("*"))
    link = report["previous"]
    while link is not None:
        # One that was taken away ends them: the report of a period says so, and nothing else depends on it.
        found = None
        for path in (place / REPORT for place in places if place.name.startswith(_stamp(link["at"]))):
            try:
                kept_one = evidence.load(path, evidence.REPORT) if path.exists() else None
            except evidence.Damaged as problem:
                warnings.append(f"{path} {problem}; what it and earlier reports found counts as new")
                continue
            if kept_one is not None and kept_one["sha256"] == link["sha256"]:
                found = kept_one
        if found is None:
            return
        yield found
        link = found["previous"]


def _of_tenant(directory: str, host: str) -> Path:
    return Path(directory) / TENANTS / f"{quote(host, safe=' @:+,=')}.json"


def write_tenant(directory: str, record: Mapping[str, Any]) -> str:
    """``tenants/<host>.json``; returns its path."""
    path = str(_of_tenant(directory, str(record["tenant"])))
    files.save(path, to_json(record))
    return path


def write_run(directory: str, record: Mapping[str, Any]) -> Written:
    """Every file of the report, and the same under ``history/``.

    ``report.json`` is written last: where it is new, the others are.
    """
    return _write(directory, record, {name: render(record) for name, render in RENDERERS.items()}, REPORT)


def write_whole(directory: str, record: Mapping[str, Any]) -> Written:
    """The report and one file for each tenant."""
    tenants = {str(tenant["tenant"]): write_tenant(directory, tenant) for tenant in record["tenants"]}
    return replace(write_run(directory, record), tenants=tenants)


def write_changes(directory: str, record: Mapping[str, Any]) -> Written:
    """``changes.json``, and the same under ``history/``."""
    return _write(directory, record, {CHANGES: to_json(record)}, CHANGES)


def write_receipt(directory: str, record: Mapping[str, Any], texts: Mapping[str, str]) -> Written:
    """The receipt of one person, and the same under ``history/``."""
    return _write(directory, record, texts, next(iter(texts)))


def write_period(directory: str, record: Mapping[str, Any]) -> Written:
    """The three files of a period report, and the same under ``history/``."""
    return _write(directory, record, {name: render(record) for name, render in PERIOD.items()}, PERIOD_REPORT)


def _write(directory: str, record: Mapping[str, Any], texts: Mapping[str, str], last: str) -> Written:
    run = record["run"]
    kept = _new_folder(Path(directory) / HISTORY, f"{_stamp(run['at'])}-{run['job_id']}")
    for folder in (kept, Path(directory)):
        for name in sorted(texts, key=lambda name: name == last):
            files.save(str(folder / name), texts[name])
    newest, copies = ([str(folder / name) for name in texts] for folder in (Path(directory), kept))
    return Written(f"{kept.name}-{record['sha256'][:8]}", newest, copies)


def find_report(directory: str, sha256: str) -> dict[str, Any]:
    """The report of that hash, the newest or one under ``history/``. Raises ValidationError: none, or changed since."""
    newest = Path(directory) / REPORT
    changed = None
    for path in (newest, *sorted(Path(directory).glob(f"{HISTORY}/*/{REPORT}"), reverse=True)):
        try:
            text = path.read_text(encoding="utf-8")
            # Most are others, which need not be read as evidence. The one after it names the hash too.
            record = evidence.parse(text, evidence.REPORT) if sha256 in text else None
        except (OSError, UnicodeDecodeError):
            continue  # another one may be the one
        except evidence.Damaged as problem:
            changed = changed or f"{path} {problem}"
            continue
        if record is not None and record["sha256"] == sha256:
            return record
    if changed:
        raise ValidationError(f"access_report_dir: {changed}")
    raise ValidationError(
        f"access_report_dir: {directory} holds no report with the SHA-256 {sha256}; give the folder of the audit that "
        "was reviewed"
    )


def kept(directory: str) -> Iterator[tuple[str, str, dict[str, Any] | evidence.Damaged]]:
    """Everything that lies under ``history/``, in the order of time: path, kind, and the record or why it is none.

    Raises ValidationError where there is no history.
    """
    history = Path(directory) / HISTORY
    if not history.is_dir():
        raise ValidationError(f"access_report_dir: {history} does not exist; name the folder that audits write to")
    # Of one second, what was done comes before what was seen.
    for place in sorted(path for path in history.iterdir() if path.is_dir()):
        for name, kind in ((CHANGES, evidence.CHANGES), (REPORT, evidence.REPORT)):
            path = place / name
            if path.exists():
                yield str(path), kind, _kept(path, kind)


def _kept(path: Path, kind: str) -> dict[str, Any] | evidence.Damaged:
    try:
        record = evidence.load(path, kind)
    except evidence.Damaged as problem:
        return problem
    if not path.parent.name.startswith(_stamp(record["run"]["at"])):
        return evidence.Damaged(f"does not belong in this folder: it is of {record['run']['at']}")
    return record


def newest(directory: str) -> Iterator[tuple[str, str, dict[str, Any] | evidence.Damaged]]:
    """The same for what lies beside ``history/``."""
    for name, kind in ((CHANGES, evidence.CHANGES), (REPORT, evidence.REPORT)):
        path = Path(directory) / name
        if path.exists():
            try:
                yield str(path), kind, evidence.load(path, kind)
            except evidence.Damaged as problem:
                yield str(path), kind, problem


def _stamp(at: str) -> str:
    """A moment as folders are named for it."""
    return at.replace("-", "").replace(":", "")


def _new_folder(parent: Path, name: str) -> Path:
    safe = quote(name, safe="")
    for number in range(1, 1000):
        folder = parent / (safe if number == 1 else f"{safe}.{number}")
        try:
            folder.mkdir(mode=0o700)
        except FileExistsError:
            continue
        except OSError as problem:
            raise ValidationError(f"access_report_dir: {folder} cannot be made: {problem.strerror}") from None
        return folder
    raise ValidationError(f"access_report_dir: {parent} holds too many runs of {name}")
