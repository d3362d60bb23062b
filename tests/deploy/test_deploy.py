"""What is in `deploy/` fits together, and to the program: it names settings, commands, paths and parts that there are."""

import re
import tomllib
from pathlib import Path
from typing import Any

import kubernetes_validate  # type: ignore[import-untyped]
import pytest
import yaml
from typer.main import get_group

from bot.chat.telegram.webhook import HEALTH, METRICS
from bot.cli import app
from bot.settings import Settings

ROOT = Path(__file__).parents[2]
DEPLOY = ROOT / "deploy"
PAGE = ROOT / "docs" / "scaling.md"
NAMES = {str(field.validation_alias) for field in Settings.model_fields.values()}
"""Of the environment variables that the program reads."""
SECRETS = {str(f.validation_alias) for f in Settings.model_fields.values() if "SecretStr" in str(f.annotation)}
KUBERNETES = "1.34"

COMPOSE = yaml.safe_load((DEPLOY / "compose.yaml").read_text(encoding="utf-8"))
SERVICES: dict[str, Any] = COMPOSE["services"]
OURS = {name: service for name, service in SERVICES.items() if service["image"] == "onrecord"}
BOTS = {name: service for name, service in OURS.items() if name.startswith("bot-")}
MANIFESTS = {
    f"{path.name}: {document['kind']} {document['metadata']['name']}": document
    for path in sorted((DEPLOY / "kubernetes").iterdir())
    for document in yaml.safe_load_all(path.read_text(encoding="utf-8"))
}


def manifest(kind: str) -> Any:
    return next(document for document in MANIFESTS.values() if document["kind"] == kind)


def pods() -> list[Any]:
    return [manifest("Deployment")["spec"]["template"], manifest("CronJob")["spec"]["jobTemplate"]["spec"]["template"]]


# The image


def test_the_image_is_made_of_what_there_is() -> None:
    dockerfile = (DEPLOY / "Dockerfile").read_text(encoding="utf-8")
    extras = re.search(r"'\.\[(.*)\]'", dockerfile)
    assert extras
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert set(extras[1].split(",")) <= project["optional-dependencies"].keys()
    sent = re.findall(r"^!(\S+)", (DEPLOY / "Dockerfile.dockerignore").read_text(encoding="utf-8"), re.M)
    assert {"bot", "constraints.txt", "pyproject.toml"} <= set(sent)
    assert all((ROOT / name).exists() for name in sent)


def test_the_image_is_run_by_a_user_with_a_number_who_is_not_root() -> None:
    users = re.findall(r"^USER (.*)", (DEPLOY / "Dockerfile").read_text(encoding="utf-8"), re.M)
    assert users == ["10001"]
    assert [pod["spec"]["securityContext"]["runAsUser"] for pod in pods()] == [10_001, 10_001]


# Compose


@pytest.mark.parametrize("name", SERVICES)
def test_what_a_service_leans_on_is_there(name: str) -> None:
    service = SERVICES[name]
    leans = service.get("depends_on", {})
    assert set(leans) <= SERVICES.keys()
    for other in leans:
        if isinstance(leans, dict) and leans[other]["condition"] == "service_healthy":
            assert "healthcheck" in SERVICES[other]
    assert set(service["networks"]) <= COMPOSE["networks"].keys()
    mounted = {volume.split(":")[0] for volume in service.get("volumes", [])}
    assert {source for source in mounted if source[0] not in "./$"} <= COMPOSE["volumes"].keys()


@pytest.mark.parametrize("name", OURS)
def test_compose_sets_only_what_is_read(name: str) -> None:
    assert OURS[name]["environment"].keys() <= NAMES


def test_there_is_no_secret_in_compose() -> None:
    secret = set()
    for service in SERVICES.values():
        for name, value in service.get("environment", {}).items():
            if name in SECRETS or "PASSWORD" in name:
                secret.add(name)
                assert re.search(r"(^|:)\$\{\w+:\?.+\}(@|$)", value), name
    assert {"TELEGRAM_BOT_TOKEN", "TELEGRAM_WEBHOOK_SECRET", "ONRECORD_DATABASE", "POSTGRES_PASSWORD"} == secret


