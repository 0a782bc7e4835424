"""Run the benchmarks and print what docs/benchmarks.md quotes."""

import platform
import statistics
import sys

from bench import databases, handouts


def main() -> int:
    """Measure on both databases; exit 1 when a ratio is below what is asked for."""
    print(f"{platform.python_implementation()} {platform.python_version()}, {platform.machine()}")
    print("| database | what | requests/s (median) | ratio to bare | asked for |")
    print("| --- | --- | ---: | ---: | ---: |")
    with databases.sqlite_url() as url:
        is_good = _report("SQLite", handouts.measure(url))
    with databases.postgresql_url() as url:
        if url is None:
            print("PostgreSQL: none answers on 127.0.0.1:5432, left out")
        else:
            is_good = _report("PostgreSQL", handouts.measure(url)) and is_good
    return 0 if is_good else 1


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
