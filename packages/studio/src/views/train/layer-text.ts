// Recurrent layers in the language at hand.

import { layerName } from './layer-name.ts';
import { words } from './words.ts';

/** `layer 2 ←`, `encoder 1`; `층 2 ←`, `인코더 1`. */
export const layerText = (layer: string): string => words.value.layer(layerName(layer));
