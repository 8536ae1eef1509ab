import { expect, test } from 'vitest';
import { allCommands } from '../commands.ts';
import { kinds } from '../tasks.ts';
import { namesOf, withFlags } from './names.ts';
import { byKey, flagOf, type OptionTable, settle } from './options.ts';
import { renamedFlags, renamedValues } from './renamed.ts';

const { others: commands } = await allCommands();
const tables = new Map<string, OptionTable>(
  [...kinds, ...commands].map(({ name, options }) => [name, options as OptionTable]),
);
const caption = tables.get('caption') as OptionTable;
const flagsOf = (table: OptionTable) => Object.keys(table).map(flagOf);

function typed(name: string, line: string) {
  const hints: string[] = [];
  const args = withFlags(line.split(' '), namesOf([tables.get(name) as OptionTable]), (hint) => hints.push(hint));
  return { line: args.join(' '), hints };
}

test.each([
  ['caption', '--pictures p --captions-per-picture=2', '--images p --captions-per-image=2'],
  ['caption', '--captions_per_picture 2', '--captions-per-image 2'],
  ['vqa', '--colour-channels 8', '--color-channels 8'],
  ['video', '--film clip', '--video clip'],
  ['translate', '--block-ngrams 3 --min-length 2', '--no-repeat-ngram-size 3 --min-tokens 2'],
  ['sample', '-n 5 --length 9', '-n 5 --max-tokens 9'],
  ['predict', '--top 3', '--top-k 3'],
])('%s %s is read as %s, with a hint', (name, old, now) => {
  const { line, hints } = typed(name, old);
  expect(line).toBe(now);
  expect(hints.length).toBeGreaterThan(0);
  for (const hint of hints) expect(hint).toMatch(/^--[a-z-]+ is now --[a-z-]+$/);
});

test.each([
  ['text', '--cell gru-before', '--cell gru-reset-before'],
  ['vqa', '--form=blind', '--form=question-only'],
  ['video', '--split chance --layers 1', '--split random --layers 1'],
])('%s %s: a renamed value is read as %s', (name, old, now) => {
  const { line, hints } = typed(name, old);
  expect(line).toBe(now);
  expect(hints).toEqual([expect.stringContaining(`is now ${now.split(' --layers')[0].replace('=', ' ')}`)]);
});

test('a flag that is still called so, a value of another option and what follows -- keep their names', () => {
  for (const [name, line] of [
    ['forecast', '--length 24'],
    ['inspect', '--length 80'],
    ['caption', '--caption gru-before'],
    ['sample', '--prompt chance -- --length 3'],
  ])
    expect(typed(name, line)).toEqual({ line, hints: [] });
});

test('a configuration file may have the old names', () => {
  const hints: string[] = [];
  const file = byKey('train caption', caption, { captionsPerPicture: 2, 'rnn-size': 8, cell: 'gru-before' }, (hint) =>
    hints.push(hint),
  );
  expect(file).toEqual({ captionsPerImage: 2, hidden: 8, cell: 'gru-reset-before' });
  expect(hints).toEqual([
    '--captions-per-picture is now --captions-per-image',
    '--cell gru-before is now --cell gru-reset-before',
  ]);
  expect(settle('train caption', caption, { captionsPerPicture: 2 }, {})).toMatchObject({ captionsPerImage: 2 });
  expect(() => byKey('train caption', caption, { constructor: 1 })).toThrow('unknown option');
});

test('every new name exists, and no old one exists next to it', () => {
  for (const [old, now] of Object.entries(renamedFlags)) {
    const having = [...tables.values()].filter((table) => flagsOf(table).includes(now));
    expect(having.length, `--${now}`).toBeGreaterThan(0);
    expect(
      having.some((table) => !flagsOf(table).includes(old)),
      `--${old}`,
    ).toBe(true);
  }
  for (const [flag, values] of Object.entries(renamedValues)) {
    const choices = [...tables.values()].flatMap((table) => {
      const spec = Object.entries(table).find(([key]) => flagOf(key) === flag)?.[1];
      return spec?.kind === 'choice' ? spec.choices : [];
    });
    for (const [old, now] of Object.entries(values)) {
      expect(choices, `--${flag}`).toContain(now);
      expect(choices, `--${flag}`).not.toContain(old);
    }
  }
});
