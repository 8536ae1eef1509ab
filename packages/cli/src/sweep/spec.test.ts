import { expect, test } from 'vitest';
import { planOf, requireSamePlan, wordsOfTrial } from './plan.ts';
import { readSpec } from './spec.ts';
import { wordsOf } from './words.ts';

const command = 'train text notes.txt --steps 18';
const grid = { command, parameters: { hidden: [8, 16] }, method: 'grid' };
const halving = { ...grid, method: 'halving', trials: 9, halving: { eta: 3, rungs: 3 } };

test('a sweep.json is read with its defaults', () => {
  const content = { ...grid, parameters: { lr: { 'log-uniform': [1e-4, 1e-2] } }, method: 'random', trials: 24 };
  expect(readSpec('sweep.json', content)).toEqual({
    command: ['train', 'text', 'notes.txt', '--steps', '18'],
    parameters: { lr: { 'log-uniform': [1e-4, 1e-2] } },
    method: 'random',
    trials: 24,
    seed: 1,
    metric: 'loss',
    direction: 'minimize',
    halving: null,
  });
  const words = ['npx', 'unrolled', 'train', 'text', 'my notes.txt'];
  expect(readSpec('sweep.json', { ...grid, command: words }).command).toEqual(['train', 'text', 'my notes.txt']);
});

test.each([
  ['no object', [], 'sweep.json: sweep: expected a JSON object, got []'],
  ['an unknown field', { ...grid, metod: 'grid' }, 'sweep.json: metod: unknown field; did you mean method?'],
  ['an unknown method', { ...grid, method: 'bayes' }, 'method: expected grid, random, halving, got "bayes"'],
  ['no command', { ...grid, command: undefined }, 'command: expected a training command such as'],
  ['another command', { ...grid, command: 'eval runs/a' }, 'command: expected train and a task, got "eval runs/a"'],
  ['an open quote', { ...grid, command: 'train text "my notes.txt' }, 'command: has a quote or a backslash without its end: "my'], // biome-ignore format: a line
  [
    'a pipe',
    { ...grid, command: 'train text a.txt | tee log' },
    'command: is no line for a shell: | means nothing here',
  ],
  ['no parameters', { ...grid, parameters: {} }, 'parameters: name at least one option and its values'],
  ['an empty list', { ...grid, parameters: { hidden: [] } }, 'parameters.hidden: expected texts, numbers'],
  ['a value twice', { ...grid, parameters: { hidden: [8, 8] } }, 'parameters.hidden: has 8 twice'],
  ['a number alone', { ...grid, parameters: { hidden: 8 } }, 'parameters.hidden: expected a list of values or a distribution'], // biome-ignore format: a line
  ['an unknown distribution', { ...halving, parameters: { lr: { loguniform: [1, 2] } } }, 'there is no distribution loguniform; did you mean log-uniform?'], // biome-ignore format: a line
  ['a distribution in a grid', { ...grid, parameters: { lr: { uniform: [0, 1] } } }, 'parameters.lr: a grid needs a list of values'], // biome-ignore format: a line
  ['ends in the wrong order', { ...halving, parameters: { lr: { uniform: [1, 0] } } }, 'expected uniform of two numbers, the lower one first, got [1,0]'], // biome-ignore format: a line
  ['a part of a whole number', { ...halving, parameters: { hidden: { integer: [1, 2.5] } } }, 'expected integer of two whole numbers'], // biome-ignore format: a line
  ['a logarithm of 0', { ...halving, parameters: { lr: { 'log-uniform': [0, 1] } } }, 'log-uniform needs numbers above 0, got 0'], // biome-ignore format: a line
  ['trials of a grid', { ...grid, trials: 3 }, 'trials: a grid has a trial for each combination; leave it out'],
  ['no trials', { ...grid, method: 'random' }, 'trials: expected a whole number from 1 to 10000, got nothing'],
  ['too many trials', { ...grid, method: 'random', trials: 1e6 }, 'trials: expected a whole number from 1 to 10000, got 1000000'], // biome-ignore format: a line
  ['halving of a grid', { ...grid, halving: {} }, 'halving: is for the method halving; here it is grid'],
  ['an eta of 1', { ...halving, halving: { eta: 1 } }, 'halving.eta: expected a whole number from 2 to 100, got 1'],
  ['a metric without direction', { ...grid, metric: 'accuracy' }, 'direction: expected minimize or maximize for the metric accuracy, got nothing'], // biome-ignore format: a line
])('a sweep.json with %s is refused', (_name, content, message) => {
  expect(() => readSpec('sweep.json', content)).toThrow(message);
});

