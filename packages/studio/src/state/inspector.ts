// The page's hand on the inspector. One that ends takes no run with it: what was open in it is opened again when it is looked at.

import { signal } from '@preact/signals';
import { WorkerClient } from '../workers/client.ts';
import { notice } from './trainer.ts';

/** How many inspectors have ended. */
export const inspectorsLost = signal(0);

export const inspector = new WorkerClient('inspector', undefined, () => {
  inspectorsLost.value++;
  notice.value = { kind: 'inspector-lost' };
});
