"""Read the first sheet of an old workbook from stdin to stdout: a program, see ``old_excel``.

It ends with 1 where there is nothing to read, and is ended where it takes too much.
"""

import io
import pickle
import resource
import sys

from python_calamine import CalamineError, CalamineWorkbook


def main(most_memory: int, most_seconds: int) -> int:
    """Read within so many bytes of memory and seconds of work."""
    content = sys.stdin.buffer.read()
    resource.setrlimit(resource.RLIMIT_AS, (most_memory, most_memory))
    resource.setrlimit(resource.RLIMIT_CPU, (most_seconds, most_seconds))
    try:
        sheet = CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0)
        table = sheet.to_python(skip_empty_area=False), sheet.merged_cell_ranges or []
    except (CalamineError, IndexError, ValueError):
        return 1
    except MemoryError:
        return 2
    pickle.dump(table, sys.stdout.buffer)
    return 0


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]), int(sys.argv[2])))
