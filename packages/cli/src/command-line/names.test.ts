import { expect, test } from 'vitest';
import { namesOf, withFlags } from './names.ts';
import { kinds } from '../tasks.ts';
import { doctorOptions, evalOptions, sampleTextOptions } from './tables.ts';

const tables = [...kinds.map((kind) => kind.options), sampleTextOptions, evalOptions, doctorOptions];
const names = namesOf(tables);
const flags = (line: string) => withFlags(line.split(' '), names).join(' ');

test('underscores and dashes are the same', () => {
  expect(flags('train text my_text.txt --seq_length 50 --val_frac=0.05')).toBe(
    'train text my_text.txt --seq-length 50 --val-frac=0.05',
  );
});

test("char-rnn's and PyTorch's names are understood, with one dash or two", () => {
  expect(flags('-rnn_size 128 -num_layers 2 -model lstm -learning_rate 2e-3 -grad_clip 5 -batch_size 50')).toBe(
    '--hidden 128 --layers 2 --cell lstm --lr 2e-3 --clip 5 --batch 50',
  );
  expect(flags('--hidden-size=64 --wordvec_size=0 -temperature 0.7 -primetext x')).toBe(
    '--hidden=64 --embedding=0 --temperature 0.7 --prompt x',
  );
});

test('values, short options, unknown options and what follows -- stay as they are', () => {
  expect(flags('-p some_text -q -x_y -- --seq_length')).toBe('-p some_text -q -x_y -- --seq_length');
  expect(flags('--un_known=a_b')).toBe('--un-known=a_b');
  expect(withFlags(['--prompt=a_b\nc_d'], names)).toEqual(['--prompt=a_b\nc_d']);
});

test('no name means two options', () => {
  for (const table of tables) {
    const all = Object.entries(table).flatMap(([key, spec]) => [key, ...('also' in spec ? spec.also : [])]);
    expect(new Set(all).size).toBe(all.length);
  }
  const meanings = tables.flatMap((table) => [...namesOf([table])]);
  for (const [name, flag] of meanings) expect(names.get(name), name).toBe(flag);
});
