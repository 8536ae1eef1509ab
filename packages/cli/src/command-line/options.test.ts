import { describe, expect, test } from 'vitest';
import { checkValue, flagOf, type OptionTable, settle } from './options.ts';

const table = {
  seqLength: { kind: 'integer', default: 64, min: 1, help: 'steps', also: ['window'] },
  steps: { kind: 'integer', default: null, min: 1, help: 'updates' },
  lr: { kind: 'number', default: 0.1, min: 0, above: true, help: 'rate' },
  dropout: { kind: 'number', default: 0, min: 0, max: 0.99, help: 'dropout' },
  cell: { kind: 'choice', default: 'gru', choices: ['rnn', 'lstm', 'gru'], aliases: { vanilla: 'rnn' }, help: 'cell' },
  out: { kind: 'string', default: null, help: 'folder' },
  fresh: { kind: 'flag', default: false, help: 'anew' },
} as const satisfies OptionTable;

test('a flag is its key with dashes', () => {
  expect(flagOf('seqLength')).toBe('seq-length');
});

describe('a value is checked, and the error says what would do', () => {
  const check = (key: keyof typeof table, value: unknown) => () => checkValue('train', key, table[key], value);

  test.each([
    ['seqLength', '0', 'train: --seq-length: expected a whole number from 1, got 0'],
    ['seqLength', '2.5', 'train: --seq-length: expected a whole number from 1, got 2.5'],
    ['seqLength', 'ten', 'train: --seq-length: expected a whole number from 1, got ten'],
    ['seqLength', '', 'train: --seq-length: expected a whole number from 1, got ""'],
    ['seqLength', '0x10', 'train: --seq-length: expected a decimal number, got 0x10'],
    ['seqLength', '0b1', 'train: --seq-length: expected a decimal number, got 0b1'],
    ['seqLength', true, 'train: --seq-length: expected a whole number from 1, got true'],
    ['lr', '0', 'train: --lr: expected a number above 0, got 0'],
    ['lr', 'NaN', 'train: --lr: expected a number above 0, got NaN'],
    ['lr', 'Infinity', 'train: --lr: expected a number above 0, got Infinity'],
    ['dropout', '1', 'train: --dropout: expected a number from 0 to 0.99, got 1'],
    ['cell', 'lstn', 'train: --cell: there is no lstn; did you mean lstm?'],
    ['cell', '', 'train: --cell: there is no ""; known are rnn, lstm, gru'],
    ['out', 3, 'train: --out: expected a text, got 3'],
    ['fresh', 'yes', 'train: --fresh: expected true or false, got yes'],
  ] as const)('--%s %j', (key, value, message) => {
    expect(check(key, value)).toThrow(message);
  });

  test('what fits is taken, numbers from text too', () => {
    expect(check('seqLength', '50')()).toBe(50);
    expect(check('lr', '2e-3')()).toBe(0.002);
    expect(check('seqLength', '1e2')()).toBe(100);
    expect(check('cell', 'lstm')()).toBe('lstm');
    expect(check('cell', 'vanilla')()).toBe('rnn');
    expect(check('fresh', true)()).toBe(true);
  });
});

describe('settle', () => {
  test('flags win over the configuration file, and the file over defaults', () => {
    const values = settle('train', table, { seqLength: 7, lr: 0.5 }, { lr: '0.2' });
    expect(values).toEqual({ seqLength: 7, steps: null, lr: 0.2, dropout: 0, cell: 'gru', out: null, fresh: false });
  });

  test.each(['seqLength', 'seq-length', 'seq_length', 'window'])('the file may say %s', (name) => {
    expect(settle('train', table, { [name]: 5 }, {}).seqLength).toBe(5);
  });

  test('null in the file means what it means in the defaults', () => {
    expect(settle('train', table, { steps: null }, {}).steps).toBeNull();
    expect(() => settle('train', table, { lr: null }, {})).toThrow('expected a number above 0, got null');
  });

  test('an unknown name in the file is refused with the nearest that is known', () => {
    expect(() => settle('train', table, { seqLenght: 5 }, {})).toThrow('did you mean seqLength?');
    expect(() => settle('train', table, { toString: 1 }, {})).toThrow('unknown option');
  });
});
