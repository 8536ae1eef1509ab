// Small Hugging Face tokenizers with every kind of part in them, to be damaged.

const byteLevel = { type: 'ByteLevel', add_prefix_space: true, use_regex: true };
const sequence = (name: string, ...parts: readonly object[]) => ({ type: 'Sequence', [name]: parts });

export const tokenizerFiles: readonly object[] = [
  {
    added_tokens: [
      { id: 5, content: '<s>', special: true, normalized: false, single_word: true, lstrip: true, rstrip: true },
    ],
    normalizer: sequence(
      'normalizers',
      { type: 'NFKD' },
      { type: 'StripAccents' },
      { type: 'Lowercase' },
      { type: 'Replace', pattern: { Regex: '\\s+|(?:ab?)*c' }, content: ' ' },
      { type: 'Strip', strip_left: true, strip_right: true },
    ),
    pre_tokenizer: sequence(
      'pretokenizers',
      {
        type: 'Split',
        pattern: { Regex: "(?i:'s|'t)|\\p{L}+|\\s+(?!\\S)|[^a-c]{1,3}?" },
        behavior: 'Isolated',
        invert: false,
      },
      byteLevel,
    ),
    decoder: byteLevel,
    model: {
      type: 'BPE',
      vocab: { a: 0, b: 1, ab: 2, Ġ: 3, Ġa: 4 },
      merges: ['a b', ['Ġ', 'a']],
      unk_token: 'a',
      byte_fallback: true,
      fuse_unk: true,
    },
  },
  {
    added_tokens: [{ id: 0, content: '[UNK]', special: true }],
    normalizer: {
      type: 'BertNormalizer',
      clean_text: true,
      handle_chinese_chars: true,
      strip_accents: null,
      lowercase: true,
    },
    pre_tokenizer: { type: 'BertPreTokenizer' },
    decoder: { type: 'WordPiece', prefix: '##', cleanup: true },
    model: {
      type: 'WordPiece',
      vocab: { '[UNK]': 0, a: 1, '##a': 2, t: 3, '##he': 4 },
      unk_token: '[UNK]',
      continuing_subword_prefix: '##',
      max_input_chars_per_word: 100,
    },
  },
  {
    normalizer: sequence(
      'normalizers',
      { type: 'Prepend', prepend: '▁' },
      { type: 'Replace', pattern: { String: ' ' }, content: '▁' },
    ),
    pre_tokenizer: { type: 'Metaspace', replacement: '▁', prepend_scheme: 'first', split: true },
    decoder: sequence(
      'decoders',
      { type: 'Replace', pattern: { String: '▁' }, content: ' ' },
      { type: 'ByteFallback' },
      { type: 'Fuse' },
      { type: 'Strip', content: ' ', start: 1, stop: 0 },
    ),
    model: {
      type: 'Unigram',
      unk_id: 0,
      vocab: [
        ['<unk>', 0],
        ['▁', -1],
        ['a', -2],
        ['▁a', -2.5],
        ['<0x00>', -9],
      ],
      byte_fallback: true,
    },
  },
  {
    pre_tokenizer: sequence(
      'pretokenizers',
      { type: 'Whitespace' },
      { type: 'Punctuation', behavior: 'MergedWithNext' },
      { type: 'Digits', individual_digits: true },
    ),
    decoder: { type: 'BPEDecoder', suffix: '</w>' },
    padding: { pad_token: 'a' },
    model: { type: 'WordLevel', vocab: { a: 0, the: 1, '<unk>': 2 }, unk_token: '<unk>' },
  },
];
