"""Batching: which orders share a tour."""

from twin.policies.batching.batch import Batching, BatchingRules, BatchingSnapshot, BatchOrder
from twin.policies.batching.merged import BySku, Cluster
from twin.policies.batching.plain import FirstCome, Given, OneByOne
from twin.policies.batching.savings import Savings
from twin.policies.batching.search import Optimised, SavingsImproved
from twin.policies.batching.seed import Seed
from twin.policies.shape import Policy

BATCHING: dict[str, type[Policy[BatchingSnapshot, Batching]]] = {
    "one_by_one": OneByOne,
    "given": Given,
    "first_come": FirstCome,
    "seed": Seed,
    "savings": Savings,
    "savings_improved": SavingsImproved,
    "optimised": Optimised,
    "cluster": Cluster,
    "by_sku": BySku,
}

__all__ = [
    "BATCHING",
    "BatchOrder",
    "Batching",
    "BatchingRules",
    "BatchingSnapshot",
    "BySku",
    "Cluster",
    "FirstCome",
    "Given",
    "OneByOne",
    "Optimised",
    "Savings",
    "SavingsImproved",
    "Seed",
]
