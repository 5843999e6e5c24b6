"""docker-compose.yml and .env.example: well-formed, complete, and naming only settings that exist."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[2]
# Read by docker compose only.
COMPOSE_ONLY = {"POSTGRES_PASSWORD", "MAIL_PORT"}


@pytest.fixture(scope="module")
def compose() -> dict:
    """The file as docker reads it, anchors resolved."""
    return yaml.safe_load((ROOT / "docker-compose.yml").read_text())


def _settings_read() -> set[str]:
    text = (ROOT / "registry" / "settings.py").read_text()
    return set(re.findall(r'\benv\.\w+\(\s*"([A-Z_]+)"', text))


def _in_example() -> set[str]:
    return set(re.findall(r"^([A-Z_]+)=", (ROOT / ".env.example").read_text(), re.M))


def test_every_setting_is_in_the_example_and_none_else():
    assert _in_example() - COMPOSE_ONLY == _settings_read()


def test_services_get_only_settings_that_exist(compose):
    own = {"migrate", "web", "worker", "beat"}
    for name in own:
        assert set(compose["services"][name]["environment"]) <= _settings_read()
    variables = set(re.findall(r"\$\{([A-Z_]+)", (ROOT / "docker-compose.yml").read_text()))
    assert variables - _in_example() == set()


def test_every_service_that_others_wait_for_says_when_it_is_ready(compose):
    services = compose["services"]
    assert set(services) == {"migrate", "web", "worker", "beat", "postgres", "redis", "mail"}
    for name, service in services.items():
        for needed, how in service.get("depends_on", {}).items():
            if how["condition"] == "service_healthy":
                assert "test" in services[needed]["healthcheck"], (name, needed)
            else:
                assert (needed, services[needed]["restart"]) == ("migrate", "no")
    declared = {volume.split(":")[0] for service in services.values() for volume in service.get("volumes", [])}
    assert declared == set(compose["volumes"])


def test_nothing_but_the_web_and_the_mail_page_can_be_reached_and_only_from_this_machine(compose):
    ports = {name: service["ports"] for name, service in compose["services"].items() if "ports" in service}

    assert set(ports) == {"web", "mail"}
    assert all(port.startswith("127.0.0.1:") for both in ports.values() for port in both)


def test_docker_itself_accepts_the_file():
    """Where docker compose is; everywhere the tests above stand in for it."""
    docker = shutil.which("docker")
    if docker is None or subprocess.run([docker, "compose", "version"], capture_output=True, check=False).returncode:
        return
    environment = {"PATH": "/usr/local/bin:/usr/bin:/bin", "SECRET_KEY": "x" * 50, "POSTGRES_PASSWORD": "x"}
    subprocess.run([docker, "compose", "config", "--quiet"], cwd=ROOT, env=environment, check=True)
