"""What each history should lead to: the definitions, as the tables they make."""

from sqlalchemy import MetaData

from crm_domain.modules import REGISTRY
from crm_storage.host_tables import HOST
from crm_storage.tables import metadata_of


def host_metadata() -> MetaData:
    """The host's tables."""
    return HOST


def tenant_metadata() -> MetaData:
    """A tenant's tables, in whichever schema the search path names."""
    return metadata_of(REGISTRY)
