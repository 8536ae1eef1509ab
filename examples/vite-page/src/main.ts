// A network that learns, in this page, to tell figures drawn with a pen apart, and then names what you draw. As `npm create vite` makes a project
// (vanilla-ts), with one dependency more and no configuration.

import { Adam, classifyTask, fit, manualSeed, SequenceClassifier, useBackend } from 'unrolled';
import { FeatureScaler, makeStrokes, strokes } from 'unrolled/data';
import { type SequenceClassificationPipeline, timeSeriesClassificationOf } from 'unrolled/pipelines';
import './style.css';

const element = <E extends HTMLElement>(id: string) => document.getElementById(id) as E;
const examples = makeStrokes(600, 1);
const features = FeatureScaler.fit(
  examples.map(({ values }) => values),
  ['x', 'y'],
);

function network(): SequenceClassifier {
  manualSeed(1);
  const { inputSize } = features;
  return new SequenceClassifier({ inputSize, classes: strokes.length, cell: 'gru', hiddenSize: 32, pooling: 'max' });
}

/** Sequences [T · 2] and their classes, and with them the loss. */
function task(model: SequenceClassifier) {
  const sequences = examples.map(({ values }) => features.encode(values).values);
  const labels = examples.map(({ label }) => strokes.findIndex((name) => name === label));
  return classifyTask(model, { train: { sequences, labels }, batchSize: 32, seed: 1 });
}

async function train(model: SequenceClassifier, show: (text: string) => void): Promise<void> {
  const steps = 250;
  await fit(task(model), {
    optimizer: new Adam(model.parameters(), { lr: 1e-2 }),
    steps,
    clipNorm: 1,
    onEvent: async (event) => {
      if (event.type !== 'step' || event.step % 10 > 0) return;
      show(`step ${event.step} of ${steps}, loss ${event.smoothLoss.toFixed(2)}`);
      await new Promise(requestAnimationFrame); // lets the page draw
    },
  });
  model.eval();
}

type Point = readonly [x: number, y: number];

/** What the network sees in a stroke: 32 places at even distances along it, about its middle, two units high; y upwards. */
async function sample(pipeline: SequenceClassificationPipeline, stroke: readonly Point[]): Promise<string> {
  const [xs, ys] = [stroke.map(([x]) => x), stroke.map(([, y]) => -y)];
  const [left, right, low, high] = [Math.min(...xs), Math.max(...xs), Math.min(...ys), Math.max(...ys)];
  const unit = Math.max(right - left, high - low, 1) / 2;
  const at = (k: number) => Math.round((k * (stroke.length - 1)) / 31);
  const steps = Array.from({ length: 32 }, (_, k) => [(xs[at(k)] - (left + right) / 2) / unit, (ys[at(k)] - (low + high) / 2) / unit]); // biome-ignore format: a line
  const [{ label, score }] = await pipeline.predict([steps], { topK: 1 });
  return `${label}, ${Math.round(100 * score)} %`;
}

/** Calls back with each stroke that is drawn. */
function onStroke(pad: HTMLCanvasElement, done: (stroke: readonly Point[]) => void): void {
  const pen = pad.getContext('2d') as CanvasRenderingContext2D;
  let stroke: Point[] | null = null;
  pad.addEventListener('pointerdown', (event) => {
    pad.setPointerCapture(event.pointerId);
    pen.clearRect(0, 0, pad.width, pad.height);
    stroke = [[event.offsetX, event.offsetY]];
  });
  pad.addEventListener('pointermove', (event) => {
    const [x, y] = stroke?.at(-1) ?? [0, 0];
    const scale = pad.width / pad.clientWidth;
    if (!stroke || Math.hypot(event.offsetX - x, event.offsetY - y) < 3) return;
    pen.strokeStyle = getComputedStyle(pad).color;
    pen.lineWidth = 3;
    pen.beginPath();
    pen.moveTo(x * scale, y * scale);
    pen.lineTo(event.offsetX * scale, event.offsetY * scale);
    pen.stroke();
    stroke.push([event.offsetX, event.offsetY]);
  });
  pad.addEventListener('pointerup', () => {
    if (stroke && stroke.length > 5) done(stroke);
    stroke = null;
  });
}

async function main(): Promise<void> {
  const state = element('state');
  await useBackend('wasm');
  const model = network();
  await train(model, (text) => {
    state.textContent = text;
  });
  state.textContent = 'trained: draw a figure';
  const input = { kind: 'time-series-classification', per: 'sequence', maxSteps: 64, longestTrained: 45 } as const;
  const pipeline = timeSeriesClassificationOf(model, { features, labels: [...strokes], input });
  if (pipeline.per === 'sequence')
    onStroke(element('pad'), (stroke) => {
      const show = (text: unknown) => {
        element('answer').textContent = String(text);
      };
      sample(pipeline, stroke).then(show, show);
    });
  document.body.dataset.ready = '';
}

main().catch((error: unknown) => {
  element('state').textContent = String(error);
});
