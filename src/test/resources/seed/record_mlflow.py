"""Logs a small ML security platform to an MLflow server, through its own client.

usage: record_mlflow.py TRACKING_URI
Values come from a fixed seed; MLflow itself chooses the ids and the registry's timestamps.
"""

import math
import random
import sys
import time
from datetime import datetime, timezone

from mlflow.entities import Dataset, DatasetInput, InputTag, Metric, Param, RunTag
from mlflow.tracking import MlflowClient

RNG = random.Random(20261101)
END = int(datetime(2026, 10, 31, 18, tzinfo=timezone.utc).timestamp() * 1000)
DAY = 86_400_000

# name: (task, algorithms, metrics that rise, datasets, runs)
MODELS = {
    "fraud-detector": ("tabular", ["xgboost", "lightgbm", "random-forest"], ["auc", "recall", "precision"],
                       ["transactions-2026q2", "transactions-2026q3"], 30),
    "prompt-guard": ("text", ["deberta-v3-small", "distilbert", "minilm-l6"], ["f1", "jailbreak_recall", "benign_pass_rate"],
                     ["prompt-injection-corpus-v4", "red-team-2026-09"], 26),
    "pii-classifier": ("token", ["bert-base-ner", "gliner-small", "spacy-trf"], ["f1", "recall_email", "recall_national_id"],
                       ["pii-annotated-v7"], 24),
    "malware-triage": ("tabular", ["lightgbm", "catboost"], ["auc", "tpr_at_fpr_1e3"],
                       ["pe-features-2026"], 18),
    "anomaly-scorer": ("tabular", ["isolation-forest", "autoencoder"], ["average_precision", "auc"],
                       ["auth-events-2026w40"], 18),
    "toxicity-filter": ("text", ["roberta-base", "distilbert"], ["f1", "auc"],
                        ["moderation-2026-08"], 16),
}
ENGINEERS = ["amara.okafor", "jonas.lindqvist", "mei.tanaka", "sofia.ribeiro"]


def parameters(task, algorithm):
    common = {"algorithm": algorithm, "seed": RNG.randrange(1, 100), "train_fraction": RNG.choice([0.7, 0.8, 0.9])}
    if task == "tabular":
        own = {"max_depth": RNG.randrange(4, 12), "n_estimators": RNG.choice([200, 400, 800]),
               "learning_rate": RNG.choice([0.03, 0.05, 0.1]), "class_weight": RNG.choice(["balanced", "none"])}
    else:
        own = {"epochs": RNG.randrange(2, 6), "batch_size": RNG.choice([16, 32, 64]),
               "learning_rate": RNG.choice([1e-5, 2e-5, 5e-5]), "max_length": RNG.choice([128, 256, 512])}
    return [Param(k, str(v)) for k, v in {**common, **own}.items()]


def curve(run_start, names):
    """Learning curves: metrics rise to a ceiling, the loss falls; one point per step."""
    steps = RNG.randrange(12, 25)
    points = []
    for name in names:
        ceiling, speed = RNG.uniform(0.82, 0.985), RNG.uniform(0.15, 0.5)
        for step in range(steps):
            value = ceiling * (1 - 0.5 * math.exp(-speed * step)) + RNG.gauss(0, 0.004)
            points.append(Metric(name, round(min(value, 1.0), 6), run_start + step * 60_000, step))
    for step in range(steps):
        value = 0.08 + 0.6 * math.exp(-0.25 * step) + abs(RNG.gauss(0, 0.01))
        points.append(Metric("loss", round(value, 6), run_start + step * 60_000, step))
    points.append(Metric("latency_p95_ms", round(RNG.uniform(4, 60), 3), run_start + steps * 60_000, 0))
    return points, run_start + (steps + 1) * 60_000


def log_run(client, experiment, model, number):
    task, algorithms, metrics, datasets, runs = MODELS[model]
    algorithm = RNG.choice(algorithms)
    start = END - (runs - number) * 2 * DAY - RNG.randrange(DAY)
    run = client.create_run(
        experiment, start_time=start, run_name=f"{model}-{algorithm}-{number:03d}",
        tags={"mlflow.user": RNG.choice(ENGINEERS), "mlflow.source.type": "JOB",
              "mlflow.source.name": f"pipelines/train_{model.replace('-', '_')}.py",
              "mlflow.source.git.commit": f"{RNG.getrandbits(160):040x}",
              "security.review": RNG.choice(["passed", "passed", "pending", "waived"]),
              "data.classification": RNG.choice(["internal", "confidential", "restricted"])})
    points, end = curve(start, metrics)
    failed = RNG.random() < 0.07
    client.log_batch(run.info.run_id, params=parameters(task, algorithm))
    for at in range(0, len(points), 900):
        client.log_batch(run.info.run_id, metrics=points[at:at + 900])
    name = RNG.choice(datasets)
    digest = f"{RNG.getrandbits(32):08x}"
    client.log_inputs(run.info.run_id, [DatasetInput(
        Dataset(name=name, digest=digest, source_type="s3",
                source=f'{{"uri": "s3://training-data/{name}/part-000.csv"}}',
                schema='{"rows": %d}' % RNG.randrange(20_000, 900_000)),
        [InputTag("mlflow.data.context", "training")])])
    if failed:
        client.set_tag(run.info.run_id, "failure.reason", RNG.choice(
            ["CUDA out of memory", "training data failed the quality gate", "pre-empted"]))
    client.set_terminated(run.info.run_id, "FAILED" if failed else "FINISHED", end)
    return run, failed


def register(client, model, runs):
    client.create_registered_model(
        model, tags={"owner": RNG.choice(ENGINEERS), "tier": RNG.choice(["critical", "high", "standard"])},
        description=f"{model}: scored on every request of the security gateway; reviewed quarterly.")
    chosen = runs[-5:]
    for run in chosen:
        version = client.create_model_version(
            model, source=f"{run.info.artifact_uri}/model", run_id=run.info.run_id,
            tags={"signed": "true", "sbom": f"s3://mlflow-artifacts/{model}/sbom.cdx.json"},
            description="Candidate of the weekly training pipeline.")
        client.set_model_version_tag(model, version.version, "evaluation", RNG.choice(["passed", "passed", "failed"]))
    last = len(chosen)
    client.set_registered_model_alias(model, "champion", str(last - 1))
    client.set_registered_model_alias(model, "challenger", str(last))
    client.set_registered_model_alias(model, "rollback", str(last - 2))


def main():
    client = MlflowClient(sys.argv[1])
    for _ in range(120):
        try:
            client.search_experiments(max_results=1)
            break
        except Exception:  # the server is still migrating its database
            time.sleep(1)
    for model, (*_, runs) in MODELS.items():
        experiment = client.create_experiment(
            f"security/{model}", artifact_location=f"s3://mlflow-artifacts/{model}",
            tags={"team": "ml-security", "cost_center": f"CC-{RNG.randrange(1000, 9999)}"})
        logged = [log_run(client, experiment, model, number) for number in range(runs)]
        register(client, model, [run for run, failed in logged if not failed])
    retired = client.create_experiment("security/retired-spam-filter", artifact_location="s3://mlflow-artifacts/retired")
    client.delete_experiment(retired)


main()
