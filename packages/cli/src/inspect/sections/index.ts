// Every section of a report, in its order: the first figures are those that people come for.

import type { MakeSection } from '../source.ts';
import { cells } from './cells.ts';
import { checks } from './checks.ts';
import { clipping } from './clipping.ts';
import { gates } from './gates.ts';
import { gradients } from './gradients.ts';
import { memory } from './memory.ts';
import { spectra } from './spectrum.ts';
import { training } from './training.ts';
import { truncation } from './truncation.ts';

export const sections: readonly { readonly id: string; readonly make: MakeSection }[] = [
  { id: 'training', make: training },
  { id: 'cells', make: cells },
  { id: 'gates', make: gates },
  { id: 'memory', make: memory },
  { id: 'gradients', make: gradients },
  { id: 'spectrum', make: spectra },
  { id: 'truncation', make: truncation },
  { id: 'clipping', make: clipping },
  { id: 'checks', make: checks },
];