def test_only_nginx_can_be_reached_from_outside() -> None:
    assert [name for name, service in SERVICES.items() if "ports" in service] == ["nginx"]
    assert COMPOSE["networks"]["back"]["internal"]
    assert {name for name, service in SERVICES.items() if "front" in service["networks"]} == {"nginx", *BOTS}


def test_any_one_node_of_the_cluster_may_be_lost() -> None:
    roles = {
        name: service["environment"]["node.roles"].split(",")
        for name, service in SERVICES.items()
        if name.startswith("search-")
    }
    assert len([name for name in roles if "cluster_manager" in roles[name]]) == 3
    assert len([name for name in roles if "data" in roles[name]]) == 2
    for name in roles:
        environment = SERVICES[name]["environment"]
        assert environment["node.name"] == name
        assert set(environment["discovery.seed_hosts"].split(",")) == roles.keys()
        assert set(environment["cluster.initial_cluster_manager_nodes"].split(",")) == roles.keys()


def test_the_bots_are_one_but_for_their_address_and_nginx_knows_both() -> None:
    served = re.findall(r"^ +server (\S+):8443 ", (DEPLOY / "nginx.conf").read_text(encoding="utf-8"), re.M)
    assert served == [bot["networks"]["front"]["ipv4_address"] for bot in BOTS.values()]
    assert all(bot["environment"]["TELEGRAM_WEBHOOK_LISTEN"] == "0.0.0.0:8443" for bot in BOTS.values())
    first, second = ({**bot, "networks": None} for bot in BOTS.values())
    assert first == second
    assert f"8443{HEALTH}'" in first["healthcheck"]["test"][-1]


# Kubernetes


@pytest.mark.parametrize("name", MANIFESTS)
def test_kubernetes_knows_every_field(name: str) -> None:
    kubernetes_validate.validate(MANIFESTS[name], KUBERNETES, strict=True)


def test_every_selector_finds_the_bots() -> None:
    bots = manifest("Deployment")["spec"]["template"]
    labels = bots["metadata"]["labels"].items()
    spread = bots["spec"]["topologySpreadConstraints"][0]["labelSelector"]
    for selector in (
        manifest("Deployment")["spec"]["selector"],
        manifest("PodDisruptionBudget")["spec"]["selector"],
        spread,
    ):
        assert selector["matchLabels"].items() <= labels
    assert manifest("Service")["spec"]["selector"].items() <= labels
    others = manifest("CronJob")["spec"]["jobTemplate"]["spec"]["template"]["metadata"]["labels"].items()
    assert not manifest("Service")["spec"]["selector"].items() <= others


def test_what_is_asked_of_a_bot_is_served() -> None:
    bots = manifest("Deployment")["spec"]["template"]
    bot = bots["spec"]["containers"][0]
    (port,) = bot["ports"]
    assert bot["readinessProbe"]["httpGet"] == {"path": HEALTH, "port": port["name"]}
    assert "livenessProbe" not in bot
    assert bots["metadata"]["annotations"]["prometheus.io/path"] == METRICS
    assert bots["metadata"]["annotations"]["prometheus.io/port"] == str(port["containerPort"])
    assert manifest("ConfigMap")["data"]["TELEGRAM_WEBHOOK_LISTEN"] == f"0.0.0.0:{port['containerPort']}"


def test_only_the_address_of_the_webhook_can_be_reached_from_outside() -> None:
    (rule,) = manifest("Ingress")["spec"]["rules"]
    (path,) = rule["http"]["paths"]
    assert path["pathType"] == "Exact"
    assert manifest("ConfigMap")["data"]["TELEGRAM_WEBHOOK_URL"] == f"https://{rule['host']}{path['path']}"
    service, (port,) = manifest("Service"), manifest("Service")["spec"]["ports"]
    assert path["backend"]["service"] == {"name": service["metadata"]["name"], "port": {"name": port["name"]}}
    assert manifest("Ingress")["spec"]["tls"][0]["hosts"] == [rule["host"]]


