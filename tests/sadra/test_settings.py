"""Settings: environment over file, every fault named, and no weak secret in production (SEC-58)."""

from pathlib import Path

import pytest

from crm_storage.settings import SettingsRefused, keys, load

LEAST = {
    "SADRA_DATABASE_URL": "postgresql://crm@localhost/crm",
    "SADRA_NATS_URL": "nats://localhost:4222",
    "SADRA_SECRET_KEY": "development",
}
STRONG = "pR7wq2Zt9xLmKf4vBn8sYc3hJd6gTa1eUoWi5b"
PRODUCTION = {
    "SADRA_ENV": "production",
    "SADRA_DATABASE_URL": "postgresql://crm:q8Zr4tXw9bNm2Kf7@db.internal/crm",
    "SADRA_NATS_URL": "nats://nats.internal:4222",
    "SADRA_SECRET_KEY": STRONG,
    "SADRA_SMTP_URL": "smtp+starttls://mail.internal:587",
    "SADRA_BLOB_URL": "s3://files.internal/crm",
    "SADRA_BASE_DOMAIN": "crm.test",
    "SADRA_WEB_URL": "https://{tenant}.crm.test",
    "SADRA_TRACKER_URL": "https://go.crm.test",
    "SADRA_ADMIN_URL": "https://host.crm.test",
}


def refusal(environ: dict[str, str]) -> str:
    with pytest.raises(SettingsRefused) as refused:
        load(environ)
    return str(refused.value)


def test_development_needs_little_and_has_documented_defaults() -> None:
    settings = load(LEAST | {"PATH": "/bin"})
    assert settings.env == "development"
    assert settings.web_url.format(tenant="demo") == "http://demo.localhost:8000"
    assert settings.blob_url.startswith("file:///")


def test_the_environment_wins_over_the_file(tmp_path: Path) -> None:
    file = tmp_path / "sadra.toml"
    file.write_text('db_pool_size = 3\nbase_domain = "file.test"\ntrusted_proxies = ["10.0.0.0/8"]\n')
    settings = load(LEAST | {"SADRA_CONFIG": str(file), "SADRA_BASE_DOMAIN": "environment.test"})
    assert (settings.db_pool_size, settings.base_domain) == (3, "environment.test")
    assert settings.trusted_proxies == ("10.0.0.0/8",)


def test_each_app_may_have_its_own_login_and_falls_back_to_the_common_one() -> None:
    settings = load(LEAST | {"SADRA_TRACKER_DATABASE_URL": "postgresql://tracker@localhost/crm"})
    assert settings.tracker_database_url == "postgresql://tracker@localhost/crm"
    assert settings.web_database_url == settings.worker_database_url == settings.host_database_url
    assert settings.web_database_url == LEAST["SADRA_DATABASE_URL"]


def test_lists_in_the_environment_are_separated_by_commas() -> None:
    settings = load(LEAST | {"SADRA_TRUSTED_PROXIES": "10.0.0.0/8, 192.168.1.7"})
    assert settings.trusted_proxies == ("10.0.0.0/8", "192.168.1.7")


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"SADRA_DATABASE_URL": ""}, "SADRA_DATABASE_URL is missing."),
        ({"SADRA_SECRET_KEY": ""}, "SADRA_SECRET_KEY is missing."),
        ({"SADRA_DATABSE_URL": "x"}, "SADRA_DATABSE_URL is no setting; is it misspelt?"),
        ({"SADRA_DB_POOL_SIZE": "many"}, "db_pool_size"),
        ({"SADRA_DB_POOL_SIZE": "0"}, "db_pool_size"),
        ({"SADRA_ENV": "staging"}, "env"),
        ({"SADRA_NATS_URL": "http://localhost"}, "SADRA_NATS_URL must start with nats:// or tls://."),
        ({"SADRA_WEB_URL": "http://localhost"}, "SADRA_WEB_URL must hold {tenant}"),
        ({"SADRA_TRUSTED_PROXIES": "proxy"}, "SADRA_TRUSTED_PROXIES holds 'proxy'"),
        ({"SADRA_CONFIG": "/nowhere/sadra.toml"}, "SADRA_CONFIG names /nowhere/sadra.toml"),
    ],
)
def test_a_fault_is_named(change: dict[str, str], sentence: str) -> None:
    assert sentence in refusal(LEAST | change)


def test_sec_58_production_starts_with_strong_settings() -> None:
    assert load(PRODUCTION).env == "production"


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"SADRA_SECRET_KEY": "short"}, "SADRA_SECRET_KEY is weak"),
        ({"SADRA_SECRET_KEY": "a" * 64}, "SADRA_SECRET_KEY is weak"),
        ({"SADRA_SECRET_KEY": STRONG + "-change-me"}, "SADRA_SECRET_KEY is weak"),
        ({"SADRA_DATABASE_URL": "postgresql://crm@db/crm"}, "SADRA_DATABASE_URL has a weak or no password"),
        ({"SADRA_WEB_DATABASE_URL": "postgresql://web:web@db/crm"}, "SADRA_WEB_DATABASE_URL has a weak or no password"),
        ({"SADRA_NATS_URL": "nats://crm:crm@nats:4222"}, "SADRA_NATS_URL has a weak or no password"),
        ({"SADRA_SMTP_URL": "smtps://crm:password12345678@mail"}, "SADRA_SMTP_URL has a weak or no password"),
        ({"SADRA_TRACKER_URL": "http://go.crm.test"}, "SADRA_TRACKER_URL must be https in production."),
        ({"SADRA_DEMO_PASSWORD": "x"}, "SADRA_DEMO_PASSWORD has no place in production."),
        ({"SADRA_SMTP_URL": ""}, "SADRA_SMTP_URL is missing."),
    ],
)
def test_sec_58_production_refuses_weak_or_missing_secrets(change: dict[str, str], sentence: str) -> None:
    assert sentence in refusal(PRODUCTION | change)


def test_sec_58_all_faults_are_told_at_once() -> None:
    told = refusal(PRODUCTION | {"SADRA_SECRET_KEY": "x", "SADRA_ADMIN_URL": "http://host"})
    assert "SADRA_SECRET_KEY" in told
    assert "SADRA_ADMIN_URL" in told


def test_settings_do_not_print_their_secrets() -> None:
    settings = load(PRODUCTION)
    assert STRONG not in repr(settings)
    assert "q8Zr4tXw9bNm2Kf7" not in str(settings)


def test_every_key_is_documented() -> None:
    assert all(name and meaning for name, _, meaning in keys())
