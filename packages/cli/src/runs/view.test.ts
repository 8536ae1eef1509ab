// What a person sees of a run, line by line, with a clock that is set by hand.

import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { NetworkCheck } from 'unrolled/analysis';
import { styleFor } from '../terminal/index.ts';
import type { ProgressLine } from '../terminal/index.ts';
import type { Prepared, TaskKind } from './kind.ts';
import { formatMetric } from './metrics.ts';
import type { RunEvent } from './run.ts';
import { type Screen, shownTogether } from './shown.ts';
import { type RunResult, RunView } from './view.ts';

let clock = 0;
beforeEach(() => {
  clock = 5000;
  vi.spyOn(performance, 'now').mockImplementation(() => clock);
});
afterEach(() => vi.restoreAllMocks());

const training = { steps: 10, lr: 0.1, schedule: 'cosine', warmup: 0, decay: 1, decayEvery: 1, clip: 1, clipValue: 0 };
const start = (changes: object = {}): RunEvent =>
  ({
    type: 'start',
    config: { data: { source: 'reviews.csv' }, training },
    folder: 'runs/a b',
    model: {},
    resumedAt: 0,
    leg: null,
    notice: null,
    checks: [],
    ...changes,
  }) as unknown as RunEvent;
const step = (n: number, loss = 1, smoothLoss = 2): RunEvent =>
  ({ type: 'step', step: n, loss, smoothLoss, targets: 50 }) as unknown as RunEvent;
const evaluation = (n: number, loss: number, best: boolean, metrics?: object): RunEvent =>
  ({ type: 'evaluation', step: n, loss, best, targets: 9, metrics }) as unknown as RunEvent;
const end = (changes: object = {}): RunEvent =>
  ({ type: 'end', step: 10, reason: 'finished', bestLoss: null, bestMetrics: null, ...changes }) as unknown as RunEvent;

function makeView({
  prepared = {},
  kind = {},
  env = {},
}: {
  prepared?: Partial<Prepared>;
  kind?: Partial<TaskKind>;
  env?: NodeJS.ProcessEnv;
} = {}) {
  const lines: string[] = [];
  const updates: object[] = [];
  const line = {
    print: (text: string) => lines.push(...text.split('\n')),
    update: (progress: { losses: readonly number[] }) => updates.push({ ...progress, losses: [...progress.losses] }),
    clear: () => undefined,
  };
  const style = styleFor({ write: () => undefined }, env);
  const view = new RunView(
    {
      name: 'classify',
      counts: 'words',
      describeLoss: (loss: number) => `${loss.toFixed(2)} nats, of all`,
      next: (run: string, _: unknown, stopped: boolean) => [`eval ${run}`, ...(stopped ? [] : ['demo'])],
      ...kind,
    } as unknown as TaskKind,
    { introduce: () => [['model', 'an LSTM']], warnings: [], ...prepared } as unknown as Prepared,
    { line: line as unknown as ProgressLine, screen: { style, width: 60, colors: false }, backend: 'reference' },
  );
  const said = (event: RunEvent): string[] => {
    lines.length = 0;
    view.show(event);
    return [...lines];
  };
  const last = (changes: Partial<RunResult> = {}): string[] => {
    lines.length = 0;
    view.lastScreen({ ...view.result(), ...changes });
    return [...lines];
  };
  return { view, said, last, updates };
}

describe('the first screen', () => {
  test('says what is trained, on what and where', () => {
    const { said } = makeView({ prepared: { warnings: ['3 rows were left out'] } });
    expect(said(start({ notice: 'the last checkpoint is damaged' }))).toEqual([
      'unrolled: training on reviews.csv',
      '  model   an LSTM',
      '  run     runs/a b   (reference)',
      '3 rows were left out',
      'the last checkpoint is damaged',
    ]);
  });

  test('says where a run goes on, that one is over, and nothing for one that begins', () => {
    const more = (resumedAt: number) => makeView().said(start({ resumedAt })).slice(3);
    expect([more(0), more(4), more(10)]).toEqual([
      [],
      ['resuming at step 4'],
      ['runs/a b holds this run, finished at step 10: nothing is trained now'],
    ]);
  });

  test('says of a run that is trained further what changes, or how many steps there are more', () => {
    const settings = { ...training, steps: 6 };
    const leg = (changes: object) => ({ before: settings, leg: { ...settings, steps: 10, from: 6, ...changes } });
    const of = (changes: object) =>
      makeView()
        .said(start({ resumedAt: 6, leg: leg(changes) }))
        .slice(3);
    expect(of({})).toEqual(['continuing training, from step 6 to 10: 4 more']);
    expect(of({ lr: 0.5, decayEvery: 9, schedule: 'constant' })).toEqual([
      'continuing training, from step 6 to 10, with lr 0.1 → 0.5, schedule cosine → constant',
    ]);
  });

  test('has a tick for each check, and a line for each that failed', () => {
    const check = (name: string, passed: boolean | null, title = name) =>
      ({ name, passed, title, detail: 'by 3', meaning: 'it cheats' }) as NetworkCheck;
    const checks = [
      check('padding', true),
      check('padding', false, 'no output depends on the future'),
      check('start', null),
    ];
    expect(makeView().said(start({ checks })).slice(3)).toEqual([
      '  checks  ✓ padding  ✗ causal  – initial loss',
      'Failed: no output depends on the future (by 3). It means that it cheats.',
    ]);
  });
});

