"""Makes the run that FOLDER/job.json names, and writes result.json: python -m lab.job FOLDER."""

import gzip
import json
import shutil
import signal
import sys
import time
from pathlib import Path
from typing import Any

from lab.accounting import account
from lab.consumer import FailedRunError
from lab.figures import charts, delays, milliseconds, rate
from lab.run import Run
from lab.scenarios import SCENARIOS
from lab.settings import Settings
from lab.verdict import judge
from patterns import COMPARED
from starting.process import NotStartedError

LARGE = 1_000_000  # bytes; larger files are compressed


def make(scenario: str, pattern: str, settings: Settings, folder: Path) -> dict[str, Any]:
    """Play a scenario, count its messages, judge the counts, and return result.json's content."""
    began = time.monotonic()
    folder.mkdir(parents=True, exist_ok=True)
    with Run(COMPARED[pattern], settings, folder) as run:
        allowed = SCENARIOS[scenario].play(run)
        run.more += run.last_words()
        run.stop(*run.listeners)
        remaining = run.remaining()
        sent, others = run.producer().sent()
        logs = run.logs()
        counted = account(sent, logs, run.pattern.everyone_hears, run.since, remaining)
        counted.unexpected = max(0, counted.unexpected - others["unnamed"])
        verdict = judge(counted, allowed, sent, run.more, run.pattern.everyone_hears, run.is_busy)
        late = delays(sent, logs)
        rare = {name: count for name, count in others.items() if count or name == "refused"}
        figures = {**counted.counts(), **rare, **rate(late), **run.facts}
        figures |= milliseconds("delay", (d for _, d in late), ("p50", "p90", "p99", "p999", "max"))
        waits = (one.answered - one.meant for one in sent)
        figures |= milliseconds("send_delay", waits, ("p50", "p99"))
        figures["redis_memory_mib"] = run.sampler.memory
        if lengths := run.lengths():
            figures["longest_queue"] = max(length for _, length in lengths)
        return {
            "verdict": verdict.kind,
            "words": ", ".join(filter(None, [verdict.words, run.words])),
            "broken": verdict.broken,
            "ended": run.ended,
            "seconds": round(time.monotonic() - began, 1),
            "figures": figures,
            "charts": charts(sent, late, lengths),
        }


def compress(folder: Path) -> None:
    """Compress large logs, and delete the files in which Redis kept its data."""
    for path in folder.glob("*.jsonl"):
        if path.stat().st_size > LARGE:
            with path.open("rb") as raw, gzip.open(f"{path}.gz", "wb", 1) as packed:
                shutil.copyfileobj(raw, packed)
            path.unlink()
    for rest in ("appendonlydir", "dump.rdb", "appendonly.aof"):
        path = folder / rest
        if path.is_dir():
            shutil.rmtree(path)
        path.unlink(missing_ok=True)


def main(folder: Path) -> int:
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that `with Run` ends its processes
    job = json.loads((folder / "job.json").read_text())
    try:
        result = make(job["scenario"], job["pattern"], Settings(**job["settings"]), folder)
    except (FailedRunError, NotStartedError) as error:
        result = {"failed": str(error)}
    compress(folder)
    (folder / "result.json").write_text(json.dumps(job | result, ensure_ascii=False) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
