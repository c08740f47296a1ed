"""What is looked for among all records has an index, however the module says that it is looked for."""

from crm_domain.modules import REGISTRY
from crm_storage.tables import metadata_of


def test_what_rules_for_duplicates_want_the_same_has_an_index() -> None:
    tables = metadata_of(REGISTRY).tables
    wanted = {
        (key, f"ix_{key}_told_{same}")
        for key, module in REGISTRY.modules.items()
        for rule in module.duplicates
        for same in rule.same
    }
    made = {(key, str(index.name)) for key in REGISTRY.modules for index in tables[key].indexes}
    assert ("contacts", "ix_contacts_told_last_name") in wanted
    assert wanted <= made
