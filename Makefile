# Every command of this project. `make help` lists them.
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help
.PHONY: help setup deploy up down binaries plan drift teardown cost explain unlock test lint unit integration molecule sanity bench mesh-demo new-project matrix docs validate schema clean

ENV ?= local
LIMIT ?=
CHECK ?=
DIFF ?=
TAGS ?=
ARGS ?=
CONFIRM ?=
ONLY ?=
NAME ?=
FULL ?=
CELLS ?=
DIR ?=
UV_VERSION := 0.13.8

comma := ,
ROOT := $(patsubst %/,%,$(dir $(abspath $(lastword $(MAKEFILE_LIST)))))
BIN := $(ROOT)/.venv/bin
# An operator's own Ansible settings must not change what this checkout does.
unexport ANSIBLE_COLLECTIONS_PATH ANSIBLE_ROLES_PATH ANSIBLE_LIBRARY ANSIBLE_INVENTORY PYTHONPATH PYTHONHOME VIRTUAL_ENV
export ANSIBLE_CONFIG := $(ROOT)/ansible.cfg
export PATH := $(BIN):$(PATH)
ifeq ($(ENV),local)
unexport AWS_PROFILE AWS_DEFAULT_PROFILE AWS_SESSION_TOKEN AWS_ROLE_ARN AWS_WEB_IDENTITY_TOKEN_FILE
endif

INVENTORY := inventories/$(ENV).yml
# It becomes a variable of the run: nothing but the name of this environment, for a teardown also of the deployment, gets there.
ifneq ($(strip $(filter-out $(ENV) $(if $(filter teardown,$(MAKECMDGOALS)),$(LIMIT) $(LIMIT)_$(ENV)),$(CONFIRM))),)
$(error CONFIRM is '$(CONFIRM)'; to confirm this environment write CONFIRM=$(ENV)$(if $(filter teardown,$(MAKECMDGOALS)),$(comma) this deployment CONFIRM=$(or $(LIMIT),<LIMIT>)))
endif
PLAYBOOK := ansible-playbook -i $(INVENTORY) $(if $(LIMIT),--limit '$(LIMIT)') $(if $(CHECK),--check --diff) $(if $(TAGS),--tags '$(TAGS)') $(ARGS)

help: ## List all commands
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-12s %s\n", $$1, $$2}' $(firstword $(MAKEFILE_LIST))
	@echo "  ENV=local LIMIT=<platform or host> CHECK=1 TAGS=<role> CONFIRM=<environment> ARGS='<more>' vary deploy, up and down"

deploy: setup $(INVENTORY) ## Bring everything to its declared state (ENV=, LIMIT=, CHECK=1)
	@$(PLAYBOOK) $(if $(filter local,$(ENV)),playbooks/local_up.yml) playbooks/site.yml $(if $(CONFIRM),--extra-vars preflight_confirm='$(CONFIRM)')

# In a plan the list at its end tells all; DIFF=1 shows whole objects as well.
LOOK := ANSIBLE_DISPLAY_OK_HOSTS=false ANSIBLE_DISPLAY_SKIPPED_HOSTS=false LLMOPS_PLAN_FILE='$(ROOT)/.local/plan.json'
PLAYBOOK_CHECK := ansible-playbook -i $(INVENTORY) --check $(if $(DIFF),--diff) $(if $(LIMIT),--limit '$(LIMIT)') $(if $(TAGS),--tags '$(TAGS)') $(ARGS)

plan: setup $(INVENTORY) ## Show what deploy would replace, destroy, update and create (ENV=, LIMIT=, DIFF=1); also as .local/plan.json
	@$(LOOK) $(PLAYBOOK_CHECK) playbooks/plan.yml

drift: setup $(INVENTORY) ## Compare reality with what is declared; fails where they differ (ENV=, LIMIT=)
	@$(LOOK) LLMOPS_PLAN_TITLE=Drift $(PLAYBOOK_CHECK) playbooks/drift.yml

teardown: setup $(INVENTORY) ## Delete a deployment: workloads, load balancers, records, stacks (ENV=, LIMIT=, CONFIRM=<deployment or environment>, CHECK=1)
	@$(if $(CHECK),LLMOPS_PLAN_FILE='$(ROOT)/.local/plan.json' LLMOPS_PLAN_TITLE=Teardown) $(PLAYBOOK) playbooks/teardown.yml $(if $(CONFIRM),--extra-vars teardown_confirm='$(CONFIRM)')

up: setup ## Start the local environment only
	@$(PLAYBOOK) playbooks/local_up.yml

down: setup ## Stop the local environment and delete what it holds (LIMIT=)
	@$(PLAYBOOK) playbooks/local_down.yml

