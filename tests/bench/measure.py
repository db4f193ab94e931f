"""Times one wapc command on project folders: five runs each of the whole process, the median of each figure."""

import argparse
import os
import pathlib
import shutil
import statistics
import sys
import time

COMMANDS = {"compile": ["compile"], "parse": ["compile", "--stop-after", "load"], "warm": ["compile"], "edit": ["compile"]}
RUNS = 5


def edit(path, text, number):
    """Another literal in the last model, as a person's save would leave it: other rows, the same columns."""
    path.write_text(f"{text.rstrip().rstrip(';')}\nLIMIT {number + 1000}\n")


def run(command):
    """One run: (exit code, user CPU in s, wall in s, peak memory in MB). Its output goes nowhere."""
    started = time.monotonic()
    pid = os.fork()
    if pid == 0:
        null = os.open(os.devnull, os.O_WRONLY)
        os.dup2(null, 1)
        os.dup2(null, 2)
        os.execv(command[0], command)
    _, status, usage = os.wait4(pid, 0)
    wall = time.monotonic() - started
    return os.waitstatus_to_exitcode(status), usage.ru_utime, wall, usage.ru_maxrss / 1024


def measure(wapc, what, project):
    files = sorted((project / "models").rglob("*.sql"))
    models = len(files)
    text = files[-1].read_text()
    command = [str(wapc), "-p", str(project), *COMMANDS[what]]
    if what in ("warm", "edit"):
        run(command)
    runs = []
    for number in range(RUNS):
        if what in ("compile", "parse"):
            shutil.rmtree(project / ".wapc", ignore_errors=True)
        if what == "edit":
            edit(files[-1], text, number)
        runs.append(run(command))
    files[-1].write_text(text)
    codes = {code for code, *_ in runs}
    user, wall, memory = (statistics.median(column) for column in list(zip(*runs))[1:])
    print(f"{what} {project}: {models} models, user {user:.3f} s, wall {wall:.3f} s, peak {memory:.0f} MB", end="")
    print("" if codes == {0} else f", FAILED with exit {sorted(codes)}")
    return codes == {0}


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--wapc", type=pathlib.Path, required=True)
    parser.add_argument("--what", choices=COMMANDS, required=True)
    parser.add_argument("projects", type=pathlib.Path, nargs="+")
    arguments = parser.parse_args()
    passed = [measure(arguments.wapc.resolve(), arguments.what, project) for project in arguments.projects]
    sys.exit(0 if all(passed) else 1)


if __name__ == "__main__":
    main()
