# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Our FOCUS columns against the specification's: FinOps Open Cost and Usage Specification, tag v1.2, specification/columns/*.md (CC BY 4.0)."""

from __future__ import annotations

from ansible_collections.llmops.platform.plugins.module_utils._cost.report import focus_columns

# Column ID, feature level, whether it allows nulls; all 57.
SPECIFIED = """
AvailabilityZone Recommended nulls
BilledCost Mandatory values
BillingAccountId Mandatory values
BillingAccountName Mandatory nulls
BillingAccountType Conditional values
BillingCurrency Mandatory values
BillingPeriodEnd Mandatory values
BillingPeriodStart Mandatory values
CapacityReservationId Conditional nulls
CapacityReservationStatus Conditional nulls
ChargeCategory Mandatory values
ChargeClass Mandatory nulls
ChargeDescription Mandatory nulls
ChargeFrequency Recommended values
ChargePeriodEnd Mandatory values
ChargePeriodStart Mandatory values
CommitmentDiscountCategory Conditional nulls
CommitmentDiscountId Conditional nulls
CommitmentDiscountName Conditional nulls
CommitmentDiscountQuantity Conditional nulls
CommitmentDiscountStatus Conditional nulls
CommitmentDiscountType Conditional nulls
CommitmentDiscountUnit Conditional nulls
ConsumedQuantity Conditional nulls
ConsumedUnit Conditional nulls
ContractedCost Mandatory values
ContractedUnitPrice Conditional nulls
EffectiveCost Mandatory values
InvoiceId Recommended nulls
InvoiceIssuerName Mandatory values
ListCost Mandatory values
ListUnitPrice Conditional nulls
PricingCategory Conditional nulls
PricingCurrency Conditional nulls
PricingCurrencyContractedUnitPrice Conditional nulls
PricingCurrencyEffectiveCost Conditional nulls
PricingCurrencyListUnitPrice Conditional nulls
PricingQuantity Mandatory nulls
PricingUnit Mandatory nulls
ProviderName Mandatory values
PublisherName Mandatory values
RegionId Conditional nulls
RegionName Conditional nulls
ResourceId Conditional nulls
ResourceName Conditional nulls
ResourceType Conditional nulls
ServiceCategory Mandatory values
ServiceName Mandatory values
ServiceSubcategory Recommended values
SkuId Conditional nulls
SkuMeter Conditional nulls
SkuPriceDetails Conditional nulls
SkuPriceId Conditional nulls
SubAccountId Conditional nulls
SubAccountName Conditional nulls
SubAccountType Conditional nulls
Tags Conditional nulls
"""


def test_our_columns_are_those_of_the_specification():
    specified = {name: (level, nulls) for name, level, nulls in map(str.split, SPECIFIED.strip().splitlines())}
    ours = {column.name: column for column in focus_columns.COLUMNS}
    assert len(specified) == 57
    assert ours.keys() <= specified.keys()
    assert {name for name, (level, _nulls) in specified.items() if level == "Mandatory"} == {name for name, column in ours.items() if column.mandatory}
    assert {name: column.nulls for name, column in ours.items()} == {name: specified[name][1] == "nulls" for name in ours}
