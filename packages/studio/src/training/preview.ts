// Some of the data before anything is trained on them: what noise and another draw change is seen at once.

import type { PresetName } from '../settings/presets.ts';
import type { Settings } from '../settings/settings.ts';
import { joined, type Preview } from './preview-rows.ts';
import { strip } from './tasks/images.ts';
import type { Dataset, DatasetOf } from '../data/dataset.ts';
import { plainData } from '../data/examples.ts';
import { withNoise } from '../data/noise.ts';

const [characters, rows, images, steps] = [280, 6, 8, 336];

/** A preview of an example with the noise and the seed of some settings. */
export async function examplePreview(preset: PresetName, settings: Settings): Promise<Preview> {
  const data = await plainData(preset, settings);
  if (data.kind === 'memory') return (await import('./preview-sequences.ts')).ofSequences(data, settings);
  if (data.kind === 'series') return ofSeries(data, await plainData(preset, { ...settings, noise: 0 }));
  const some = { text: characters, questions: 3 * images }[data.kind as 'text'] ?? images;
  return previewOf(withNoise(data, { ...settings, noise: 0 }, some), withNoise(data, settings, some));
}

/** A preview of data, and of what they were before noise. */
export function previewOf(plain: Dataset, data: Dataset = plain): Preview {
  switch (data.kind) {
    case 'text': {
      const [before, after] = [(plain as typeof data).text, data.text].map((text) => text.split('\n'));
      const lines = after.map((line, k) => ({ input: stretches(before[k], line), target: [] }));
      const written = lines.slice(0, -1).filter(({ input }) => input.length > 0); // the last one is cut off
      return { kind: 'rows', rows: written.slice(0, rows) };
    }
    case 'labeled':
      return ofRows(plain as typeof data, data, ({ text, label }) => [[text], [label]]);
    case 'tagged':
      return ofRows(plain as typeof data, data, ({ tokens, tags }) => {
        const between = data.split === 'spaces' ? ' ' : '';
        return [[tokens.join(between)], tags.flatMap((tag, k) => (between && k > 0 ? [between, tag] : [tag]))];
      });
    case 'pairs':
      return ofRows(plain as typeof data, data, ({ source, target }) => [Array.from(source), [target]]);
    case 'captions':
      return {
        kind: 'images',
        rows: data.rows.slice(0, images).map(({ image, captions }) => ({ image, text: captions[0] })),
      };
    case 'questions': {
      const first = [...new Map(data.rows.map((row) => [row.image, row])).values()].slice(0, images);
      return {
        kind: 'images',
        rows: first.map(({ image, question, answer }) => ({ image, text: `${question} ${answer}` })),
      };
    }
    case 'clips': {
      const some = data.rows.slice(0, images);
      return {
        kind: 'images',
        rows: some.map(({ data: frames, label }) => ({ image: strip(frames, data.size), text: label })),
      };
    }
    case 'series':
      return ofSeries(data, plain);
    case 'memory':
      return { kind: 'rows', rows: [] };
    default:
      return data satisfies never;
  }
}

/** What a row shows, in parts that noise changes each as a whole. */
type Parts = readonly [input: readonly string[], target: readonly string[]];

function ofRows<T>(
  plain: { readonly rows: readonly T[] },
  data: { readonly rows: readonly T[] },
  of: (row: T) => Parts,
): Preview {
  const found = data.rows.slice(0, rows).map((row, k) => {
    const [before, after] = [of(plain.rows[k]), of(row)];
    return { input: joined(before[0], after[0]), target: joined(before[1], after[1]) };
  });
  return { kind: 'rows', rows: found };
}

const stretches = (before: string, after: string) => joined(Array.from(before), Array.from(after));

/** Two weeks of the first column. */
function ofSeries({ series }: DatasetOf<'series'>, plain: Dataset): Preview {
  const { names } = series;
  const first = (values: ArrayLike<number>) =>
    Array.from({ length: Math.min(steps, values.length / names.length) }, (_, t) => values[t * names.length]);
  return {
    kind: 'series',
    name: names[0],
    values: first(series.values),
    plain: first((plain as DatasetOf<'series'>).series.values),
  };
}
