// Every model by the name of its type, as config.json has it.

/** The name of a type of model, as config.json has it. */
export type ModelTypeName =
  | 'language-model'
  | 'sequence-classifier'
  | 'sequence-tagger'
  | 'seq2seq'
  | 'captioner'
  | 'visual-qa'
  | 'video-classifier'
  | 'video-tagger'
  | 'forecaster'
  | 'memory-model';
