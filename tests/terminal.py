#!/usr/bin/env python3
"""Runs a command on a terminal and plays its user.

usage: terminal.py STEP... -- COMMAND [ARG...]

STEPs, in order: size:ROWSxCOLUMNS (what the terminal has, or gets), wait:TEXT
(until TEXT has come behind what was waited for before), say:TEXT (typed as it
is; \\r is Enter, \\x04 the end of input), type:FILE (its bytes), run:COMMAND
(of a shell, elsewhere; nothing is read from the terminal meanwhile), hangup:.
Then the command's end is awaited.  Prints all that came and ends with the
command's status, 128 + N for signal N; 111 when a text did not come, 112 when
a COMMAND failed.
"""
import fcntl
import os
import pty
import select
import struct
import subprocess
import sys
import termios

PATIENCE = 60


def main():
    if "--" not in sys.argv[1:]:
        sys.exit(__doc__)
    at = sys.argv.index("--")
    steps, command = sys.argv[1:at], sys.argv[at + 1:]
    master, slave = pty.openpty()
    came, seen = bytearray(), 0

    def more():
        nonlocal came
        if not select.select([master], [], [], PATIENCE)[0]:
            return False
        try:
            data = os.read(master, 65536)
        except OSError:  # its last user has gone
            return False
        came += data
        return bool(data)

    def size(text):
        rows, columns = map(int, text.split("x"))
        fcntl.ioctl(master, termios.TIOCSWINSZ,
                    struct.pack("HHHH", rows, columns, 0, 0))

    if steps and steps[0].startswith("size:"):
        size(steps.pop(0)[5:])
    pid = os.fork()
    if pid == 0:
        os.close(master)
        os.login_tty(slave) if hasattr(os, "login_tty") else take(slave)
        os.execvp(command[0], command)
    os.close(slave)
    missed = 0
    for step in steps:
        what, _, text = step.partition(":")
        if what in ("wait", "say"):
            text = text.encode().decode("unicode_escape")
        if what == "size":
            size(text)
        elif what == "say":
            os.write(master, text.encode())
        elif what == "type":
            with open(text, "rb") as f:
                os.write(master, f.read())
        elif what == "run":
            if subprocess.run(["sh", "-c", text]).returncode != 0:
                missed = 112
                break
        elif what == "hangup":
            os.close(master)
            master = None
        elif what == "wait":
            text = text.encode()
            while not missed and (found := came.find(text, seen)) < 0:
                missed = 0 if more() else 111
            if missed:
                break
            seen = found + len(text)
        else:
            sys.exit(f"no such step: {step}")
    while master is not None and more():
        pass
    if master is not None:
        os.close(master)
    status = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
    sys.stdout.buffer.write(came)
    sys.exit(missed if missed else status if status >= 0 else 128 - status)


def take(slave):
    """Makes slave the terminal of this process, which leads a session."""
    os.setsid()
    fcntl.ioctl(slave, termios.TIOCSCTTY, 0)
    for fd in range(3):
        os.dup2(slave, fd)


main()
