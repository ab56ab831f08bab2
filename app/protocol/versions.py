"""Protocol version, header names, media types and limits that both sides must agree on."""

PROTOCOL = 1
PREFIX = "/v1"

HEADER_PROTOCOL = "doorstep-protocol"
HEADER_WORKSPACE = "doorstep-workspace"
HEADER_SETUP = "doorstep-setup"  # one-time token that opens an empty server
HEADER_INVITE = "doorstep-invite"  # one-time token of an enrolment
HEADER_OFFSET = "upload-offset"
HEADER_LENGTH = "upload-length"

MSGPACK = "application/vnd.msgpack"
JSON = "application/json"
PROBLEM_JSON = "application/problem+json"
CHUNK = "application/offset+octet-stream"
OCTETS = "application/octet-stream"
NOTE = "text/plain; charset=utf-8"

KIB = 1024
INLINE_LIMIT = 64 * KIB  # a sealed object up to here travels inside its entry
BATCH_BYTES = 4096 * KIB  # a request body with entries
BATCH_ENTRIES = 1000
CHUNK_MIN = 16 * KIB
CHUNK_LIMIT = 1024 * KIB  # a client uses 16 to 64 KiB on a slow link, more on a fast one
OBJECT_LIMIT = 512 * 1024 * KIB
PAGE_BYTES = 1024 * KIB  # a page of pulled entries
PAGE_ENTRIES = 1000
AUDIENCE_LIMIT = 20_000
STATEMENT_BYTES = 16 * KIB
BLOB_LIMIT = 16 * KIB  # an opaque blob of the enrolment hand-shake

CLOCK_WINDOW = 300  # seconds a request's `created` may be away from the server's clock
