"""What one may do with the foundation's own records. Which role may is said in the wiring of identity."""

from enum import StrEnum


class Permission(StrEnum):
    """Permissions of the foundation; each is held on an organisation."""

    AUDIT_READ = "foundation:audit:read"
    AUDIT_READ_NODE = "foundation:audit:read_node"  # rows that belong to no organisation
    FILE_READ = "foundation:file:read"
    JOB_READ = "foundation:job:read"  # jobs that others started