test.each([
  ['an unknown task', { ...grid, command: 'train txt a.txt' }, 'command: there is no train txt; did you mean text?'],
  ['an unknown option', { ...grid, command: `${command} --hiden 8` }, "command: unknown option '--hiden'"],
  ['a value out of range', { ...grid, command: `${command} --batch 0` }, '--batch: expected a whole number from 1, got 0'], // biome-ignore format: a line
  ['its own run folder', { ...grid, command: `${command} --out runs/a` }, 'command: --out belongs to the sweep; leave it out'], // biome-ignore format: a line
  ['help', { ...grid, command: 'train text --help' }, 'command: asks for help and trains nothing'],
  ['an unknown parameter', { ...grid, parameters: { hiddn: [8] } }, 'parameters.hiddn: the command has no such option; did you mean hidden?'], // biome-ignore format: a line
  ['a parameter that is the sweep’s', { ...grid, parameters: { out: ['a'] } }, 'parameters.out: belongs to the sweep as a whole'], // biome-ignore format: a line
  ['a parameter that is in the command', { ...grid, parameters: { steps: [8] } }, 'parameters.steps: stands in the command too; leave one out'], // biome-ignore format: a line
  ['a parameter by two names', { ...grid, parameters: { 'seq-length': [8], seqLength: [9] } }, 'parameters.seqLength: is the same option as seq-length'], // biome-ignore format: a line
  ['a value that the option refuses', { ...grid, parameters: { hidden: [8, 0] } }, '--hidden: expected a whole number from 1'], // biome-ignore format: a line
  ['part of a whole number', { ...halving, parameters: { hidden: { uniform: [8, 9] } } }, 'parameters.hidden: is a whole number: use integer or a list of values instead of uniform'], // biome-ignore format: a line
  ['a distribution of names', { ...halving, parameters: { cell: { uniform: [8, 9] } } }, 'parameters.cell: is no number: give a list of values instead of uniform'], // biome-ignore format: a line
  ['values that need another option', { ...grid, parameters: { momentum: [0.5] } }, '--momentum: is for --optimizer'],
  ['a grid that is too large', { ...grid, parameters: { seed: Array.from({ length: 200 }, (_, k) => k), hidden: Array.from({ length: 60 }, (_, k) => k + 1) } }, 'parameters: have 12000 combinations'], // biome-ignore format: a line
  ['halving without a length', { ...halving, command: 'train text notes.txt' }, 'command: halving needs --steps'],
  ['halving of steps that do not divide', { ...halving, command: 'train text a.txt --steps 20' }, '--steps has to be a multiple of 9 for 3 rungs with eta 3, got 20; 18 is one'], // biome-ignore format: a line
  ['halving of too few trials', { ...halving, trials: 8 }, 'trials: 3 rungs with eta 3 need at least 9 trials, got 8'],
  ['halving of other lengths', { ...halving, command: 'train text a.txt', parameters: { steps: [9, 18] } }, 'parameters.steps: is the same for all trials that halving compares'], // biome-ignore format: a line
  ['halving between validations', { ...halving, command: `${command} --eval-every 4` }, 'the first rung ends at step 2, where trials are validated: --eval-every has to divide it, got 4'], // biome-ignore format: a line
])('a plan with %s is refused before anything is trained', async (_name, content, message) => {
  await expect(planOf('sweep.json', content)).rejects.toThrow(message);
});

