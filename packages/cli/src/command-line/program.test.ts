import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import type { OptionTable, Values } from './options.ts';
import { commandOf, type Finishing } from './program.ts';

const options = {
  seqLength: { kind: 'integer', default: 64, min: 1, short: 'n', group: 'Data', help: 'steps', also: ['window'] },
  cell: { kind: 'choice', default: 'gru', choices: ['gru', 'gru-reset-before'], help: 'cell' },
  check: { kind: 'flag', default: true, help: 'no checks' },
  out: { kind: 'string', default: null, placeholder: 'folder', help: 'where to' },
  config: { kind: 'string', default: null, help: 'options' },
  json: { kind: 'flag', default: false, help: 'as JSON' },
  debug: { kind: 'flag', default: false, help: 'with traces' },
} as const satisfies OptionTable;

const folder = mkdtempSync(join(tmpdir(), 'unrolled-program-'));
afterAll(() => rmSync(folder, { recursive: true }));

function file(name: string, text: string): string {
  writeFileSync(join(folder, name), text);
  return join(folder, name);
}

async function run(...args: string[]) {
  const ran: { values: Values<typeof options>; args: readonly string[]; given: string[] }[] = [];
  let about: Finishing | null = null;
  const spec = {
    name: 'try',
    summary: 'Tries.',
    args: [['[file]', 'what to try']] as const,
    options,
    examples: ['try a.txt'],
    run: async (values: Values<typeof options>, operands: readonly string[], given: ReadonlySet<string>) => {
      ran.push({ values, args: operands, given: [...given].sort() });
      return null;
    },
  };
  const command = commandOf(spec, async (result, asked) => {
    about = asked;
    await result;
  });
  await command.parseAsync(args, { from: 'user' });
  return { ...ran[0], about: about as Finishing | null, help: command.helpInformation() };
}

test('flags win over the configuration file, and what was given is told', async () => {
  const config = file('a.json', JSON.stringify({ seq_length: 7, cell: 'gru-before', check: false }));
  const { values, args, given, about } = await run('--config', config, '-n', '5', 'x.txt', '--json');
  expect(values).toMatchObject({ seqLength: 5, cell: 'gru-reset-before', check: false, out: null });
  expect(args).toEqual(['x.txt']);
  expect(given).toEqual(['cell', 'check', 'config', 'json', 'seqLength']);
  expect(about).toMatchObject({ json: true, debug: false });
});

test('--help has the choices of an option where its text does not name them all', async () => {
  const { help } = await run();
  expect(help).toContain('cell (choices: gru, gru-reset-before) (default: gru)');
  const named = { ...options.cell, help: 'cell: gru, gru-reset-before' };
  const spec = {
    name: 'try',
    summary: '',
    args: [],
    options: { ...options, cell: named },
    examples: [],
    run: async () => null,
  };
  expect(commandOf(spec, async () => undefined).helpInformation()).not.toContain('choices');
});

test('without a configuration file there are defaults, and a flag that is on is switched off', async () => {
  expect((await run()).values).toMatchObject({ seqLength: 64, check: true, json: false });
  const { values, about } = await run('--no-check', '--debug');
  expect(values.check).toBe(false);
  expect(about).toMatchObject({ json: false, debug: true });
});

test('help tells what an option takes and its default', async () => {
  const { help } = await run();
  expect(help).toMatch(/Data:\s+-n, --seq-length <n> +steps \(default: 64\)/);
  expect(help).toMatch(/--no-check +no checks\n/);
  expect(help).toMatch(/--out <folder> +where to\n/);
});

test.each([
  ['of JSON that is none', '{"cell": ', 'is not JSON'],
  ['of a list', '[1]', 'expected a JSON object with the options by their names'],
  ['of null', 'null', 'expected a JSON object with the options by their names'],
  ['of a number', '7', 'expected a JSON object with the options by their names'],
])('a configuration file %s is refused', async (_name, text, message) => {
  await expect(run('--config', file('bad.json', text))).rejects.toThrow(message);
});

test('a configuration file that is not there is named', async () => {
  await expect(run('--config', join(folder, 'none.json'))).rejects.toThrow('none.json: cannot be read: ENOENT');
});
