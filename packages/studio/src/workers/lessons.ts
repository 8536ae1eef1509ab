// The worker that lessons run in: apart from the others, so that an experiment of a minute holds up nothing, and can be ended at any moment.

import type { Lesson } from 'unrolled/lessons';
import { backend } from './backend.ts';
import type { Handlers, LessonCalls, LessonEvent } from './protocol.ts';

const often = 100; // ms between two reports
const library = () => import('unrolled/lessons');

async function lessonOf(name: string): Promise<Lesson> {
  const found = (await library()).lessons.find((one) => one.name === name);
  if (!found) throw new Error(`there is no lesson ${name}`);
  return found;
}

/** The handlers of the lessons. */
export function lessonCalls(tell: (event: LessonEvent) => void): Handlers<LessonCalls> {
  return {
    lessonList: async ({ language }) => (await library()).lessons.map((one) => one.introduction(language)),
    async lessonMeasure({ name }) {
      await backend(1);
      const lesson = await lessonOf(name);
      let last = 0;
      return lesson.measure({
        onProgress(part) {
          if (performance.now() - last < often) return;
          last = performance.now();
          tell({ type: 'measuring', name, part });
        },
      });
    },
    lessonTell: async ({ name, values, language }) => (await lessonOf(name)).tell(values, language),
    lessonHandles: async ({ name, language }) => (await library()).lessonExplorers[name]?.parameters(language) ?? [],
    async lessonExplore({ name, values, language }) {
      await backend(1);
      const explorer = (await library()).lessonExplorers[name];
      if (!explorer) throw new Error(`the lesson ${name} has no handles`);
      return explorer.explore(values, language);
    },
  };
}
