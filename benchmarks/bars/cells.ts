// An interpretable cell, as Karpathy, Johnson and Fei-Fei (2015) found them: a character model of tiny-shakespeare has a unit that knows where in
// the line it is. Nobody is told which: the search goes through all of them, and the unit is then held still to see what breaks.

import { Adam, cosineSchedule, LanguageModel, languageTask, manualSeed, Trainer } from 'unrolled';
import { annotate, describeAblation, describeSearch, ablateUnits, searchUnits, traceText } from 'unrolled/analysis';
import { StreamBatcher, Vocabulary } from 'unrolled/data';
import { type Bars, progress, timed } from './bar.ts';
import { howToGetIt, tinyShakespeare } from './data.ts';

const limit = 0.5;
const model = { cell: 'lstm', hiddenSize: 160, numLayers: 1, embeddingDim: 32 } as const;
const [streams, windowLength, lr, steps, seeds] = [32, 100, 4e-3, 2500, [1]];
const read = 6000; // characters that the network was not trained on

export const cells: Bars = async () => {
  const text = tinyShakespeare();
  const bar = 'tiny-shakespeare: a unit that follows the position in the line';
  const required = `|r| ≥ ${limit}, and holding it raises the loss at line ends more than elsewhere`;
  const settings = `LSTM 1×${model.hiddenSize}, embedding ${model.embeddingDim}, B=${streams}, T=${windowLength}, Adam ${lr}, cosine, clip 1, ${steps} steps, seeds ${seeds.join(', ')}; searched on ${read} characters of the last 10 %, 99 turns`;
  if (!text) return [{ bar, settings, measured: howToGetIt, required, met: null, seconds: 0 }];
  const vocabulary = Vocabulary.fromText(text);
  const ids = vocabulary.encode(text);
  const cut = Math.floor(ids.length * 0.9);
  const held = ids.slice(cut, cut + read);
  const annotations = annotate(Array.from(held, (id) => vocabulary.symbols[id]));
  const measured: string[] = [];
  let met = true;
  const { seconds } = await timed(async () => {
    for (const seed of seeds) {
      manualSeed(seed);
      const network = new LanguageModel(vocabulary.size, model);
      const task = languageTask(network, {
        train: new StreamBatcher(ids.subarray(0, cut), { streams, windowLength }),
      });
      const optimizer = new Adam(network.parameters(), { lr });
      const schedule = cosineSchedule(lr, { steps, minimum: lr / 50 });
      for await (const event of new Trainer(task, { optimizer, steps, schedule, clipNorm: 1 }).run())
        if (event.type === 'step' && event.step % 100 === 0)
          progress(`cells: seed ${seed}, step ${event.step} of ${steps}, smooth loss ${event.smoothLoss.toFixed(3)}`);
      const trace = traceText(network, held);
      const found = searchUnits(trace, annotations).find((s) => s.annotation === 'position in the line');
      if (!found) throw new Error('unreachable: the text has lines');
      const [{ layer, what, unit, correlation }] = found.best;
      const annotation = annotations.find(({ name }) => name === found.annotation);
      const [ablation] = ablateUnits(network, held, trace, [{ layer, unit, annotation }]);
      const { focus, elsewhere } = ablation;
      progress(`cells: seed ${seed}: ${describeSearch(found)} ${describeAblation(ablation)}`);
      if (!focus || !elsewhere) throw new Error('unreachable: it was asked with an annotation');
      const raised = [focus, elsewhere].map((l) => l.held - l.whole);
      met &&= found.found && Math.abs(correlation) >= limit && raised[0] > 0 && raised[0] > raised[1];
      measured.push(
        `${what}[${unit}] r = ${correlation.toFixed(2)} (control ${found.control.limit.toFixed(2)}, p ${found.p.toFixed(2)}), line ends ${focus.whole.toFixed(2)} → ${focus.held.toFixed(2)}, elsewhere ${elsewhere.whole.toFixed(2)} → ${elsewhere.held.toFixed(2)}`,
      );
    }
  });
  return [{ bar, settings, measured: measured.join('; '), required, met, seconds }];
};
