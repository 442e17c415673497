#!/usr/bin/python
# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Documentation of aws_adoption; the work is done by the action plugin of the same name."""

from __future__ import annotations

DOCUMENTATION = r"""
module: aws_adoption
short_description: What of a graph of stacks is there already, and how to take it in
version_added: 1.0.0
author: llmops.platform contributors (@llmops)
description:
  - Matches each resource of rendered stacks with a live one - given by its id, found by its declared name, by what refers to it, or among what
    its service lists - and says what is matched, what is to be created, and what is live but not declared.
  - Writes for each stack the template of an import, with what is matched and its live properties, as M(llmops.platform.aws_stacks)
    takes it with O(llmops.platform.aws_stacks#module:state=adopted). It keeps what is matched in the account whatever becomes of the stack.
  - Nothing is changed, in no mode. No secret is read; passwords are neither in the template nor in what is shown.
  - What cannot be imported is refused by name. That is a type that CloudFormation does not import, a resource of another stack,
    one that a Terraform state still lists, and one of which a declared property would replace it.
  - Reads properties by the Cloud Control API (C(cloudformation:GetResource) and the reading permissions of each type's handler).
  - Environment variables of the keyword C(environment) count, as for a module of C(amazon.aws).
requirements:
  - botocore
options:
  stacks:
    description: The graph as M(llmops.platform.aws_stacks) takes it, with all stacks that others refer to.
    type: dict
    required: true
  only:
    description: Stacks to look at, by name or key; all of them if empty. The others still say what their outputs are.
    type: list
    elements: str
    default: []
  resources:
    description:
      - Ids of live resources by C(<stack>/<LogicalId>), for what has no name or another one than declared.
      - An id is the one that CloudFormation imports by, its parts joined by C(|) where it has several. An elastic IP also goes by its allocation.
    type: dict
    default: {}
  skip:
    description: Resources to leave out, as C(<stack>/<LogicalId>), although they were matched.
    type: list
    elements: str
    default: []
  allow_replace:
    description: Resources to import although the update after it would replace them, as C(<stack>/<LogicalId>). The guard of the stacks judges that update.
    type: list
    elements: str
    default: []
  terraform_state:
    description:
      - File with a Terraform state, printed by C(terraform show -json) or as it is kept (version 4). Nothing but names is taken from it.
      - What it lists is refused until it was removed from it or is named in O(released).
    type: path
  released:
    description: Addresses that were removed from the Terraform state after O(terraform_state) was written.
    type: list
    elements: str
    default: []
  parallel:
    description: Number of calls at once.
    type: int
    default: 10
attributes:
  check_mode:
    support: full
extends_documentation_fragment:
  - llmops.platform.api_action
seealso:
  - module: llmops.platform.aws_stacks
"""

EXAMPLES = r"""
- name: Look what of the declared network is there
  llmops.platform.aws_adoption:
    stacks: "{{ platform_stacks }}"
    resources:
      llm-marketplace-production-network/Vpc: vpc-0a1b2c3d4e5f60718
    terraform_state: blueprint.tfstate
  register: adoption

- name: Take it in
  llmops.platform.aws_stacks:
    deployment: llm_marketplace/production
    state: adopted
    stacks: "{{ adoption.stacks }}"
    imports: "{{ adoption.imports }}"
  when: adoption.refused | length == 0
"""

RETURN = r"""
rows:
  description:
    - One for each declared resource. C(status) is V(import) (matched), V(imported) (taken in, not updated since), V(in stack),
      V(create) (nothing was found), V(refused) or V(left out).
    - C(how) says by what it was matched, C(reasons) why it is refused or doubtful, C(changes) what the update after the import would change.
  returned: success
  type: list
  elements: dict
  sample:
    - stack: us-east-1/llm-marketplace-production-network
      resource: Vpc
      type: AWS::EC2::VPC
      status: import
      id: vpc-0a1b2c3d4e5f60718
      how: given
      reasons: []
      changes: ["Tags is [], declared [{\"Key\": \"Name\", \"Value\": \"llm-marketplace-production-network\"}] (update)"]
      terraform: [terraform state rm module.network.aws_vpc.main]
unmatched:
  description: Live resources beside what is matched, or of the Terraform state, that nothing declared is.
  returned: success
  type: list
  elements: dict
  sample:
    - {type: "AWS::EKS::Nodegroup", id: marketplace/by-hand, region: us-east-1, where: marketplace, note: ""}
refused:
  description: Why something is refused, by C(<stack key>/<LogicalId>).
  returned: success
  type: list
  elements: str
  sample: []
stacks:
  description: The stacks of the import, for M(llmops.platform.aws_stacks).
  returned: success
  type: dict
  sample: {}
imports:
  description: What to import, for O(llmops.platform.aws_stacks#module:imports).
  returned: success
  type: dict
  sample:
    us-east-1/llm-marketplace-production-network:
      Vpc: {VpcId: vpc-0a1b2c3d4e5f60718}
terraform:
  description: Lines that make Terraform forget what was matched. They are quoted for a shell, and never run.
  returned: success
  type: list
  elements: str
  sample: ["terraform state rm 'module.network.aws_subnet.private[\"a\"]'"]
table:
  description: All of it for people, line by line.
  returned: success
  type: list
  elements: str
  sample: ["us-east-1/llm-marketplace-production-network:"]
plan:
  description: Imports and refusals as steps for callback P(llmops.platform.plan#callback).
  returned: success
  type: list
  elements: dict
  sample: []
calls:
  description: Number of calls of AWS.
  returned: success
  type: int
  sample: 57
"""
