#!/usr/bin/env python3
"""Which behaviours of Kafka's own producer tests do our tests pin?

usage: java_tests.py TEST_PROGRAM...    checks the table against the test cases that these programs hold, prints a
                                        summary per class; exit 1 if a row is wrong or too few behaviours are pinned
       java_tests.py --self-test        a bad table must be objected to

The table is java_tests/CLASS.txt, a row for each test of that class in Kafka 4.3.1:

    nameOfTheJavaTest | our Catch2 test case
                      | one more of ours, where it takes several
    nameOfAnother     | n/a: why this behaviour does not exist here
    nameOfAThird      | missing

The first line of a file says how many tests the class has, so that no row is lost.
"""
import pathlib
import re
import subprocess
import sys
import tempfile

TABLE = pathlib.Path(__file__).with_name("java_tests")
CLASSES, TESTS = 13, 458
LEAST_MAPPED = 95  # per cent of the applicable rows


class Row:
    def __init__(self, name, place):
        self.name, self.place, self.ours, self.reason = name, place, [], None


def read_class(path, complain):
    """The rows of one file; complain(place, text) hears what is wrong with it."""
    rows = []
    lines = path.read_text().splitlines()
    for number, line in enumerate(lines, 1):
        place = f"{path.name}:{number}"
        if not line.strip() or line.startswith("#"):
            continue
        name, bar, value = (part.strip() for part in line.partition("|"))
        if not bar or not value:
            complain(place, "expected: NAME | our test case, n/a: reason, or missing")
            continue
        if name:
            rows.append(Row(name, place))
        elif not rows or not rows[-1].ours:
            complain(place, "a line without a name continues a row that names a test case")
            continue
        if value.startswith("n/a"):
            rows[-1].reason = value[3:].lstrip(": ")
            if len(rows[-1].reason) < 10:
                complain(place, "n/a needs its reason")
        elif value != "missing":
            rows[-1].ours.append(value)
    check_names(path, lines, rows, complain)
    return rows


def check_names(path, lines, rows, complain):
    head = re.match(r"# .*/(\w+)\.java: (\d+) tests?$", lines[0] if lines else "")
    if not head or head[1] != path.stem:
        complain(f"{path.name}:1", f"expected: # .../{path.stem}.java: N tests")
    elif int(head[2]) != len(rows):
        complain(f"{path.name}:1", f"the class has {head[2]} tests, the file {len(rows)} rows")
    seen = set()
    for row in rows:
        if row.name in seen:
            complain(row.place, f"{row.name} stands here twice")
        seen.add(row.name)


def test_cases(programs, complain):
    names = set()
    for program in programs:
        try:
            listed = subprocess.run([program, "--list-test-names-only"], capture_output=True, text=True)
            names.update(line.strip() for line in listed.stdout.splitlines())
        except OSError as error:
            complain(program, f"cannot be asked for its test cases: {error.strerror}")
    return names


def check(table, names, complain):
    """Prints the summary; returns (rows, n/a, mapped)."""
    print(f"{'class':28}{'tests':>6}{'mapped':>8}{'n/a':>6}{'missing':>9}")
    total = [0, 0, 0]
    for path in sorted(table.glob("*.txt")):
        rows = read_class(path, complain)
        for row in rows:
            for name in row.ours:
                if name not in names:
                    complain(row.place, f"{row.name}: no test case \"{name}\"")
        counts = [len(rows), sum(row.reason is not None for row in rows), sum(bool(row.ours) for row in rows)]
        print_counts(path.stem, *counts)
        total = [a + b for a, b in zip(total, counts)]
    print_counts("all", *total)
    return total


def print_counts(name, rows, without, mapped):
    print(f"{name:28}{rows:6}{mapped:8}{without:6}{rows - without - mapped:9}")


def main(programs):
    wrong = []
    rows, without, mapped = check(TABLE, test_cases(programs, lambda *what: wrong.append(what)),
                                  lambda *what: wrong.append(what))
    classes = len(list(TABLE.glob("*.txt")))
    if (classes, rows) != (CLASSES, TESTS):
        wrong.append((TABLE.name, f"{rows} rows in {classes} classes; Kafka has {TESTS} in {CLASSES}"))
    share = 100 * mapped / max(1, rows - without)
    print(f"{share:.1f} % of the {rows - without} behaviours that apply are pinned by our tests")
    if share < LEAST_MAPPED:
        wrong.append((TABLE.name, f"less than {LEAST_MAPPED} %"))
    for place, text in wrong:
        print(f"{place}: {text}")
    return 1 if wrong else 0


SELF_TESTS = [  # rows, what the checker must say (None: nothing)
    ("one | ours\n    | ours too\ntwo | n/a: nothing of the kind here\nthree | missing\n", None),
    ("one | ours\none | ours\nthree | missing\n", "twice"),
    ("one | ours\nthree | missing\n", "rows"),
    ("one | somebody's\ntwo | ours\nthree | missing\n", "no test case"),
    ("one | n/a:\ntwo | ours\nthree | missing\n", "reason"),
    ("one\ntwo | ours\nthree | missing\n", "expected"),
    (" | ours\none | ours\ntwo | ours\nthree | missing\n", "without a name"),
]


def self_test():
    failed = 0
    for rows, expected in SELF_TESTS:
        said = []
        with tempfile.TemporaryDirectory() as folder:
            path = pathlib.Path(folder) / "SomeTest.txt"
            path.write_text("# kafka/SomeTest.java: 3 tests\n" + rows)
            check(path.parent, {"ours", "ours too"}, lambda place, text: said.append(text))
        if (expected is None and said) or (expected and not any(expected in text for text in said)):
            print(f"of {rows!r} the checker said {said}, expected: {expected}")
            failed = 1
    return failed


if __name__ == "__main__":
    sys.exit(self_test() if sys.argv[1:] == ["--self-test"] else main(sys.argv[1:]))
