"""The MLflow mirror: a store that holds what the study's files say and can be made again from them."""

import os

# MLflow reads these when it is first imported. It shall not report on its users, and what goes wrong is said
# once, by us. Of an unreachable server it is to make sure for half a minute, not for four; one that is silent
# gets as long each time.
os.environ["MLFLOW_DISABLE_TELEMETRY"] = "true"
os.environ["DO_NOT_TRACK"] = "true"
os.environ.setdefault("MLFLOW_LOGGING_LEVEL", "CRITICAL")
os.environ.setdefault("MLFLOW_SUPPRESS_PRINTING_URL_TO_STDOUT", "true")
os.environ.setdefault("MLFLOW_HTTP_REQUEST_MAX_RETRIES", "4")
os.environ.setdefault("MLFLOW_HTTP_REQUEST_TIMEOUT", "30")
