"""An API server that lists pods as no good one would; plain HTTP.

usage: apipeer.py PORT-FILE LOG-FILE

The namespace that is asked for says what it answers; exec is never granted.
A line a connection ("connection") and a request (its target) goes to LOG-FILE.
"""
import json
import re
import socketserver
import sys
import urllib.parse


def pod(namespace, name, **more):
    """A pod that is ready."""
    doc = {
        "metadata": {"name": name, "namespace": namespace,
                     "annotations": {"filler": "x" * 2000}},
        "spec": {"nodeName": "n", "containers": [{"name": "main"}]},
        "status": {"phase": "Running", "conditions": [
            {"type": "Ready", "status": "True",
             "lastTransitionTime": "2025-01-01T00:00:00Z"}]},
    }
    doc.update(more)
    return doc


def named(name):
    """A pod whose name is another."""
    return lambda ns: pod(ns, "x", metadata={"name": name, "namespace": ns})


# What stands in the place of the one pod.
ODD = {
    "slash": named("../../x"),
    "dots": named(".."),
    "newline": named("a\nb"),
    "escape": named("a\x1b[2Jb"),
    "nul": named("a\0b"),
    "number": named(1),
    "empty": named(""),
    "shell": named("$(touch pwned)"),
    "foreign": lambda ns: pod("other", "x"),
    "string": lambda ns: "pod",
    "phase": lambda ns: pod(ns, "x", status={"phase": []}),
    "spec": lambda ns: pod(ns, "x", spec={"containers": {"name": "c"}}),
    "metadata": lambda ns: pod(ns, "x", metadata=[]),
}

# Bodies.
RAW = {
    "truncated": b'{"kind":"PodList","metadata":{},"items":[{"metadata":',
    "nolist": b'{"kind":"Status","status":"Success"}',
    "itemsobject": b'{"metadata":{},"items":{"a":1}}',
    "escapeditems": b'{"metadata":{},"\\u0069tems":[{}]}',
    "twice": b'{"metadata":{},"items":[],"items":[]}',
    "deep": b'{"metadata":{},"items":[' + b"[" * 100000 + b"]" * 100000 + b"]}",
    "junk": b"<html>Please log in</html>",
    "nothing": b"",
    "badcontinue": b'{"metadata":{"continue":{}},"items":[]}',
    "hugecontinue": b'{"metadata":{"continue":"' + b"x" * 100000 +
                    b'"},"items":[]}',
}

# Without end: a head, and what is repeated behind it.
ENDLESS = {
    "endlessitem": (b'{"metadata":{},"items":[{"a":"', b"x" * 65536),
    "endlessrest": (b'{"metadata":{"a":"', b"x" * 65536),
    "endlessblank": (b'{"metadata":{},"items":[', b" " * 65536),
}


class Handler(socketserver.StreamRequestHandler):
    """One connection."""

    def log(self, line):
        self.server.log.write(line + "\n")
        self.server.log.flush()

    def answer(self, body, code="200 OK", more=""):
        """A whole answer."""
        self.wfile.write(f"HTTP/1.1 {code}\r\n{more}Content-Length: "
                         f"{len(body)}\r\n\r\n".encode() + body)

    def chunk(self, data):
        """A piece of a chunked body."""
        self.wfile.write(b"%x\r\n" % len(data) + data + b"\r\n")

    def pages(self, namespace, query, total):
        """total pods, as many at a time as the client wants."""
        limit = int(query["limit"][0])
        start = int(query.get("continue", ["0"])[0])
        end = min(start + limit, total)
        meta = {"continue": str(end)} if end < total else {}
        self.wfile.write(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked"
                         b"\r\n\r\n")
        self.chunk(b'{"kind":"PodList","metadata":' +
                   json.dumps(meta).encode() + b',"items":[')
        for i in range(start, end):
            self.chunk((b"," if i > start else b"") + json.dumps(
                pod(namespace, f"p{total - i:05}")).encode())
        self.chunk(b"]}")
        self.wfile.write(b"0\r\n\r\n")

    def respond(self, target):
        """Whether the connection lasts."""
        url = urllib.parse.urlsplit(target)
        query = urllib.parse.parse_qs(url.query)
        match = re.match(r"/api/v1/namespaces/([^/]*)/pods$", url.path)
        name = match.group(1) if match else "?"
        if url.path.startswith("/apis/"):
            self.answer(b'{"spec":{"selector":{"matchLabels":{"a":"b"}}}}')
        elif name in ODD:
            self.answer(json.dumps({"metadata": {}, "items": [
                ODD[name](name)]}).encode())
        elif name in RAW:
            self.answer(RAW[name])
        elif name in ENDLESS:
            head, more = ENDLESS[name]
            self.wfile.write(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked"
                             b"\r\n\r\n")
            self.chunk(head)
            while True:
                self.chunk(more)
        elif name == "endlesspages":
            self.answer(b'{"metadata":{"continue":"more"},"items":[]}')
        elif name == "redirect":
            self.answer(b"", "302 Found",
                        "Location: /api/v1/namespaces/many/pods\r\n")
        elif name == "expired":
            if "continue" in query:
                self.answer(json.dumps({
                    "kind": "Status", "status": "Failure", "code": 410,
                    "message": "The provided continue parameter is too old"
                }).encode(), "410 Gone")
            else:
                self.pages(name, query, 1000)
        elif name == "closes":
            self.pages(name, query, 600)
            return False
        elif name == "many":
            self.pages(name, query, 10000)
        elif name == "short":
            self.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Length: 999\r\n\r\n"
                             b'{"metadata":{},"items":[]}')
            return False
        elif name == "badchunk":
            self.wfile.write(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked"
                             b"\r\n\r\nzz\r\n")
        else:
            self.answer(b"not here", "404 Not Found")
        return True

    def handle(self):
        self.log("connection")
        try:
            while True:
                line = self.rfile.readline(1 << 16)
                if not line:
                    return
                while self.rfile.readline(1 << 16) not in (b"\r\n", b""):
                    pass
                target = line.split()[1].decode()
                self.log(target)
                if not self.respond(target):
                    return
        except OSError:
            pass


class Server(socketserver.ThreadingTCPServer):
    """Ends with its threads."""
    daemon_threads = True


with Server(("127.0.0.1", 0), Handler) as server:
    server.log = open(sys.argv[2], "w")
    with open(sys.argv[1] + ".new", "w") as f:
        f.write(str(server.server_address[1]))
    import os
    os.rename(sys.argv[1] + ".new", sys.argv[1])
    server.serve_forever()
