"""Run the benchmarks and print what docs/benchmarks.md quotes."""

import platform
import statistics
import sys

from bench import databases, handouts, inventory, pages

NO_POSTGRESQL = "PostgreSQL: none answers on 127.0.0.1:5432, left out"


def main() -> int:
    """Measure on both databases; exit 1 when a figure is not what is asked for."""
    print(f"{platform.python_implementation()} {platform.python_version()}, {platform.machine()}")
    is_good = _log_handouts()
    is_good = _show_pages() and is_good
    return 0 if _re_add_stock() and is_good else 1


def _log_handouts() -> bool:
    print("| database | what | requests/s (median) | ratio to bare | asked for |")
    print("| --- | --- | ---: | ---: | ---: |")
    with databases.sqlite_url() as url:
        is_good = _report("SQLite", handouts.measure(url))
    with databases.postgresql_url() as url:
        if url is None:
            print(NO_POSTGRESQL)
        else:
            is_good = _report("PostgreSQL", handouts.measure(url)) and is_good
    return is_good


def _show_pages() -> bool:
    print()
    print(
        f"| database | page | ms at {pages.SMALL:,} handouts | ms at {pages.LARGE:,} | ratio"
        f" (≤ {pages.MOST_RATIO}) | queries (≤ {pages.MOST_QUERIES}) |"
    )
    print("| --- | --- | ---: | ---: | ---: | ---: |")
    is_good = True
    for name, fresh in (
        ("SQLite", databases.sqlite_url),
        ("PostgreSQL", databases.postgresql_url),
    ):
        costs = []
        for size in (pages.SMALL, pages.LARGE):
            with fresh() as url:
                if url is not None:
                    costs.append(pages.measure(url, size))
        if costs:
            is_good = _report_pages(name, pages.compare(*costs)) and is_good
        else:
            print(NO_POSTGRESQL)
    return is_good


def _re_add_stock() -> bool:
    print()
    print(
        f"| database | stock ledger | at {inventory.SMALL:,} movements | at"
        f" {inventory.LARGE:,} | ratio (≤ {inventory.MOST_RATIO}) |"
        f" queries (≤ {pages.MOST_QUERIES}) |"
    )
    print("| --- | --- | ---: | ---: | ---: | ---: |")
    is_good = True
    for name, fresh in (
        ("SQLite", databases.sqlite_url),
        ("PostgreSQL", databases.postgresql_url),
    ):
        ledgers = []
        for size in (inventory.SMALL, inventory.LARGE):
            with fresh() as url:
                if url is not None:
                    ledgers.append(inventory.measure(url, size))
        if not ledgers:
            print(NO_POSTGRESQL)
            continue
        small, large = ledgers
        print(
            f"| {name} | re-adding it (≤ {inventory.MOST_SECONDS:.0f} s on SQLite) |"
            f" {small.seconds:.2f} s | {large.seconds:.2f} s | | |"
        )
        is_good = _report_pages(name, inventory.compare(*ledgers)) and is_good
        is_good = is_good and (name != "SQLite" or large.seconds <= inventory.MOST_SECONDS)
    return is_good


def _report_pages(database: str, comparisons: list[pages.Comparison]) -> bool:
    for each in comparisons:
        print(
            f"| {database} | {each.page} | {each.small.milliseconds:.1f} |"
            f" {each.large.milliseconds:.1f} | {each.ratio:.2f} | {each.large.queries} |"
        )
    return all(each.is_good for each in comparisons)


def _report(database: str, contenders: list[handouts.Contender]) -> bool:
    is_good = True
    for contender in contenders:
        ratio = handouts.ratio(contender, contenders[0])
        rate = statistics.median(contender.rates)
        wanted = "" if contender.asked_for is None else f"≥ {contender.asked_for:.1f}"
        print(f"| {database} | {contender.name} | {rate:,.0f} | {ratio:.2f} | {wanted} |")
        is_good = is_good and ratio >= (contender.asked_for or 0)
    return is_good


if __name__ == "__main__":
    sys.exit(main())
