#!/usr/bin/python3
"""Writes test/golden/tokenizers.json: tokenizer.json files and what Hugging Face's tokenizers makes of texts with them.

Run: python3 tools/golden-tokenizers.py      (pip install tokenizers==0.23.2)
"""

import json
import pathlib

from tokenizers import AddedToken, Regex, Tokenizer, decoders, models, normalizers, pre_tokenizers, trainers

FILE = pathlib.Path(__file__).resolve().parent.parent / "test" / "golden" / "tokenizers.json"

TRAINING = [
    "The quick brown fox jumps over the lazy dog, and the dog doesn't mind. The fox's brown coat is quick to dry.",
    "She sells sea shells by the sea shore; the shells she sells are sea shells, I'm sure.",
    "나는 학교에 갔다. 학교는 멀다. 나는 집에 갔다가 학교에 다시 갔다.",
    "Numbers like 1, 22, 333 and 4444 are numbers. Café, naïve, résumé: words with accents. 東京 and 京都 are cities.",
    "the the the quick quick brown fox fox dog dogs she shells sells numbers number words word",
]
TEXTS = [
    "", " ", "The quick brown fox", "  two  spaces and a\ttab\n\nlines  ", "She'll sell the dogs' shells, won't she?", "나는 학교에 갔다가 집에 갔다",
    "Café résumé NAÏVE ÀÉ", "e\u0301 cafe\u0301 ﬁne Ⅷ ％", "東京 is 京都, 1234567 and ３４", "unseen: zxqj 🙂 👩‍👩‍👧 ﷺ", "a-b_c d.e,f;g:h (i) [j] {k}",
    "<s> the fox </s>", "hello<mask> the  <mask>  fox", "foxword dog DOG myfox fox", "\u200bzero\u200dwidth\u00a0space\u2003wide", "ΑΣ σίγμας İstanbul",
    "x" * 120, "can't CAN'T we'RE i'd", "...!!!???", "\r\n  \r\n x",
]
SPECIAL = ["<pad>", "<unk>", "<s>", "</s>"]


def trained(model, trainer, normalizer=None, pre=None, decoder=None, added=()):
    tokenizer = Tokenizer(model)
    if normalizer:
        tokenizer.normalizer = normalizer
    if pre:
        tokenizer.pre_tokenizer = pre
    if decoder:
        tokenizer.decoder = decoder
    tokenizer.train_from_iterator(TRAINING, trainer)
    tokenizer.add_tokens(list(added))
    return tokenizer


def changed(tokenizer, **model):
    data = json.loads(tokenizer.to_str())
    data["model"].update(model)
    return Tokenizer.from_str(json.dumps(data))


def bpe(size, **options):
    return trainers.BpeTrainer(vocab_size=size, show_progress=False, **{"special_tokens": SPECIAL, **options})


def bytes_and(size, tokens=SPECIAL):
    """Special tokens that Llama-like files have: every byte as <0x..>."""
    return tokens + [f"<0x{b:02X}>" for b in range(256)]


