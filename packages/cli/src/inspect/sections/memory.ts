// How many symbols of context the network really uses.

import { describeMemoryLength, memoryLength, memoryLengthPlot } from 'unrolled/analysis';
import { table } from '../../terminal/index.ts';
import type { MakeSection } from '../source.ts';
import { spoken, t } from '../../language/index.ts';

const mostCounted = 500_000; // symbols that the n-grams are counted in

export const memory: MakeSection = ({ source: { reading }, say }) => {
  if (!reading?.language || reading.language.ids.length < 64) return null;
  const { model, ids, others } = reading.language;
  say(t('measuring the memory'));
  const found = memoryLength(model, ids, {
    countIn: others.length > ids.length ? others.subarray(0, mostCounted) : null,
  });
  const sentences = describeMemoryLength(found, spoken());
  return {
    id: 'memory',
    title: t('Memory'),
    headline: sentences[1] ?? sentences[0] ?? null,
    sentences,
    figures: () => [
      {
        html: memoryLengthPlot(found, { language: spoken() }),
        caption: t('The loss with a context of only k symbols, compared with n-gram models.'),
      },
    ],
    lines: () =>
      table(
        found.contexts.map(({ context, loss, excess }) => [
          context,
          loss.toFixed(3),
          `+${Math.max(0, excess).toFixed(3)}`,
        ]),
        { header: [t('symbols read'), t('nats per symbol'), t('more than with the longest')] },
      ),
    data: found,
  };
};
