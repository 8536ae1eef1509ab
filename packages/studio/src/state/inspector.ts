// The page's hand on the inspector.

import { WorkerClient } from '../workers/client.ts';

export const inspector = new WorkerClient('inspector');