binaries: setup ## Build the local environment's programs (once, minutes)
	@ansible-playbook -i inventories/local.yml playbooks/local_up.yml --tags binaries $(ARGS)

# All inventories unless one is named. A comma and a space that make does not take for its own.
COST_FILES := $(if $(filter command line environment,$(origin ENV)),$(INVENTORY),$(sort $(wildcard inventories/*.yml)))
empty :=
COST_LIST := $(subst $(empty) $(empty),$(comma),$(patsubst %,"$(ROOT)/%",$(COST_FILES)))

cost: setup $(COST_FILES) ## Estimate what every inventory costs a month; reports below .local/reports/cost (ENV=, LIMIT=, ARGS='-e cost_as_of=<date>')
	@ANSIBLE_DISPLAY_OK_HOSTS=false ansible-playbook -i $(INVENTORY) playbooks/cost_report.yml --extra-vars '{"cost_inventories": [$(COST_LIST)], "cost_limit": "$(LIMIT)"}' $(if $(CHECK),--check) $(ARGS)

explain: setup $(INVENTORY) ## Show where each value of a variable comes from (HOST=, VAR=)
	@ANSIBLE_DISPLAY_OK_HOSTS=false ansible-playbook -i $(INVENTORY) --limit '$(HOST)' playbooks/explain.yml --extra-vars 'explain_variable=$(VAR)'

validate: setup ## Judge all variables of all hosts in all inventories, before anything is touched
	@ANSIBLE_DISPLAY_OK_HOSTS=false ansible-playbook -i inventories/local.yml playbooks/validate.yml $(ARGS)

schema: setup ## Write .local/inventory.schema.json, by which editors complete and check variables
	@python -m tests.support.inventory_schema

unlock: setup $(INVENTORY) ## Show who holds the lock of a deployment; CONFIRM=<environment> takes it away (LIMIT=)
	@$(PLAYBOOK) playbooks/unlock.yml $(if $(CONFIRM),--extra-vars preflight_confirm='$(CONFIRM)')

new-project: setup ## Write an operator's own repository to an empty folder (DIR=)
	@[ -n '$(DIR)' ] || { echo 'Name the folder: make new-project DIR=<folder>' >&2; exit 2; }
	@ansible-playbook playbooks/new_project.yml --extra-vars 'new_project_directory="$(abspath $(DIR))"' $(ARGS)

test: setup ## Everything CI checks (ONLY=<check>[,<check>])
	@python -m tests.support.run_checks $(ONLY)

docs: setup ## Check the documentation and build its site in build/site
	@python -m tests.support.build_docs

lint: setup ## Style and documentation
	@python -m tests.support.run_checks lock,ruff,yamllint,ansible-lint,changelog,docs

unit: setup ## Unit tests
	@python -m tests.support.run_checks unit

integration: setup ## Modules against real servers
	@python -m tests.support.run_checks binaries,integration

molecule: setup ## The whole way on the local environment, every scenario
	@SCENARIOS=all python -m tests.support.run_checks binaries,molecule

sanity: setup ## ansible-test sanity
	@python -m tests.support.run_checks sanity

matrix: setup ## Unit tests on every pair of ansible-core and Python
	@python -m tests.support.run_matrix

mesh-demo: setup ## A good canary promoted and a bad one rolled back, live on the local environment (about two minutes after `make deploy`)
	@python -m tests.support.mesh_demo .local

bench: setup ## Measure (NAME=<bench>, ARGS=--quick for a short look; canary: FULL=1, CELLS=<part of their names>)
	@python -m tests.benchmarks.run $(NAME) $(if $(FULL),--full) $(if $(CELLS),--cells '$(CELLS)') $(ARGS)

clean: down ## Remove all that this checkout made outside Git
	rm -rf .local .venv .collections .ruff_cache dist build

inventories/%.yml:
	@echo "There is no $@. ENV is one of: $(patsubst inventories/%.yml,%,$(wildcard inventories/*.yml))" >&2; exit 2

setup: .venv/.ready ## Install what everything else needs

.venv/.ready: uv.lock pyproject.toml Makefile
	@python="$$(tests/tools/find_python)"; \
	echo "Setting up .venv with $$python; this is done once and takes about a minute."; \
	[ -x .local/uv/bin/uv ] && .local/uv/bin/uv --version | grep -qF '$(UV_VERSION)' || { "$$python" -m venv --clear .local/uv && .local/uv/bin/pip install --quiet uv==$(UV_VERSION); }; \
	.local/uv/bin/uv sync --quiet --locked --python "$$python"; \
	mkdir -p .collections/ansible_collections/llmops; \
	ln -sfn ../../.. .collections/ansible_collections/llmops/platform; \
	touch $@
