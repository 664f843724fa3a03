"""Submissions against a key: verdicts, points, what went wrong, and errors carried forward."""
