"""Run the benchmarks and print what docs/benchmarks.md quotes."""

import platform
import sys

from bench import databases, handouts


def main() -> int:
    """Measure on both databases; exit 1 when a ratio is below what is asked for."""
    print(f"{platform.python_implementation()} {platform.python_version()}, {platform.machine()}")
    rows = []
    with databases.sqlite_url() as url:
        rows += handouts.measure("SQLite", url).rows()
    with databases.postgresql_url() as url:
        if url is None:
            print("PostgreSQL: none answers on 127.0.0.1:5432, left out")
        else:
            rows += handouts.measure("PostgreSQL", url).rows()
    print("| database | what | requests/s (median) | ratio to bare | asked for |")
    print("| --- | --- | ---: | ---: | ---: |")
    for database, what, rate, ratio, wanted in rows:
        print(f"| {database} | {what} | {rate:,.0f} | {ratio:.2f} | ≥ {wanted:.1f} |")
    return 0 if all(ratio >= wanted for *_rest, ratio, wanted in rows) else 1


if __name__ == "__main__":
    sys.exit(main())
