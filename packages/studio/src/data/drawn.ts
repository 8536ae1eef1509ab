// Drawn data: scenes with captions, scenes with questions, and shapes that move.

import { makeClips, makeQuestions, makeScenes } from 'unrolled/data';
import type { Dataset } from './dataset.ts';

const size = 24; // pixels

export function drawn(name: 'scenes' | 'questions' | 'motions', count: number, seed: number): Dataset {
  switch (name) {
    case 'scenes':
      return { kind: 'captions', size, rows: makeScenes(count, seed, { size, maxObjects: 1, objectSizes: ['big'] }) };
    case 'questions': {
      const types = ['color', 'shape', 'count', 'exists'] as const;
      const rows = makeQuestions(count, seed, { size, types, maxObjects: 2, objectSizes: ['big'], perScene: 2 });
      return { kind: 'questions', size, rows };
    }
    case 'motions': {
      const rows = makeClips(count, seed, { size }).map(({ clip, label }) => ({ data: clip.data, label }));
      return { kind: 'clips', size, rows };
    }
    default:
      return name satisfies never;
  }
}
