// The doors of the library next to its main one: `unrolled/data` is src/data/index.ts, and so on.
export const doors = ['analysis', 'data', 'graph', 'io', 'layers', 'lessons', 'metrics', 'pipelines'];
