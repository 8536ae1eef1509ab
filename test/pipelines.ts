// Every kind of run there is and what it answered when it was trained: a run listed here is opened from every source and on every backend.
// It imports nothing of Node, so that a page asks the same questions: the library comes as an argument.

import type { Pipeline } from 'unrolled';
import type { ImageInput } from 'unrolled/pipelines';

/** A line of the command's answers: what of it is read here. */
interface Row {
  readonly text: string;
  readonly tokens: readonly string[];
  readonly source: string;
  readonly picture: string;
  readonly question: string;
  readonly clip: string;
  readonly name: string;
  readonly row: number;
  readonly file: string;
  readonly prompt: string;
  readonly options: readonly string[];
}

/** What the command answered when it asked a run. */
interface RunAnswers {
  readonly sample: readonly Row[];
  readonly predict: readonly Row[];
  readonly beam: readonly Row[];
  readonly greedy: readonly Row[];
  readonly ask: readonly Row[];
  readonly forecast: { readonly forecast: readonly Row[] };
}

/** answers.json, by the names of the runs. */
export type Answers = Readonly<Record<string, RunAnswers>>;

/** Files next to the runs that questions are about: `red-left-0.png`, or the frames of `clip0`. */
export interface Inputs {
  image(name: string): Promise<ImageInput>;
  clip(name: string): Promise<ImageInput[]>;
  /** The rows of a table of numbers; a cell that is none is NaN. */
  table(name: string): Promise<readonly (readonly number[])[]>;
}

export const runs = [
  'text-lstm',
  'text-gru-tied',
  'text-mingru',
  'classify',
  'classify-characters',
  'tag',
  'tag-forwards',
  'tag-characters',
  'tag-spelled',
  'translate-attention',
  'translate-plain',
  'caption-soft',
  'caption-hard',
  'caption-inject',
  'vqa-product',
  'vqa-map',
  'video-clip',
  'video-frame',
  'forecast',
  'forecast-recursive',
  'series-sequence',
  'series-step',
] as const;

export type RunName = (typeof runs)[number];

/**
 * What the command asked, asked of the pipeline, in the form in which the command answered: `[got, expected]`. The command rounded its numbers;
 * with `round: false` those of the pipeline are as they are.
 */
