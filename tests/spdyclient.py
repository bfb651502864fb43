#!/usr/bin/env python3
"""A SPDY/3.1 client for exec that takes nothing for granted.

usage: spdyclient.py replay RECORDING PORT CA TOKEN
       spdyclient.py dump PORT CA TOKEN POD QUERY VERSIONS [STEP...]

replay sends the client's side of a raw recording in wire/ to the server at
127.0.0.1:PORT, each part when as many replies and as much data have come as
stand before it in the recording, and compares what the server says.  Exit 0:
the 101, every RST_STREAM and the GOAWAY are the same, byte for byte and in the
same order, and so is every SYN_REPLY once it is inflated; each stream carries
the same bytes and the same FIN; the status comes after all other data and
FINs; the end of the connection is the same.

dump opens a session by POST, offering VERSIONS (with commas between, "-" for
none), does the STEPs and prints what comes, a line each:

    HTTP/1.1 ...            the status line
    X-...: ...              a header about versions
    body ...                of an answer that is no 101
    reply ID HEADERS        HEADERS is how many, or the size of a bomb
    data ID FLAGS LENGTH    pieces of one stream in a row are one line, with
                            their sizes; FLAGS are those of the last
    rst ID STATUS
    goaway LAST STATUS
    ping ID                 many in a row are one line, with their number
    control TYPE LENGTH     any other
    text TYPE ...           what a stream has carried
    rest N                  bytes of a frame that did not come whole
    end orderly|cut|reset|waiting

STEPs: open:TYPE (a SYN_STREAM), opened (waits for a reply to each), in:TEXT,
in:TEXT*COUNT (data on stdin), size:TEXT (on resize), fin (ends stdin),
rst:TYPE, ping:ID, raw:HEX, wait:TYPE (until data has come on it),
closed:SECONDS (what comes within them, then it is over: "end waiting").
"""
import json
import struct
import sys
import zlib

from wsclient import Client, Differs, same

WORDS = """options|head|post|put|delete|trace|accept|accept-charset|\
accept-encoding|accept-language|accept-ranges|age|allow|authorization|\
cache-control|connection|content-base|content-encoding|content-language|\
content-length|content-location|content-md5|content-range|content-type|date|\
etag|expect|expires|from|host|if-match|if-modified-since|if-none-match|\
if-range|if-unmodified-since|last-modified|location|max-forwards|pragma|\
proxy-authenticate|proxy-authorization|range|referer|retry-after|server|te|\
trailer|transfer-encoding|upgrade|user-agent|vary|via|warning|\
www-authenticate|method|get|status|200 OK|version|HTTP/1.1|url|public|\
set-cookie|keep-alive|origin"""
TAIL = """100101201202205206300302303304305306307402405406407408409410411412\
413414415416417502504505203 Non-Authoritative Information204 No Content301 \
Moved Permanently400 Bad Request401 Unauthorized403 Forbidden404 Not Found500 \
Internal Server Error501 Not Implemented503 Service UnavailableJan Feb Mar \
Apr May Jun Jul Aug Sept Oct Nov Dec 00:00:00 Mon, Tue, Wed, Thu, Fri, Sat, \
Sun, GMTchunked,text/html,image/png,image/jpg,image/gif,application/xml,\
application/xhtml+xml,text/plain,text/javascript,publicprivatemax-age=gzip,\
deflate,sdchcharset=utf-8charset=iso-8859-1,utf-,*,enq=0."""
DICTIONARY = b"".join(struct.pack(">I", len(w)) + w.encode()
                      for w in WORDS.split("|")) + TAIL.encode()

SYN_STREAM, SYN_REPLY, RST_STREAM, PING, GOAWAY = 1, 2, 3, 6, 7
FIN = 1


def parse(buf):
    """The first frame of buf, (type, id, flags, body) with type 0 for data,
    and the bytes after it; None when it is not whole."""
    if len(buf) < 8:
        return None
    first, second = struct.unpack(">II", buf[:8])
    n = second & 0xffffff
    if len(buf) < 8 + n:
        return None
    body, rest = buf[8:8 + n], buf[8 + n:]
    if not first >> 31:
        return (0, first, second >> 24, body), rest
    if first >> 16 != 0x8003:
        raise Differs("a frame of another version: %s" % buf[:8].hex())
    return (first & 0xffff, None, second >> 24, body), rest


