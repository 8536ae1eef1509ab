// The tests of long memory, as the machinery of runs sees them. Their sequences are made as they are needed.

import { type CellName, MemoryModel, type MemoryModelConfig, memoryTask } from 'unrolled';
import { memoryNames, memoryProblems } from 'unrolled/data';
import type { Values } from '../command-line/options.ts';
import type { RunConfig, RunData } from '../runs/config.ts';
import type { Prepared, Report, SavedRun, TaskKind } from '../runs/kind.ts';
import { recurrentDropoutOf } from '../runs/recurrent-dropout.ts';
import { grouped, type Screen, table, wrap } from '../terminal/index.ts';
import { memoryOptions } from './options.ts';
import { fingerprint, freshTest, makeProblem, problemNamed, type ProblemSource, threshold } from './problem.ts';
import { answersOf, showAnswers, showVerdict, verdictLine } from './view.ts';
import { t } from '../language/index.ts';

type MemoryValues = Values<typeof memoryOptions>;

type MemoryConfig = RunConfig<
  MemoryModelConfig,
  { readonly batch: number },
  RunData & { readonly made: ProblemSource }
>;

export const memory: TaskKind<MemoryConfig, typeof memoryOptions, MemoryModel> = {
  name: 'memory',
  summary: 'train on a long-term memory benchmark: adding, temporal order, copying, embedded Reber grammar, parity',
  args: [['<problem>', memoryNames.join(', ')]],
  options: memoryOptions,
  examples: [
    'unrolled train memory adding --length 100 --lr 0.002',
    'unrolled train memory temporal-order --cell lstm --forget-bias 4 --lr 0.01',
    'unrolled train memory temporal-order --cell rnn        never learns it',
    'unrolled train memory parity --every-step --cell lstm --hidden 16 --batch 64',
  ],
  counts: 'sequences',
  prepare: async (values, args) =>
    prepareMemory({ problem: problemNamed(args), length: values.length, everyStep: values.everyStep }, values),
  describeLoss: (loss) => loss.toFixed(4),
  next: (run, { data }) => [
    `eval ${run}`,
    t`train memory ${(data as MemoryConfig['data']).made.problem} --cell rnn --out ${run}-rnn     a network that forgets`,
    t('demo     what else there is'),
  ],
  evaluates: [],
  evaluate: evaluateMemory,
};

function prepareMemory(made: ProblemSource, values: MemoryValues): Prepared<MemoryConfig, MemoryModel> {
  const problem = makeProblem(made);
  const entry = memoryProblems[made.problem];
  const { batch, seed, cell, hidden, layers, forgetBias, timescale } = values;
  const options = {
    cell: cell as CellName,
    hiddenSize: hidden,
    numLayers: layers,
    forgetBias,
    timescale,
    ...recurrentDropoutOf(values),
  };
  return {
    name: made.problem,
    model: new MemoryModel(problem.inputSize, problem.outputSize, options).config,
    settings: { batch },
    data: { source: `${made.problem}: ${entry.about}`, sha256: fingerprint(made), made },
    contents: {},
    warnings: [],
    samples: 4,
    make(config) {
      const model = restoreModel(config.model);
      return { model, task: memoryTask(model, problem, { batchSize: batch, seed }) };
    },
    introduce(model, { training }) {
      const { numLayers, hiddenSize } = model.config;
      return [
        [t('solved'), t`${threshold(entry)}; without a memory the loss is ${problem.memoryless.toFixed(4)}`],
        ...wrap(t(entry.published), 90).map((line, k) => [k === 0 ? t('known') : '', line] as const),
        [t('model'), t`${cell}, ${numLayers} × ${hiddenSize} units, ${grouped(model.parameterCount())} parameters`],
        [t('steps'), t`${grouped(training.steps)} of ${batch} sequences, none seen twice`],
      ];
    },
    sample: async (model, seed_) => showAnswers(answersOf(model, problem, seed_, 3)),
    async showcase(model) {
      const verdict = await freshTest(model, made, seed);
      return showVerdict(answersOf(model, problem, seed, 6), made, verdict);
    },
  };
}

function restoreModel({ inputSize, outputSize, ...options }: MemoryModelConfig): MemoryModel {
  return new MemoryModel(inputSize, outputSize, options);
}

async function evaluateMemory(saved: SavedRun<MemoryConfig>): Promise<Report> {
  const { config } = saved;
  const model = restoreModel(config.model);
  model.loadStateDict(saved.weights, saved.path);
  const { made } = config.data;
  const verdict = await freshTest(model.eval(), made, config.training.seed);
  const { published } = memoryProblems[made.problem];
  const { memoryless } = makeProblem(made);
  const result = { run: saved.path, step: saved.step, ...made, ...verdict, memoryless, published };
  const lines = ({ style }: Screen) => [
    verdictLine(made, verdict, style),
    '',
    ...table([
      [t('loss'), t`${verdict.loss.toFixed(4)}   (without a memory ${memoryless.toFixed(4)})`],
      [t('known'), t(published)],
      [t('weights'), t`${saved.path}, step ${saved.step}`],
    ]),
  ];
  return { result, warnings: [], lines };
}
