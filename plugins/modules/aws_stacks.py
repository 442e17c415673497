#!/usr/bin/python
# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Documentation of aws_stacks; the work is done by the action plugin of the same name."""

from __future__ import annotations

DOCUMENTATION = r"""
module: aws_stacks
short_description: A graph of CloudFormation stacks in one task
version_added: 1.0.0
author: llmops.platform contributors (@llmops)
description:
  - Brings stacks of any number of regions to what is declared.
    A stack begins the moment that all it needs are done, so that the whole takes as long as its longest chain.
  - A stack is unchanged if its template, parameters, tags, stack policy, termination protection and state are as declared.
    That costs three reads and no other call.
  - Everything else goes by a change set, which is looked at before it is executed. What would replace or delete something stateful is refused
    unless O(allow) names it; a refusal stops that stack and those that need it, the rest goes on.
  - A creation that fails is kept as it is, so that the next run goes on with it. Changes are rolled back by CloudFormation, apart from stacks with C(one_way).
  - Every state in which a failure, a killed run or another person may have left a stack has its way on. An operation in progress is followed, whoever began it.
  - Before the first change a lock is taken in the state bucket, and a journal is written there. A second run is refused before it changes anything.
    While that bucket does not exist, CloudFormation itself is the lock; while it cannot be reached, files below O(state_directory) are used, which is said.
  - Throttling, server errors, dropped connections and time-outs are tried again, with growing random pauses, up to nine times.
    A call whose answer was lost is made again with its token and has its effect once.
  - A region that gives no answer blocks its stacks, and those that need more of them than the outputs that were written down last.
    The rest goes on, and the task fails at its end.
  - SIGTERM ends the task in order. Nothing is begun any more, the journal is closed and the lock given back.
    CloudFormation goes on, and the next run follows it.
  - In check mode, as with O(state=planned), new stacks are planned from their templates, and existing ones that differ by a change set,
    which is deleted at once.
  - Environment variables of the keyword C(environment) count, as for a module of C(amazon.aws).
requirements:
  - botocore
options:
  stacks:
    description:
      - The graph, by keys of the form C(region/stack name). A stack has these keys.
      - C(name), C(region), C(account) and C(template), the template as text in YAML or JSON, below 51,200 bytes.
      - C(parameters), each of them C({value}), C({stack, output}) for an output of another stack, or C({observed}) for a figure that operations move,
        with C(create), C(resource), C(property), C(minimum) and C(maximum).
      - C(tags); C(needs), keys of stacks that come before; C(needed_for), words for O(wait_for), V([cluster]) if not given.
      - C(protection), whether termination protection is on; C(policy), the stack policy; C(service_role), the C({stack, output}) of the role that
        CloudFormation uses; C(capabilities).
      - C(one_way), for a change that cannot go back and is not rolled back; C(operated), properties that operations change, which are no drift.
    type: dict
    required: true
  state:
    description:
      - V(present) brings the stacks and returns when those of O(wait_for) are done.
      - V(followed) is the same for all of them. It follows what an earlier run left in progress and begins what could not begin then.
      - V(planned) is V(present) in check mode.
      - V(absent) deletes the stacks, each before those that it needs. Resources that their template retains stay in the account and are named.
      - V(adopted) takes the resources of O(imports) into their stacks first, refuses to go on if they differ from the template,
        then does as V(present) for all.
    type: str
    choices: [present, planned, followed, absent, adopted]
    default: present
  wait_for:
    description:
      - With O(state=present) return when the stacks with this word in C(needed_for), and all that they need, are done.
        CloudFormation goes on with the others, which are reported as V(followed).
      - Empty for all stacks.
    type: str
    default: ""
  state_bucket:
    description:
      - The output of the stack that makes the state bucket, as C({stack, output}). The bucket may not exist yet.
      - Files below O(state_directory) are used if not given.
    type: dict
  state_directory:
    description: Folder of this machine for the lock and the journal where the state bucket cannot be used.
    type: path
    default: .local/state/aws_stacks
  deployment:
    description: What the stacks belong to, usually platform and environment. Part of the lock's and the journal's name and of messages.
    type: str
    required: true
  allow:
    description: Allowances. Names are C(stack name/LogicalId) of resources, and C(stack name) for a whole stack.
    type: dict
    default: {}
    suboptions:
      replace:
        description: Stateful resources that may be replaced.
        type: list
        elements: str
        default: []
      delete:
        description: Stateful resources that may be deleted, and stacks whose termination protection may be taken off to delete them.
        type: list
        elements: str
        default: []
      skip:
        description: Resources that may be skipped to end a rollback that failed. They may then differ from their template.
        type: list
        elements: str
        default: []
  imports:
    description:
      - With O(state=adopted) the existing resources by stack name or key and logical id, each with the properties that identify it.
      - Each needs a C(DeletionPolicy) in the template.
    type: dict
    default: {}
  asleep:
    description:
      - Keys of stacks whose resources sleep, as M(llmops.platform.cost_off_hours) returns them. They are left alone, with what needs them and differs,
        and reported as V(asleep).
    type: list
    elements: str
    default: []
  unreachable_regions:
    description: Regions that are known to be lost. They are not called, and their stacks do not fail the task.
    type: list
    elements: str
    default: []
  poll_seconds:
    description: Longest pause between two looks at an operation, in seconds. The first looks come quicker.
    type: float
    default: 5.0
  timeout_minutes:
    description: Minutes to follow one operation. V(0) takes the deadline of the slowest type of resource in the stack, which is hours for some.
    type: float
    default: 0.0
  parallel:
    description: Number of calls at once. A stack that CloudFormation works on needs none most of the time.
    type: int
    default: 10
attributes:
  check_mode:
    support: full
  diff_mode:
    description: The plan as text. Values that look like secrets are shown as digests.
    support: full
extends_documentation_fragment:
  - llmops.platform.api_action
seealso:
  - module: llmops.platform.aws_stacks_info
  - module: amazon.aws.cloudformation
"""

