// What the inspector computes: plans, and what people ask about a run.

import { planOf } from '../training/plan.ts';
import { textOf } from '../data/texts.ts';
import { backend } from './backend.ts';
import type { InspectorCalls } from './protocol.ts';

export function inspectorCalls() {
  return {
    async plan({ preset, text, settings }: InspectorCalls['plan']['in']) {
      await backend(1); // the trainer has the others
      return planOf(settings, text ?? textOf(preset));
    },
  };
}
