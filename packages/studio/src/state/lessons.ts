// What the page knows of the lessons: their introductions, what was guessed, and what was measured, which stays while the page is open.

import { batch, computed, signal } from '@preact/signals';
import type { Explored, LessonIntroduction, LessonParameter, LessonReport } from 'unrolled/lessons';
import { WorkerClient } from '../workers/client.ts';
import { language } from '../words/catalogue.ts';
import { parameters } from './address.ts';
import { tell } from './trainer.ts';

const client = new WorkerClient('lessons', (event) => {
  if (event.type === 'measuring' && event.name === measuring.peek()?.name) measuring.value = event;
});

/** All lessons in the language at hand; null until they are there. */
export const introductions = signal<readonly LessonIntroduction[] | null>(null);
/** The handles that were asked for last, and whose they are: the page is at the next lesson before its handles are known. */
const found = signal<{ readonly name: string; readonly list: readonly LessonParameter[] } | null>(null);
export const explored = signal<Explored | null>(null);
/** The guess for each lesson, by its name: the place of a choice. */
export const guesses = signal<ReadonlyMap<string, number>>(new Map());
/** What was measured, by name. */
const values = signal<ReadonlyMap<string, object>>(new Map());
/** The lesson that is being measured, and how far it is. */
export const measuring = signal<{ readonly name: string; readonly part: number } | null>(null);
/** The open lesson's report, once it was measured. */
export const report = signal<LessonReport | null>(null);

/** The name of the open lesson; undefined for the list. */
export const openName = computed(() => parameters.value.get('lesson'));
export const openLesson = computed(() => introductions.value?.find(({ name }) => name === openName.value) ?? null);

const none: readonly LessonParameter[] = [];
/** The handles of the lesson that is open. */
export const handles = computed(() => {
  const now = found.value;
  return now && now.name === openName.value ? now.list : none;
});

/** Reads the introductions in the language at hand. */
export async function readLessons(): Promise<void> {
  await asked(async () => {
    introductions.value = await client.call('lessonList', { language: language.value });
  });
}

/** Tells what is known of a lesson in the language at hand: its report if it was measured, and its handles. */
export async function tellLesson(name: string): Promise<void> {
  const now = language.value;
  if (report.peek()?.name !== name) report.value = null;
  await asked(async () => {
    const measured = values.value.get(name);
    const told = measured ? await client.call('lessonTell', { name, values: measured, language: now }) : null;
    const list = await client.call('lessonHandles', { name, language: now });
    if (openName.peek() !== name) return;
    batch(() => {
      report.value = told;
      found.value = { name, list };
    });
  });
}

export function guess(name: string, choice: number): void {
  guesses.value = new Map([...guesses.value, [name, choice]]);
}

/** Runs the experiment of a lesson. */
export async function measureLesson(name: string): Promise<void> {
  if (measuring.peek()) return;
  measuring.value = { name, part: 0 };
  await asked(async () => {
    const measured = await client.call('lessonMeasure', { name });
    values.value = new Map([...values.value, [name, measured]]);
    await tellLesson(name);
  });
  measuring.value = null;
}

/** Ends the experiment that runs; what was measured before stays. */
export function cancelLesson(): void {
  measuring.value = null;
  client.stop();
}

let [exploring, waiting]: [boolean, (() => void) | null] = [false, null];

/** Moves the handles; of movements that come meanwhile only the newest is computed. */
export function explore(name: string, moved: Readonly<Record<string, number>>): void {
  const ask = () => {
    exploring = true;
    void asked(async () => {
      const now = await client.call('lessonExplore', { name, values: moved, language: language.value });
      if (openName.peek() === name) explored.value = now;
    }).finally(() => {
      exploring = false;
      const next = waiting;
      waiting = null;
      next?.();
    });
  };
  if (exploring) waiting = ask;
  else ask();
}

async function asked(body: () => Promise<void>): Promise<void> {
  try {
    await body();
  } catch (error) {
    tell(error as Error);
  }
}
