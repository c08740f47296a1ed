"""What each user keeps at hand: favourites, recently viewed records, saved views, the state of each module's list."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec

from crm_domain.definition import Ref
from crm_domain.records.shelf import Desk, FormDraft, ListState, SavedView
from crm_storage.records.context import Context
from crm_storage.records.reads import fetch

MAX_FAVOURITES = 500
STAR = """
INSERT INTO favourite (user_id, record_id, module) SELECT %(me)s, %(record)s, %(module)s
WHERE (SELECT count(*) FROM favourite WHERE user_id = %(me)s) < %(most)s ON CONFLICT DO NOTHING
"""
STAR_MANY = """
INSERT INTO favourite (user_id, record_id, module)
SELECT %(me)s, id, %(module)s FROM unnest(%(ids)s::uuid[]) id
LIMIT greatest(0, %(most)s - (SELECT count(*) FROM favourite WHERE user_id = %(me)s)) ON CONFLICT DO NOTHING
"""
UNSTAR = "DELETE FROM favourite WHERE user_id = %(me)s AND record_id = %(record)s"
FOLLOW = """
INSERT INTO follow (user_id, record_id, module) VALUES (%(me)s, %(record)s, %(module)s) ON CONFLICT DO NOTHING
"""
UNFOLLOW = "DELETE FROM follow WHERE user_id = %(me)s AND record_id = %(record)s"
STARRED = "SELECT module, record_id FROM favourite WHERE user_id = %(me)s ORDER BY created_at DESC LIMIT %(limit)s"
SEEN = """
INSERT INTO recent_item (user_id, record_id, module) VALUES (%(me)s, %(record)s, %(module)s)
ON CONFLICT (user_id, record_id) DO UPDATE SET last_seen_at = now(), visits = recent_item.visits + 1
WHERE recent_item.last_seen_at < now() - interval '1 minute'
"""
RECENT = "SELECT module, record_id FROM recent_item WHERE user_id = %(me)s ORDER BY last_seen_at DESC LIMIT %(limit)s"
VISITS = """
SELECT module, record_id, last_seen_at FROM recent_item WHERE user_id = %(me)s AND (%(module)s = '' OR module = %(module)s)
ORDER BY last_seen_at DESC LIMIT %(limit)s
"""
VIEW = """
jsonb_build_object('id', v.id, 'module', v.module, 'name', v.name, 'owner', v.owner_id, 'shared', v.shared,
  'audience', v.audience, 'state', v.body, 'version', v.version)
"""
SHARED = "v.shared AND (v.audience IS NULL OR v.audience = ANY(%(circles)s))"
"""With everybody, or with a team or role of the user's."""
SEEN_VIEW = f"(v.owner_id = %(me)s OR {SHARED})"
VIEWS = f"SELECT {VIEW} FROM list_view v WHERE {SEEN_VIEW} ORDER BY v.position, v.created_at"
DESK = f"""
SELECT ARRAY(SELECT ROW(f.module, f.record_id) FROM favourite f WHERE f.user_id = %(me)s
    ORDER BY f.created_at DESC LIMIT %(limit)s),
  ARRAY(SELECT ROW(r.module, r.record_id) FROM recent_item r WHERE r.user_id = %(me)s
    ORDER BY r.last_seen_at DESC LIMIT %(limit)s),
  (SELECT jsonb_agg({VIEW} ORDER BY v.position, v.created_at) FROM list_view v
   WHERE v.module = %(module)s AND {SEEN_VIEW}),
  (SELECT s.body FROM user_module_state s WHERE s.user_id = %(me)s AND s.module = %(module)s)
"""
CHANGEABLE = f"(v.owner_id = %(me)s OR {SHARED} AND %(may_share)s)"
SAVE_VIEW = f"""
INSERT INTO list_view AS v (id, module, name, owner_id, shared, audience, body)
VALUES (%(id)s, %(module)s, %(name)s, %(me)s, %(shared)s, %(audience)s, %(body)s::jsonb)
ON CONFLICT (id) DO UPDATE SET name = excluded.name, shared = excluded.shared, audience = excluded.audience,
  body = excluded.body, version = v.version + 1
WHERE {CHANGEABLE}
RETURNING id
"""
DROP_VIEW = f"DELETE FROM list_view v WHERE id = %(id)s AND {CHANGEABLE} RETURNING id"
KEEP_STATE = """
INSERT INTO user_module_state (user_id, module, body) VALUES (%(me)s, %(module)s, %(body)s::jsonb)
ON CONFLICT (user_id, module) DO UPDATE SET body = excluded.body
"""

NEW = UUID(int=0)
"""Under this id the draft of a new record stands."""
KEEP_DRAFT = """
INSERT INTO form_draft (user_id, module, record_id, pairs) VALUES (%(me)s, %(module)s, %(record)s, %(pairs)s::jsonb)
ON CONFLICT (user_id, module, record_id) DO UPDATE SET pairs = excluded.pairs, kept_at = now()
"""
DRAFT = """
SELECT pairs, kept_at FROM form_draft WHERE user_id = %(me)s AND module = %(module)s AND record_id = %(record)s
"""
DROP_DRAFT = "DELETE FROM form_draft WHERE user_id = %(me)s AND module = %(module)s AND record_id = %(record)s"


