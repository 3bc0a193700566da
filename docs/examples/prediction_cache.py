"""The hub's prediction cache from Python, straight on Redis: docs/formats/prediction-cache.md.

Needs: pip install redis==8.1.0 rfc8785==0.1.4
"""

import decimal
import hashlib
import json
from urllib.parse import quote

import redis
import rfc8785


class PredictionCache:
    """Reads and writes what the hub reads and writes."""

    def __init__(self, url: str, ttl_seconds: int = 3600):
        # A cache that does not answer at once is a cache that is not there.
        self.redis = redis.Redis.from_url(url, socket_timeout=0.2, socket_connect_timeout=0.2)
        self.ttl_seconds = ttl_seconds

    @staticmethod
    def key(model: str, version: str, prompt) -> str:
        # rfc8785 refuses NaN, halves of characters and ints beyond 2**53, as the hub does: send such numbers as strings.
        _require_exact(prompt)
        normal_form = rfc8785.dumps(prompt)
        digest = hashlib.sha256(normal_form).hexdigest()
        return f"prediction:{_encoded(model)}:{_encoded(version)}:{digest}"

    def get(self, model: str, version: str, prompt):
        """The prediction, or None: a miss, or Redis is away."""
        try:
            text = self.redis.get(self.key(model, version, prompt))
        except redis.RedisError:
            return None
        return None if text is None else json.loads(text)

    def put(self, model: str, version: str, prompt, prediction) -> None:
        text = json.dumps(prediction, allow_nan=False, separators=(",", ":"))
        self.redis.set(self.key(model, version, prompt), text, ex=self.ttl_seconds)


def read(text: str):
    """Reads JSON that is to be an input, and refuses what would share another input's key."""
    return json.loads(text, parse_float=_float, object_pairs_hook=_members)


def _float(text: str) -> float:
    number, nearest = decimal.Decimal(text), float(text)
    if nearest == 0 and number != 0:
        raise ValueError("a number closer to 0 than a double can be: send 0, or a string")
    _require_own_name(number, nearest)
    return nearest


def _members(pairs):
    members = dict(pairs)
    if len(members) < len(pairs):
        raise ValueError("a member is given twice")
    return members


def _require_exact(value) -> None:
    if isinstance(value, float):
        _require_own_name(decimal.Decimal(repr(value)), value)
    elif isinstance(value, dict):
        for each in value.values():
            _require_exact(each)
    elif isinstance(value, (list, tuple)):
        for each in value:
            _require_exact(each)


def _require_own_name(number: decimal.Decimal, nearest: float) -> None:
    # Beyond 2**53 several numbers are one double: taken is its shortest name alone, such as 1e+30, and none with
    # all its digits, which is refused as the int is.
    if abs(nearest) >= 2**53 and (number.as_tuple().exponent <= 0 or number != decimal.Decimal(repr(nearest))):
        raise ValueError("a number beyond 2**53, or of no double: send it as a string")


def _encoded(name: str) -> str:
    # quote() leaves letters, digits, "_", ".", "-" and "~" as they are; the hub encodes "~", too.
    return quote(name, safe="").replace("~", "%7E")


if __name__ == "__main__":
    import sys

    # prediction_cache.py <redis url> key|get|put <model> <version> <input as JSON> [value as JSON]
    url, verb, model, version, prompt = sys.argv[1:6]
    cache = PredictionCache(url)
    if verb == "key":
        print(cache.key(model, version, read(prompt)))
    elif verb == "get":
        print(json.dumps(cache.get(model, version, read(prompt))))
    else:
        cache.put(model, version, read(prompt), json.loads(sys.argv[6]))
