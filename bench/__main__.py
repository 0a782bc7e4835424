"""Run the benchmarks and print what docs/benchmarks.md quotes; name some to run only those."""

import platform
import statistics
import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from typing import Any

from bench import databases, finder, handouts, imports, inventory, pages, persons, sync

Fresh = Callable[[], AbstractContextManager[str | None]]
DATABASES: tuple[tuple[str, Fresh], ...] = (
    ("SQLite", databases.sqlite_url),
    ("PostgreSQL", databases.postgresql_url),
)
NO_POSTGRESQL = "PostgreSQL: none answers on 127.0.0.1:5432, left out"


def main(names: list[str]) -> int:
    """Measure on both databases; exit 1 when a figure is not what is asked for."""
    unknown = set(names) - set(PARTS)
    if unknown:
        sys.exit(f"there is no benchmark {', '.join(sorted(unknown))}: {', '.join(PARTS)}")
    print(f"{platform.python_implementation()} {platform.python_version()}, {platform.machine()}")
    results = [PARTS[name]() for name in PARTS if name in names or not names]
    return 0 if all(results) else 1


def _log_handouts() -> bool:
    _head("what", "requests/s (median)", "ratio to bare", "asked for")
    is_good = True
    for database, make in _each_database():
        contenders = _measured(make, handouts.measure)
        for contender in contenders:
            ratio = handouts.ratio(contender, contenders[0])
            rate = statistics.median(contender.rates)
            wanted = "" if contender.asked_for is None else f"≥ {contender.asked_for:.1f}"
            _row(database, contender.name, f"{rate:,.0f}", f"{ratio:.2f}", wanted)
            is_good = is_good and ratio >= (contender.asked_for or 0)
    return is_good


def _show_pages() -> bool:
    _head(
        "page",
        f"ms at {pages.SIZES[0]:,} handouts",
        f"ms at {pages.SIZES[1]:,}",
        f"ratio (≤ {pages.MOST_RATIO})",
        f"queries (≤ {pages.MOST_QUERIES})",
    )
    is_good = True
    for database, make in _each_database():
        small, large = (_measured(make, pages.measure, size) for size in pages.SIZES)
        is_good = _rows_of_pages(database, pages.compare(small, large)) and is_good
    return is_good


def _re_add_stock() -> bool:
    _head(
        "stock ledger",
        f"at {inventory.SIZES[0]:,} movements",
        f"at {inventory.SIZES[1]:,}",
        f"ratio (≤ {inventory.MOST_RATIO})",
        f"queries (≤ {pages.MOST_QUERIES})",
    )
    is_good = True
    for database, make in _each_database():
        small, large = (_measured(make, inventory.measure, size) for size in inventory.SIZES)
        what = f"re-adding it (≤ {inventory.MOST_SECONDS:.0f} s on SQLite)"
        _row(database, what, f"{small.seconds:.2f} s", f"{large.seconds:.2f} s", "", "")
        is_good = _rows_of_pages(database, inventory.compare(small, large)) and is_good
        is_good = is_good and (database != "SQLite" or large.seconds <= inventory.MOST_SECONDS)
    return is_good


def _find_persons() -> bool:
    _head(f"search among {persons.PERSONS:,} persons", f"ms (≤ {persons.MOST_MILLISECONDS})")
    is_good = True
    for database, make in _each_database():
        for finding in _measured(make, persons.measure):
            _row(database, finding.name, f"{finding.milliseconds:.0f}")
            is_good = is_good and finding.milliseconds <= persons.MOST_MILLISECONDS
    return is_good


def _find_stations() -> bool:
    most = f"{finder.MOST_SECONDS * 1000:.0f}"
    _head(f"public finder, {finder.STATIONS:,} stations", f"ms (≤ {most})")
    is_good = True
    for database, make in _each_database():
        findings, weight = _measured(make, finder.measure)
        for finding in findings:
            _row(database, finding.name, f"{finding.seconds * 1000:.0f}")
            is_good = is_good and finding.seconds <= finder.MOST_SECONDS
        limit = f"≤ {finder.MOST_BYTES // 1024} KB"
        _row(database, f"first load, compressed ({limit})", f"{weight / 1024:.1f} KB")
        is_good = is_good and weight <= finder.MOST_BYTES
    return is_good


def _import_rosters() -> bool:
    _head(
        f"importing {imports.ROWS:,} rows of .xlsx",
        "reading alone, s",
        "raw bulk insert, s",
        "import, s",
        f"ratio (≤ {imports.MOST_RATIO:.0f})",
        f"memory, MiB (≤ {imports.MOST_MEGABYTES})",
    )
    is_good = True
    for database, make in _each_database():
        done = _measured(make, imports.measure)
        seconds = (f"{figure:.2f}" for figure in (done.reading, done.inserting, done.ours))
        _row(database, "the command", *seconds, f"{done.ratio:.2f}", f"{done.megabytes:.0f}")
        is_good = is_good and done.is_good
    return is_good


def _sync_phones() -> bool:
    _head(
        f"batches of {sync.AT_ONCE} from {sync.PHONES} phones",
        "raw inserts, handouts/s",
        "sync, handouts/s",
        f"ratio (≥ {sync.LEAST_RATIO})",
        "asked for",
    )
    is_good = True
    for database, make in _each_database():
        done = _measured(make, sync.measure)
        figures = (f"{done.raw:,.0f}", f"{done.ours:,.0f}", f"{done.ratio:.2f}")
        _row(database, "sync", *figures, f"≥ {done.least:,}")
        is_good = is_good and done.is_good
    return is_good


PARTS: dict[str, Callable[[], bool]] = {
    "handouts": _log_handouts,
    "pages": _show_pages,
    "stock": _re_add_stock,
    "finder": _find_stations,
    "persons": _find_persons,
    "imports": _import_rosters,
    "sync": _sync_phones,
}


def _each_database() -> Iterator[tuple[str, Fresh]]:
    """Give the databases that answer, each by name with the way to a fresh one."""
    for name, make in DATABASES:
        with make() as url:
            is_there = url is not None
        if is_there:
            yield name, make
        else:
            print(NO_POSTGRESQL)


def _measured(make: Fresh, measure: Callable[..., Any], *arguments: object) -> Any:  # noqa: ANN401
    """Measure on a fresh database that is gone afterwards."""
    with make() as url:
        return measure(url, *arguments)


def _head(*columns: str) -> None:
    print()
    _row("database", *columns)
    _row("---", "---", *["---:"] * (len(columns) - 1))


def _row(*cells: str) -> None:
    print(f"| {' | '.join(cells)} |", flush=True)


def _rows_of_pages(database: str, comparisons: list[pages.Comparison]) -> bool:
    for each in comparisons:
        small, large = f"{each.small.milliseconds:.1f}", f"{each.large.milliseconds:.1f}"
        _row(database, each.page, small, large, f"{each.ratio:.2f}", str(each.large.queries))
    return all(each.is_good for each in comparisons)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
