"""Signing in with the company's own account elsewhere: what a company settles about it, and what its provider's claims mean."""

import re
from collections.abc import Iterable, Mapping
from typing import Any, Literal, cast, get_args
from urllib.parse import urlsplit
from uuid import UUID

import msgspec

from crm_domain.problems import FieldProblem, Invalid

Preset = Literal["google", "microsoft", "keycloak", "own"]
PRESETS: tuple[Preset, ...] = get_args(Preset)
GOOGLE = "https://accounts.google.com"
KEY = "single_sign_on"
"""The setting's key."""
DOMAIN = re.compile(r"(?!-)[a-z0-9-]{1,63}(\.[a-z0-9-]{1,63})+")
MOST_GROUPS = 100
MOST_DOMAINS = 50
TEXT_MAX = 300
USER_NAME_MAX = 60


class Claims(msgspec.Struct, frozen=True, kw_only=True):
    """Which claim says what. A name with points, such as `realm_access.roles`, leads inside."""

    email: str = "email"
    first_name: str = "given_name"
    last_name: str = "family_name"
    user_name: str = "preferred_username"
    groups: str = "groups"


class GroupRole(msgspec.Struct, frozen=True):
    """Whoever is in that group of the provider has that role here."""

    group: str
    role: UUID


class SingleSignOn(msgspec.Struct, frozen=True, kw_only=True):
    """`domains` are those whose people come in; `proven` of them the company has shown to be its own."""

    preset: Preset = "own"
    label: str = ""
    issuer: str = ""
    client: str = ""
    scopes: str = "openid email profile"
    claims: Claims = Claims()
    enabled: bool = False
    creates: bool = False
    """Whether somebody who comes for the first time becomes a user."""
    first_role: UUID | None = None
    """What a new user has when no group says more."""
    group_roles: tuple[GroupRole, ...] = ()
    domains: tuple[str, ...] = ()
    proven: frozenset[str] = frozenset()
    forced: bool = False
    """Whether passwords open nothing any more, but for one administrator."""
    break_glass: UUID | None = None


class Stranger(msgspec.Struct, frozen=True):
    """Somebody as his provider describes him. `email` is empty unless the provider has verified it; `of_company` is false where
    the provider knows companies and says that his account belongs to none of these."""

    subject: str
    email: str
    first_name: str
    last_name: str
    user_name: str
    groups: frozenset[str]
    of_company: bool = True

    @property
    def domain(self) -> str:
        return self.email.rpartition("@")[2].lower()


def preset(key: str) -> SingleSignOn:
    """What a known provider begins with; the issuer's braces are to be filled."""
    match key:
        case "google":
            return SingleSignOn(preset="google", label="Google", issuer=GOOGLE)
        case "microsoft":
            issuer = "https://login.microsoftonline.com/{tenant}/v2.0"
            return SingleSignOn(preset="microsoft", label="Microsoft", issuer=issuer)
        case "keycloak":
            claims = Claims(groups="realm_access.roles")
            issuer = "https://{host}/realms/{realm}"
            return SingleSignOn(preset="keycloak", label="Keycloak", issuer=issuer, claims=claims)
        case _:
            return SingleSignOn()


def settings_of(stored: Any) -> SingleSignOn:
    """From the setting; nothing enabled where there is none."""
    return msgspec.convert(stored or {}, SingleSignOn)


def stranger_of(claims: Mapping[str, Any], settings: SingleSignOn) -> Stranger:
    """What the claims say of a person, each text cut to size. Only what the provider verified counts as his address."""
    names = settings.claims
    verified = claims.get("email_verified", claims.get("xms_edov"))
    email = _text(claims, names.email).lower() if verified in (True, "true", "1", 1) else ""
    groups = _claim(claims, names.groups)
    listed = cast("list[Any]", groups) if isinstance(groups, list) else [groups]
    return Stranger(
        subject=str(claims["sub"]),
        email=email if "@" in email else "",
        first_name=_text(claims, names.first_name)[:100],
        last_name=_text(claims, names.last_name)[:100],
        user_name=_text(claims, names.user_name) or email,
        groups=frozenset(group for group in listed if isinstance(group, str)),
        of_company=not _is_google(settings) or _text(claims, "hd").lower() in settings.domains,
    )


def _is_google(settings: SingleSignOn) -> bool:
    """Anybody may have a private account there under a company's address; only those of the company name its domain."""
    return settings.preset == "google" or settings.issuer == GOOGLE


def roles_for(settings: SingleSignOn, groups: Iterable[str], had: Iterable[UUID]) -> frozenset[UUID]:
    """The roles of somebody in these groups: what groups govern is as they say, the rest stays, and nobody has none."""
    mine = set(groups)
    governed = {one.role for one in settings.group_roles}
    given = {one.role for one in settings.group_roles if one.group in mine}
    found = (set(had) - governed) | given
    return frozenset(found or ({settings.first_role} if settings.first_role else set()))


def check_settings(settings: SingleSignOn, roles: Mapping[UUID, str], *, plain: bool) -> None:
    """Raises Invalid. `roles` are those there are with what the product calls them; `plain` allows an issuer without TLS."""
    problems: dict[str, tuple[FieldProblem, ...]] = {}

    def wrong(key: str, id_: str, **facts: Any) -> None:
        problems.setdefault(key, (FieldProblem(id_, facts),))

    url = urlsplit(settings.issuer)
    if url.scheme not in (("https", "http") if plain else ("https",)) or not url.netloc or url.query or url.fragment:
        wrong("issuer", "sso.issuer_wrong")
    if "{" in settings.issuer or len(settings.issuer) > TEXT_MAX:
        wrong("issuer", "sso.issuer_wrong")
    if not settings.client.strip() or len(settings.client) > TEXT_MAX:
        wrong("client", "problems.required")
    if "openid" not in settings.scopes.split() or len(settings.scopes) > TEXT_MAX:
        wrong("scopes", "sso.scopes_wrong")
    if len(settings.domains) > MOST_DOMAINS or not all(DOMAIN.fullmatch(domain) for domain in settings.domains):
        wrong("domains", "sso.domains_wrong")
    given = {role for role in (settings.first_role, *(one.role for one in settings.group_roles)) if role}
    if len(settings.group_roles) > MOST_GROUPS or not given <= set(roles):
        wrong("group_roles", "problems.unknown_record")
    if any(roles.get(role) == "administrator" for role in given):
        wrong("group_roles", "sso.no_administrators")
    if settings.creates and not (settings.first_role and settings.domains):
        wrong("creates", "sso.creates_what")
    if settings.forced and not (settings.enabled and settings.break_glass):
        wrong("forced", "sso.forced_without")
    if problems:
        raise Invalid(problems)


def _text(claims: Mapping[str, Any], path: str) -> str:
    found = _claim(claims, path)
    return found.strip()[:TEXT_MAX] if isinstance(found, str) else ""


def _claim(claims: Mapping[str, Any], path: str) -> Any:
    """A claim of that very name, else one inside others."""
    if path in claims:
        return claims[path]
    found: Any = claims
    for part in path.split("."):
        found = cast("dict[str, Any]", found).get(part) if isinstance(found, dict) else None
    return found
