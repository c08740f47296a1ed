"""The settings of an installation: one place, one name and one line of documentation for each (SEC-58)."""

import tomllib
from collections.abc import Mapping
from ipaddress import ip_network
from pathlib import Path
from typing import Annotated, Any, Literal
from urllib.parse import urlsplit

import msgspec
from msgspec import Meta

PREFIX = "SADRA_"
CONFIG = "SADRA_CONFIG"
SECRET_MIN_LENGTH = 32
SECRET_MIN_LETTERS = 12
PASSWORD_MIN_LENGTH = 16
GUESSABLE = ("secret", "password", "change", "example", "sadra", "default", "12345")
SCHEMES = {
    "database_url": ("postgresql", "postgres"),
    "nats_url": ("nats", "tls"),
    "smtp_url": ("smtp", "smtp+starttls", "smtps"),
    "blob_url": ("file", "s3"),
    "web_url": ("http", "https"),
    "tracker_url": ("http", "https"),
    "admin_url": ("http", "https"),
}
LOGINS = ("web", "worker", "tracker", "host")
LISTS = ("trusted_proxies", "former_secret_keys", "outbound_allowed", "name_servers")
"""Settings that stand in the environment as one text with commas."""


class SettingsRefused(Exception):
    """The settings are incomplete, wrong or weak; the text has one sentence for each fault."""

    def __init__(self, faults: list[str]) -> None:
        super().__init__("\n".join(faults))
        self.faults = faults


