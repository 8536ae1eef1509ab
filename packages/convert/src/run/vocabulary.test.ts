import { describe, expect, test } from 'vitest';
import { labelsOf, vocabularyOf } from './vocabulary.ts';

const read = (text: string, size: number) => vocabularyOf(text, 'vocab', size);

describe('a vocabulary', () => {
  test.each<[string, string, readonly (string | null)[]]>([
    ['a list', '["a", "b", "c"]', ['a', 'b', 'c']],
    ['ids by token', '{"b": 1, "a": 0, "c": 2}', ['a', 'b', 'c']],
    ['ids by token, of which some are free', '{"c": 2, "a": 0}', ['a', null, 'c']],
    ['tokens by id', '{"1": "b", "0": "a"}', ['a', 'b', null]],
    ['ids by digits', '{"0": 1, "1": 0, "2": 2}', ['1', '0', '2']],
    ['a text', '"añ😀"', ['a', 'ñ', '😀']],
    ['lines', 'a\r\nb b\r\n\r\n', ['a', 'b b', '']],
    ['lines, of which there are fewer than ids', '[a\n{b\n', ['[a', '{b', null]],
    ['characters with the line break among them', 'x\n ', ['x', '\n', ' ']],
    ['characters and a last line break', 'xyz\n', ['x', 'y', 'z']],
    ['a name of an object’s prototype', '{"__proto__": 0, "constructor": 1}', ['__proto__', 'constructor', null]],
  ])('is read from %s', (_, text, tokens) => {
    expect(read(text, 3)).toEqual(tokens);
  });

  test.each([
    ['[]', 'expected tokens, got none'],
    ['["a", 1]', 'id 1: expected a text, got 1'],
    ['{"a": -1}', '"a": expected its id, a whole number below 4194304, got -1'],
    ['{"a": [[1]]}', '"a": expected its id, a whole number below 4194304, got [[1]]'],
    ['{"a": 3}', 'expected ids 0 to 2, which the model has, got id 3; is it that of this model?'],
    ['a\nb\na\nc', 'expected ids 0 to 2'],
    ['a\nb\na', 'id 2: expected another token for each id, got "a", which is that of id 0 too'],
  ])('that is none of this model is refused: %s', (text, message) => {
    expect(() => read(text, 3)).toThrow(`vocab: ${message}`);
  });

  test('of labels has one for each class', () => {
    expect(labelsOf('no\nyes', 'labels', 2)).toEqual(['no', 'yes']);
    expect(() => labelsOf('no', 'labels', 2)).toThrow(
      'labels: expected 2 labels, one for each class, got none for class 1',
    );
  });
});
