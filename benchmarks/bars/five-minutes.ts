// As good a character model of tiny-shakespeare as five minutes on this machine give. An interpolated 5-gram has 1.669 nats per character there.

import type { Bars } from './bar.ts';
import { inMinutes } from './in-minutes.ts';

export const fiveMinutes: Bars = async () => [
  await inMinutes({
    name: 'five minutes',
    bar: 'tiny-shakespeare, last 10 %, 5 minutes of training',
    minutes: 5,
    model: { cell: 'gru', hiddenSize: 512, numLayers: 1, embeddingDim: 64, dropout: 0.4 },
    description: 'GRU 1×512, embedding 64, dropout 0.4',
    streams: 32,
    windowLength: 64,
    lr: 3e-3,
    required: '< 1.6',
    passes: (loss) => loss < 1.6,
  }),
];
