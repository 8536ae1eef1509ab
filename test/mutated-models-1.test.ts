// Damaged models of other systems, 20,000 inputs a reader: an error of the library's own, soon, or a model. `npm run torture -- parsers` reads a million.

import { damagedModels } from './mutated/damaged-models.ts';

damagedModels(0);
