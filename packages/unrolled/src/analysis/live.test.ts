import { expect, test } from 'vitest';
import { StreamBatcher } from '../data/streams.ts';
import { LanguageModel } from '../models/language-model.ts';
import { Adam } from '../optim/index.ts';
import { manualSeed } from '../tensor/index.ts';
import { languageTask, type Task, Trainer, type TrainingEvent } from '../train/index.ts';
import { clippingPlot, clippingReport, describeClipping } from './clipping.ts';
import { describeInspection } from './inspection.ts';
import { type InspectorOptions, type LiveFindings, liveInspector } from './live.ts';

const ids = Int32Array.from({ length: 400 }, (_, i) => (i * i + 3 * i) % 7);

async function train(
  inspect: ((task: Task) => InspectorOptions) | null,
): Promise<{ events: TrainingEvent[]; weights: string; random: string }> {
  manualSeed(11);
  const model = new LanguageModel(7, { cell: 'lstm', hiddenSize: 6, numLayers: 2, dropout: 0.3 });
  const task = languageTask(model, { train: new StreamBatcher(ids, { streams: 4, windowLength: 9 }) });
  const trainer = new Trainer(task, {
    optimizer: new Adam(model.parameters(), { lr: 0.02 }),
    steps: 12,
    clipNorm: 0.5,
    inspect: inspect && liveInspector({ every: 5, ...inspect(task) }),
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
  const [plain, watched] = [await train(null), await train(() => ({}))];
  expect(watched.weights).toBe(plain.weights);
  expect(watched.random).toBe(plain.random);
  expect(watched.events.filter(({ type }) => type !== 'look').map((e) => JSON.stringify(e))).toEqual(
    plain.events.map((e) => JSON.stringify(e)),
  );
});

test('what is found is plain data: gradients of every state and gate, and of every parameter', async () => {
  const { events } = await train(() => ({}));
  const inspections = events.filter((e) => e.type === 'look');
  expect(inspections.map(({ step }) => step)).toEqual([5, 10]);
  const findings = inspections[0].findings as unknown as LiveFindings;
  expect(JSON.parse(JSON.stringify(findings))).toEqual(findings);
  const named = (what: string) => ['l0', 'l1'].flatMap((layer) => Array.from(what, (of) => `${layer} ${of}`));
  expect(findings.flow.map(({ layer, of }) => `${layer} ${of}`)).toEqual(named('hc'));
  expect(findings.gates.map(({ layer, gate }) => `${layer} ${gate}`)).toEqual(named('ifo'));
  expect(describeInspection(findings)).toMatch(/^gradient a step back: l0 h ×.*gates shut\/open: l0 i /);
  expect(describeInspection(findings, 'ko')).toMatch(/^한 단계 뒤로 갈 때 기울기: l0 h ×.*게이트 닫힘\/열림: l0 i /);
  // The parts make up the whole.
  const step = events.find((e) => e.type === 'step' && e.step === 5);
  if (step?.type !== 'step') expect.fail('there is no step 5');
  expect(Math.hypot(...findings.parameters.map(({ norm }) => norm)) / step.gradientNorm).toBeCloseTo(1, 3);
});

test('with a probe the same examples are looked at every time', async () => {
  const { events } = await train((task) => ({ every: 1, probe: task.probe?.({ rows: 1, steps: 6 }) }));
  const inspections = events.filter((e) => e.type === 'look');
  expect(inspections.map(({ findings }) => (findings as unknown as LiveFindings).steps)).toEqual(Array(12).fill(6));
});

test('a share of the time that no inspection keeps to leaves out all but the first', async () => {
  const { events } = await train(() => ({ every: 1, mostTime: 1e-9 }));
  expect(events.filter(({ type }) => type === 'look').map(({ step }) => step)).toEqual([1]);
  expect(() => liveInspector({ mostTime: 0 })).toThrow('mostTime: expected a share above 0 and up to 1, got 0');
});

test('the clipping report reads the events of a run', async () => {
  const { events } = await train(() => ({}));
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
