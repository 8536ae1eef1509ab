// Streams of tokens that come in one turn are one batch, in which each is what it is alone.

import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, test } from 'vitest';
import { type TokenPiece, translation, type TranslationPipeline } from 'unrolled/pipelines';
import type { TaskRequest } from '../engine.ts';
import { limitsOf } from '../limits.ts';
import type { Report } from '../messages.ts';
import { turn } from './host.ts';
import { TaskLane } from './task-lane.ts';

const folder = fileURLToPath(new URL('../../../../../test/fixtures/runs/translate-attention', import.meta.url));
let translator: TranslationPipeline;
beforeAll(async () => {
  translator = await translation(folder);
});

const request = (text: string, options = {}): TaskRequest => ({
  model: 'words',
  task: 'translation',
  inputs: [text],
  options,
});

async function alone(text: string): Promise<TokenPiece[]> {
  const pieces: TokenPiece[] = [];
  for await (const piece of translator.stream(text)) pieces.push(piece);
  return pieces;
}

function make(onPost: (report: Report) => void = () => {}) {
  const reports: Report[] = [];
  const post = (report: Report) => {
    reports.push(report);
    onPost(report);
  };
  const lane = new TaskLane({ lane: 1, pipeline: translator, limits: limitsOf(), post, poll: () => {}, turn });
  const of = (job: number) => reports.filter((report) => 'job' in report && report.job === job);
  return {
    lane,
    of,
    pieces: (job: number) => of(job).flatMap((report) => (report.type === 'piece' ? [report.piece] : [])),
    batches: () => reports.flatMap((report) => (report.type === 'computed' ? [report.rows] : [])),
    async until(what: () => boolean): Promise<void> {
      for (let n = 0; n < 2000 && !what(); n++) await turn();
      if (!what()) throw new Error('it did not come to that');
    },
  };
}

const texts = ['the cat sees the moon', 'a dog', 'my friend wants some bread'];

describe('streams that come in one turn', () => {
  test('are computed together, and each is what it is alone', async () => {
    const { lane, of, pieces, batches, until } = make();
    for (const [job, text] of texts.entries()) lane.stream(job, request(text));
    await until(() => batches().length > 0);
    expect(batches()).toEqual([3]);
    for (const [job, text] of texts.entries()) {
      const expected = await alone(text);
      expect(pieces(job)).toEqual(expected);
      const whole = expected.map((piece) => piece.text).join('');
      expect(of(job).at(-1)).toMatchObject({ type: 'done', result: { outputs: [{ text: whole }] } });
    }
  });

  test('are refused each for itself', async () => {
    const { lane, of, pieces, batches, until } = make();
    lane.stream(0, request(texts[0]));
    lane.stream(1, request(texts[1], { maxTokens: -1 }));
    lane.stream(2, { ...request(texts[2]), wantState: true });
    await until(() => batches().length > 0);
    expect(of(1)).toMatchObject([{ type: 'failed', error: { message: expect.stringContaining('maxTokens') } }]);
    expect(of(2)).toMatchObject([{ type: 'failed', error: { message: expect.stringContaining('has no states') } }]);
    expect(pieces(0)).toEqual(await alone(texts[0]));
  });

  test('go on when one of them is left', async () => {
    const { lane, of, pieces, until, batches } = make((report) => {
      if (report.type === 'piece' && report.job === 0) lane.cancel(0);
    });
    for (const [job, text] of texts.entries()) lane.stream(job, request(text));
    await until(() => batches().length > 0);
    expect(of(0)).toHaveLength(1);
    expect(pieces(2)).toEqual(await alone(texts[2]));
  });

  test('do not wait for a slow reader, who gets everything later, in order', async () => {
    const { lane, of, pieces, until, batches } = make((report) => {
      if (report.type === 'piece' && report.job === 2 && pieces(2).length === 1) lane.hold(2);
    });
    for (const [job, text] of texts.entries()) lane.stream(job, request(text));
    await until(() => batches().length > 0);
    expect(of(0).at(-1)?.type).toBe('done');
    expect(of(2)).toHaveLength(1);
    lane.release(2);
    expect(pieces(2)).toEqual(await alone(texts[2]));
    expect(of(2).at(-1)?.type).toBe('done');
    lane.release(2);
    expect(of(2).filter(({ type }) => type === 'done')).toHaveLength(1);
  });
});
