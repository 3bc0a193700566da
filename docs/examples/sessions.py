"""Sessions as the hub keeps them, from Python, straight on Redis: docs/formats/sessions.md.

Needs: pip install redis==8.1.0
"""

import hashlib
import json
import secrets

import redis


class Sessions:
    """Reads and writes what the hub reads and writes."""

    def __init__(self, url: str, ttl_seconds: int = 24 * 3600):
        self.redis = redis.Redis.from_url(url, socket_timeout=0.2, socket_connect_timeout=0.2)
        self.ttl_seconds = ttl_seconds

    def create(self, session: dict) -> str:
        """Stores a session; its id, which is as good as a password."""
        session_id = secrets.token_urlsafe(32)  # 256 bits; a uuid4 has 122, which the hub refuses
        self.redis.set(f"session:{session_id}", json.dumps(session), ex=self.ttl_seconds)
        return session_id

    def get(self, session_id: str, sliding: bool = False):
        """The session, or None when there is none or no more."""
        key = f"session:{session_id}"
        text = self.redis.getex(key, ex=self.ttl_seconds) if sliding else self.redis.get(key)
        return None if text is None else json.loads(text)

    def delete(self, session_id: str) -> None:
        key = f"session:{session_id}"
        handle = hashlib.sha256(key.encode()).hexdigest()[:32]
        # The note keeps the hub from storing it again for a request that still holds it.
        with self.redis.pipeline() as both:
            both.set(f"session-ended:{handle}", "1", ex=self.ttl_seconds)
            both.unlink(key)
            both.execute()


if __name__ == "__main__":
    import sys

    # Ids are read from standard input: the arguments of a process can be seen by others.
    # sessions.py <redis url> create | get | delete
    url, verb = sys.argv[1:3]
    sessions = Sessions(url)
    given = sys.stdin.read().strip()
    if verb == "create":
        print(sessions.create(json.loads(given)))
    elif verb == "get":
        print(json.dumps(sessions.get(given)))
    else:
        sessions.delete(given)
