"""How long commands take that people wait for, in seconds of this machine.

    python benchmarks/commands.py

Half a minute. Prints the least and the median of five runs of each, in the study's folder.
"""

import subprocess
import sys
from pathlib import Path
from statistics import median
from time import perf_counter

ROOT = Path(__file__).parents[1]
GANSTUDY = Path(sys.executable).with_name("ganstudy")
COMMANDS = ("--help", "check --help", "check", "summary", "")


def main() -> None:
    for command in COMMANDS:
        took = []
        for _ in range(5):
            began = perf_counter()
            subprocess.run([GANSTUDY, *command.split()], cwd=ROOT, check=True, capture_output=True)
            took.append(perf_counter() - began)
        print(f"ganstudy {command:<14} {min(took):.2f} s at least, {median(took):.2f} s at the median")


if __name__ == "__main__":
    main()
