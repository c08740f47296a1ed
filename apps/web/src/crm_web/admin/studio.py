"""What the pages of the studio share: the tenant's modules as they are this moment, and letting everybody see a change."""

from typing import Any

from crm_domain.customising.lists import TenantList, Use
from crm_domain.definition import Option, Registry
from crm_domain.messages.catalogue import LANGUAGES, catalogue
from crm_domain.modules import REGISTRY
from crm_storage.overlays import load_registry
from crm_web.admin.frame import need
from crm_web.visit import Visit


async def latest(visit: Visit) -> Registry:
    """The modules as the tenant has them now, whatever this process remembers. Raises Denied for who may not change them."""
    need(visit, "customise")
    return await load_registry(visit.session, REGISTRY, visit.tenant.overlay_version)


async def publish(visit: Visit) -> None:
    """Commits a change, which other processes hear of at once; this one has heard of it when the next page is asked for."""
    await visit.commit()
    await visit.installation.directory.read()


def languages(visit: Visit) -> list[tuple[str, str, str]]:
    """The product's languages with name and direction, the reader's own first."""
    order = sorted(LANGUAGES, key=lambda language: language != visit.voice.language)
    return [
        (language, visit.text(f"settings.language.{language}"), "rtl" if language == "fa" else "ltr")
        for language in order
    ]


def worded(name: str) -> Any:
    """How the product words the values of a list."""

    def wording(item: Option) -> dict[str, str]:
        return {
            language: words.text(id_)
            for language in LANGUAGES
            if (words := catalogue(language)).has(id_ := f"{name}.{item.key}")
        }

    return wording


def use_label(visit: Visit, registry: Registry, use: Use) -> str:
    """What a list is called where it is used."""
    if use.owner in registry:
        return visit.voice.label(registry[use.module], use.field)
    return visit.voice.link_label(registry.tables[use.owner], use.field)


def list_title(visit: Visit, registry: Registry, found: TenantList) -> str:
    """What a list is called: as the first field that uses it."""
    return use_label(visit, registry, found.uses[0])
