// Which tests answer for which sources. A mutant of an area is run against its tests, the nearest first, until one fails.

export interface Area {
  readonly name: string;
  /** Of paths from the root. */
  readonly sources: RegExp;
  /** Parts of the paths of test files. */
  readonly tests: readonly string[];
}

const library = 'packages/unrolled/src';
const cli = 'packages/cli/src';
const src = (path: string) => new RegExp(`^${library}/${path}`);
const command = (path: string) => new RegExp(`^${cli}/${path}`);

export const areas: readonly Area[] = [
  {
    name: 'reference backend',
    sources: src('backend/reference/'),
    tests: [
      `${library}/backend/reference`,
      `${library}/tensor/ops`,
      'test/kernels/bounds.test.ts',
      'test/ops.test.ts',
      'test/gradients.test.ts',
      'test/golden.test.ts',
      'test/recurrent-blocks',
      'test/scan-cells',
    ],
  },
  {
    name: 'tensors and gradients',
    sources: src('tensor/'),
    tests: [
      `${library}/tensor`,
      'test/refusals',
      'test/ops.test.ts',
      'test/plain-arithmetic',
      'test/gradients.test.ts',
      'test/golden.test.ts',
    ],
  },
  {
    name: 'layers',
    sources: src('nn/'),
    tests: [
      `${library}/nn`,
      'test/plain-arithmetic',
      'test/invariants.test.ts',
      'test/golden.test.ts',
      'test/recurrent-blocks.test.ts',
      'test/scan-cells',
    ],
  },
  {
    name: 'optimizers',
    sources: src('optim/'),
    tests: [`${library}/optim`, 'test/trainer-oracle', 'test/finite-updates', 'test/golden-training.test.ts'],
  },
  {
    name: 'trainer',
    sources: src('train/'),
    tests: [`${library}/train`, 'test/trainer-oracle', 'test/small-data', 'test/golden-training.test.ts'],
  },
  {
    name: 'data and tokenizers',
    sources: src('data/(?!synthetic)'),
    tests: [`${library}/data`],
  },
  {
    name: 'decoding',
    sources: src('decode/'),
    tests: [`${library}/decode`, 'test/seq2seq.test.ts', 'test/captioner.test.ts', 'test/plain-arithmetic'],
  },
  { name: 'metrics', sources: src('metrics/'), tests: [`${library}/metrics`] },
  { name: 'io', sources: src('io/'), tests: [`${library}/io`, 'test/keras-layers.test.ts'] },
  {
    name: 'models',
    sources: src('models/'),
    tests: [
      `${library}/models`,
      `${library}/decode`,
      'test/plain-arithmetic',
      'test/models.test.ts',
      'test/seq2seq.test.ts',
      'test/captioner.test.ts',
      'test/golden-',
      'test/invariants',
    ],
  },
  { name: 'readers', sources: command('(readers|examples)/'), tests: [`${cli}/readers`, `${cli}/examples`] },
  {
    name: 'run folders',
    sources: command('(run-folder|runs)'),
    tests: [`${cli}/run-folder`, `${cli}/runs`, `${cli}/files`, 'test/run-folder'],
  },
  { name: 'forecasting', sources: command('forecast/'), tests: [`${cli}/forecast`, 'test/cli-forecast'] },
  {
    name: 'command line',
    sources: command('(command-line|terminal)/'),
    tests: [`${cli}/command-line`, `${cli}/terminal`],
  },
];
