# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Operations that moto does not have and the stacks need. What they keep hangs on moto's backends, so that a reset forgets it."""

from __future__ import annotations

import datetime
from typing import Any

from moto.budgets.responses import BudgetsResponse
from moto.core.exceptions import ServiceException
from moto.core.responses import ActionResult
from moto.core.responses import EmptyResult
from moto.ecr.responses import ECRResponse
from moto.elasticache.responses import ElastiCacheResponse
from moto.iam.responses import IamResponse
from moto.logs.responses import LogsResponse


def now() -> float:
    return datetime.datetime.now(datetime.UTC).timestamp()


def refused(service: str, code: str, message: str) -> ServiceException:
    """An error of a service; moto takes the service's name from where the class says it stands."""

    class Refused(ServiceException):
        pass

    Refused.__module__ = f"moto.{service}.exceptions"
    return Refused(code, message)


def _registry(
    noun: str, plural: str, key: str, listed_by: str, listed: str, missing: str, fields: tuple[str, ...], timed: tuple[str, str] = ("createdAt", "updatedAt")
) -> None:
    """The four operations of a kind of ECR setting that is known by one name."""
    store = f"_llmops_{noun}"

    def kept(response: ECRResponse) -> dict[str, dict[str, Any]]:
        return response.ecr_backend.__dict__.setdefault(store, {})

    def given(response: ECRResponse) -> dict[str, Any]:
        return {name: value for name in fields if (value := response._get_param(name)) is not None}

    def one(response: ECRResponse) -> dict[str, Any]:
        name = response._get_param(key)
        if name not in kept(response):
            account = response.current_account
            raise refused("ecr", missing, f"The {key} '{name}' does not exist in the registry with id '{account}'")
        return kept(response)[name]

    def create(response: ECRResponse) -> ActionResult:
        name = response._get_param(key)
        if name in kept(response):
            raise refused("ecr", missing.replace("NotFound", "AlreadyExists"), f"The {key} '{name}' already exists.")
        kept(response)[name] = given(response) | {moment: now() for moment in timed}
        return answer(response, kept(response)[name])

    def update(response: ECRResponse) -> ActionResult:
        one(response).update(given(response) | {timed[1]: now()})
        return answer(response, one(response))

    def delete(response: ECRResponse) -> ActionResult:
        return answer(response, kept(response).pop(one(response)[key]))

    def describe(response: ECRResponse) -> ActionResult:
        names = response._get_param(listed_by) or sorted(kept(response))
        found = [kept(response)[name] for name in names if name in kept(response)]
        if not found and response._get_param(listed_by):
            raise refused("ecr", missing, f"The {key} '{names[0]}' does not exist in the registry with id '{response.current_account}'")
        return ActionResult({listed: found, "registryId": response.current_account})

    def answer(response: ECRResponse, item: dict[str, Any]) -> ActionResult:
        wrapped = {"repositoryCreationTemplate": item} if noun == "repository_creation_template" else item
        return ActionResult(wrapped | {"registryId": response.current_account})

    for verb, operation, name in (("create", create, noun), ("update", update, noun), ("delete", delete, noun), ("describe", describe, plural)):
        setattr(ECRResponse, f"{verb}_{name}", operation)


def _log_keys() -> None:
    def keyed(response: LogsResponse, key: str | None) -> EmptyResult:
        name = response._get_param("logGroupName")
        groups = response.logs_backend.groups
        if name not in groups:
            raise refused("logs", "ResourceNotFoundException", "The specified log group does not exist.")
        groups[name].kms_key_id = key
        return EmptyResult()

    LogsResponse.associate_kms_key = lambda response: keyed(response, response._get_param("kmsKeyId"))
    LogsResponse.disassociate_kms_key = lambda response: keyed(response, None)


def _identity_providers() -> None:
    def clients(response: IamResponse) -> list[str]:
        return response.backend.get_open_id_connect_provider(response._get_param("OpenIDConnectProviderArn")).client_id_list

    def add(response: IamResponse) -> EmptyResult:
        if (name := response._get_param("ClientID")) not in clients(response):
            clients(response).append(name)
        return EmptyResult()

    def remove(response: IamResponse) -> EmptyResult:
        if (name := response._get_param("ClientID")) in clients(response):
            clients(response).remove(name)
        return EmptyResult()

    IamResponse.add_client_id_to_open_id_connect_provider = add
    IamResponse.remove_client_id_from_open_id_connect_provider = remove


def _budgets() -> None:
    def update_budget(response: BudgetsResponse) -> EmptyResult:
        account, wanted = response._get_param("AccountId"), response._get_param("NewBudget")
        budget = response.backend.budgets[account].get(wanted["BudgetName"])
        if budget is None:
            raise refused("budgets", "NotFoundException", f"Unable to get budget: {wanted['BudgetName']} - the budget doesn't exist.")
        budget.budget.update(wanted)
        return EmptyResult()

    def describe_subscribers(response: BudgetsResponse) -> ActionResult:
        account, name = response._get_param("AccountId"), response._get_param("BudgetName")
        budget = response.backend.budgets[account].get(name)
        wanted = response._get_param("Notification")
        found = [one for one in (budget.notifications if budget else []) if one.details == wanted]
        if not found:
            raise refused("budgets", "NotFoundException", f"Unable to get subscribers: {name} has no such notification.")
        return ActionResult({"Subscribers": found[0].subscribers})

    BudgetsResponse.update_budget = update_budget
    BudgetsResponse.describe_subscribers_for_notification = describe_subscribers


def _caches() -> None:
    def group(response: ElastiCacheResponse) -> Any:
        name = response._get_param("CacheSubnetGroupName")
        if name not in response.elasticache_backend.cache_subnet_groups:
            raise refused("elasticache", "CacheSubnetGroupNotFoundFault", f"Cache Subnet Group {name} does not exist.")
        return response.elasticache_backend.cache_subnet_groups[name]

    def modify(response: ElastiCacheResponse) -> ActionResult:
        found = group(response)
        found.cache_subnet_group_description = response._get_param("CacheSubnetGroupDescription") or found.cache_subnet_group_description
        return ActionResult({"CacheSubnetGroup": found})

    def delete(response: ElastiCacheResponse) -> EmptyResult:
        del response.elasticache_backend.cache_subnet_groups[group(response).cache_subnet_group_name]
        return EmptyResult()

    ElastiCacheResponse.modify_cache_subnet_group = modify
    ElastiCacheResponse.delete_cache_subnet_group = delete


def apply() -> None:
    """Adds the operations."""
    rule = ("ecrRepositoryPrefix", "upstreamRegistryUrl", "upstreamRegistry", "credentialArn", "customRoleArn", "upstreamRepositoryPrefix")
    _registry(
        "pull_through_cache_rule",
        "pull_through_cache_rules",
        "ecrRepositoryPrefix",
        "ecrRepositoryPrefixes",
        "pullThroughCacheRules",
        "PullThroughCacheRuleNotFoundException",
        rule,
    )
    template = ("prefix", "description", "encryptionConfiguration", "resourceTags", "imageTagMutability", "imageTagMutabilityExclusionFilters")
    _registry(
        "repository_creation_template",
        "repository_creation_templates",
        "prefix",
        "prefixes",
        "repositoryCreationTemplates",
        "TemplateNotFoundException",
        (*template, "repositoryPolicy", "lifecyclePolicy", "appliedFor", "customRoleArn"),
    )
    _log_keys()
    _identity_providers()
    _budgets()
    _caches()
