"""Other recommenders on a split that `measure-taste split` wrote: rows of JSON on stdout.

Run by `Benchmarks/taste` with a Python that has `implicit`: recommenders.py SET TRAIN HELD-OUT [PLAYS]
"""
import json
import sys
import time

import numpy
import scipy.sparse as sparse
from implicit.als import AlternatingLeastSquares
from implicit.nearest_neighbours import BM25Recommender, CosineRecommender

LENGTH = 20
DISCOUNTS = 1 / numpy.log2(numpy.arange(LENGTH) + 2)
# Chosen on the inner validation: factors of ALS; fewest users of an item and penalty of EASE.
FACTORS = {"lastfm2k": 32, "yes_big": 128, "kgat": 64}
EASE = {"lastfm2k": (3, 150), "yes_big": (12, 300)}


class Split:
    def __init__(self, train, held_out, plays):
        rows = numpy.loadtxt(train, dtype=numpy.int64)
        held = numpy.loadtxt(held_out, dtype=numpy.int64)
        self.users, users = numpy.unique(rows[:, 0], return_inverse=True)
        self.items, items = numpy.unique(rows[:, 1], return_inverse=True)
        shape = len(self.users), len(self.items)
        self.likes = sparse.csr_matrix((numpy.ones(len(rows), numpy.float32), (users, items)), shape)
        self.counts = self.likes
        if plays:
            known = {(int(user), int(item)): float(count) for user, item, count in numpy.loadtxt(plays, skiprows=1, dtype=numpy.int64)}
            values = numpy.array([known[int(user), int(item)] for user, item in rows], numpy.float32)
            self.counts = sparse.csr_matrix((values, (users, items)), shape)
        self.tested, owners = numpy.unique(numpy.searchsorted(self.users, held[:, 0]), return_inverse=True)
        self.held = [set() for _ in self.tested]
        self.held_counts = numpy.bincount(owners)
        for owner, item in zip(owners, held[:, 1]):
            place = numpy.searchsorted(self.items, item)
            if place < len(self.items) and self.items[place] == item:
                self.held[owner].add(int(place))


def quality(split, scores):
    """recall, nDCG and coverage at 20 of what `scores` gives for a few users at a time; ties go to the lower item."""
    recall = gain = 0
    covered = set()
    for start in range(0, len(split.tested), 200):
        users = split.tested[start:start + 200]
        block = numpy.array(scores(users), numpy.float64)
        block[split.likes[users].nonzero()] = -numpy.inf
        for place, row in enumerate(block):
            least = numpy.partition(row, -LENGTH)[-LENGTH]
            best = numpy.flatnonzero(row > least)
            best = best[numpy.lexsort((best, -row[best]))]
            best = numpy.concatenate([best, numpy.flatnonzero(row == least)[:LENGTH - len(best)]])
            covered.update(best.tolist())
            hits = numpy.array([item in split.held[start + place] for item in best])
            count = split.held_counts[start + place]
            recall += hits.sum() / count
            gain += DISCOUNTS[hits].sum() / DISCOUNTS[:min(LENGTH, count)].sum()
    users = len(split.tested)
    return {"recall": recall / users, "nDCG": gain / users, "coverage": len(covered) / len(split.items)}


def similarity(model, matrix, likes):
    model.fit(matrix, show_progress=False)
    return lambda users: (likes[users] @ model.similarity).toarray()


def als(split, factors):
    model = AlternatingLeastSquares(factors=factors, regularization=5, alpha=10, iterations=15, random_state=7, num_threads=1, use_gpu=False)
    model.fit(split.likes, show_progress=False)
    return lambda users: model.user_factors[users] @ model.item_factors.T


def ease(split, fewest, penalty):
    """Steck, WWW 2019: a linear model of items whose diagonal is 0."""
    kept = numpy.flatnonzero(split.likes.getnnz(0) >= fewest)
    likes = split.likes[:, kept].tocsr()
    gram = (likes.T @ likes).toarray()
    gram[numpy.diag_indices(len(kept))] += penalty
    inverse = numpy.linalg.inv(gram)
    weights = -inverse / numpy.diag(inverse)
    numpy.fill_diagonal(weights, 0)

    def scores(users):
        block = numpy.full((len(users), split.likes.shape[1]), -1e30)
        block[:, kept] = likes[users] @ weights
        return block
    return scores


def main(name, train, held_out, plays=None):
    split = Split(train, held_out, plays)
    methods = {
        "item cosine (implicit)": lambda: similarity(CosineRecommender(K=100, num_threads=1), split.likes, split.likes),
        "BM25 (implicit)": lambda: similarity(BM25Recommender(K=100, K1=100, B=0.8, num_threads=1), split.counts, split.likes),
        "ALS (implicit)": lambda: als(split, FACTORS[name])
    }
    if name in EASE:
        methods["EASE"] = lambda: ease(split, *EASE[name])
    for method, fit in methods.items():
        start = time.process_time()
        result = quality(split, fit())
        print(json.dumps({"set": name, "method": method, "quality": result, "seconds": time.process_time() - start}), flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
