"""Search over the register: a typed text becomes words, each engine offers rows, one ranking orders them."""

from data.search.finding import find_premises
from data.search.ranking import Hit, Likeness, Where
from data.search.standing import Standing, standing_on
from data.search.words import Query

__all__ = ["Hit", "Likeness", "Query", "Standing", "Where", "find_premises", "standing_on"]
