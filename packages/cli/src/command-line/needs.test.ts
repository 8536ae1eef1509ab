import { describe, expect, test } from 'vitest';
import { allCommands } from '../commands.ts';
import { kinds } from '../tasks.ts';
import { type OptionTable, settle } from './options.ts';

const { others: commands } = await allCommands();
const table = {
  schedule: { kind: 'choice', default: 'cosine', choices: ['cosine', 'step', 'plateau'], help: '' },
  decay: { kind: 'number', default: 0.5, needs: { schedule: ['step', 'plateau'] }, help: '' },
  sample: { kind: 'flag', default: false, help: '' },
  temperature: { kind: 'number', default: 1, needs: { sample: [true] }, help: '' },
  nBest: { kind: 'integer', default: 1, needs: { sample: [false] }, help: '' },
  steps: { kind: 'integer', default: null, help: '' },
  minutes: { kind: 'number', default: null, needs: { steps: 'none' }, help: '' },
  header: { kind: 'flag', default: true, needs: { file: 'given' }, help: '' },
  file: { kind: 'string', default: null, help: '' },
} as const satisfies OptionTable;

describe('an option that would be ignored is refused', () => {
  test.each([
    [{ temperature: 0.5 }, 'x: --temperature: means nothing without --sample'],
    [{ nBest: 3, sample: true }, 'x: --n-best: means nothing with --sample'],
    [{ decay: 0.1 }, 'x: --decay: is for --schedule step or plateau; here it is cosine'],
    [{ steps: 10, minutes: 1 }, 'x: --minutes: means nothing with --steps'],
    [{ header: false }, 'x: --no-header: means nothing without --file'],
  ])('%j', (flags, message) => {
    expect(() => settle('x', table, {}, flags)).toThrow(message);
    expect(() => settle('x', table, flags, {})).toThrow(message);
  });

  test.each([
    [{ temperature: 0.5, sample: true }],
    [{ decay: 0.1, schedule: 'plateau' }],
    [{ header: false, file: 'a.csv' }],
    [{ minutes: 1 }],
    [{ temperature: 1 }], // as it would be anyway
  ])('%j is taken', (flags) => {
    expect(settle('x', table, {}, flags)).toMatchObject(flags);
  });

  test('a flag wins over the configuration file, also where it makes an option of the file mean nothing', () => {
    expect(settle('x', table, { steps: 10 }, { minutes: 1 })).toMatchObject({ steps: null, minutes: 1 });
    expect(settle('x', table, { minutes: 1 }, { steps: 10 })).toMatchObject({ steps: 10, minutes: null });
    expect(settle('x', table, { decay: 0.1, schedule: 'step' }, { schedule: 'cosine' })).toMatchObject({ decay: 0.5 });
    expect(settle('x', table, { temperature: 0.5, sample: true }, { nBest: 3, sample: false })).toMatchObject({
      temperature: 1,
      nBest: 3,
    });
  });
});

/** What other options a table's options need, by name. */
const every = [
  ...kinds.map(({ name, options }) => [`train ${name}`, options] as const),
  ...commands.map(({ name, options }) => [name, options] as const),
];

test.each(every)(
  '%s: what is needed can be met, and is where the option alone is given it is refused',
  (_name, options) => {
    for (const [key, { needs = {} }] of Object.entries(options)) {
      for (const [other, need] of Object.entries(needs)) {
        const spec = options[other];
        if (spec === undefined || typeof need === 'string') continue;
        const known = spec.kind === 'choice' ? spec.choices : spec.kind === 'flag' ? [true, false] : [];
        for (const value of need) expect(known, `--${key} needs ${other}`).toContain(value);
        expect(need.length, `--${key} is never refused`).toBeLessThan(known.length);
      }
    }
  },
);

test.each([
  ['text', { momentum: 0.9 }, '--momentum: is for --optimizer sgd or rmsprop; here it is adam'],
  ['text', { decayEvery: 10 }, '--decay-every: is for --schedule step; here it is cosine'],
  ['classify', { epochs: 1, steps: 3 }, '--epochs: means nothing with --steps'],
  ['classify', { valFrac: 0.3, validation: 'v.csv' }, '--val-frac: means nothing with --validation'],
  ['classify', { demo: 'sentiment', where: 'x > 1' }, '--where: means nothing with --demo'],
  ['caption', { injection: 'every' }, '--injection: is for --form inject'],
  ['caption', { reward: 0.1, form: 'soft' }, '--reward: is for --form hard; here it is soft'],
  ['caption', { features: 'f.npy', flip: true }, '--flip: means nothing with --features'],
  ['vqa', { maps: 3 }, '--maps: is for --form map'],
  ['video', { pooling: 'last', perFrame: true }, '--pooling: means nothing with --per-frame'],
  [
    'translate',
    { attentionSize: 8, decoder: 'dot' },
    '--attention-size: is for --decoder additive or concat; here it is dot',
  ],
])('train %s %j', (name, flags, message) => {
  const kind = kinds.find((k) => k.name === name) as (typeof kinds)[number];
  expect(() => settle(`train ${name}`, kind.options, {}, flags)).toThrow(message);
});

test.each(['caption', 'vqa'])('train %s has no checks to leave out and nothing to look into', (name) => {
  const { options } = kinds.find((kind) => kind.name === name) as (typeof kinds)[number];
  expect(Object.keys(options)).not.toContain('check');
  expect(Object.keys(options)).not.toContain('inspect');
});
