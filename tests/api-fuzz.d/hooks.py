"""Teaches schemathesis the media types of this API that it does not know."""

import json

import schemathesis


@schemathesis.serializer("application/jsonl")
def json_lines(context, value):
    """One line, as the description's schema is one of a line."""
    return value if isinstance(value, bytes) else json.dumps(value).encode("utf-8", "surrogatepass")
