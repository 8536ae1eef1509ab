// Every command line that is suggested: on last screens, in the examples of --help, in messages and on the pages. Each is one that the command takes.

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Command } from 'commander';
import { describe, expect, test } from 'vitest';
import { Vocabulary } from 'unrolled/data';
import { allCommands } from '../commands.ts';
import { programOf } from '../main.ts';
import type { Prepared } from '../runs/kind.ts';
import { kinds } from '../tasks.ts';
import { refuseOthers } from '../runs/means-nothing.ts';
import { trainCommand } from '../commands/train.ts';
import { promptOf } from '../text/kind.ts';
import { foreignFlags, withOwners, withoutForeign } from './advice.ts';
import { withFlags } from './names.ts';
import { type OptionTable, settle } from './options.ts';
import { evalOptions, predictOptions } from './tables.ts';

const root = fileURLToPath(new URL('../../../..', import.meta.url));
const all = await allCommands();
const commands = all.others;
const program = programOf(all, async () => undefined);

/** The words of a command line as a shell parts them; what a pipe leads to is no part of it. */
function wordsOf(line: string): string[] {
  const [command] = line.split(/\s(?:\||>|#|&&)\s|\s{3,}|\s2?>/);
  return Array.from(command.matchAll(/(?:'[^']*'|"[^"]*"|\\.|[^\s'"\\])+/g), ([word]) =>
    word.replace(/'([^']*)'|"([^"]*)"|\\(.)/g, (_, single, double, bare) => single ?? double ?? bare),
  );
}

/** Throws for a line that would be refused before anything is read. `task`: of the run that it is about. */
function check(line: string, task: string | null = null): void {
  const [first, second, ...others] = wordsOf(line);
  const training = first === 'train';
  const command = (
    training ? find(program, first)?.commands.find((c) => c.name() === second) : find(program, first)
  ) as Command;
  if (!command) throw new Error(`there is no ${training ? `train ${second}` : first}`);
  const spec = training
    ? trainCommand(kinds.find(({ name }) => name === second) as (typeof kinds)[number])
    : (commands.find(({ name }) => name === first) as { name: string; options: OptionTable });
  const args = withFlags(training ? others : [second, ...others].filter((word) => word !== undefined), new Map());
  const { unknown, operands } = command.parseOptions(args);
  if (unknown.length > 0) throw new Error(`unknown: ${unknown.join(' ')}`);
  const flags = { ...command.opts() };
  for (const key of Object.keys(flags)) command.setOptionValue(key, undefined);
  const values = settle(spec.name, spec.options, {}, flags);
  const kind = kinds.find(({ name }) => name === task);
  if (kind && first === 'eval') refuseOthers('eval', evalOptions, values, `train ${kind.name}`, kind.evaluates);
  if (kind && first === 'predict')
    refuseOthers('predict', predictOptions, values, `train ${kind.name}`, kind.predicts ?? ['file']);
  if (operands.length === 0 && (first === 'eval' || first === 'predict')) throw new Error('no run is named');
}

function find(parent: Command, name: string): Command | undefined {
  return parent.commands.find((command) => command.name() === name);
}

test('the check itself refuses what the command would', () => {
  expect(() => check('eval runs/x --bad-row skip')).toThrow('unknown: --bad-row');
  expect(() => check('eval runs/x --max-length 3')).toThrow('unknown: --max-length');
  expect(() => check('predict runs/x --draw a.html', 'classify')).toThrow('means nothing to a run of train classify');
  expect(() => check('sing runs/x')).toThrow('there is no sing');
  expect(() => check('translate runs/x "a b" --n-best 3 --sample')).toThrow('means nothing with --sample');
  check('translate runs/x "a b" --n-best 3 | head');
});

describe('last screens', () => {
  const data = {
    source: 'words.txt',
    example: { image: '-a b$.jpg', question: 'what\'s "this"?' },
    made: { problem: 'adding' },
  };
  const prepared = (more: object) =>
    ({
      name: 'x',
      data,
      model: { horizon: 3, decoder: 'additive', encoder: {} },
      contents: {},
      ...more,
    }) as unknown as Prepared;
  const examples: Readonly<Record<string, object>> = {
    text: { example: 'The ' },
    classify: { data: { ...data, example: 'not bad' } },
    tag: { data: { ...data, example: 'a b' } },
    translate: { data: { ...data, example: 'ein Hund' } },
    video: { data: { ...data, example: '--odd name.mp4' } },
    forecast: { data: { ...data, read: { missing: 'skip' } } },
  };

  test.each(kinds.map(({ name }) => name))('of train %s', (name) => {
    const kind = kinds.find((k) => k.name === name) as (typeof kinds)[number];
    for (const stopped of [false, true]) {
      const lines = kind.next("'runs/my run'", prepared(examples[name] ?? {}), stopped);
      expect(lines.length).toBeGreaterThan(0);
      for (const line of lines) check(line, name);
    }
  });

  test('a decoder without attention is not asked to draw its map', () => {
    const translate = kinds.find(({ name }) => name === 'translate') as (typeof kinds)[number];
    const lines = translate.next(
      'r',
      prepared({ data: { ...data, example: 'a' }, model: { decoder: 'plain' } }),
      false,
    );
    expect(lines.join()).not.toContain('--attention');
  });
});

describe('the prompt of the last screen is one that the model can read', () => {
  test.each([
    ['a text without a capital T', 'lower case only\n', 'lower '],
    ['Korean', '고양이가 앉았다.', '고양이가 '],
    ['one word', 'aaaa', 'aaaa'],
    ['signs alone', '!?;:\n', null],
    ['quotes first', '"$HOME" `x`', 'HOME '],
    ['an emoji that is joined', '👩‍👩‍👧 family', 'family '],
  ])('%s', (_what, text, prompt) => {
    const vocabulary = Vocabulary.fromText(text, { unit: 'character' });
    expect(promptOf({ text, source: 'x.txt', paths: ['x.txt'] }, vocabulary)).toBe(prompt);
    if (prompt !== null) expect(vocabulary.encode(prompt).length).toBeGreaterThan(0);
  });
});

test.each([
  ...kinds.map(({ name, examples }) => [`train ${name}`, examples] as const),
  ...commands.map(({ name, examples }) => [name, examples ?? []] as const),
])('examples of %s --help', (_name, examples) => {
  for (const example of examples) check(example.slice(example.indexOf('unrolled ') + 'unrolled '.length));
});

const docs = readdirSync(join(root, 'docs'), { recursive: true }) as string[];
const pages = ['README.md', 'README.ko.md', ...docs.map((name) => `docs/${name}`)].filter((name) =>
  name.endsWith('.md'),
);

test.each(pages)('%s', (page) => {
  const text = readFileSync(join(root, page), 'utf8');
  const blocks = Array.from(text.matchAll(/```(?:sh|bash|console|text)?\n(.*?)```/gs), ([, block]) => block);
  const lines = blocks.flatMap((block) => block.replaceAll('\\\n', ' ').split('\n'));
  for (const line of lines) {
    const [, command] =
      /^(?:\$ )?(?:npx )?unrolled ((?:train|demo|sample|predict|translate|forecast|ask|eval|inspect|lesson|doctor)\b.*)$/.exec(
        line,
      ) ?? [];
    if (command === undefined || /[<…]|\.\.\.(?:\s|$)/.test(command)) continue;
    expect(() => check(command), `${page}: ${command}`).not.toThrow();
  }
});

describe('advice of an option that the command does not have', () => {
  test('says whose it is', () => {
    const others = new Map(kinds.map(({ name, options }) => [`train ${name}`, options]));
    expect(withOwners('cut; see --max-length', evalOptions, others)).toMatch(
      /^cut; see --max-length\n\(--max-length is an option of unrolled train classify, .*\)$/,
    );
    expect(withOwners('go on with --bad-rows skip', evalOptions, others)).toBe('go on with --bad-rows skip');
    expect(withOwners('say --val-frac 0, or --no-header', kinds[1].options, others)).toBe(
      'say --val-frac 0, or --no-header',
    );
  });

  test('is left out of a line that only points to it', () => {
    expect(withoutForeign('3 texts were cut to 400 tokens; see --max-length', evalOptions)).toBe(
      '3 texts were cut to 400 tokens',
    );
    expect(withoutForeign('cut; see --max-length', kinds[1].options)).toBe('cut; see --max-length');
  });

  test('every option that any message names is one that some command has', () => {
    const source = join(root, 'packages/cli/src');
    const files = (readdirSync(source, { recursive: true }) as string[]).filter(
      (name) => name.endsWith('.ts') && !name.endsWith('.test.ts'),
    );
    const tables = [...kinds, ...commands].map(({ options }) => options as OptionTable);
    const foreign = files.flatMap((name) => {
      const strings = readFileSync(join(source, name), 'utf8')
        .split('\n')
        .filter((line) => !/^\s*(?:\/\/|\*|\/\*)/.test(line) && !line.includes('var(--'));
      return foreignFlags(strings.join('\n'), tables).map((flag) => `${name}: --${flag}`);
    });
    // Of programs that are run or named (npm), of pages, and of translations, whose options are those of their sentences (test/korean.test.ts).
    expect(
      foreign.filter(
        (line) =>
          !/page|ffmpeg|cell-viewer|report|cells\.ts|language\/ko|ranks\.ts: --bind-to|installed\.ts: --global|serve\.ts: --heap-growing|(main|help)\.ts: --(help|version)/.test(
            line,
          ),
      ),
    ).toEqual([]);
  });
});
