# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Sphinx configuration of the documentation site, which `make docs` builds without a network."""

from __future__ import annotations

project = title = html_short_title = "llmops.platform"
copyright = "llmops.platform contributors"
extensions = ["sphinx_antsibull_ext"]
pygments_style = "ansible"
highlight_language = "YAML+Jinja"
html_theme = "sphinx_ansible_theme"
html_show_sphinx = False
html_use_modindex = False
html_use_index = False
html_copy_source = False
default_role = "any"
nitpicky = True

# Labels of Ansible's own manual and of the collections that this one needs. Their indexes are on the network; every other label must be found.
nitpick_ignore_regex = [
    ("std:ref", r"ansible_configuration_settings|common_return_values|(action|callback|filter|inventory|lookup|module|test|vars)_plugins"),
    ("std:ref", r"ansible_collections\.(ansible|amazon|kubernetes)\..+"),
]
