#!/usr/bin/env python3
"""An API server, without TLS, that plays a session by the name of the pod.

usage: execpeer.py PORT-FILE RECORDING

The pod's name is a list of words joined by dots, each one thing that the
server does, over whichever of SPDY/3.1 and WebSocket v5 the client asks for
(words for SPDY alone are marked S, for WebSocket alone W):

    out err late   "out\\n" on stdout, "err\\n" on stderr, "late\\n" on stdout
    ok exitN       a status: Success, or a Failure with this ExitCode
    statusNAME     another one: see STATUSES
    splitok        Success in three messages
    end            the streams' or the connection's orderly end
    fin1 fin2      S: the end of stdout, of stderr; fin3 of the status stream
    rst0 to rst3   S: the stream is reset, 0 is stdin
    awayN goneN    S: GOAWAY with this status; the same with no stream taken
    closeN         W: a close frame with this code
    cut reset      the connection is cut, without a word; is reset
    five           waits for five bytes of stdin
    echo           sends all of stdin back
    count          waits for the end of stdin, tells its size
    ping           a ping, whose answer it waits for
    linger         stays until the client goes
    round          S: waits for five pings, which it answers
    four           S: the same, but leaves the fifth of five without an answer
    sleep          reads nothing and says nothing for 75 s
    junk           what a client has to pass over
    huge           a frame of data of 16 MiB less one byte, whole
    version zero short bomb   S: see FAULTS
    first          what follows is sent together with the 101
    one            what follows is sent byte by byte

    answer.NAME[.NAME]   what a POST, and a GET, get instead: see ANSWERS;
                         a GET with none of its own gets Success
    v4.WORDS       a server of old behind a proxy that knows no SPDY: 502 to a
                   POST, and WORDS over v4 where that is offered, else a bare 403
    bytesN         S: the first N bytes of the server's side of RECORDING, cut

Everything that a connection asked is a line in PORT-FILE.log: the method.
"""
import base64
import hashlib
import json
import os
import re
import socket
import struct
import sys
import threading
import time

GUID = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"
BLOCK = bytes.fromhex("78f9e3c6a7c26260606000000000ffff")


def failure(code):
    return ('{"status":"Failure","reason":"NonZeroExitCode","details":'
            '{"causes":[{"reason":"ExitCode","message":"%s"}]}}' % code)


STATUSES = {
    "json": "the command has ended well",
    "maybe": '{"status":"Maybe"}',
    "nocause": '{"status":"Failure","reason":"NonZeroExitCode"}',
    "half": '{"status":"Succ',
    "empty": "",
    "other": '{"status":"Failure","reason":"InternalError","message":"no\\nway"}',
    "long": " " * 100000,
}
SUCCESS = '{"metadata":{},"status":"Success"}'


def status_body(code, message):
    body = json.dumps({"kind": "Status", "status": "Failure", "code": code,
                       "message": message})
    return "application/json", body


ANSWERS = {
    "400": (400, "text/plain", "cannot upgrade"),
    "403": (403, "text/plain", ""),
    "403text": (403, "text/html", "<h1>Forbidden</h1>"),
    "426": (426, "text/plain", "Upgrade Required"),
    "502": (502, "text/plain", "upstream connect error"),
    "200": (200, "text/html", "<h1>Please log in</h1>"),
    "json": (503, "application/json", '{"kind":"Error","message":"no"}'),
    "stripped": (400, *status_body(400, "Upgrade request required")),
    "s400": (400, *status_body(400, "container x is not valid for pod p")),
    "s401": (401, *status_body(401, "Unauthorized")),
    "s403": (403, *status_body(
        403, 'pods "p" is forbidden: User "u" cannot create resource '
        '"pods/exec" in API group "" in the namespace "default"')),
    "s403get": (403, *status_body(
        403, 'pods "p" is forbidden: User "u" cannot get resource '
        '"pods/exec" in API group "" in the namespace "default"')),
    "s404": (404, *status_body(404, 'pods "p" not found')),
    "websocket": (101, "Upgrade: websocket\r\n"
                  "X-Stream-Protocol-Version: v4.channel.k8s.io", None),
    "noversion": (101, "Upgrade: SPDY/3.1", None),
    "v5": (101, "Upgrade: spdy/3.1\r\n"
           "X-Stream-Protocol-Version: v5.channel.k8s.io", None),
    "noaccept": (101, "Upgrade: websocket\r\n"
                 "Sec-WebSocket-Protocol: v5.channel.k8s.io", None),
}


