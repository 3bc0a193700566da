#!/usr/bin/env python3
"""Follows GET /api/events with the standard library alone, and goes on where it was cut.

usage: HUB_API_KEY=hub_… events.py http://127.0.0.1:8080 [channels] [how many events]
"""
import json
import os
import sys
import time
import urllib.request


def events(url, key, last=None):
    """Yields (id, name, data) for ever; a gap comes as an event of that name."""
    wait = 2
    while True:
        request = urllib.request.Request(url, headers={"Authorization": "Bearer " + key})
        if last:
            request.add_header("Last-Event-ID", last)
        try:
            with urllib.request.urlopen(request, timeout=60) as stream:
                name, data = "message", []
                for line in stream:
                    field, _, value = line.decode("utf-8").rstrip("\r\n").partition(": ")
                    if field == "id":
                        last = value
                    elif field == "event":
                        name = value
                    elif field == "data":
                        data.append(value)
                    elif field == "":
                        if data:
                            yield last, name, json.loads("\n".join(data))
                        name, data = "message", []
        except urllib.error.HTTPError as refused:
            if refused.code not in (503, 502, 504):
                raise
        except OSError:
            pass  # cut: come back
        time.sleep(wait)


def main():
    base, channels = sys.argv[1], sys.argv[2] if len(sys.argv) > 2 else ""
    most = int(sys.argv[3]) if len(sys.argv) > 3 else -1
    url = base + "/api/events" + ("?channels=" + channels if channels else "")
    for at, name, event in events(url, os.environ["HUB_API_KEY"]):
        if name == "gap":
            print("gap after", event["after"], flush=True)
            continue
        print(at, event.get("severity"), event.get("type"), event.get("id"), flush=True)
        most -= 1
        if most == 0:
            return


if __name__ == "__main__":
    main()
