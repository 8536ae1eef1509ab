// What the page learns from where clips are gathered, apart from how they are gathered, which is loaded when it is wanted.

import { signal } from '@preact/signals';
import type { Dataset } from '../data/dataset.ts';

/** What is learned from the clips that are gathered, and what it is called. `state/gathered.ts`, which is loaded when it is wanted, sets it. */
export const gathered = signal<{ readonly name: string; readonly data: Dataset | null }>({ name: '', data: null });

/** Whether the clips as they are now were saved as a file, or learned from. */
export const kept = signal(true);