test('a grid has a trial for each combination, and the last parameter changes first', async () => {
  const parameters = { hidden: [8, 16], 'seq-length': [4, 5, 6], 'tie-weights': [false, true] };
  const plan = await planOf('sweep.json', { ...grid, parameters });
  expect(plan.trials).toHaveLength(12);
  expect(plan.trials.slice(0, 3)).toEqual([
    { hidden: 8, seqLength: 4, tieWeights: false },
    { hidden: 8, seqLength: 4, tieWeights: true },
    { hidden: 8, seqLength: 5, tieWeights: false },
  ]);
  const own = ['--hidden', '8', '--seq-length', '4', '--tie-weights'];
  expect(wordsOfTrial(plan, 1)).toEqual(['train', 'text', 'notes.txt', '--steps', '18', ...own]);
});

test('draws are in their ranges, follow from the seed, and more trials change none of the first', async () => {
  const parameters = {
    lr: { 'log-uniform': [1e-4, 1e-2] },
    dropout: { uniform: [0, 0.5] },
    hidden: { integer: [8, 11] },
    cell: ['gru', 'lstm'],
  };
  const of = (trials: number, seed = 1) =>
    planOf('sweep.json', { ...grid, parameters, method: 'random', trials, seed });
  const [short, long, other] = [await of(20), await of(60), await of(20, 2)];
  expect(long.trials.slice(0, 20)).toEqual(short.trials);
  expect(other.trials).not.toEqual(short.trials);
  const column = (name: string) => long.trials.map((trial) => trial[name]);
  const lrs = column('lr') as number[];
  expect(Math.min(...lrs)).toBeGreaterThanOrEqual(1e-4);
  expect(Math.max(...lrs)).toBeLessThanOrEqual(1e-2);
  // As many below 10⁻³ as above it, give or take four standard deviations.
  expect(Math.abs(lrs.filter((lr) => lr < 1e-3).length - 30)).toBeLessThan(16);
  expect(lrs.every((lr) => String(Number(lr.toPrecision(4))) === String(lr))).toBe(true);
  expect(new Set(column('hidden'))).toEqual(new Set([8, 9, 10, 11]));
  expect(new Set(column('cell'))).toEqual(new Set(['gru', 'lstm']));
});

test('halving trains a part of the trials for longer, and validates at the end of each rung', async () => {
  const plan = await planOf('sweep.json', { ...halving, trials: 20 });
  expect(plan.rungs).toEqual([
    { trials: 20, steps: 2 },
    { trials: 6, steps: 6 },
    { trials: 2, steps: 18 },
  ]);
  expect(plan.sweep.command.slice(-2)).toEqual(['--eval-every', '2']);
});

test('a sweep.json that was changed is refused with the first difference', async () => {
  const saved = await planOf('sweep.json', grid);
  const asked = await planOf('sweep.json', { ...grid, parameters: { hidden: [8, 32] } });
  expect(() => requireSamePlan('sweep.json', 'sweeps/a', saved, asked)).toThrow(
    'sweep.json: parameters.hidden.choice.1: is 32, and 16 in the sweep that sweeps/a holds; choose another --out, or undo the change',
  );
  expect(() => requireSamePlan('sweep.json', 'sweeps/a', saved, saved)).not.toThrow();
});

test('a command line is parted as a shell does it', () => {
  expect(wordsOf('s', `a  "b c" d' e'f g\\ h "i\\"j" ''`)).toEqual(['a', 'b c', 'd ef', 'g h', 'i"j', '']);
});

test('a list of half a million values is checked in a moment', () => {
  const lr = [...Array.from({ length: 500_000 }, (_, k) => k), 499_999];
  expect(() => readSpec('sweep.json', { ...grid, parameters: { lr } })).toThrow('parameters.lr: has 499999 twice');
});