class Said:
    """What a server has said, in the form in which it is compared."""

    def __init__(self):
        self.replies, self.rest = [], []
        self.inflate = zlib.decompressobj(15, DICTIONARY)
        self.data, self.fins = {}, set()
        self.last = None

    def add(self, frame):
        kind, stream, flags, body = frame
        if kind == 0:
            self.data[stream] = self.data.get(stream, b"") + body
            if flags & FIN:
                self.fins.add(stream)
            self.last = stream
        elif kind == SYN_REPLY:
            self.replies.append(body[:4] + self.inflate.decompress(body[4:]))
        else:
            self.rest.append((kind, flags, body))

    def size(self):
        return (len(self.replies), sum(map(len, self.data.values())),
                len(self.fins), len(self.rest))


def head_of(data):
    head, rest = data.split(b"\r\n\r\n", 1)
    lines = head.decode().split("\r\n")
    return lines[0], [tuple(x.strip() for x in line.split(":", 1))
                      for line in lines[1:]], rest


def replay(recording, port, ca, token):
    with open(recording, encoding="utf-8") as f:
        items = [json.loads(line) for line in f]
    asked, headers, _ = head_of(bytes.fromhex(items[0]["hex"]))
    method, path, _ = asked.split(" ")
    mine = {"Host": f"127.0.0.1:{port}", "Authorization": f"Bearer {token}"}
    c = Client(port, ca)
    first, answer = c.request(method, path, [(k, mine.get(k, v))
                                             for k, v in headers])
    status, recorded, left = head_of(bytes.fromhex(items[1]["hex"]))
    same("the status line", first, status)
    same("the headers", answer, recorded)
    got, want = Said(), Said()

    def read_until_reached():
        while not all(g >= w for g, w in zip(got.size(), want.size())):
            frame = take_frame(c)
            if frame is None:
                raise Differs(f"ended after {got.size()}, not {want.size()}")
            got.add(frame)

    for item in items[2:]:
        data = bytes.fromhex(item.get("hex", ""))
        if item["dir"] == "c>s" and data:
            read_until_reached()
            c.sock.sendall(data)
            continue
        if item["dir"] == "s>c" and item.get("eof"):
            read_until_reached()
            for name in ("replies", "data", "fins", "rest", "last"):
                same(name, getattr(got, name), getattr(want, name))
            if take_frame(c) is not None:
                raise Differs("more after the end")
            same("the end", c.ended, "orderly")
            return
        left += data if item["dir"] == "s>c" else b""
        while (one := parse(left)) is not None:
            want.add(one[0])
            left = one[1]
    raise Differs("the recording has no end")


def take_frame(c):
    """The next frame, None at the end."""
    while True:
        one = parse(c.got)
        if one is not None:
            c.got = one[1]
            return one[0]
        if not c.more():
            return None


