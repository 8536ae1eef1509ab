// What a page that was taken away has inside of itself, as JSON in its document.

import type { Question } from '../asking/protocol.ts';
import type { History } from '../training/history.ts';
import type { RunFilesOf } from '../training/run-files.ts';
import type { RunSpec } from '../training/spec.ts';
import type { Language } from '../words/catalogue.ts';

export interface Carried {
  readonly spec: RunSpec;
  readonly step: number;
  readonly history: Pick<History, 'step' | 'loss' | 'validations' | 'samples'>;
  readonly files: RunFilesOf;
  readonly examples: readonly Question[];
  readonly language: Language;
}
