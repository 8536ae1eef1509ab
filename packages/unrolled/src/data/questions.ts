// What can be known of questions and answers without a network: the frequent answers, the question types, and the accuracy
// of the question-only baseline.

import { comparable } from '../encoding.ts';
import { requireKinds, shown, requireNumber, requireWhole, requireOneEach } from '../checks.ts';
import { OptionError } from '../errors.ts';

/** The `count` most frequent answers, most frequent first; ties in order of appearance. Answers that differ in spaces or normal form are one. */
export function frequentAnswers(answers: readonly string[], count: number): string[] {
  requireKinds('frequentAnswers', { answers, count }, { answers: 'texts', count: 'number' });
  if (!(Number.isInteger(count) && count > 0))
    throw new OptionError('frequentAnswers', 'count', `expected a whole number from 1, got ${shown(count)}`);
  return ranked(answers.map(comparable))
    .slice(0, count)
    .map(([answer]) => answer);
}

/**
 * The type of each question by its first words, as Antol et al. group them: `what color`, `is there`, `how many`. The longest prefix of at most `words`
 * words that begins at least the fraction `rare` of all questions; else `other`.
 */
export function questionTypes(questions: readonly string[], { words = 2, rare = 0.02 } = {}): string[] {
  requireKinds('questionTypes', { questions }, { questions: 'texts' });
  requireWhole('questionTypes', 'words', words, 1, 100);
  requireNumber('questionTypes', 'rare', rare, { low: 0, high: 1 });
  const beginnings = questions.map((question) => {
    const split = question
      .toLowerCase()
      .replace(/[?!.,]/g, ' ')
      .trim()
      .split(/\s+/);
    return Array.from({ length: words }, (_, k) => split.slice(0, words - k).join(' '));
  });
  const counts = new Map<string, number>();
  for (const own of beginnings) for (const text of new Set(own)) counts.set(text, (counts.get(text) ?? 0) + 1);
  return beginnings.map(
    (own) => own.find((text) => (counts.get(text) as number) >= rare * questions.length) ?? 'other',
  );
}

/** Answer type as in VQA: `yes/no`, `number` or `other`, by the form of the answer. */
export function answerType(answer: string): 'yes/no' | 'number' | 'other' {
  requireKinds('answerType', { answer }, { answer: 'text' });
  const text = answer.trim().toLowerCase();
  if (/^(yes|no|true|false)$/.test(text)) return 'yes/no';
  return /^[-+]?[\d.,]*\d$/.test(text) ? 'number' : 'other';
}

/** The language prior: answers counted by question, without images. */
export interface QuestionOnlyBaseline {
  /** Most frequent answer of every question of the training set. */
  readonly byQuestion: Readonly<Record<string, string>>;
  /** Most frequent answer of all: for an unknown question. */
  readonly otherwise: string;
}

/** The question-only baseline (language prior), learned by counting: each question's most frequent answer. */
export function questionOnlyBaseline(questions: readonly string[], answers: readonly string[]): QuestionOnlyBaseline {
  requireKinds('questionOnlyBaseline', { questions, answers }, { questions: 'texts', answers: 'texts' });
  if (questions.length === 0) throw new OptionError('questionOnlyBaseline', 'questions', 'expected at least one');
  requireOneEach('questionOnlyBaseline', 'answers', answers, `${questions.length} questions`, questions.length);
  const given = new Map<string, string[]>();
  const normal = answers.map(comparable);
  for (const [n, question] of questions.map(comparable).entries()) {
    const list = given.get(question);
    if (list) list.push(normal[n]);
    else given.set(question, [normal[n]]);
  }
  const byQuestion = Object.fromEntries(Array.from(given, ([question, list]) => [question, ranked(list)[0][0]]));
  return { byQuestion, otherwise: ranked(normal)[0][0] };
}

/** Predictions of a question-only baseline for some questions. */
export function questionOnlyAnswers(given: QuestionOnlyBaseline, question: string): string {
  requireKinds(
    'questionOnlyAnswers',
    { given, question },
    { given: { byQuestion: 'object', otherwise: 'text' }, question: 'text' },
  );
  const { byQuestion, otherwise } = given;
  const key = [question, comparable(question)].find((text) => Object.hasOwn(byQuestion, text)); // runs of before have others
  return key === undefined ? otherwise : byQuestion[key];
}

function ranked(values: readonly string[]): [value: string, count: number][] {
  const counts = new Map<string, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  return [...counts].sort((a, b) => b[1] - a[1]);
}
