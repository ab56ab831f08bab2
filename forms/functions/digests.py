"""digest(), base64-decode() and extract-signed().

Spec: https://getodk.github.io/xforms-spec/#fn:digest, https://docs.getodk.org/form-operators-functions/
"""

from forms.functions.registry import function
from forms.functions.values import EvaluationError

_ALGORITHMS = {"MD5": "md5", "SHA-1": "sha1", "SHA-256": "sha256", "SHA-384": "sha384", "SHA-512": "sha512"}
_SIGNATURE_BYTES = 64


@function("digest", "string", "string", "string", optional=1)
def digest(value: str, algorithm: str, encoding: str = "base64") -> str:
    """The hash of the UTF-8 text, as "hex" or "base64"."""
    from hashlib import new

    if algorithm not in _ALGORITHMS:
        raise EvaluationError("argument", f"digest() knows {', '.join(_ALGORITHMS)}, not {algorithm!r}")
    if encoding not in ("base64", "hex"):
        raise EvaluationError("argument", f"digest() writes base64 or hex, not {encoding!r}")
    # The form's author picks the algorithm for interchange with other systems, not for secrecy.
    hashed = new(_ALGORITHMS[algorithm], value.encode("utf-8", "surrogatepass"), usedforsecurity=False)
    if encoding == "hex":
        return hashed.hexdigest()
    from base64 import b64encode

    return b64encode(hashed.digest()).decode()


@function("base64-decode", "string")
def base64_decode(value: str) -> str:
    """The UTF-8 text behind base64; "" where it is not base64."""
    return _decoded(value).decode("utf-8", "replace")


@function("extract-signed", "string", "string")
def extract_signed(contents: str, public_key: str) -> str:
    """The message of a base64 text signed with Ed25519 (64 bytes of signature, then the message).

    "" where the signature is not by that key, or anything is malformed.
    """
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

    signed, key = _decoded(contents), _decoded(public_key)
    signature, message = signed[:_SIGNATURE_BYTES], signed[_SIGNATURE_BYTES:]
    try:
        Ed25519PublicKey.from_public_bytes(key).verify(signature, message)
        return message.decode()
    except (InvalidSignature, ValueError):
        return ""


def _decoded(value: str) -> bytes:
    from base64 import b64decode
    from binascii import Error

    try:
        return b64decode(value.encode("ascii", "ignore"), validate=False)
    except Error:
        return b""
