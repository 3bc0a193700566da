"""The hub's prediction cache from Python, straight on Redis: docs/formats/prediction-cache.md.

Needs: pip install redis==8.1.0 rfc8785==0.1.4
"""

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
        # rfc8785 refuses NaN and whole numbers beyond 2**53, as the hub does: send those as strings.
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


def _encoded(name: str) -> str:
    # quote() leaves letters, digits, "_", ".", "-" and "~" as they are; the hub encodes "~", too.
    return quote(name, safe="").replace("~", "%7E")


if __name__ == "__main__":
    import sys

    # prediction_cache.py <redis url> key|get|put <model> <version> <input as JSON> [value as JSON]
    url, verb, model, version, prompt = sys.argv[1:6]
    cache = PredictionCache(url)
    if verb == "key":
        print(cache.key(model, version, json.loads(prompt)))
    elif verb == "get":
        print(json.dumps(cache.get(model, version, json.loads(prompt))))
    else:
        cache.put(model, version, json.loads(prompt), json.loads(sys.argv[6]))
