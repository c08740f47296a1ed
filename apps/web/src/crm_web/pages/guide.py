"""The guide inside the product: a page for every module, made from its definition, and the first steps."""

from typing import Any

from litestar import Controller, Response, get

from crm_domain.definition import Module
from crm_domain.definition.kinds import Choice, DependentChoice, MultiChoice
from crm_ui.static import Assets
from crm_web.visit import Visit

TOPICS = (
    "first_steps",
    "home",
    "lists",
    "many",
    "imports",
    "background",
    "notices",
    "news",
    "records",
    "reports",
    "reports_out",
    "mail",
    "service",
    "campaigns",
    "public_links",
    "sending",
    "spared",
    "search",
    "studio",
    "signing_in",
    "leaving",
    "hosted",
    "keyboard",
)

PICTURE = (960, 560)
"""Width and height of a module's picture, in pixels."""


class GuidePages(Controller):
    """/help and /help/<module>."""

    path = "/help"

    @get("/")
    async def index(self, visit: Visit) -> Response[str]:
        topics = [(visit.text(f"guide.{topic}"), visit.text(f"guide.{topic}.text")) for topic in TOPICS]
        return await visit.page("guide/index.html", current="help", topics=topics, modules=_modules(visit))

    @get("/{key:str}")
    async def module(self, visit: Visit, key: str) -> Response[str]:
        module = visit.module(key)
        visit.allow(module, "list")
        fields = [
            (
                visit.voice.label(module, field),
                visit.text(f"kind.{type(field).__name__}"),
                field.required,
                _options(visit, field),
            )
            for field in module.own_fields()
            if visit.access.field(module.key, field.key) != "hidden"
        ]
        return await visit.page(
            "guide/module.html",
            current=key,
            title=visit.voice.module(module),
            text=visit.text(f"{key}.help"),
            picture=picture_of(visit.installation.assets, visit.voice.language, key),
            size=PICTURE,
            fields=fields,
            modules=_modules(visit),
        )


def picture_of(assets: Assets, language: str, key: str) -> str:
    """The address of a module's picture in that language; empty where none was taken."""
    name = f"guide-{language}-{key}.webp"
    return assets.url(name) if assets.has(name) else ""


def _modules(visit: Visit) -> list[tuple[str, str, str]]:
    found: list[Module[Any]] = [m for m in visit.work.registry.modules.values() if visit.access.can(m.key, "list")]
    return [(visit.voice.module(module), f"/help/{module.key}", module.icon) for module in found]


def _options(visit: Visit, field: Any) -> str:
    if not isinstance(field, Choice | DependentChoice | MultiChoice):
        return ""
    shown = (visit.voice.option_label(field.options, item) for item in field.options.items if item.active)
    return visit.text("record.list_separator").join(shown)
