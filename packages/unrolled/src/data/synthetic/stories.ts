// Text to learn from where no other is installed: little stories from a grammar, the same ones everywhere. They have what a model of characters is to
// find out, from near to far: spelling, the order of words, a verb that agrees with its subject, quotation marks that close, and a name that comes
// back as the pronoun that belongs to it.

import { requireWhole } from '../../checks.ts';
import { Random } from '../../random.ts';

const people = [
  ['Ada', 'she'],
  ['Emma', 'she'],
  ['Mina', 'she'],
  ['Rosa', 'she'],
  ['Boris', 'he'],
  ['Felix', 'he'],
  ['Jonas', 'he'],
  ['Omar', 'he'],
] as const;
const places = ['the garden', 'the old harbor', 'the kitchen', 'a quiet street', 'the library', 'the edge of the wood'];
const animals = ['cat', 'dog', 'crow', 'fox', 'hedgehog', 'horse', 'owl', 'rabbit'];
const qualities = ['big', 'clever', 'gray', 'hungry', 'little', 'patient', 'shy', 'tired'];
const things = [
  'a brass key',
  'a letter',
  'an apple',
  'a paper boat',
  'a red lantern',
  'a silver spoon',
  'the last map',
];
const one = ['sleeps', 'waits', 'listens', 'sings', 'runs away', 'looks up'];
const many = ['sleep', 'wait', 'listen', 'sing', 'run away', 'look up'];
const when = ['In the morning', 'At noon', 'In the evening', 'After the rain', 'Before the snow', 'One day'];
const numbers = ['Two', 'Three', 'Four', 'Five', 'Six'];
const remarks = [
  'Where have you been?',
  'Nobody will believe this.',
  'It is getting late.',
  'Come with me!',
  'I knew it.',
];

const mostCharacters = 2 ** 27;

/**
 * At least `characters` characters of little English stories, a paragraph each.
 *
 *     const vocabulary = Vocabulary.fromText(makeStories(100_000, 1));
 */
export function makeStories(characters: number, seed: number): string {
  requireWhole('makeStories', 'characters', characters, 0, mostCharacters);
  const random = new Random(seed);
  const draw = () => random.uniform();
  const of = <T>(list: readonly T[]): T => list[Math.floor(draw() * list.length)];
  const capital = (text: string) => text[0].toUpperCase() + text.slice(1);
  const sentence = {
    walk: (name: string) => `${of(when)}, ${name} walks to ${of(places)}.`,
    find: (_: string, who: string) => `${capital(who)} finds ${of(things)} and puts it away.`,
    animal: () => `A ${of(qualities)} ${of(animals)} ${of(one)}.`,
    animals: () => `${of(numbers)} ${of(qualities)} ${of(animals)}s ${of(many)}.`,
    speech: (name: string) => `"${of(remarks)}" says ${name}.`,
    thought: (name: string, who: string) => `${name} thinks that ${who} has seen ${of(things)} before.`,
  };
  const kinds = Object.values(sentence);
  const stories: string[] = [];
  for (let written = 0; written < characters; ) {
    const [name, who] = of(people);
    const rest = Array.from({ length: 3 + Math.floor(draw() * 4) }, () => of(kinds)(name, who));
    const story = [sentence.walk(name), ...rest, `Then ${who} goes home.`].join(' ');
    stories.push(story);
    written += story.length + 2;
  }
  return stories.join('\n\n');
}