class Settings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What an installation is told from outside. Made by `load`."""

    env: Annotated[
        Literal["development", "production"], Meta(description="Production refuses weak or missing secrets.")
    ] = "development"
    database_url: Annotated[str, Meta(description="PostgreSQL address of the login that provisions and migrates.")]
    web_database_url: Annotated[str, Meta(description="Login of the web app; database_url when empty.")] = ""
    worker_database_url: Annotated[str, Meta(description="Login of the worker; database_url when empty.")] = ""
    tracker_database_url: Annotated[str, Meta(description="Login of the tracker; database_url when empty.")] = ""
    host_database_url: Annotated[str, Meta(description="Login of the host admin; database_url when empty.")] = ""
    db_pool_size: Annotated[int, Meta(ge=1, le=200, description="Most database connections of one process.")] = 8
    nats_url: Annotated[str, Meta(description="NATS address; several are separated by commas.")]
    nats_replicas: Annotated[
        int, Meta(ge=1, le=5, description="Copies of every message on the bus; 3 in a cluster of NATS servers.")
    ] = 1
    smtp_url: Annotated[
        str, Meta(description="Outgoing mail of the installation: smtp://, smtp+starttls:// or smtps://.")
    ] = "smtp://localhost:8025"
    blob_url: Annotated[
        str, Meta(description="Where files lie: file:///folder or s3://…; data_dir/blobs when empty.")
    ] = ""
    upload_mb: Annotated[int, Meta(ge=1, le=1000, description="Largest file that may be uploaded, in MiB.")] = 25
    secret_key: Annotated[
        str,
        Meta(
            description="The installation key: signs links and wraps the tenants' keys. At least 32 random characters."
        ),
    ]
    former_secret_keys: Annotated[
        tuple[str, ...],
        Meta(
            description="Installation keys that were used before: they still read what they made, and make nothing new."
        ),
    ] = ()
    outbound_allowed: Annotated[
        tuple[str, ...],
        Meta(
            description="What users' settings may reach although it lies inside: mail.internal, localhost:2525, 10.1.0.0/16."
        ),
    ] = ()
    name_servers: Annotated[
        tuple[str, ...], Meta(description="Name servers to ask about domains; those of the system when empty.")
    ] = ()
    base_domain: Annotated[str, Meta(description="Domain under which tenants have their hosts.")] = "localhost"
    web_url: Annotated[str, Meta(description="Address of a tenant's pages; {tenant} stands for its name.")] = (
        "http://{tenant}.localhost:8000"
    )
    tracker_url: Annotated[str, Meta(description="Address of the tracker, as it stands in e-mails.")] = (
        "http://localhost:8001"
    )
    admin_url: Annotated[str, Meta(description="Address of the host admin pages.")] = "http://localhost:8002"
    data_dir: Annotated[str, Meta(description="Folder for what the installation writes besides the database.")] = "data"
    trusted_proxies: Annotated[
        tuple[str, ...], Meta(description="Networks whose forwarded headers count, such as 10.0.0.0/8.")
    ] = ()
    support_contact: Annotated[
        str, Meta(description="Where companies reach the host: an address, a telephone number, or both in words.")
    ] = ""
    demo_password: Annotated[
        str, Meta(description="Password of the demo sign-in; made up on first start when empty.")
    ] = ""
    log_level: Annotated[
        Literal["debug", "info", "warning", "error"], Meta(description="Least important log lines to write.")
    ] = "info"
    metrics_port: Annotated[int, Meta(ge=0, le=65535, description="Inside port for /metrics; 0 serves none.")] = 0

    def __repr__(self) -> str:
        """Names no secret, so that a log line cannot leak one."""
        return f"Settings(env={self.env!r}, base_domain={self.base_domain!r})"


def load(environ: Mapping[str, str]) -> Settings:
    """Reads `SADRA_*` over the TOML file that `SADRA_CONFIG` names; `SettingsRefused` lists all faults at once."""
    given = _from_file(environ[CONFIG]) if environ.get(CONFIG) else {}
    given |= {
        name.removeprefix(PREFIX).lower(): value
        for name, value in environ.items()
        if name.startswith(PREFIX) and name != CONFIG
    }
    _refuse(_unknown(given) + _missing(given))
    for name in LISTS:
        if isinstance(listed := given.get(name), str):
            given[name] = [part.strip() for part in listed.split(",") if part.strip()]
    for login in LOGINS:
        given[f"{login}_database_url"] = given.get(f"{login}_database_url") or given["database_url"]
    try:
        settings = msgspec.convert(given, Settings, strict=False)
    except msgspec.ValidationError as error:
        raise SettingsRefused([f"A setting is wrong: {error}."]) from error
    if not settings.blob_url:
        folder = Path(settings.data_dir).resolve() / "blobs"
        settings = msgspec.structs.replace(settings, blob_url=folder.as_uri())
    _refuse(_wrong(settings))
    if settings.env == "production":
        _refuse(_weak(settings))
    return settings


def keys() -> list[tuple[str, str, str]]:
    """Every setting as name, default (empty when it must be given) and meaning, for the documentation."""
    found: list[tuple[str, str, str]] = []
    for field in msgspec.structs.fields(Settings):
        default = "" if field.required or field.default == () else str(field.default)
        meaning = next(part.description for part in field.type.__metadata__ if isinstance(part, Meta))
        found.append((field.name, default, meaning or ""))
    return found


def _from_file(path: str) -> dict[str, Any]:
    try:
        return tomllib.loads(Path(path).read_text(encoding="utf-8"))
    except (OSError, tomllib.TOMLDecodeError) as error:
        raise SettingsRefused([f"{CONFIG} names {path}, which cannot be read: {error}."]) from error


def _refuse(faults: list[str]) -> None:
    if faults:
        raise SettingsRefused(faults)


def _unknown(given: Mapping[str, Any]) -> list[str]:
    known = set(Settings.__struct_fields__)
    return [f"{PREFIX}{name.upper()} is no setting; is it misspelt?" for name in given if name not in known]


def _missing(given: Mapping[str, Any]) -> list[str]:
    needed = [field.name for field in msgspec.structs.fields(Settings) if field.required]
    if given.get("env") == "production":
        needed += ["smtp_url", "blob_url", "base_domain", "web_url", "tracker_url", "admin_url"]
    return [f"{PREFIX}{name.upper()} is missing." for name in needed if not given.get(name)]


def _wrong(settings: Settings) -> list[str]:
    faults = [
        f"{PREFIX}{name.upper()} must start with {' or '.join(f'{scheme}://' for scheme in schemes)}."
        for name, schemes in SCHEMES.items()
        if _scheme(settings, name) not in schemes
    ]
    if "{tenant}" not in settings.web_url:
        faults.append(f"{PREFIX}WEB_URL must hold {{tenant}} where the tenant's name goes.")
    for network in settings.trusted_proxies:
        try:
            ip_network(network)
        except ValueError:
            faults.append(f"{PREFIX}TRUSTED_PROXIES holds {network!r}, which is no network such as 10.0.0.0/8.")
    return faults


def _scheme(settings: Settings, name: str) -> str:
    url: str = getattr(settings, name)
    return urlsplit(url).scheme


def _weak(settings: Settings) -> list[str]:
    faults: list[str] = []
    if not _strong_secret(settings.secret_key):
        faults.append(
            f"{PREFIX}SECRET_KEY is weak: production needs at least {SECRET_MIN_LENGTH} random characters, "
            'such as `python3 -c "import secrets; print(secrets.token_urlsafe(48))"` makes.'
        )
    for name in ("database_url", *(f"{login}_database_url" for login in LOGINS), "nats_url", "smtp_url"):
        faults += _weak_password(name, getattr(settings, name), must=name not in {"nats_url", "smtp_url"})
    for name in ("web_url", "tracker_url", "admin_url"):
        if _scheme(settings, name) != "https":
            faults.append(f"{PREFIX}{name.upper()} must be https in production.")
    if settings.demo_password:
        faults.append(f"{PREFIX}DEMO_PASSWORD has no place in production.")
    return faults


def _strong_secret(secret: str) -> bool:
    varied = len(secret) >= SECRET_MIN_LENGTH and len(set(secret)) >= SECRET_MIN_LETTERS
    return varied and not any(word in secret.lower() for word in GUESSABLE)


def _weak_password(name: str, url: str, *, must: bool) -> list[str]:
    """A server reached over a socket in the file system knows its visitor and needs no password."""
    for address in url.split(","):
        parts = urlsplit(address)
        if not parts.hostname or (parts.password is None and not must):
            continue
        password = parts.password or ""
        if len(password) < PASSWORD_MIN_LENGTH or any(word in password.lower() for word in GUESSABLE):
            return [f"{PREFIX}{name.upper()} has a weak or no password: at least {PASSWORD_MIN_LENGTH} characters."]
    return []