class Client:
    """What both protocols have in common."""

    def __init__(self, sock, stream, wants_stdin):
        self.sock, self.stream = sock, stream
        self.wants_stdin = wants_stdin
        self.held, self.hold, self.single = b"", False, False
        self.stdin, self.ended, self.pongs = b"", not wants_stdin, 0

    def send(self, data):
        if self.hold:
            self.held += data
        elif self.single:
            for i in range(len(data)):
                self.sock.sendall(data[i:i + 1])
        else:
            self.sock.sendall(data)

    def read(self, n):
        data = self.stream.read(n)
        if len(data) < n:
            raise EOFError
        return data

    def until(self, done):
        while not done():
            self.frame()


class Spdy(Client):
    def __init__(self, *args):
        super().__init__(*args)
        ids = [3, 0, 1, 2] if self.wants_stdin else [3, 1, 2]
        self.ids = {channel: 2 * i + 1 for i, channel in enumerate(ids)}
        self.opened, self.pings, self.fifth = [], 0, True

    def control(self, kind, body, flags=0):
        self.send(struct.pack(">HHI", 0x8003, kind, flags << 24 | len(body)) +
                  body)

    def stream_data(self, stream, data, fin=False):
        self.send(struct.pack(">II", stream, fin << 24 | len(data)) + data)

    def data(self, channel, data):
        self.stream_data(self.ids[channel], data)

    def frame(self):
        word, rest = struct.unpack(">II", self.read(8))
        body = self.read(rest & 0xffffff)
        if word == 0x80030001:
            self.opened.append(struct.unpack(">I", body[:4])[0])
        elif word == 0x80030006 and body[3] % 2:
            self.pings += 1
            if self.fifth or self.pings % 5:
                self.control(6, body)
        elif word == 0x80030006:
            self.pongs += 1
        elif word == self.ids.get(0) and not self.ended:
            self.stdin += body
            self.ended = rest >> 24 == 1
        else:
            raise ValueError("frame %x %x" % (word, rest))

    def start(self):
        self.until(lambda: len(self.opened) == len(self.ids))
        if self.opened != sorted(self.ids.values()):
            raise ValueError("streams %r" % self.opened)
        for i, stream in enumerate(self.opened):
            block = BLOCK if i == 0 else bytes.fromhex("026100000000ffff")
            self.control(2, struct.pack(">I", stream) + block)

    def end(self):
        for channel in (1, 2):
            self.stream_data(self.ids[channel], b"", True)
        self.reset(3)
        self.away(0)

    def reset(self, channel):
        self.control(3, struct.pack(">II", self.ids[channel], 5))

    def away(self, code, last=7):
        self.control(7, struct.pack(">II", last, code))

    def ping(self):
        self.control(6, struct.pack(">I", 2))
        self.until(lambda: self.pongs)

    def round(self):
        seen = self.pings
        self.until(lambda: self.pings >= seen + 5)

    def junk(self):
        self.control(1, struct.pack(">IIH", 2, 0, 0) +
                     bytes.fromhex("026100000000ffff"))
        self.stream_data(2, b"junk")
        self.stream_data(99, b"junk", True)
        self.control(3, struct.pack(">II", 99, 5))
        self.control(4, struct.pack(">III", 1, 7, 65536))
        self.control(9, struct.pack(">II", 1, 65536))
        self.control(10, b"junk")
        self.control(6, struct.pack(">I", 77))
        self.control(8, struct.pack(">I", 1) +
                     bytes.fromhex("026100000000ffff"))
        self.stream_data(self.ids[1], b"")

    def fault(self, name):
        if name == "version":
            self.send(bytes.fromhex("8002000600000004") + bytes(4))
        elif name == "zero":
            self.stream_data(0, b"x")
        elif name == "short":
            self.control(3, bytes(4))
        elif name == "bomb":
            self.control(8, struct.pack(">I", 1) + bytes(70000))


