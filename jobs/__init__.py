"""Tasks, and the ways to have them done: in the request, in a pool, by RQ, by Celery."""