class StoredShelf:
    """The shelf of the acting user, in the same transaction as everything else."""

    def __init__(self, context: Context) -> None:
        self._context = context

    async def desk(self, module: str = "", *, refs: int = 8) -> Desk:
        """What a page shows of the shelf; without a module no views and no state."""
        row = await self._context.session.one(DESK, self._facts(module=module, limit=refs))
        assert row is not None
        starred, recent, views, state = row
        return Desk(
            starred=tuple(Ref(key, UUID(id_)) for key, id_ in starred),
            recent=tuple(Ref(key, UUID(id_)) for key, id_ in recent),
            views=msgspec.convert(views or (), tuple[SavedView, ...]),
            state=msgspec.convert(state or {}, ListState),
        )

    async def star(self, ref: Ref, *, on: bool) -> None:
        """Stars a record or takes the star away; at most 500 stars a user."""
        await self._context.session.execute(
            STAR if on else UNSTAR, self._facts(record=ref.id, module=ref.module, most=MAX_FAVOURITES)
        )

    async def follow(self, ref: Ref, *, on: bool) -> None:
        """Tells the user from now on, or no more, when others change the record."""
        await self._context.session.execute(FOLLOW if on else UNFOLLOW, self._facts(record=ref.id, module=ref.module))

    async def star_many(self, module: str, ids: Sequence[UUID]) -> int:
        """Stars records the actor may see, as far as there is room; how many are new."""
        within = await fetch(self._context, self._context.registry[module], ids, columns=("name",))
        facts = self._facts(ids=[row.id for row in within], module=module, most=MAX_FAVOURITES)
        return await self._context.session.execute(STAR_MANY, facts)

    async def starred(self, limit: int = 30) -> list[Ref]:
        """Newest star first, without names."""
        return await self._refs(STARRED, limit)

    async def seen(self, ref: Ref) -> None:
        """Notes a visit, at most once a minute for each record."""
        await self._context.session.execute(SEEN, self._facts(record=ref.id, module=ref.module))

    async def recent(self, limit: int = 10) -> list[Ref]:
        """Last seen first, without names."""
        return await self._refs(RECENT, limit)

    async def visits(self, module: str = "", limit: int = 100) -> list[tuple[Ref, datetime]]:
        """Last seen first, without names, of one module or of all, with the moment of the visit."""
        found = await self._context.session.rows(VISITS, self._facts(module=module, limit=limit))
        return [(Ref(key, id_), at) for key, id_, at in found]

    async def views(self) -> list[SavedView]:
        """The user's own views of all modules, and those shared with him."""
        found = await self._context.session.rows(VIEWS, self._facts())
        return [msgspec.convert(view, SavedView) for (view,) in found]

    async def save_view(self, view: SavedView) -> bool:
        """Creates or changes a view; False when it is another's and the user may not change shared views."""
        named = {"id": view.id, "module": view.module, "name": view.name}
        facts = self._facts(**named, shared=view.shared, audience=view.audience, body=_json(view.state))
        return bool(await self._context.session.rows(SAVE_VIEW, facts))

    async def drop_view(self, id_: UUID) -> bool:
        return bool(await self._context.session.rows(DROP_VIEW, self._facts(id=id_)))

    async def keep_state(self, module: str, state: ListState) -> None:
        await self._context.session.execute(KEEP_STATE, self._facts(module=module, body=_json(state)))

    async def keep_draft(self, module: str, record: UUID | None, pairs: Sequence[tuple[str, str]]) -> None:
        await self._context.session.execute(
            KEEP_DRAFT, self._facts(module=module, record=record or NEW, pairs=_json(pairs))
        )

    async def draft(self, module: str, record: UUID | None) -> FormDraft | None:
        row = await self._context.session.one(DRAFT, self._facts(module=module, record=record or NEW))
        return FormDraft(msgspec.convert(row[0], tuple[tuple[str, str], ...]), row[1]) if row else None

    async def drop_draft(self, module: str, record: UUID | None) -> None:
        await self._context.session.execute(DROP_DRAFT, self._facts(module=module, record=record or NEW))

    async def _refs(self, statement: str, limit: int) -> list[Ref]:
        found: Sequence[tuple[Any, ...]] = await self._context.session.rows(statement, self._facts(limit=limit))
        return [Ref(module, id_) for module, id_ in found]

    def _facts(self, **facts: Any) -> dict[str, Any]:
        access = self._context.access
        circles = [*access.teams, *(role.id for role in access.roles)]
        return {"me": access.user, "may_share": access.special("shared_views"), "circles": circles, **facts}


def _json(value: Any) -> str:
    return msgspec.json.encode(value).decode()
