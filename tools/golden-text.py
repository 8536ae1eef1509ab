#!/usr/bin/python3
"""Writes test/golden/text-metrics.json: what sacreBLEU computes, for packages/unrolled/src/metrics to compare with.

Run: python3 tools/golden-text.py      (pip install sacrebleu==2.6.0)
"""

import json
import pathlib
import random

from sacrebleu.metrics import BLEU, CHRF
from sacrebleu.tokenizers.tokenizer_13a import Tokenizer13a

FILE = pathlib.Path(__file__).resolve().parent.parent / "test" / "golden" / "text-metrics.json"

# The first two systems are from sacreBLEU's README and its tests.
PAIRS = [
    (["The dog bit the man.", "It wasn't surprising.", "The man had just bitten him."],
     [["The dog bit the man.", "The dog had bit the man."], ["It was not unexpected.", "No one was surprised."],
      ["The man bit him first.", "The man had bitten the dog."]]),
    (["aaaa bbbb cccc dddd"], [["aaaa bbbb cccc dddd"]]),
    (["aaaa"], [["aaaa bbbb cccc dddd"]]),
    (["nothing here matches"], [["completely different words"]]),
    (["", "a b c d e"], [["a reference"], ["a b c d f"]]),
    (["He paid $3.50, i.e. 1,000 won -- \"a lot\" (really)!  It's 5-10% & 2&lt;3.", "끝이 좋으면 다 좋다. café ‘naïve’ e.g."],
     [["He paid $3.55, that is 1,000 won - \"a lot\" (truly)!  It's 5-10% & 2<3."], ["끝이 좋으면 모두 좋다. café 'naive' e.g."]]),
]


def invented():
    """Sentences of few words, changed a little, so that n-grams of every order match sometimes."""
    draw = random.Random(4)
    words = "the a cat dog sat ran on under mat , . red big 3,5 2.0 don't e-mail 그는 갔다".split()
    references = [[" ".join(draw.choices(words, k=draw.randint(3, 14))) for _ in range(draw.choice([2]))] for _ in range(40)]
    hypotheses = []
    for some in references:
        tokens = draw.choice(some).split()
        for _ in range(draw.randint(0, 4)):
            at = draw.randrange(len(tokens))
            tokens[at:at + draw.randint(0, 2)] = draw.choices(words, k=draw.randint(0, 2))
            tokens = tokens or ["the"]
        hypotheses.append(" ".join(tokens))
    return hypotheses, references


def cases():
    for hypotheses, references in [*PAIRS, invented()]:
        streams = [list(stream) for stream in zip(*references)]
        bleu = []
        for tokenize in ["13a", "none", "char"]:
            for lowercase in [False, True]:
                metric = BLEU(tokenize=tokenize, lowercase=lowercase)
                result = metric.corpus_score(hypotheses, streams)
                bleu.append({"tokenize": tokenize, "lowercase": lowercase, "score": result.score, "precisions": result.precisions,
                             "brevityPenalty": result.bp, "signature": str(metric.get_signature())})
        chrf = []
        for options in [{}, {"lowercase": True}, {"eps_smoothing": True}, {"char_order": 3, "beta": 1}]:
            metric = CHRF(**options)
            names = {"eps_smoothing": "epsSmoothing", "char_order": "charOrder"}
            chrf.append({"options": {names.get(k, k): v for k, v in options.items()},
                         "score": metric.corpus_score(hypotheses, streams).score, "signature": str(metric.get_signature())})
        tokens = [Tokenizer13a()(line.rstrip()) for line in hypotheses]
        yield {"hypotheses": hypotheses, "references": references, "bleu": bleu, "chrf": chrf, "tokens13a": tokens}


FILE.write_text(json.dumps({"script": "tools/golden-text.py", "sacrebleu": "2.6.0", "cases": list(cases())}, ensure_ascii=False, indent=1) + "\n")
