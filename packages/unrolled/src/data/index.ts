export { StreamBatcher, type StreamOptions, type Window } from './streams.ts';
export { Vocabulary, type VocabularyJSON, type VocabularyOptions } from './vocabulary.ts';
export { decodeText } from './text.ts';