def tokenizers():
    alphabet = pre_tokenizers.ByteLevel.alphabet()
    level = decoders.ByteLevel()
    yield "byte-level pairs", trained(models.BPE(), bpe(340, initial_alphabet=alphabet), pre=pre_tokenizers.ByteLevel(add_prefix_space=False), decoder=level)
    yield "byte-level pairs, a space before", trained(
        models.BPE(), bpe(340, initial_alphabet=alphabet, special_tokens=["<|endoftext|>"]), normalizers.NFC(), pre_tokenizers.ByteLevel(add_prefix_space=True), level,
        [AddedToken("<mask>", lstrip=True, special=True), AddedToken("fox", single_word=True), AddedToken("dog", normalized=True, rstrip=True)])
    llama3 = r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+"
    split = pre_tokenizers.Sequence([pre_tokenizers.Split(Regex(llama3), "isolated"), pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False)])
    yield "pieces by a pattern", changed(trained(models.BPE(), bpe(340, initial_alphabet=alphabet), pre=split, decoder=level), ignore_merges=True)
    llama = trained(
        models.BPE(unk_token="<unk>", fuse_unk=True, byte_fallback=True), bpe(420, special_tokens=bytes_and(0)), pre=pre_tokenizers.Metaspace(),
        decoder=decoders.Sequence([decoders.Replace("▁", " "), decoders.ByteFallback(), decoders.Fuse(), decoders.Strip(" ", 1, 0)]))
    yield "metaspace and bytes", llama
    old = Tokenizer.from_str(llama.to_str())
    old.normalizer = normalizers.Sequence([normalizers.Prepend("▁"), normalizers.Replace(" ", "▁")])
    old.pre_tokenizer = None
    yield "prepend, no pieces", old
    for scheme in ["first", "never"]:
        other = Tokenizer.from_str(llama.to_str())
        other.pre_tokenizer = pre_tokenizers.Metaspace(prepend_scheme=scheme, split=scheme == "first")
        other.decoder = decoders.Metaspace(prepend_scheme=scheme)
        yield f"metaspace, {scheme}", other
    yield "unknown, fused", trained(models.BPE(unk_token="<unk>", fuse_unk=True), bpe(150, limit_alphabet=40), pre=pre_tokenizers.Whitespace())
    yield "unknown, each", trained(models.BPE(unk_token="<unk>"), bpe(150, limit_alphabet=40), pre=pre_tokenizers.WhitespaceSplit())
    yield "ends of words", trained(
        models.BPE(unk_token="<unk>", end_of_word_suffix="</w>"), bpe(200, end_of_word_suffix="</w>"), normalizers.Sequence([normalizers.NFC(), normalizers.Replace(Regex(r"\s+"), " "), normalizers.Lowercase()]),
        pre_tokenizers.Sequence([pre_tokenizers.Whitespace(), pre_tokenizers.Digits(individual_digits=True)]), decoders.BPEDecoder("</w>"))
    piece = lambda: trainers.WordPieceTrainer(vocab_size=250, special_tokens=["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"], show_progress=False)
    yield "BERT", trained(models.WordPiece(unk_token="[UNK]"), piece(), normalizers.BertNormalizer(), pre_tokenizers.BertPreTokenizer(), decoders.WordPiece())
    yield "BERT, accents kept", trained(
        models.WordPiece(unk_token="[UNK]"), piece(), normalizers.BertNormalizer(strip_accents=False, lowercase=False, handle_chinese_chars=False), pre_tokenizers.BertPreTokenizer(), decoders.WordPiece(cleanup=False))
    words = lambda: trainers.WordLevelTrainer(vocab_size=60, special_tokens=SPECIAL, show_progress=False)
    yield "words", trained(
        models.WordLevel(unk_token="<unk>"), words(), normalizers.Sequence([normalizers.NFKD(), normalizers.StripAccents(), normalizers.Lowercase(), normalizers.Strip()]), pre_tokenizers.Whitespace())
    for behavior in ["removed", "isolated", "merged_with_previous", "merged_with_next", "contiguous"]:
        yield f"signs {behavior}", trained(
            models.WordLevel(unk_token="<unk>"), words(), None, pre_tokenizers.Sequence([pre_tokenizers.WhitespaceSplit(), pre_tokenizers.Punctuation(behavior), pre_tokenizers.Digits()]))
        yield f"split {behavior}", trained(
            models.WordLevel(unk_token="<unk>"), words(), normalizers.NFKC(), pre_tokenizers.Split(Regex(r"[aeiou]|\s"), behavior, invert=behavior == "isolated"))
    yield "by a sign", trained(models.WordLevel(unk_token="<unk>"), words(), normalizers.NFD(), pre_tokenizers.CharDelimiterSplit("e"))
    gram = lambda size, **o: trainers.UnigramTrainer(vocab_size=size, unk_token="<unk>", show_progress=False, **{"special_tokens": SPECIAL, **o})
    yield "unigram", trained(models.Unigram(), gram(150), normalizers.NFKC(), pre_tokenizers.Metaspace(), decoders.Metaspace())
    fallback = trained(models.Unigram(), gram(400, special_tokens=bytes_and(0)), None, pre_tokenizers.Metaspace(), decoders.Sequence([decoders.ByteFallback(), decoders.Metaspace()]))
    yield "unigram and bytes", changed(fallback, byte_fallback=True)


cases = []
for name, tokenizer in tokenizers():
    ids = [tokenizer.encode(text, add_special_tokens=False).ids for text in TEXTS]
    cases.append({"name": name, "file": json.loads(tokenizer.to_str()), "ids": ids, "decoded": [tokenizer.decode(some) for some in ids]})
FILE.write_text(json.dumps({"script": "tools/golden-tokenizers.py", "tokenizers": "0.23.2", "texts": TEXTS, "cases": cases}, ensure_ascii=False, separators=(",", ":")) + "\n")