describe('while it trains', () => {
  test('speed and time left are counted from the end of the first step', () => {
    const { said, updates, view } = makeView({ kind: { progress: (loss) => [`twice ${2 * loss}`] } });
    said(start());
    clock += 9000; // what warming up takes does not count
    said(step(1, 4));
    expect(updates).toEqual([]);
    expect(view.result().wordsPerSecond).toBe(0);
    clock += 2000;
    said(step(2, 3, 3.5));
    clock += 2000;
    said(step(3, 1, 3));
    expect(updates).toEqual([
      { done: 2, total: 10, loss: 3.5, more: ['twice 7'], rate: 25, counts: 'words', secondsLeft: 16, losses: [4, 3] },
      { done: 3, total: 10, loss: 3, more: ['twice 6'], rate: 25, counts: 'words', secondsLeft: 14, losses: [4, 3, 1] },
    ]);
    expect(view.result()).toMatchObject({ steps: 3, trainLoss: 3, wordsPerSecond: 25, seconds: 13 });
  });

  test('a run of one step has its line, and no speed', () => {
    const { said, last, updates } = makeView();
    said(start({ config: { data: { source: 'a' }, training: { ...training, steps: 1 } } }));
    said(step(1));
    expect(updates).toMatchObject([{ done: 1, total: 1, rate: 0, secondsLeft: 0 }]);
    expect(last().some((line) => line.includes('speed'))).toBe(false);
  });

  test('a validation has its loss and metrics, and whether it is the best', () => {
    const { said } = makeView();
    expect(said(evaluation(5, 0.5, true))).toEqual(['validation 0.50 nats, of all']);
    expect(said(evaluation(10, 0.75, false, { accuracy: 0.5, bleu: 12.345 }))).toEqual([
      'validation 0.75 nats, of all  accuracy 0.5000  bleu 12.35  (not the best)',
    ]);
    expect([9.99996, 10, -9.5, -10].map(formatMetric)).toEqual(['10.0000', '10.00', '-9.5000', '-10.00']);
  });

  test('the whole number of the loss is emphasized, or the metrics in its place', () => {
    const { said } = makeView({ env: { FORCE_COLOR: '1' } });
    const [bold, plain] = ['\x1b[1m', '\x1b[22m'];
    expect(said(evaluation(5, 0.5, true))).toEqual([`${bold}validation 0.50${plain} nats, of all`]);
    expect(said(evaluation(5, 0.5, true, { accuracy: 1 }))).toEqual([
      `validation 0.50 nats, of all  ${bold}accuracy 1.0000${plain}`,
    ]);
  });

  test('samples, findings, showcases and skipped batches have lines of their own', () => {
    const sample = { type: 'sample', step: 1200, sample: { data: {}, lines: () => ['once', 'upon'] } } as RunEvent;
    expect(makeView().said(sample)).toEqual(['step 1,200:', '  │ once', '  │ upon']);
    expect(makeView({ kind: { name: 'text' } }).said(sample)[0]).toBe('step 1,200 sample:');
    const { said } = makeView();
    const wide = { data: {}, lines: ({ width }: Screen) => [`${width} wide`] };
    const showcase = shownTogether({ head: 'It says:', body: wide, tail: { data: { n: 1 }, lines: () => ['end'] } });
    expect(said({ type: 'showcase', showcase } as RunEvent)).toEqual(['', '  It says:', '  60 wide', '  end']);
    expect(showcase.data).toEqual({ head: 'It says:', body: {}, tail: { n: 1 } });
    expect(said({ type: 'skipped', step: 7, where: 'op exp' })).toEqual(['step 7 was skipped: op exp was not finite']);
    const findings = { steps: 5, flow: [{ layer: 'l0', of: 'h', first: 1, last: 2, factor: 0.5 }], gates: [] };
    expect(said({ type: 'look', step: 100, findings } as unknown as RunEvent)).toEqual([
      'step 100: gradient a step back: l0 h ×0.50',
    ]);
    expect(said({ type: 'saved', step: 5 })).toEqual([]);
  });
});

