export { attentionMap, type AttentionMapOptions, type AttentionOf } from './attention-map.ts';
