// The fairness that text-lane.ts promises, on a clock of its own: a step of the model takes 2 ms, and each of its rows 0.1 ms more.

import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, test } from 'vitest';
import { type TextGenerationPipeline, textGeneration } from 'unrolled/pipelines';
import { limitsOf } from '../limits.ts';
import type { Report, StepReport } from '../messages.ts';
import { TextLane } from './text-lane.ts';

const folder = fileURLToPath(new URL('../../../../../test/fixtures/runs/text-lstm', import.meta.url));
let writer: TextGenerationPipeline;
beforeAll(async () => {
  writer = await textGeneration(folder);
});

/** A lane whose rounds are gone by hand. */
function make(rows = 64, step = 2) {
  const reports: Report[] = [];
  const turns: (() => void)[] = [];
  let clock = 0;
  let broken = '';
  const pipeline: TextGenerationPipeline = {
    ...writer,
    batch(options) {
      const batch = writer.batch(options);
      const [write, read] = [batch.write.bind(batch), batch.read.bind(batch)];
      batch.write = () => {
        const problem = broken;
        broken = '';
        if (problem) throw new Error(problem);
        clock += step + 0.1 * batch.writing;
        return write();
      };
      batch.read = () => {
        clock += step + 0.1 * batch.reading;
        return read();
      };
      return batch;
    },
  };
  const lane = new TextLane(pipeline, {
    lane: 1,
    rows,
    limits: limitsOf(),
    post: (report) => reports.push(report),
    now: () => clock,
    turn: () => new Promise((resolve) => turns.push(resolve)),
  });
  return {
    lane,
    reports,
    clock: () => clock,
    /** One round; what was reported in it. */
    async round(): Promise<Report[]> {
      const from = reports.length;
      for (const resolve of turns.splice(0)) resolve();
      await new Promise<void>((resolve) => setTimeout(resolve, 0));
      return reports.slice(from);
    },
    /** The next step throws. */
    fail: (problem: string) => {
      broken = problem;
    },
    idle: () => turns.length === 0,
  };
}

const steps = (reports: readonly Report[]) => reports.filter((report): report is StepReport => report.type === 'step');
const long = 'the old house was by the old tree. '.repeat(80); // 2800 symbols

describe('a lane of a language model', () => {
  test('gives every text one symbol a round, in one step', async () => {
    const { lane, round } = make();
    for (let job = 1; job <= 5; job++) lane.begin(job, { model: 'm', prompt: 't', maxTokens: 3 + job, seed: job });
    for (let n = 0; n < 4; n++) {
      const [step, ...others] = steps(await round());
      expect(others).toEqual([]);
      expect(new Set(step.jobs)).toEqual(new Set([1, 2, 3, 4, 5]));
    }
    const last = steps(await round());
    expect(new Set(last[0].jobs)).toEqual(new Set([2, 3, 4, 5])); // the first is done
    lane.close();
  });

  test('a long prompt does not keep texts waiting: their rounds take at most twice as long, and one step of the prompt', async () => {
    const { lane, round, clock } = make();
    for (let job = 1; job <= 20; job++) lane.begin(job, { model: 'm', prompt: 't', maxTokens: 500, seed: job });
    await round();
    lane.begin(99, { model: 'm', prompt: long, maxTokens: 2 });
    for (let n = 0; n < 60; n++) {
      const before = clock();
      const [step] = steps(await round());
      expect(step.jobs.length).toBe(20);
      expect(clock() - before).toBeLessThanOrEqual(2 * 4 + 2.1 + 1e-9); // a step of 20 takes 4 ms, one of the prompt 2.1
      expect(clock() - before).toBeGreaterThan(2 * 4 - 1e-9); // and the prompt gets its half
    }
    lane.close();
  });

  test('short rounds are reported together, about every 2 ms', async () => {
    const { lane, round } = make(64, 0.15);
    lane.begin(1, { model: 'm', prompt: 't', maxTokens: 30, seed: 1 });
    const [step, ...others] = steps(await round());
    expect(others).toEqual([]);
    expect(step.jobs).toEqual(Array(8).fill(1)); // of a quarter of a millisecond each
    expect(step.steps.map(({ rows, tokens }) => [rows, tokens])).toEqual(Array(8).fill([1, 1]));
    await round();
    await round();
    const [last] = steps(await round());
    expect(last.more.map(({ at, piece }) => [at, piece.finish?.completionTokens])).toEqual([[5, 30]]);
    lane.close();
  });

  test('prompts read side by side: a short one does not wait for a long one', async () => {
    const { lane, round } = make();
    lane.begin(1, { model: 'm', prompt: long, maxTokens: 2 });
    await round();
    lane.begin(2, { model: 'm', prompt: 'the old cat ', maxTokens: 2, seed: 1 });
    let rounds = 0;
    for (;;) {
      const [step] = steps(await round());
      rounds++;
      if (step?.jobs.includes(2)) break;
      expect(rounds).toBeLessThan(5); // 11 symbols, of which a round reads 4
    }
    lane.close();
  });

  test('an order that comes between two rounds is done in the next', async () => {
    const { lane, round, idle } = make();
    lane.begin(1, { model: 'm', prompt: 't', maxTokens: 50, seed: 1 });
    lane.begin(2, { model: 'm', prompt: long, maxTokens: 50, seed: 1 });
    await round();
    lane.cancel(1);
    lane.cancel(2);
    lane.cancel(3);
    expect(steps(await round())).toEqual([]);
    expect(idle()).toBe(true);
    lane.begin(4, { model: 'm', prompt: 't', maxTokens: 50, seed: 1 });
    await round();
    lane.hold(4);
    await round();
    expect(idle()).toBe(true);
    lane.release(4);
    expect(steps(await round())[0].jobs).toEqual([4]);
    lane.close();
  });

  test('what the model cannot take fails alone, and a failing step fails all that are in it', async () => {
    const { lane, round, reports, fail } = make(3);
    expect(() => lane.begin(1, { model: 'm', prompt: [500] })).toThrow('symbol 0: expected 0 to');
    expect(() => lane.begin(2, { model: 'm', prompt: '', state: new Uint8Array(9) })).toThrow('not a safetensors file');
    lane.begin(3, { model: 'm', prompt: 'a ', maxTokens: 9, seed: 1 });
    lane.begin(4, { model: 'm', prompt: 'ab', maxTokens: 9, seed: 2 });
    await round();
    fail('the step broke');
    const failed = (await round()).filter((report) => report.type === 'failed');
    expect(failed.map(({ job, error }) => [job, error.problem, error.message])).toEqual([
      [3, 'worker', 'the step broke'],
      [4, 'worker', 'the step broke'],
    ]);
    lane.begin(5, { model: 'm', prompt: 'ab', maxTokens: 2, seed: 2 }); // and the lane goes on
    await round();
    await round();
    expect(reports.at(-1)).toMatchObject({ type: 'step', jobs: [5] });
    lane.close();
  });
});