export async function ask(
  name: RunName,
  run: Pipeline,
  answers: Answers,
  inputs: Inputs,
  round = true,
): Promise<[unknown, unknown]> {
  const short = (x: number, digits = 6) => (round ? Number(x.toPrecision(digits)) : x);
  const translation = (one: { text: string; score: number; logProbability: number; complete: boolean }) => ({
    translation: one.text,
    score: short(one.score),
    logProbability: short(one.logProbability),
    ended: one.complete,
  });
  const expected = answers[name];
  switch (run.task) {
    case 'text-generation':
      return [await texts(run, expected.sample), expected.sample.map(({ text }) => text)];
    case 'text-classification': {
      const found = await run.predict(
        expected.predict.map(({ text }) => text),
        { topK: 5 },
      );
      const rows = found.map(({ label, score, scores, notes }) => ({
        label,
        probability: short(score),
        probabilities: Object.fromEntries(scores.map((s) => [s.label, short(s.score)])),
        unknown: notes.unknown,
        longerThanSeen: notes.longerThanTrained,
      }));
      return [rows, without(expected.predict, 'text')];
    }
    case 'token-classification': {
      const found = await run.predict(expected.predict.map(({ tokens }) => tokens));
      const rows = found.map(({ tokens, notes }) => ({
        tokens: tokens.map(({ token }) => token),
        tags: tokens.map(({ label }) => label),
        probabilities: tokens.map(({ score }) => short(score, 4)),
        unknown: notes.unknown,
        longerThanSeen: notes.longerThanTrained,
      }));
      return [rows, expected.predict];
    }
    case 'translation': {
      const sources = expected.beam.map(({ source }) => source);
      const got = {
        beam: await run.translate(sources, { nBest: 3 }),
        greedy: await run.translate(sources, { beams: 1 }),
        sampled: await run.translate(sources, { sample: { seed: 4, temperature: 0.7 } }),
      };
      const rows = Object.entries(got).map(([key, found]) => [
        key,
        found.map((one, n) => ({
          source: sources[n],
          ...translation(one),
          unknown: one.notes.unknown,
          longerThanSeen: one.notes.longerThanTrained,
          ...(key === 'beam' ? { nBest: one.hypotheses.map(translation) } : {}),
        })),
      ]);
      return [Object.fromEntries(rows), expected];
    }
    case 'image-to-text': {
      const got: Record<string, unknown> = {};
      for (const key of Object.keys(expected)) {
        const names = expected[key as 'beam' | 'greedy'].map(({ picture }) => picture);
        const images = await Promise.all(names.map((path) => inputs.image(path.replace('photos/', ''))));
        const found = await run.caption(images, key === 'greedy' ? { beams: 1 } : {});
        got[key] = found.map(({ text, logProbability, attention, tokens, complete }, n) => ({
          picture: names[n],
          caption: text,
          logProbability: short(logProbability),
          ...(attention
            ? {
                words: [...tokens, ...(complete ? ['(end)'] : [])],
                attention: attention.map((row) => Array.from(row, (v) => short(v, 4))),
              }
            : {}),
        }));
      }
      return [got, expected];
    }
    case 'visual-question-answering': {
      const [{ picture }] = expected.ask;
      const image = await inputs.image(picture.replace('photos/', ''));
      const found = await run.answer(
        image,
        expected.ask.map(({ question }) => question),
        { topK: 5 },
      );
      const rows = found.map(({ question, answer, score, scores, questionOnly }) => ({
        picture,
        question,
        answer,
        probability: short(score),
        probabilities: Object.fromEntries(scores.map((s) => [s.answer, short(s.score)])),
        blind: questionOnly,
      }));
      return [rows, expected.ask];
    }
    case 'video-classification': {
      const names = expected.predict.map(({ clip }) => clip);
      const clips = await Promise.all(
        names.map(async (path) => ({ frames: await inputs.clip(path.replace('films/', '')) })),
      );
      if (run.per === 'clip') {
        const found = await run.predict(clips);
        const rows = found.map(({ label, score, scores }, n) => ({
          clip: names[n],
          label,
          probability: short(score),
          probabilities: Object.fromEntries(scores.map((s) => [s.label, short(s.score)])),
        }));
        return [rows, expected.predict];
      }
      const found = await run.predict(clips);
      const rows = found.map(({ frames, segments }, n) => ({
        clip: names[n],
        segments,
        labels: frames.map(({ label }) => label),
        confidence: frames.map(({ score }) => short(score, 4)),
      }));
      return [rows, without(expected.predict, 'timeline')];
    }
    case 'time-series-forecasting': {
      const rows = await inputs.table('waves.csv'); // t, load, price, weekday
      const back = name === 'forecast' ? 6 : 0;
      const column = (k: number, to = rows.length) => rows.slice(0, to).map((row) => row[k]);
      const [forecast] = await run.forecast(
        {
          columns: { load: column(1, rows.length - back), price: column(2, rows.length - back) },
          ...(name === 'forecast' ? { known: { weekday: column(3) } } : { times: column(0) }),
        },
        { steps: expected.forecast.forecast.length },
      );
      const steps = expected.forecast.forecast.map((_, k) => ({
        step: forecast.times ? String(forecast.times[k]) : `+${k + 1}`,
        values: Object.fromEntries(forecast.columns.map(({ column: c, values }) => [c, short(values[k], 7)])),
        ...(forecast.columns[0].quantiles.length > 0
          ? {
              quantiles: Object.fromEntries(
                forecast.columns.map(({ column: c, quantiles }) => [
                  c,
                  Object.fromEntries(quantiles.map(({ level, values }) => [level, short(values[k], 7)])),
                ]),
              ),
            }
          : {}),
      }));
      return [steps, without(expected.forecast.forecast, 'came')];
    }
    case 'time-series-classification': {
      const rows = await inputs.table('new-moves.csv'); // walk, x, y
      const walks = expected.predict.map((one) => rows.filter(([walk]) => String(walk) === one.name));
      const sequences = walks.map((steps) => steps.map(([, x, y]) => [x, y]));
      const asked = ({ name: walk, row, file }: Row) => ({ file, row, name: walk });
      if (run.per === 'step') {
        const found = await run.predict(sequences);
        const steps = found.map(({ steps: each, segments, notes }, n) => ({
          ...asked(expected.predict[n]),
          segments,
          labels: each.map(({ label }) => label),
          confidence: each.map(({ score }) => short(score, 4)),
          ...notes,
        }));
        return [steps, expected.predict];
      }
      const found = await run.predict(sequences, { topK: 5 });
      const labeled = found.map(({ label, score, scores, notes }, n) => ({
        ...asked(expected.predict[n]),
        label,
        probability: short(score),
        probabilities: scores.map((s) => ({ label: s.label, score: short(s.score) })),
        ...notes,
      }));
      return [labeled, expected.predict];
    }
    case 'tensors': // its runs are opened next to the graphs: packages/unrolled/src/graph/graph-model.test.ts
      throw new Error(`${run.info.name}: no run of test/fixtures is one of tensors`);
    default:
      throw run satisfies never;
  }
}

/** Rows without one of their fields. */
function without(rows: readonly Row[], field: string): object[] {
  return rows.map((row) => Object.fromEntries(Object.entries(row).filter(([name]) => name !== field)));
}

async function texts(run: Extract<Pipeline, { task: 'text-generation' }>, samples: readonly Row[]) {
  const found: string[] = [];
  for (const { prompt, options } of samples) {
    const value = (flag: string) => Number(options[options.indexOf(flag) + 1]);
    const has = (flag: string) => options.includes(flag);
    let text = '';
    for await (const piece of run.generate(prompt, {
      maxTokens: 80,
      ...(has('--greedy') ? { greedy: true } : {}),
      ...(has('--seed') ? { seed: value('--seed') } : {}),
      temperature: has('--temperature') ? value('--temperature') : 0.8, // the command's default
      ...(has('--top-k') ? { topK: value('--top-k') } : {}),
      ...(has('--top-p') ? { topP: value('--top-p') } : {}),
    }))
      text += piece.text;
    found.push(text);
  }
  return found;
}
