// The normalizers of a tokenizer.json: text to text.

import type { Part } from './part.ts';
import { mostOf, readPattern, replaceBy, tooLong } from './patterns.ts';

/** `most`: maximum length of the text; beyond it an error is thrown. */
export type Normalizer = (text: string, most: number) => string;

const forms = ['NFC', 'NFD', 'NFKC', 'NFKD'] as const;
const known = [...forms, 'Lowercase', 'StripAccents', 'Strip', 'Replace', 'Prepend', 'BertNormalizer', 'Sequence'];

export function readNormalizer(part: Part): Normalizer {
  const form = forms.find((name) => name === part.type);
  if (form) return (text) => text.normalize(form);
  switch (part.type) {
    case 'Lowercase':
      return lowercase;
    case 'StripAccents':
      return (text) => text.replace(/\p{M}/gu, '');
    case 'Strip': {
      const [left, right] = [part.flag('strip_left'), part.flag('strip_right')];
      return (text) => text.slice(left ? startOfText(text) : 0, right ? endOfText(text) : text.length);
    }
    case 'Replace': {
      const [pattern, content] = [readPattern(part), part.text('content')];
      return (text, most) => replaceBy(text, pattern, content, most, part);
    }
    case 'Prepend': {
      const prefix = part.text('prepend');
      return (text, most) => {
        if (text === '') return '';
        if (prefix.length + text.length > most) throw tooLong(part);
        return prefix + text;
      };
    }
    case 'BertNormalizer':
      return bert(part);
    case 'Sequence': {
      const steps = part.steps('normalizers').map(readNormalizer);
      return (text, most) =>
        steps.reduce((sofar, step) => {
          const next = step(sofar, most);
          if (next.length > most) throw tooLong(part);
          return next;
        }, text);
    }
    default:
      throw part.unknownType(known);
  }
}

/** `text` by `normalizer`, within what a text of this length may become. */
export function normalizeBy(normalizer: Normalizer, text: string): string {
  return normalizer(text, mostOf(text.length));
}

/** Character by character, so that a Σ at the end of a word becomes σ like any other. */
function lowercase(text: string): string {
  return text.replaceAll('Σ', 'σ').toLowerCase();
}

function startOfText(text: string): number {
  let start = 0;
  while (start < text.length && /\p{White_Space}/u.test(text[start])) start++;
  return start;
}

function endOfText(text: string): number {
  let end = text.length;
  while (end > 0 && /\p{White_Space}/u.test(text[end - 1])) end--;
  return end;
}

/**
 * BERT's: removes control characters, puts spaces around Chinese characters, strips accents, lowercases. Stripping accents leaves text decomposed (NFD),
 * Hangul as jamo: a vocabulary of composed syllables then knows none of them, as in Hugging Face's.
 */
function bert(part: Part): Normalizer {
  const [clean, chinese, lower] = [part.flag('clean_text'), part.flag('handle_chinese_chars'), part.flag('lowercase')];
  const accents = part.flag('strip_accents', lower);
  return (text) => {
    let result = text;
    if (clean)
      result = result.replace(/(?![\t\n\r])[\p{Cc}\p{Cf}\p{Co}\uFFFD]/gu, '').replace(/\p{White_Space}/gu, ' ');
    if (chinese)
      result = result.replace(
        /[\u4E00-\u9FFF\u3400-\u4DBF\u{20000}-\u{2A6DF}\u{2A700}-\u{2B73F}\u{2B740}-\u{2B81F}\u{2B920}-\u{2CEAF}\uF900-\uFAFF\u{2F800}-\u{2FA1F}]/gu,
        ' $& ',
      );
    if (accents) result = result.normalize('NFD').replace(/\p{Mn}/gu, '');
    return lower ? lowercase(result) : result;
  };
}