EXAMPLES = r"""
- name: Bring up what the cluster needs
  llmops.platform.aws_stacks:
    deployment: llm_marketplace/production
    wait_for: cluster
    state_bucket: {stack: us-east-1/llm-marketplace-production-state, output: StateBucketName}
    stacks:
      us-east-1/llm-marketplace-production-state:
        name: llm-marketplace-production-state
        region: us-east-1
        account: "123456789012"
        template: "{{ lookup('ansible.builtin.template', 'state.yml.j2') }}"
      us-east-1/llm-marketplace-production-network:
        name: llm-marketplace-production-network
        region: us-east-1
        account: "123456789012"
        template: "{{ lookup('ansible.builtin.template', 'network.yml.j2') }}"
        parameters:
          VpcCidr: {value: 10.0.0.0/16}
        needs: [us-east-1/llm-marketplace-production-state]

- name: Wait for the rest
  llmops.platform.aws_stacks:
    deployment: llm_marketplace/production
    state: followed
    stacks: "{{ platform_stacks }}"

- name: Replace one database on purpose
  llmops.platform.aws_stacks:
    deployment: llm_marketplace/production
    stacks: "{{ platform_stacks }}"
    allow:
      replace: [llm-marketplace-production-postgresql/Database]

- name: Take over a bucket that exists
  llmops.platform.aws_stacks:
    deployment: llm_marketplace/production
    state: adopted
    stacks: "{{ platform_stacks }}"
    imports:
      llm-marketplace-production-storage:
        Assets: {BucketName: marketplace-assets}
"""

RETURN = r"""
stacks:
  description:
    - What became of each stack, by key. C(action) is V(unchanged), V(created), V(updated), V(deleted),
      V(followed) (still in progress, or left to the next run), V(asleep) (left alone while it sleeps), V(blocked) (something that it needs is missing),
      V(refused) (by the guard) or V(failed). In check mode it is what would become of it.
    - C(cause) is the first cause of a failure in the service's own words, what was rolled back and how to go on.
  returned: when the graph is valid and AWS answers; a task that failed or was ended by a signal returns it as well
  type: dict
  sample:
    us-east-1/llm-marketplace-production-network:
      name: llm-marketplace-production-network
      region: us-east-1
      status: CREATE_COMPLETE
      action: created
      stack_id: arn:aws:cloudformation:us-east-1:123456789012:stack/llm-marketplace-production-network/6f8a3c10
      outputs: {VpcId: vpc-0a1b2c3d}
      cause: ""
      seconds: 131.4
plan:
  description:
    - Steps for callback P(llmops.platform.plan#callback), each with C(action) V(create), V(update), V(replace), V(destroy) or V(refuse),
      C(what), C(fields) and C(note).
    - Values that look like secrets are shown as digests.
  returned: when the graph is valid and AWS answers
  type: list
  elements: dict
  sample:
    - action: create
      what: us-east-1/llm-marketplace-production-network/Vpc (AWS::EC2::VPC)
      fields: []
      note: ""
calls:
  description: Number of calls of AWS, tries included.
  returned: when the graph is valid and AWS answers
  type: int
  sample: 31
mutating_calls:
  description: How many of them can change something, those for lock and journal included. A second run has none.
  returned: when the graph is valid and AWS answers
  type: int
  sample: 0
"""