class WebSocket(Client):
    def message(self, op, body):
        n = len(body)
        size = (bytes([n]) if n < 126 else b"\x7e" + struct.pack(">H", n)
                if n < 65536 else b"\x7f" + struct.pack(">Q", n))
        self.send(bytes([0x80 | op]) + size + body)

    def data(self, channel, data):
        self.message(2, bytes([channel]) + data)

    def frame(self):
        first, second = self.read(2)
        n = second & 0x7f
        if n == 126:
            n = struct.unpack(">H", self.read(2))[0]
        elif n == 127:
            n = struct.unpack(">Q", self.read(8))[0]
        mask = self.read(4)
        body = self.read(n)
        mask = (mask * (n // 4 + 1))[:n]
        body = (int.from_bytes(body, "big") ^ int.from_bytes(mask, "big")
                ).to_bytes(n, "big")
        op = first & 0x0f
        if op == 9:
            self.message(10, body)
        elif op == 10:
            self.pongs += 1
        elif body == b"\xff\x00":
            self.ended = True
        elif op == 2 and body[:1] == b"\0" and not self.ended:
            self.stdin += body[1:]
        elif op != 8:
            raise ValueError("frame %x %r" % (first, body[:20]))

    def start(self):
        self.message(2, b"\1")

    def end(self):
        self.close(1000)

    def close(self, code):
        self.message(8, struct.pack(">H", code))

    def ping(self):
        self.message(9, b"hello")
        self.until(lambda: self.pongs)

    def junk(self):
        for channel in (0, 4, 7, 255):
            self.data(channel, b"junk")
        self.message(2, b"")
        self.message(10, b"nobody asked")
        self.data(1, b"")


def word(client, w):
    """Plays one word; False when the connection is over."""
    number = int(re.sub(r"\D", "", w) or 0)
    if w in ("out", "late"):
        client.data(1, w.encode() + b"\n")
    elif w == "err":
        client.data(2, b"err\n")
    elif w == "ok":
        client.data(3, SUCCESS.encode())
    elif w == "splitok":
        for part in (SUCCESS[:7], SUCCESS[7:20], SUCCESS[20:]):
            client.data(3, part.encode())
    elif w.startswith("exit"):
        client.data(3, failure(w[4:]).encode())
    elif w.startswith("status"):
        client.data(3, STATUSES[w[6:]].encode())
    elif w == "end":
        client.end()
    elif w.startswith("fin"):
        client.stream_data(client.ids[number], b"", True)
    elif w.startswith("rst"):
        client.reset(number)
    elif w.startswith("away"):
        client.away(number)
    elif w.startswith("gone"):
        client.away(number, 0)
    elif w.startswith("close"):
        client.close(number)
    elif w == "five":
        client.until(lambda: len(client.stdin) >= 5)
    elif w == "echo":
        client.until(lambda: client.ended)
        client.data(1, client.stdin)
    elif w == "count":
        client.until(lambda: client.ended)
        client.data(1, b"%d\n" % len(client.stdin))
    elif w == "ping":
        client.ping()
    elif w == "linger":
        client.until(lambda: False)
    elif w in ("round", "four"):
        client.fifth = w == "round"
        client.round()
    elif w == "sleep":
        time.sleep(75)
    elif w == "junk":
        client.junk()
    elif w == "huge":
        client.data(1, bytes(0xffffff))
    elif w == "one":
        client.single = True
    elif w == "reset":
        client.sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER,
                               struct.pack("ii", 1, 0))
        client.stream.close()
        client.sock.close()
        return False
    elif w == "cut":
        return False
    else:
        client.fault(w)
    return True


def play(client, head, words, raw):
    """raw: the server's side as it is, in place of words"""
    client.hold = words[:1] == ["first"]
    client.send(head)
    if raw is not None:
        client.until(lambda: len(client.opened) == len(client.ids))
        client.send(raw)
        return
    if client.hold:
        # too early for streams that the client has not yet opened, but they
        # have their ids
        if isinstance(client, Spdy):
            client.control(2, struct.pack(">I", 1) + BLOCK)
        for w in words[1:]:
            word(client, w)
        client.hold = False
        client.send(client.held)
        client.until(lambda: False)
        return
    client.start()
    for w in words:
        if not word(client, w):
            return


def answer(sock, name):
    code, kind, body = ANSWERS[name]
    if body is None:
        text = "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\n" \
            "%s\r\n\r\n" % kind
    else:
        text = "HTTP/1.1 %d No\r\nContent-Type: %s\r\nContent-Length: %d" \
            "\r\n\r\n%s" % (code, kind, len(body), body)
    sock.sendall(text.encode())


def serve(sock, recording, log):
    stream = sock.makefile("rb")
    request = stream.readline().decode()
    headers = {}
    while (line := stream.readline().strip()):
        key, _, value = line.decode().partition(": ")
        headers[key.lower()] = value
    method = request.split(" ")[0]
    with open(log, "a", encoding="ascii") as f:
        print(method, file=f)
    words = re.search("/pods/([^/]*)/exec", request).group(1).split(".")
    wants_stdin = "stdin=true" in request
    if words[0] == "answer":
        names = words[1:]
        if method == "POST" or len(names) > 1:
            answer(sock, names[method == "GET"])
            return
        words = ["ok", "end"]
    chosen = "v5.channel.k8s.io"
    if words[0] == "v4":
        offers = headers.get("sec-websocket-protocol", "").split(", ")
        chosen = "v4.channel.k8s.io"
        if method == "POST" or chosen not in offers:
            answer(sock, "502" if method == "POST" else "403")
            return
        words = words[1:]
    if method == "POST":
        if headers.get("content-length") != "0" or \
                headers.get("upgrade") != "SPDY/3.1" or \
                headers.get("connection") != "Upgrade":
            raise ValueError("POST with %r" % headers)
        head = b"HTTP/1.1 101 Switching Protocols\r\nConnection: upgrade\r\n" \
            b"Upgrade: spdy/3.1\r\n" \
            b"X-Stream-Protocol-Version: v4.channel.k8s.io\r\n\r\n"
        client = Spdy(sock, stream, wants_stdin)
    else:
        accept = base64.b64encode(hashlib.sha1(
            (headers["sec-websocket-key"] + GUID).encode()).digest())
        head = b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n" \
            b"Connection: Upgrade\r\nSec-WebSocket-Protocol: " + \
            chosen.encode() + b"\r\nSec-WebSocket-Accept: " + accept + \
            b"\r\n\r\n"
        client = WebSocket(sock, stream, wants_stdin)
    raw = None
    if words[0].startswith("bytes"):
        raw = recording[:int(words[0][5:])]
    play(client, head, words, raw)


def connection(sock, recording, log):
    try:
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        serve(sock, recording, log)
        sock.shutdown(socket.SHUT_WR)
        # a close with unread bytes would throw away what the system has not
        # sent yet
        while sock.recv(65536):
            pass
    except (EOFError, OSError):
        pass  # it left, or we did; whether rightly its exit status tells
    except ValueError as e:
        print("client sent %s" % e, file=sys.stderr, flush=True)
    finally:
        sock.close()


def main():
    recording = b""
    with open(sys.argv[2], encoding="utf-8") as f:
        for line in f:
            event = json.loads(line)
            data = bytes.fromhex(event.get("hex", ""))
            if event["dir"] == "s>c" and not data.startswith(b"HTTP"):
                recording += data
    with socket.create_server(("127.0.0.1", 0), backlog=64) as listener:
        with open(sys.argv[1] + ".new", "w", encoding="ascii") as f:
            print(listener.getsockname()[1], len(recording), file=f)
        os.rename(sys.argv[1] + ".new", sys.argv[1])
        while True:
            sock, _ = listener.accept()
            threading.Thread(target=connection, daemon=True,
                             args=(sock, recording, sys.argv[1] + ".log")
                             ).start()


main()