describe('the last screen', () => {
  /** A run of two steps with these validations, and what came of it. */
  function finished(prepared: Partial<Prepared>, metrics: object | undefined, ending: object = {}) {
    const made = makeView({ prepared });
    made.said(start());
    made.said(step(1));
    clock += 500;
    made.said(step(2));
    made.said(evaluation(2, 0.5, true, metrics));
    made.said(evaluation(3, 0.7, false, { accuracy: 0.99, macroF1: 0.9 }));
    made.said(end({ bestLoss: 0.5, bestMetrics: metrics ?? null, ...ending }));
    return made;
  }
  const scores = { accuracy: 0.8, macroF1: 0.75 };

  test('says how good the best model is, where it is and what to type', () => {
    expect(finished({}, scores).last()).toEqual([
      '',
      'done in 0.5 s   best accuracy 0.8000  macroF1 0.7500',
      '  run     runs/a b',
      '  speed   100 words/s',
      '',
      '  next',
      '  npx unrolled eval "runs/a b"',
      '  npx unrolled demo',
      '',
    ]);
  });

  test.each<[string | null | undefined, object | undefined, object, string]>([
    [null, undefined, {}, 'best validation loss 0.50 nats, of all'],
    ['loss', scores, {}, 'best validation loss 0.50 nats, of all   (there: accuracy 0.8000  macroF1 0.7500)'],
    ['loss', undefined, {}, 'best validation loss 0.50 nats, of all'],
    ['accuracy', scores, {}, 'best accuracy 0.8000   (there: validation loss 0.50 nats, of all  macroF1 0.7500)'],
    ['accuracy', scores, { bestLoss: null }, 'best accuracy 0.8000   (there: macroF1 0.7500)'],
    ['bleu', scores, {}, 'best accuracy 0.8000  macroF1 0.7500'],
    ['bleu', undefined, {}, 'best validation loss 0.50 nats, of all'],
    [null, undefined, { bestLoss: null }, ''],
  ])('the best by %s with %o %o', (best, metrics, ending, text) => {
    const { last } = finished({ best }, metrics, ending);
    expect(last()[1]).toBe(`done in 0.5 s${text && `   ${text}`}`);
  });

  test('and the result says the same for programs', () => {
    const { view } = finished({ best: 'accuracy' }, scores);
    expect(view.result()).toEqual({
      run: 'runs/a b',
      steps: 10,
      reason: 'finished',
      trainLoss: 2,
      validationLoss: 0.7,
      bestValidationLoss: 0.5,
      metrics: scores,
      best: { by: 'accuracy', step: 2 },
      wordsPerSecond: 100,
      seconds: 0.5,
    });
    expect(finished({}, scores).view.result()).not.toHaveProperty('best');
    expect(makeView({ prepared: { best: 'loss' } }).view.result()).not.toHaveProperty('best');
  });

  test('says how a run goes on: one that was stopped, one that got no better, one that was over', () => {
    const stopped = finished({}, undefined, { reason: 'stopped', step: 4 }).last();
    expect([stopped[1], ...stopped.slice(6)]).toEqual([
      'stopped at step 4, saved   best validation loss 0.50 nats, of all',
      '  the same command resumes from here',
      '  npx unrolled eval "runs/a b"',
      '',
    ]);
    expect(finished({}, undefined, { reason: 'no improvement', step: 4 }).last()).toContain(
      '  the same command with --steps 20 continues training',
    );
    expect(finished({}, undefined).last().join()).not.toContain('continues training');
    const over = makeView();
    expect(over.said(start({ resumedAt: 16 })).join('\n')).toContain(
      'runs/a b holds this run, finished at step 16: nothing is trained now',
    );
    over.said(end({ step: 16 }));
    const lines = over.last();
    expect(lines[1]).toBe('this run is already finished');
    expect(lines).toContain('  the same command with --steps 32 continues training');
    expect(lines).toContain('  the same command with --fresh trains it again from the beginning');
  });
});
