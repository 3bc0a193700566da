"""Backs a database up, reads the run, stores a prediction and looks it up: by generated code alone."""

import sys
import time

from hub_client import AuthenticatedClient
from hub_client.api.jobs import jobs_run_backup_postgres
from hub_client.api.predictions import predictions_lookup, predictions_put
from hub_client.api.runs import runs_get
from hub_client.models import (
    JobsRunBackupPostgresBody,
    PredictionLookup,
    PredictionPut,
    Problem,
)

url, source, model = sys.argv[1:4]
client = AuthenticatedClient(base_url=url, token=sys.stdin.readline().strip())

refused = jobs_run_backup_postgres.sync(
    client=client, body=JobsRunBackupPostgresBody(source="nope")
)
assert isinstance(refused, Problem) and refused.field == "params.source", refused

run = jobs_run_backup_postgres.sync(client=client, body=JobsRunBackupPostgresBody(source=source))
deadline = time.monotonic() + 60
while run.state in ("queued", "running") and time.monotonic() < deadline:
    time.sleep(0.1)
    run = runs_get.sync(id=run.id, client=client)
assert run.state == "succeeded", run
print(run.job, run.state, run.summary["snapshot"])

asked = {"amount": 12.5, "country": "NO"}
stored = predictions_put.sync(
    client=client,
    body=PredictionPut(model=model, version="3", input_=asked, value={"score": 0.25}),
)
assert not isinstance(stored, Problem), stored
found = predictions_lookup.sync(
    client=client, body=PredictionLookup(model=model, version="3", input_=asked)
)
print(found.result, found.value["score"])
