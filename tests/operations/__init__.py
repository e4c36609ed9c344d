"""What docs/operations.md promises of unattended operation, with real processes: `make test-operations`."""
