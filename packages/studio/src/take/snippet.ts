// A few lines that load the run, in Node and in a page.

import type { TaskName } from 'unrolled/pipelines';

/** What a program calls on an open run of each task. */
const calls: Readonly<Record<TaskName, (example: string) => string>> = {
  'text-generation': (example) =>
    `for await (const piece of run.generate(${example}, { maxTokens: 200, seed: 1 })) console.log(piece.text);`,
  'text-classification': (example) =>
    `const [answer] = await run.predict([${example}]);\nconsole.log(answer.label, answer.score);`,
  'token-classification': (example) =>
    `const [answer] = await run.predict([${example}]);\nfor (const { token, label } of answer.tokens) console.log(token, label);`,
  translation: (example) => `const [answer] = await run.translate([${example}]);\nconsole.log(answer.text);`,
  'image-to-text': () =>
    `const [answer] = await run.caption(image);   // bytes of a file, a Blob, or pixels\nconsole.log(answer.text);`,
  'visual-question-answering': (example) =>
    `const [answer] = await run.answer(image, ${example});\nconsole.log(answer.answer);`,
  'video-classification': () =>
    `const [answer] = await run.predict({ frames });   // a list of images\nconsole.log(answer.label, answer.score);`,
  'time-series-forecasting': () =>
    `const [answer] = await run.forecast({ columns });   // numbers by the names of run.input.columns\nconsole.log(answer.columns[0].values);`,
  'time-series-classification': () => `const [answer] = await run.predict([sequence]);\nconsole.log(answer);`,
  tensors: () => `console.log(await run.predict(inputs));   // tensors by the names of run.inputs`,
};

const functions: Readonly<Record<TaskName, string>> = {
  'text-generation': 'textGeneration',
  'text-classification': 'textClassification',
  'token-classification': 'tokenClassification',
  translation: 'translation',
  'image-to-text': 'imageToText',
  'visual-question-answering': 'visualQuestionAnswering',
  'video-classification': 'videoClassification',
  'time-series-forecasting': 'timeSeriesForecasting',
  'time-series-classification': 'timeSeriesClassification',
  tensors: 'tensors',
};

/** A program in Node, which has the unzipped folder; in a page, which has the zip next to it. */
export function snippetOf(name: string, task: TaskName, where: 'node' | 'page', example: string): string {
  const open = functions[task];
  const source = where === 'node' ? `'./${name}'` : `'./${name}.zip'`;
  const call = calls[task](JSON.stringify(example));
  return `import { ${open} } from 'unrolled/pipelines';\n\nconst run = await ${open}(${source});\n${call}\n`;
}