class Session:
    def __init__(self, c):
        self.c = c
        self.deflate = zlib.compressobj(9, zlib.DEFLATED, 15, 8,
                                        zlib.Z_DEFAULT_STRATEGY, DICTIONARY)
        self.inflate = zlib.decompressobj(15, DICTIONARY)
        self.ids = {}     # by type
        self.carried = {}
        self.replies = 0
        self.lines = []
        self.row = None   # what the last line counts
        self.over = False

    def send(self, data):
        try:
            self.c.sock.sendall(data)
        except OSError:
            pass

    def control(self, kind, body):
        self.send(struct.pack(">HHI", 0x8003, kind, len(body)) + body)

    def data(self, kind, data, flags=0):
        self.send(struct.pack(">II", self.ids[kind], flags << 24 | len(data))
                  + data)

    def open(self, kind):
        name = b"streamtype"
        block = struct.pack(">II", 1, len(name)) + name + \
            struct.pack(">I", len(kind)) + kind.encode()
        block = self.deflate.compress(block) + \
            self.deflate.flush(zlib.Z_SYNC_FLUSH)
        self.ids[kind] = 2 * len(self.ids) + 1
        self.control(SYN_STREAM, struct.pack(">IIH", self.ids[kind], 0, 0)
                     + block)

    def say(self, key, line):
        """A line; one that counts what the one before it counted is joined
        to it by line."""
        if key is not None and self.row == key:
            self.lines[-1] = line(self.lines[-1])
        else:
            self.lines.append(line(None))
        self.row = key

    def show(self, frame):
        kind, stream, flags, body = frame
        if kind == 0:
            name = next((k for k, v in self.ids.items() if v == stream), stream)
            self.carried[name] = self.carried.get(name, b"") + body
            self.say(None if flags else ("data", stream),
                     lambda old: old and f"{old}+{len(body)}" or
                     f"data {stream} {flags} {len(body)}")
        elif kind == SYN_REPLY:
            self.replies += 1
            text = self.inflate.decompress(body[4:])
            n = len(text) if len(text) > 100 else \
                struct.unpack(">I", text[:4])[0]
            self.say(None, lambda _:
                     f"reply {struct.unpack('>I', body[:4])[0]} {n}")
        elif kind == PING:
            self.say("ping", lambda old: old and "ping *%d" % (
                int(old.split("*")[1]) + 1 if "*" in old else 2) or
                     f"ping {struct.unpack('>I', body)[0]}")
        elif kind in (RST_STREAM, GOAWAY):
            name = "rst" if kind == RST_STREAM else "goaway"
            self.say(None, lambda _: "%s %d %d" % (
                name, *struct.unpack(">II", body)))
        else:
            self.say(None, lambda _: f"control {kind} {len(body)}")

    def read(self):
        frame = take_frame(self.c)
        if frame is None:
            self.over = True
        else:
            self.show(frame)
        return not self.over

    def step(self, step):
        what, _, value = step.partition(":")
        text, _, count = value.partition("*")
        if what == "open":
            self.open(value)
        elif what == "opened":
            while self.replies < len(self.ids) and self.read():
                pass
        elif what == "in":
            for _ in range(int(count or 1)):
                self.data("stdin", text.encode())
        elif what == "size":
            self.data("resize", value.encode())
        elif what == "fin":
            self.data("stdin", b"", FIN)
        elif what == "rst":
            self.control(RST_STREAM, struct.pack(">II", self.ids[value], 5))
        elif what == "ping":
            self.control(PING, struct.pack(">I", int(value)))
        elif what == "raw":
            self.send(bytes.fromhex(value))
        elif what == "wait":
            while not self.carried.get(value) and self.read():
                pass
        elif what == "closed":
            self.c.sock.settimeout(float(value))
            try:
                while self.read():
                    pass
            except TimeoutError:
                self.over, self.c.ended = True, "waiting"
        else:
            raise Differs(f"no such step: {step}")


def dump(port, ca, token, pod, query, versions, *steps):
    c = Client(port, ca)
    headers = [("Host", f"127.0.0.1:{port}"), ("Content-Length", "0"),
               ("Connection", "Upgrade"), ("Upgrade", "SPDY/3.1"),
               ("Authorization", f"Bearer {token}")]
    headers += [("X-Stream-Protocol-Version", v)
                for v in versions.split(",") if v != "-"]
    first, answer = c.request(
        "POST", f"/api/v1/namespaces/default/pods/{pod}/exec?{query}", headers)
    print(first)
    for name, value in answer:
        if name.startswith("X-"):
            print(f"{name}: {value}")
    if " 101 " not in first:
        length = int(dict(answer)["Content-Length"])
        print("body", c.take(length).decode().rstrip("\n"))
        return
    s = Session(c)
    for step in steps:
        s.step(step)
    while not s.over and s.read():
        pass
    print("\n".join(s.lines))
    for kind, data in sorted(s.carried.items(), key=str):
        print("text", kind, json.dumps(data[:300].decode(errors="replace")))
    print("rest", len(c.got))
    print("end", c.ended)


def main():
    if len(sys.argv) < 2 or sys.argv[1] not in ("replay", "dump"):
        sys.exit(__doc__)
    try:
        (replay if sys.argv[1] == "replay" else dump)(*sys.argv[2:])
    except Differs as e:
        sys.exit(str(e))


if __name__ == "__main__":
    main()
