// The field's own words: pages, help texts, errors and exported names use the terms of PyTorch, Keras and the papers. Each line of the table is a
// pattern that must not appear there, and what to write in its place. `npm run check` runs it; `node tools/check-words.mjs --all` also reads
// comments and the names of tests.

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './setup.mjs';

const table = [
  [/\bpictures?\b/i, 'image, images'],
  [/\bfilms?\b/i, 'video, videos'],
  [/\bwhat (?:was|is|were|are) said\b|\b(?:is|are|was|were) said\b/i, 'prediction, output; is predicted'],
  [/\bthe truth\b(?! table)|\btruth forced\b/i, 'target, label, reference, ground truth'],
  [/\bforetell|\bforetold\b/i, 'forecast, predicted'],
  [/\bby heart\b/i, 'memorize'],
  [/\bby chance\b/i, 'at random'],
  [/\blikeliest\b/i, 'most probable; sorted by probability'],
  [/\bbeginnings (?:that are )?followed\b/i, 'beam width, hypotheses kept at each step'],
  [
    /\bwhere (?:it|the model|each word|every word) looked\b|\blooked at\b(?= by| while)|\bwithout looking\b/i,
    'attention, attends to; question-only baseline',
  ],
  [/\beyes\b/i, 'encoder (CNN)'],
  [/\bthe speaker\b|\bwhat speaks\b/i, 'decoder'],
  [/\b(?:guess(?:es)? )?blindly\b|(?<!color-)\bblind\b/i, 'question-only baseline'],
  [/\bmade by code\b|\bmade data\b/i, 'synthetic data'],
  [/\bpull of every weight\b/i, 'weight decay'],
  [/\bpass(?:es)? over the data\b/i, 'epochs'],
  [/\bsmall letters\b/i, 'lowercase'],
  [/\boptimizer['’]s memory\b/i, 'optimizer state'],
  [/\bkept for backward\b/i, 'saved for the backward pass'],
  [/\bhidden words\b/i, 'word dropout'],
  [/\bform (?:apart from|and) colou?r\b/i, 'separate shape and color pathways'],
  [/\bdearer?\b|\bmends?\b|\bmended\b|\bbeside it\b/i, 'expensive, fixes, next to it'],
  [
    /colour|\bgrey|neighbour|behaviour|favour|labelled|(?:normal|initial|standard|stabil|recogn|summar|memor|optim|minim)is(?:e|ed|es|ing|ation|er)\b/i,
    'American spelling: color, gray, normalize',
  ],
  [/\bwhat should come\b/i, 'target'],
  [
    /\b(?:numbers|they|it) (?:go|goes) on from (?:here|there)\b|\bhow (?:numbers|they) go on\b|\bgoing on at\b/i,
    'continues, resumes',
  ],
  [/\b(?:near|at) chance\b(?! level)|\bstays? at chance\b(?! level)/i, 'chance level'],
  [/\bpays for its length\b|\bnot looked at\b|\bnever looked at\b/i, 'length penalty, coverage penalty'],
  [/\bno run of so many\b|\bcomes? twice\b/i, 'no-repeat n-gram size'],
  [/\blearns? along\b|\bnetwork that sees\b/i, 'fine-tuned; encoder'],
  [/\bwhat is seen (?:of|on)\b/i, 'image features'],
  [/\bwhat hard attention is learn/i, 'REINFORCE: reward weight, mixture, entropy bonus'],
  [/\bnorm of all gradients together\b/i, 'global gradient norm'],
  [/\bupdates in all\b/i, 'training steps'],
  [/\bread at the same time\b/i, 'batch size'],
  [/\bhow far back the gradient\b/i, 'truncated BPTT window'],
  [/\bcapitals as\b/i, 'lowercase the text'],
  [/\bpieces of words\b|\bletters of Korean\b/i, 'byte-pair encoding, subwords; jamo'],
  [/\bstays? on one side\b/i, 'group split'],
  [/\blearnt\b|\bspoilt\b|\blicence\b/i, 'American spelling: learned, license'],
  [
    /\ba (?:image|encoder|index|update)\b|\b(?:images|examples|pairs|waves|series|data) synthetic\b|\blearns? \w+ memorized\b/i,
    'what a renaming left behind',
  ],
  [/\bGRUBefore|gru-before\b|\bstabilised|\bdrawSequences\b|\bundisturbed\b|\btakeTurn\b/, 'the renamed export'],
];
// What is exported under these names would shadow a global or says too little.
const tooShort = /\b(Buffer|Window|Split|Track|Language|Measure|Symbols|Segment|Layer|Shape|Picture|Image)\b/;

// Exported names with a word of the left column in them.
const oldNames =
  /\b\w*(?:[pP]icture|[fF]ilm|[cC]olour|[gG]rey|[fF]oretell|[tT]ruth|[bB]lind|[lL]abelled|[nN]ormalis|[eE]yes|[sS]peaker)\w*\b/;
// A help text is a noun phrase or a sentence; it says what it is for with "for …".
const fragment = /^\s*(?:help|summary): ['"`]of /;

const files = (folder, fits) =>
  readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
    .filter((e) => e.isFile() && fits(e.name))
    .map((e) => join(e.parentPath, e.name).slice(root.length));

/** What people read of a source file: texts in quotes; all of it with --all. */
const texts = (line) =>
  (line.match(/'(?:\\.|[^'\\])*'|"(?:\\.|[^"\\])*"|`(?:\\.|[^`\\])*`?/g) ?? [])
    .filter((t) => !/^['"`][./@\w-]*['"`]$/.test(t))
    .join(' ');

const all = process.argv.includes('--all');
const found = [];
const look = (file, line, n) => {
  for (const [pattern, instead] of table) {
    const match = pattern.exec(line);
    if (match) found.push(`${file}:${n + 1}: "${match[0]}": the field says ${instead}`);
  }
};
for (const file of [
  'README.md',
  'CONTRIBUTING.md',
  'CHANGELOG.md',
  'SECURITY.md',
  'benchmarks/README.md',
  'packages/unrolled/README.md',
  'packages/cli/README.md',
  ...files('docs', (name) => name.endsWith('.md')),
]) {
  let text = '';
  try {
    text = readFileSync(join(root, file), 'utf8');
  } catch {
    continue;
  }
  for (const [n, line] of text.split('\n').entries()) look(file, line, n);
}
const sources = [
  'packages/unrolled/src',
  'packages/cli/src',
  ...(all ? ['packages/convert/src', 'packages/server/src', 'benchmarks', 'tools', 'test'] : []),
];
for (const file of sources.flatMap((folder) => files(folder, (name) => /\.(ts|mjs)$/.test(name)))) {
  // What knows the old names by its purpose: this table, renamed options, runs of earlier versions.
  if (
    /renamed|texts\/ko|check-words|contract\/upgrade|fixtures\/runs/.test(file) ||
    (!all && /\.test(-d)?\.ts$/.test(file))
  )
    continue;
  for (const [n, line] of readFileSync(join(root, file), 'utf8').split('\n').entries()) {
    if (file.endsWith('/index.ts') && tooShort.test(line))
      found.push(`${file}:${n + 1}: "${tooShort.exec(line)[0]}": shadows a global or says too little`);
    if (file.endsWith('/index.ts') && oldNames.test(line.replace(/\/\/.*| from '.*/, '')))
      found.push(`${file}:${n + 1}: "${oldNames.exec(line)[0]}": an exported name in the words of before`);
    if (fragment.test(line)) found.push(`${file}:${n + 1}: "of …": a help text is a noun phrase or a sentence`);
    look(file, all ? line : texts(line), n);
  }
}
if (found.length > 0) {
  console.error(found.join('\n'));
  console.error(`${found.length} words of a private dialect; tools/check-words.mjs has the table`);
  process.exitCode = 1;
}