def test_kubernetes_sets_only_what_is_read_and_holds_no_secret() -> None:
    settings = manifest("ConfigMap")["data"]
    secret = MANIFESTS["secret.yaml.example: Secret onrecord"]["stringData"]
    assert settings.keys() | secret.keys() <= NAMES
    assert not settings.keys() & SECRETS
    assert {value for name, form in MANIFESTS.items() if "Secret" in name for value in form["stringData"].values()} == {
        ""
    }
    assert [name for name in MANIFESTS if "Secret" in name and not name.startswith("secret.yaml.example:")] == []


def test_what_is_mounted_is_there() -> None:
    named = {(document["kind"], document["metadata"]["name"]) for document in MANIFESTS.values()}
    for pod in pods():
        container = pod["spec"]["containers"][0]
        volumes = {volume["name"]: volume for volume in pod["spec"]["volumes"]}
        assert {mount["name"] for mount in container["volumeMounts"]} == volumes.keys()
        assert container["securityContext"]["readOnlyRootFilesystem"]
        assert {mount["mountPath"] for mount in container["volumeMounts"]} >= {"/data", "/tmp"}  # noqa: S108
        assert {("Secret", v["secret"]["secretName"]) for v in volumes.values() if "secret" in v} <= named
        assert {
            ("ConfigMap", source["configMapRef"]["name"]) for source in container["envFrom"] if "configMapRef" in source
        } <= named
    authority = Path(manifest("ConfigMap")["data"]["ONRECORD_INDEX_CA"])
    assert authority.name in MANIFESTS["secret.yaml.example: Secret onrecord-index-ca"]["stringData"]
    mounts = pods()[0]["spec"]["containers"][0]["volumeMounts"]
    assert str(authority.parent) in {mount["mountPath"] for mount in mounts}


# The page


def test_the_page_and_the_files_name_settings_that_are_read() -> None:
    for path in (PAGE, *DEPLOY.rglob("*")):
        if path.is_file():
            named = set(re.findall(r"\b(?:ONRECORD|TELEGRAM)_[A-Z_]*[A-Z]", path.read_text(encoding="utf-8")))
            assert named <= NAMES, path.name


def test_the_page_leads_to_files_that_are_there() -> None:
    for target in re.findall(r"\]\(([^)#]+)\)", PAGE.read_text(encoding="utf-8")):
        assert "://" in target or (PAGE.parent / target).exists(), target


def test_the_page_watches_what_is_counted() -> None:
    counts = (ROOT / "bot" / "chat" / "telegram" / "metrics.py").read_text(encoding="utf-8")
    watched = set(re.findall(r"\b(onrecord_[a-z_]+)", PAGE.read_text(encoding="utf-8")))
    assert len(watched) >= 5
    for name in watched:
        assert f'"{name.removesuffix("_total").removesuffix("_bucket")}"' in counts, name


def commands() -> list[list[str]]:
    """Those that are written down, in the page and in `deploy/`, without `onrecord`."""
    page = PAGE.read_text(encoding="utf-8")
    typed = re.findall(r"^\$ (?:.*=\S+ )?onrecord (.*?)(?: {2,}#.*)?$", page, re.M)
    named = re.findall(r"`onrecord ([^`]+)`", page)
    run = [pod["spec"]["containers"][0]["args"] for pod in pods()]
    return [*(line.split() for line in typed + named), SERVICES["index"]["command"], *run]


@pytest.mark.parametrize("words", commands(), ids=" ".join)
def test_the_commands_that_are_written_down_can_be_given(words: list[str]) -> None:
    command = get_group(app).commands[words[0]]
    options = {flag for parameter in command.params for flag in parameter.opts}
    assert {word for word in words if word.startswith("--")} <= options
