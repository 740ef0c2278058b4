"""Campaigns on real mail: background, planted campaigns, recall and purity, cost."""
