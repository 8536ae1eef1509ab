import { expect, test } from 'vitest';
import { StreamBatcher } from '../data/streams.ts';
import { LanguageModel } from '../models/language-model.ts';
import { Adam } from '../optim/index.ts';
import { manualSeed } from '../tensor/index.ts';
import { languageTask, Trainer, type TrainingEvent } from '../train/index.ts';
import { clippingPlot, clippingReport, describeClipping } from './clipping.ts';
import { describeLiveFindings, type LiveFindings, liveInspector } from './live.ts';

const ids = Int32Array.from({ length: 400 }, (_, i) => (i * i + 3 * i) % 7);

async function train(inspect: boolean): Promise<{ events: TrainingEvent[]; weights: string; random: string }> {
  manualSeed(11);
  const model = new LanguageModel(7, { cell: 'lstm', hiddenSize: 6, numLayers: 2, dropout: 0.3 });
  const task = languageTask(model, { train: new StreamBatcher(ids, { streams: 4, windowLength: 9 }) });
  const trainer = new Trainer(task, {
    optimizer: new Adam(model.parameters(), { lr: 0.02 }),
    steps: 12,
    clipNorm: 0.5,
    inspect: inspect ? liveInspector({ every: 5 }) : null,
  });
  const events: TrainingEvent[] = [];
  for await (const event of trainer.run()) events.push(event);
  const { model: weights, training, state } = trainer.checkpoint();
  return {
    events,
    weights: JSON.stringify([...weights, ...training].map(([name, { data }]) => [name, ...data])),
    random: JSON.stringify(state),
  };
}

test('a run that is looked at ends in the same bits as one that is not', async () => {
  const [plain, watched] = [await train(false), await train(true)];
  expect(watched.weights).toBe(plain.weights);
  expect(watched.random).toBe(plain.random);
  expect(watched.events.filter(({ type }) => type !== 'look').map((e) => JSON.stringify(e))).toEqual(
    plain.events.map((e) => JSON.stringify(e)),
  );
});

test('what is found is plain data: gradients of every state and gate, and of every parameter', async () => {
  const { events } = await train(true);
  const inspections = events.filter((e) => e.type === 'look');
  expect(inspections.map(({ step }) => step)).toEqual([5, 10]);
  const findings = inspections[0].findings as unknown as LiveFindings;
  expect(JSON.parse(JSON.stringify(findings))).toEqual(findings);
  expect(findings.flow?.rows.map(({ layer, of }) => `${layer} ${of}`)).toEqual(
    ['l0', 'l1'].flatMap((l) => ['h', 'c', 'i', 'f', 'g', 'o'].map((of) => `${l} ${of}`)),
  );
  expect(describeLiveFindings(findings)).toMatch(/^l0 h: .* a step/);
  // The parts make up the whole, and the batch computed again is the batch: same dropout, same loss.
  const step = events.find((e) => e.type === 'step' && e.step === 5);
  if (step?.type !== 'step') expect.fail('there is no step 5');
  expect(Math.hypot(...findings.parameters.map(({ norm }) => norm)) / step.gradientNorm).toBeCloseTo(1, 3);
  expect((findings.flow?.loss ?? 0) / step.loss).toBeCloseTo(1, 3);
});

test('the clipping report reads the events of a run', async () => {
  const { events } = await train(true);
  const report = clippingReport(events as never, 0.5);
  const steps = events.filter((e) => e.type === 'step');
  expect(report.steps).toBe(12);
  expect(report.clipped).toBe(steps.filter(({ clipped }) => clipped).length);
  expect(report.parameters.reduce((sum, { share }) => sum + share, 0)).toBeCloseTo(1, 9);
  expect(JSON.parse(JSON.stringify({ ...report, left: 0 }))).toEqual({ ...report, left: 0 });
});

test('a few norms that stand out call for a threshold that meets the largest tenth; even ones call for none', () => {
  const lines = (norms: readonly number[]) =>
    norms.map((gradientNorm, k) => ({ type: 'step', step: k + 1, gradientNorm }));
  const spiky = clippingReport(lines([...Array.from({ length: 95 }, (_, k) => 1 + k / 100), 20, 30, 40, 50, 60]), 10);
  expect([spiky.clipped, spiky.share, spiky.most.norm, spiky.suggested]).toEqual([5, 0.05, 60, 2]);
  expect(spiky.left).toBe(0.25);
  expect(describeClipping(spiky)[0]).toBe(
    'Threshold 10: 5 of 100 steps (5.0 %) were clipped, typically to 0.25 of their length.',
  );
  expect(describeClipping(spiky, 'ko').join(' ')).toContain('약 2');
  expect(clippingPlot(spiky)).toContain('threshold 10');
  const even = clippingReport(lines([1, 1.1, 1.2, 0.9]), 0.5);
  expect(even.suggested).toBeNull();
  expect(describeClipping(even).join(' ')).toContain('acts as a smaller learning rate');
  expect(describeClipping(clippingReport(lines([1, 2]), null))[0]).toContain('no threshold');
  expect(() => clippingReport([{ type: 'evaluation', step: 1 }], 1)).toThrow('there is no gradient norm');
});
