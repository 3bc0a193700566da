"""Experiments as a data scientist logs them: three runs, a model each, the best one registered and called champion.

Where the server is, the MLflow client reads from MLFLOW_TRACKING_URI. Prints one JSON line: what was made.
"""

import json
import logging
import os
import warnings

os.environ.setdefault("MLFLOW_ENABLE_ARTIFACTS_PROGRESS_BAR", "false")
warnings.filterwarnings("ignore")
logging.getLogger("mlflow").setLevel(logging.ERROR)

import mlflow
from sklearn.datasets import make_classification
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import accuracy_score, roc_auc_score
from sklearn.model_selection import train_test_split

EXPERIMENT = "prompt-injection-detector"
MODEL = "prompt-injection-detector"

mlflow.set_experiment(EXPERIMENT)
# Stands in for embeddings of prompts, one in five of them an attack; the same on every machine.
x, y = make_classification(n_samples=2000, n_features=24, n_informative=8, weights=[0.8], random_state=7)
x_train, x_test, y_train, y_test = train_test_split(x, y, test_size=0.25, random_state=7)

runs = []
for strength in (0.01, 0.1, 1.0):
    with mlflow.start_run(run_name=f"logistic-{strength}") as run:
        model = LogisticRegression(C=strength, max_iter=500).fit(x_train, y_train)
        auc = roc_auc_score(y_test, model.predict_proba(x_test)[:, 1])
        mlflow.log_params({"C": strength, "features": x.shape[1]})
        mlflow.log_metrics({"auc": auc, "accuracy": accuracy_score(y_test, model.predict(x_test))})
        mlflow.log_dict({"labels": ["benign", "attack"]}, "labels.json")
        logged = mlflow.sklearn.log_model(model, name="model")
        runs.append({"run": run.info.run_id, "auc": round(auc, 4), "model": logged.model_uri})

best = max(runs, key=lambda each: each["auc"])
version = mlflow.register_model(best["model"], MODEL)
mlflow.MlflowClient().set_registered_model_alias(MODEL, "champion", version.version)
print(json.dumps({"experiment": EXPERIMENT, "runs": runs, "champion": f"{MODEL} version {version.version}"}))
