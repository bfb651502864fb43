#!/usr/bin/env python3
"""A TCP relay on loopback that treats its connections badly.

usage: relay.py PORT-FILE TARGET-PORT [OPTION...]

Listens on a free port of 127.0.0.1, writes it to PORT-FILE and passes every
connection on to TARGET-PORT there, until it is killed.  UP is what the client
says, DOWN what the target says; a number of bytes is that of one connection,
TLS included.

  --bytes            one byte a segment, both ways
  --join MS          keeps what comes for MS, then passes it on in one piece
  --delay MS         passes everything on MS later, both ways
  --cut-up N, --cut-down N
                     ends the connection when N bytes have gone that way:
  --how fin          (the default) in order, on both sides
  --how rst          by a reset, on both sides
  --how silent       nothing more goes either way, and nobody is told
  --stall-up N, --stall-down N
                     passes no more on that way after N bytes, and reads no
                     more either; the other way goes on

The end of one way is passed on as it is; a reset of one side resets the other.
"""
import argparse
import fcntl
import os
import select
import socket
import struct
import threading
import time

ROOM = 1 << 20


class Cut(Exception):
    """The connection is to be cut."""


def unsent(sock):
    """Bytes that the system has not sent for the first time yet."""
    siocoutqnsd = 0x894b
    return struct.unpack("i", fcntl.ioctl(sock, siocoutqnsd, b"\0" * 4))[0]


class Way:
    """One direction: from source to sink."""

    def __init__(self, source, sink, options, cut, stall):
        self.source, self.sink, self.options = source, sink, options
        self.cut, self.stall = cut, stall
        self.queue = []       # [due, bytes]; b"" is the end
        self.taken = self.passed = 0
        self.ended = self.done = False

    def wants(self):
        """Whether to read."""
        return not self.ended and \
            sum(len(data) for _, data in self.queue) < ROOM and \
            (self.stall is None or self.taken < self.stall)

    def due(self):
        """When there is something to write; None: nothing."""
        return self.queue[0][0] if self.queue else None

    def read(self):
        n = 65536 if self.stall is None else min(65536, self.stall - self.taken)
        data = self.source.recv(n)
        self.taken += len(data)
        self.ended = not data
        now = time.monotonic()
        if self.options.join and self.queue and data:
            self.queue[-1][1] += data
        else:
            wait = self.options.join or self.options.delay or 0
            self.queue.append([now + wait / 1000, data])

    def write(self):
        while self.queue and self.queue[0][0] <= time.monotonic():
            data = self.queue[0][1]
            if not data:
                self.queue.pop(0)
                self.sink.shutdown(socket.SHUT_WR)
                self.done = True
                return
            if self.cut is not None:
                data = data[:self.cut - self.passed]
            if self.options.bytes:
                data = data[:1]
                if unsent(self.sink):
                    # it would be joined to that
                    self.queue[0][0] = time.monotonic() + 0.0005
                    return
            try:
                n = self.sink.send(data)
            except BlockingIOError:
                return
            self.passed += n
            self.queue[0][1] = self.queue[0][1][n:]
            if not self.queue[0][1]:
                self.queue.pop(0)
            self.look()

    def look(self):
        if self.cut is not None and self.passed >= self.cut:
            raise Cut


def turn(ways):
    """Waits until something can be done and does it."""
    now = time.monotonic()
    reading = [w for w in ways if w.wants()]
    waiting = [w.due() for w in ways if w.due() is not None]
    writing = [w for w in ways if w.due() is not None and w.due() <= now]
    later = [due - now for due in waiting if due > now]
    if not reading and not waiting:
        # stalled: only that a side is gone can be seen
        time.sleep(0.05)
        for w in ways:
            if w.source.getsockopt(socket.IPPROTO_TCP, socket.TCP_INFO,
                                   1) == b"\7":
                raise ConnectionResetError
        return
    readable, writable, _ = select.select(
        [w.source for w in reading], [w.sink for w in writing], [],
        min(later) if later else None)
    for w in reading:
        if w.source in readable:
            w.read()
    for w in ways:
        if w.sink in writable or w.due() is not None:
            w.write()


def reset(sock):
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER,
                    struct.pack("ii", 1, 0))
    sock.close()


def drain(socks):
    """Ends both sides, reads them to their end and closes them."""
    for s in socks:
        try:
            s.shutdown(socket.SHUT_WR)
        except OSError:
            pass
    socks = list(socks)
    while socks:
        for s in select.select(socks, [], [])[0]:
            try:
                data = s.recv(65536)
            except OSError:
                data = b""
            if not data:
                s.close()
                socks.remove(s)


def end(socks, how):
    if how == "rst":
        for s in socks:
            reset(s)
    elif how == "silent":
        # an acknowledgement is all that a dead peer would not send
        while True:
            for s in select.select(socks, [], [])[0]:
                try:
                    gone = not s.recv(65536)
                except OSError:
                    gone = True
                if gone:
                    socks = [x for x in socks if x is not s]
            if not socks:
                return
    else:
        drain(socks)


def serve(client, options):
    server = socket.create_connection(("127.0.0.1", options.target))
    socks = [client, server]
    for s in socks:
        s.setblocking(False)
        s.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    ways = [Way(client, server, options, options.cut_up, options.stall_up),
            Way(server, client, options, options.cut_down, options.stall_down)]
    try:
        for w in ways:
            w.look()
        while not all(w.done for w in ways):
            turn(ways)
        drain(socks)
    except Cut:
        end(socks, options.how)
    except OSError:
        for s in socks:
            reset(s)


def main():
    p = argparse.ArgumentParser(usage=__doc__, add_help=False)
    p.add_argument("port_file")
    p.add_argument("target", type=int)
    p.add_argument("--bytes", action="store_true")
    p.add_argument("--join", type=float)
    p.add_argument("--delay", type=float)
    for way in ("up", "down"):
        p.add_argument(f"--cut-{way}", type=int)
        p.add_argument(f"--stall-{way}", type=int)
    p.add_argument("--how", choices=("fin", "rst", "silent"), default="fin")
    options = p.parse_args()
    with socket.create_server(("127.0.0.1", 0), backlog=128) as listener:
        with open(options.port_file + ".new", "w", encoding="ascii") as f:
            print(listener.getsockname()[1], file=f)
        os.rename(options.port_file + ".new", options.port_file)
        while True:
            client, _ = listener.accept()
            threading.Thread(target=serve, args=(client, options),
                             daemon=True).start()


if __name__ == "__main__":
    main()
