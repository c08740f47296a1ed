"""Campaigns: plans with money and dates, and the mailings within them."""

from crm_domain.modules.campaigns.fields import CAMPAIGN_LISTS, CAMPAIGNS, Campaign

__all__ = ["CAMPAIGNS", "CAMPAIGN_LISTS", "Campaign"]
