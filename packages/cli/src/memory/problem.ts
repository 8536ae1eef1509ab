// A test of long memory by its name, and the verdict on a network that took it.

import { createHash } from 'node:crypto';
import { type MemoryModel, memoryTask, OptionError, suggest } from 'unrolled';
import {
  type MemoryEntry,
  type MemoryName,
  memoryNames,
  type MemoryProblem,
  memoryProblems,
  parityProblem,
} from 'unrolled/data';

/** Kept in config.json: the problem can be made again. */
export interface ProblemSource {
  readonly problem: MemoryName;
  readonly length: number | null;
  readonly everyStep: boolean;
}

export function problemNamed(args: readonly string[]): MemoryName {
  const [name] = args;
  const list = memoryNames.join(', ');
  if (name === undefined) throw new OptionError('train memory', 'problem', `name one of ${list}`);
  if (args.length > 1) throw new OptionError('train memory', args.slice(1).join(' '), 'one problem at a time');
  if (!Object.hasOwn(memoryProblems, name))
    throw new OptionError('train memory', 'problem', `there is no ${name}; ${suggest(name, memoryNames)}`);
  return name as MemoryName;
}

export function makeProblem({ problem, length, everyStep }: ProblemSource): MemoryProblem {
  if (everyStep && problem !== 'parity')
    throw new OptionError(
      'train memory',
      '--every-step',
      `belongs to parity; ${problem} has its questions where they are`,
    );
  if (length !== null && problem === 'embedded-reber')
    throw new OptionError('train memory', '--length', 'the strings of a grammar are as long as it makes them');
  const options = length === null ? {} : { length };
  return problem === 'parity' ? parityProblem({ ...options, everyStep }) : memoryProblems[problem].make(options);
}

/** Batches are made from it and the seed: two runs with the same see the same. */
export function fingerprint(source: ProblemSource): string {
  return createHash('sha256').update(JSON.stringify(source)).digest('hex');
}

export interface Verdict {
  readonly metrics: Readonly<Record<string, number>>;
  readonly loss: number;
  readonly solved: boolean;
  readonly sequences: number;
}

const sequences = 1000;

/** A test on sequences that neither training nor the choice of the best weights has seen. */
export async function freshTest(model: MemoryModel, source: ProblemSource, seed: number): Promise<Verdict> {
  const { loss, metrics = {} } = await memoryTask(model, makeProblem(source), {
    testSize: sequences,
    seed: seed + 1_000_003,
  }).evaluate();
  return { loss, metrics, solved: isSolved(memoryProblems[source.problem], metrics), sequences };
}

export function isSolved({ solved }: MemoryEntry, metrics: Readonly<Record<string, number>>): boolean {
  const value = metrics[solved.metric];
  return value >= (solved.atLeast ?? -Infinity) && value <= (solved.atMost ?? Infinity);
}

/** `mse ≤ 0.005` */
export function threshold({ solved }: MemoryEntry): string {
  return `${solved.metric} ${solved.atMost === undefined ? `≥ ${solved.atLeast}` : `≤ ${solved.atMost}`}`;
}
