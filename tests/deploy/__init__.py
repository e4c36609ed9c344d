"""The deployment kit of deploy/: what docs/deployment.md promises of it, with the real programs where they are there."""
