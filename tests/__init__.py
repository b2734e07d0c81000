"""Real Redis, real gunicorn, real listener processes."""
