"""The current version's tables in a PostgreSQL database, for tools that want a server: loaded aside, compared, shown in one transaction.

Belongs here: from a version's files to what a reader of that database sees. Not here: the files, which stay the product (release), where
the connection string stands (orchestration.commands), what readers ask.

    version   what is loaded: the tables of one version, what they say
    database  the connection: transactions, errors with a code
    schemas   the names of its schemas and roles; which are there, what they hold
    loading   Parquet files -> tables of the version's own schemas
    comparing the same counts and sums of both
    showing   views of the readers' schemas, swapped; rights; what is old
    serve     the order of these
"""

from __future__ import annotations

from pipelines.publishing.postgresql.serve import Served, serve

__all__ = ["Served", "serve"]
