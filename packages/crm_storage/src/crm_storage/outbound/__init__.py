"""The outbound door: the only way to hosts that users name (SEC-24)."""

from crm_storage.outbound.door import Door, Rules
from crm_storage.outbound.web import Answer, Reach, fetch

__all__ = ["Answer", "Door", "Reach", "Rules", "fetch"]
