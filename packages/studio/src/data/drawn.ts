// Drawn data: scenes with captions, scenes with questions, and shapes that move.

import { makeClips, makeQuestions, makeScenes } from 'unrolled/data';
import type { Dataset } from './dataset.ts';

const size = 24; // pixels
const counts = { scenes: 2000, questions: 2500, motions: 1200 };

export function drawn(name: keyof typeof counts): Dataset {
  const count = counts[name];
  switch (name) {
    case 'scenes':
      return { kind: 'captions', size, rows: makeScenes(count, 1, { size, maxObjects: 1, objectSizes: ['big'] }) };
    case 'questions': {
      const types = ['color', 'shape', 'count', 'exists'] as const;
      const rows = makeQuestions(count, 1, { size, types, maxObjects: 2, objectSizes: ['big'], perScene: 2 });
      return { kind: 'questions', size, rows };
    }
    case 'motions': {
      const rows = makeClips(count, 1, { size }).map(({ clip, label }) => ({ data: clip.data, label }));
      return { kind: 'clips', size, rows };
    }
    default:
      return name satisfies never;
  }
}
