#!/usr/bin/env python3
"""Reads a channel of the hub: every event once, those of a key in their order.

    REDISCLI_AUTH=password python3 read_events.py --url redis://127.0.0.1:6379 --channel backup --group my-service

The password is read from the environment, as redis-cli does: arguments are everybody's to see.
Needs redis-py 4.1 or newer (pip install redis) and Redis 6.2. The contract is docs/formats/events.md.
"""

import argparse
import json
import os
import time

import redis


class Reader:
    """One consumer of one group. Two in one group share the events, and with them the order of keys.

    An event is handed out, handled, remembered, acknowledged, in this order. Whoever dies in between
    gets it again, so handle() must bear an event twice; where handling is a transaction, keep the id
    in the same transaction instead of in Redis, and it is exactly once.
    """

    def __init__(self, client, channel, group, consumer, prefix="events:", remember=7 * 86400):
        self.client = client
        self.stream = prefix + channel
        self.group = group
        self.consumer = consumer
        self.remember = remember  # seconds; as long as the stream keeps its entries

    def join(self):
        """Makes the group if there is none: also after Redis lost it. From the oldest entry on."""
        try:
            self.client.xgroup_create(self.stream, self.group, id="0", mkstream=True)
        except redis.ResponseError as e:
            if not str(e).startswith("BUSYGROUP"):
                raise

    def run(self, handle, stop=lambda: False):
        while not stop():
            try:
                self.join()
                # What was handed out and not acknowledged comes first, or a key's order is broken.
                while self.take("0", handle):
                    pass
                while not stop():
                    self.take(">", handle)
            except redis.ResponseError as e:
                if not str(e).startswith("NOGROUP"):  # Redis lost the group: made anew above
                    raise
            except (redis.ConnectionError, redis.TimeoutError):
                time.sleep(0.2)  # killed, or starting: from the top

    def take(self, after, handle):
        answer = self.client.xreadgroup(
            self.group, self.consumer, {self.stream: after}, count=100, block=500
        )
        entries = answer[0][1] if answer else []
        for entry, fields in entries:
            # An entry that was trimmed before it was acknowledged has no fields any more.
            if fields and not self.knows(fields["id"]):
                handle(json.loads(fields["event"]))
                self.client.set(self.key(fields["id"]), 1, ex=self.remember)
            self.client.xack(self.stream, self.group, entry)
        return bool(entries)

    def knows(self, event_id):
        return self.client.exists(self.key(event_id)) == 1

    def key(self, event_id):
        return f"seen:{self.group}:{event_id}"


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--url", default="redis://127.0.0.1:6379")
    parser.add_argument("--channel", required=True)
    parser.add_argument("--group", required=True)
    parser.add_argument("--consumer", default="one")
    parser.add_argument("--count", type=int, help="end after so many events")
    args = parser.parse_args()
    left = [args.count]

    def handle(event):
        print(json.dumps(event), flush=True)
        if left[0] is not None:
            left[0] -= 1

    # Without a timeout a server that hangs is waited for for ever.
    client = redis.Redis.from_url(
        args.url,
        password=os.environ.get("REDISCLI_AUTH"),
        decode_responses=True,
        socket_timeout=5,
    )
    Reader(client, args.channel, args.group, args.consumer).run(
        handle, stop=lambda: left[0] is not None and left[0] <= 0
    )


if __name__ == "__main__":
    main()
