"""A data set in, figures out: of what is found and answered; ``compare`` tells two runs apart."""

from kb.evaluate.answering import evaluate_answers, measure_answers
from kb.evaluate.calibration import Point, risk_coverage, suggested
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
    "Point",
    "compare",
    "evaluate_answers",
    "evaluate_retrieval",
    "measure_answers",
    "measure_retrieval",
    "risk_coverage",
    "suggested",
]
