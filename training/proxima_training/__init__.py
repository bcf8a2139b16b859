"""Adapts a model to a plan that shares distant attention logits (arXiv 2412.02252, section 3)."""
