"""The few S3 calls that the object store makes, in memory, over real HTTP: for tests without any network.

Signatures are not checked; conditional puts, ranges, listings and multi-part uploads behave as S3's do.
`away = True` answers everything with 503; while `answers` is not set, nothing is answered at all; `fails` may name
single calls (method, key, query) that get a 500.
"""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Lock, Thread
from urllib.parse import parse_qs, unquote, urlsplit
from xml.sax.saxutils import escape

WHEN = "2026-03-01T08:00:00.000Z"


class Bucket:
    def __init__(self) -> None:
        self.objects: dict[str, bytes] = {}
        self.parts: dict[str, dict[int, bytes]] = {}
        self.largest_put = 0
        self.away = False
        self.answers = Event()
        self.answers.set()
        self.fails: Callable[[str, str, str], bool] = lambda method, key, query: False
        self.guard = Lock()


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    bucket: Bucket

    def log_message(self, *_: object) -> None:
        return

    def _answer(self, status: int, body: bytes = b"", **headers: str) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def _asked(self) -> tuple[str, dict[str, list[str]], bytes]:
        where = urlsplit(self.path)
        _, _, key = unquote(where.path).lstrip("/").partition("/")
        body = self.rfile.read(int(self.headers.get("content-length", 0)))
        return key, parse_qs(where.query, keep_blank_values=True), body

    def _away(self) -> bool:
        self.bucket.answers.wait(30)
        where = urlsplit(self.path)
        failing = self.bucket.fails(self.command, unquote(where.path), where.query)
        if self.bucket.away or failing:
            self.rfile.read(int(self.headers.get("content-length", 0)))
            self._answer(503 if self.bucket.away else 500)
        return self.bucket.away or failing

    def do_GET(self) -> None:
        if self._away():
            return
        key, query, _ = self._asked()
        if "list-type" in query:
            self._list(query)
            return
        self._read(key)

    do_HEAD = do_GET

    def _read(self, key: str) -> None:
        content = self.bucket.objects.get(key)
        if content is None:
            self._answer(404, b"<Error><Code>NoSuchKey</Code></Error>")
            return
        named = {"last_modified": "Sun, 01 Mar 2026 08:00:00 GMT", "etag": '"e"'}
        asked = re.fullmatch(r"bytes=(\d+)-(\d+)", self.headers.get("range", ""))
        if not asked:
            self._answer(200, content, **named)
            return
        start, end = int(asked[1]), int(asked[2]) + 1
        self._answer(
            206, content[start:end], content_range=f"bytes {start}-{end - 1}/{len(content)}", **named
        )

    def _list(self, query: dict[str, list[str]]) -> None:
        prefix, delimiter = query.get("prefix", [""])[0], query.get("delimiter", [""])[0]
        entries, folders = [], set()
        for key, content in sorted(self.bucket.objects.items()):
            if not key.startswith(prefix):
                continue
            rest = key[len(prefix) :]
            if delimiter and delimiter in rest:
                folders.add(prefix + rest.partition(delimiter)[0] + delimiter)
                continue
            size = f"<Size>{len(content)}</Size><LastModified>{WHEN}</LastModified><ETag>e</ETag>"
            entries.append(f"<Contents><Key>{escape(key)}</Key>{size}</Contents>")
        listed = "".join(
            f"<CommonPrefixes><Prefix>{escape(one)}</Prefix></CommonPrefixes>" for one in sorted(folders)
        )
        body = (
            f"<ListBucketResult>{''.join(entries)}{listed}<IsTruncated>false</IsTruncated></ListBucketResult>"
        )
        self._answer(200, body.encode())

    def do_PUT(self) -> None:
        if self._away():
            return
        key, query, body = self._asked()
        self.bucket.largest_put = max(self.bucket.largest_put, len(body))
        with self.bucket.guard:
            if "uploadId" in query:
                self.bucket.parts[query["uploadId"][0]][int(query["partNumber"][0])] = body
            elif self.headers.get("if-none-match") == "*" and key in self.bucket.objects:
                self._answer(412, b"<Error><Code>PreconditionFailed</Code></Error>")
                return
            else:
                self.bucket.objects[key] = body
        self._answer(200, etag='"e"')

    def do_POST(self) -> None:
        if self._away():
            return
        key, query, body = self._asked()
        if "delete" in query:
            self._delete_many(re.findall(r"<Key>([^<]+)</Key>", body.decode()))
            return
        if "uploads" in query:
            name = f"upload-{len(self.bucket.parts)}"
            self.bucket.parts[name] = {}
            body = (
                f"<InitiateMultipartUploadResult><UploadId>{name}</UploadId></InitiateMultipartUploadResult>"
            )
            self._answer(200, body.encode())
            return
        parts = self.bucket.parts.pop(query["uploadId"][0])
        self.bucket.objects[key] = b"".join(parts[number] for number in sorted(parts))
        self._answer(200, b"<CompleteMultipartUploadResult><ETag>e</ETag></CompleteMultipartUploadResult>")

    def _delete_many(self, keys: list[str]) -> None:
        for key in keys:
            self.bucket.objects.pop(key, None)
        gone = "".join(f"<Deleted><Key>{key}</Key></Deleted>" for key in keys)
        self._answer(200, f"<DeleteResult>{gone}</DeleteResult>".encode())

    def do_DELETE(self) -> None:
        if self._away():
            return
        key, query, _ = self._asked()
        if "uploadId" in query:
            self.bucket.parts.pop(query["uploadId"][0], None)
        else:
            self.bucket.objects.pop(key, None)
        self._answer(204)


@contextmanager
def s3_double(bucket: Bucket | None = None, port: int = 0) -> Iterator[tuple[str, Bucket]]:
    """The endpoint's URL, and the one bucket behind it."""
    bucket = bucket or Bucket()
    server = ThreadingHTTPServer(("127.0.0.1", port), type("Bound", (Handler,), {"bucket": bucket}))
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}", bucket
    finally:
        server.shutdown()
        server.server_close()
