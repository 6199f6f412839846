import type { Example } from "./example.ts";

export const python: readonly Example[] = [
  {
    title: "Hello, live",
    shows: "output as it comes, in colour",
    writes: "Hello",
    code: String.raw`import sys
import time

for step, word in enumerate(["Hello", "from", "a", "container", "nobody", "used", "before"]):
    print(f"\033[3{1 + step % 6}m{word}\033[0m", end=" ", flush=True)
    time.sleep(0.15)
print()
print("Python", sys.version.split()[0], file=sys.stderr)
`,
  },
  {
    title: "Count words",
    shows: "reads the input",
    writes: "2  the",
    stdin: "the cave is dark\nthe ghost is not afraid\n",
    code: String.raw`import sys
from collections import Counter

words = Counter(sys.stdin.read().split())
for word, count in words.most_common(10):
    print(f"{count:4}  {word}")
`,
  },
  {
    title: "A small report",
    shows: "several files, arguments",
    writes: "north",
    args: "--top 2",
    files: {
      "report.py": String.raw`import csv
from collections import defaultdict


def totals(path):
    sums = defaultdict(float)
    with open(path, newline="") as file:
        for row in csv.DictReader(file):
            sums[row["region"]] += float(row["amount"])
    return sorted(sums.items(), key=lambda pair: -pair[1])
`,
      "data/sales.csv": "region,amount\nnorth,120.50\nsouth,80\neast,44.25\nnorth,64\nsouth,12.75\n",
    },
    code: String.raw`import argparse

from report import totals

parser = argparse.ArgumentParser()
parser.add_argument("--top", type=int, default=10)
args = parser.parse_args()

for region, amount in totals("data/sales.csv")[: args.top]:
    print(f"{region:<8}{amount:>10.2f}  {'█' * round(amount / 8)}")
`,
  },
  {
    title: "An exception",
    shows: "a runtime error with its traceback",
    ends: "runtime_error",
    writes: "ZeroDivisionError",
    code: String.raw`def mean(numbers):
    return sum(numbers) / len(numbers)


print(mean([3, 1, 4, 1, 5]))
print(mean([]))
`,
  },
  {
    title: "Eight queens",
    shows: "processor time",
    writes: "92 solutions",
    code: String.raw`def queens(n, row=0, columns=0, left=0, right=0):
    if row == n:
        return 1
    found = 0
    free = ~(columns | left | right) & ((1 << n) - 1)
    while free:
        bit = free & -free
        free ^= bit
        found += queens(n, row + 1, columns | bit, (left | bit) << 1, (right | bit) >> 1)
    return found


for n in range(4, 10):
    print(f"{n} queens: {queens(n)} solutions", flush=True)
`,
  },
];
