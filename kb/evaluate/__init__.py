"""A data set in, figures out: ``evaluate_retrieval`` measures, ``compare`` tells two runs apart."""

from kb.evaluate.comparison import Comparison, Difference, compare
from kb.evaluate.evaluation import Asked, Evaluation
from kb.evaluate.intervals import Estimate
from kb.evaluate.retrieval import evaluate_retrieval, measure_retrieval

__all__ = [
    "Asked",
    "Comparison",
    "Difference",
    "Estimate",
    "Evaluation",
    "compare",
    "evaluate_retrieval",
    "measure_retrieval",
]
