// What a network whose gates do not depend on its state makes of tiny-shakespeare in ten minutes: minGRU in two residual blocks, with the
// convolution of its paper, which has 1.548 with three blocks half as wide again.

import type { Bars } from './bar.ts';
import { inMinutes } from './in-minutes.ts';

export const minGru: Bars = async () => [
  await inMinutes({
    name: 'minGRU',
    bar: 'tiny-shakespeare, last 10 %, minGRU in two residual blocks, 10 minutes of training',
    minutes: 10,
    model: { cell: 'mingru', block: 'residual', convolution: 4, hiddenSize: 256, numLayers: 2, dropout: 0.2 },
    description: 'minGRU 2×256, convolution of 4, dropout 0.2',
    streams: 32,
    windowLength: 64,
    lr: 3e-3,
    required: '≤ 1.70',
    passes: (loss) => loss <= 1.7,
  }),
];
