"""The views that the demo company's people share."""

from uuid import UUID

from crm_domain.demo.chance import Chance
from crm_domain.demo.setting import Setting
from crm_domain.records.shelf import ListState, SavedView


def shared_views(setting: Setting, seed: int, owner: UUID) -> list[SavedView]:
    """Deals that close this quarter, large deals, fresh leads."""
    chance, words = Chance(seed, "views", setting.language), setting.words

    def view(module: str, name: str, sort: str, *params: tuple[str, str]) -> SavedView:
        state = ListState(params=params, sort=sort)
        return SavedView(id=chance.id(setting.now), module=module, name=name, owner=owner, shared=True, state=state)

    still_open, soon = ("open", "1"), ("filter[closes_on][period]", "this_quarter")
    return [
        view("opportunities", words.CLOSING_SOON, "closes_on", still_open, soon),
        view("opportunities", words.LARGE_DEALS, "-amount", ("filter[amount][ge]", words.LARGE)),
        view("leads", words.FRESH_LEADS, "-created_at", still_open, ("filter[created_at][period]", "this_month")),
    ]
