"""What a module is, as frozen values."""

from crm_domain.definition.change import Change
from crm_domain.definition.field import Field, Set, required
from crm_domain.definition.layout import Arrangement, Layout, Panel, panel
from crm_domain.definition.module import Credit, DuplicateRule, Expiry, Module, Privacy, Schedule
from crm_domain.definition.options import Option, Options, option, plain
from crm_domain.definition.record import SYSTEM_KEYS, Record
from crm_domain.definition.registry import Registry
from crm_domain.definition.relation import LinkFields, ManyToAny, ManyToMany, Relation, RelationTable, fields_of
from crm_domain.definition.values import ADDRESS_PARTS, Amount, Blob, EmailEntry, PostalAddress, Ref, SecretMark, Upload

__all__ = [
    "ADDRESS_PARTS", "SYSTEM_KEYS", "Amount", "Arrangement", "Blob", "Change", "Credit", "DuplicateRule", "EmailEntry", "Expiry", "Field",
    "Layout", "LinkFields", "ManyToAny", "ManyToMany", "Module", "Option", "Options", "Panel", "PostalAddress", "Privacy", "Record", "Ref",
    "Registry", "Relation", "RelationTable", "Schedule", "SecretMark", "Set", "Upload",
    "fields_of", "option", "panel", "plain", "required",
]  # fmt: skip
