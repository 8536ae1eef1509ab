// Questions about pictures, and their answers.

import { VisualQA, vqaTask } from 'unrolled';
import { frequentAnswers, questionOnlyBaseline, Tokenizer } from 'unrolled/data';
import { visualQuestionAnsweringOf } from 'unrolled/pipelines';
import { type DatasetOf, joined } from '../../data/dataset.ts';
import type { Settings } from '../../settings/settings.ts';
import { contractOf, convNetOf } from './images.ts';
import { layersOf, longestOf, marked, type Prepared, seeded } from './prepared.ts';

const [shownPictures, mostAnswers] = [4, 1000];

export function prepareQuestions(settings: Settings, { rows: all, size }: DatasetOf<'questions'>): Prepared {
  const { train, rest } = byPicture(all, settings);
  const texts = (rows: typeof train) => rows.map(({ question }) => question);
  const targets = (rows: typeof train) => rows.map(({ answer }) => answer);
  const tokenizer = Tokenizer.train(texts(train), { unit: 'word' });
  const answers = frequentAnswers(targets(train), mostAnswers);
  const baseline = questionOnlyBaseline(texts(train), targets(train));
  const encoded = (rows: typeof train) => {
    const { shape, data, which } = joined(rows);
    return {
      images: { shape, data },
      which,
      questions: texts(rows).map((text) => tokenizer.encode(text)),
      answers: targets(rows).map((answer) => answers.indexOf(answer)),
      types: rows.map(({ type }) => type),
    };
  };
  const { embeddingDim, dropout, batch, seed } = settings;
  const options = { vocabularySize: tokenizer.size, answers: answers.length, convNet: convNetOf(size), dropout };
  const model = seeded(
    settings,
    () =>
      new VisualQA({
        ...layersOf(settings),
        ...options,
        embeddingDim: embeddingDim || 1,
        form: 'map',
      }),
  );
  const [learned, held] = [encoded(train), encoded(rest)];
  const input = {
    kind: 'visual-question-answering',
    image: contractOf(size, 'unit'),
    maxTokens: longestOf(learned.questions),
  } as const;
  const shown = [...new Map(rest.map((row) => [row.image, row])).values()].slice(0, shownPictures);
  return {
    model,
    task: vqaTask(model, { train: learned, validation: held, batchSize: batch, seed }),
    examples: all.length,
    symbols: tokenizer.size,
    pictures: shown.map(({ image }) => image),
    parts: {
      task: 'vqa',
      config: model.config,
      input,
      contents: { tokenizer: tokenizer.toJSON(), answers, 'question-only': baseline },
    },
    heldOut: () => ({
      kind: 'table',
      head: ['image', 'question', 'answer', 'type'],
      rows: rest.map(({ question, answer, type }, n) => [String(held.which[n]), question, answer, type]),
      images: [...new Set(rest.map(({ image }) => image))],
      clips: false,
    }),
    async show() {
      const pipeline = visualQuestionAnsweringOf(model, { tokenizer, answers, baseline, input });
      const lines: string[] = [];
      for (const { image, question, answer } of shown) {
        const [found] = await pipeline.answer(image, question);
        lines.push(marked(found.answer === answer, `${question} → ${found.answer} ${found.score.toFixed(2)}`));
      }
      return { text: lines.join('\n') };
    },
  };
}

/** The last pictures validate, with all that is asked about them. */
function byPicture(all: DatasetOf<'questions'>['rows'], { validation }: Settings) {
  const pictures = [...new Set(all.map(({ image }) => image))];
  const held = new Set(pictures.slice(Math.floor(pictures.length * (1 - Math.max(0.02, validation)))));
  return { train: all.filter(({ image }) => !held.has(image)), rest: all.filter(({ image }) => held.has(image)) };
}
