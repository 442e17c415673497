# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a kubelet, a sidecar injector and an application would do: runs chosen pods of a simulated cluster as real HTTP servers in the mesh."""
