// Lessons: the course as a list, and a page for each.

import { useEffect } from 'preact/hooks';
import { introductions, openLesson, readLessons } from '../../state/lessons.ts';
import { language } from '../../words/catalogue.ts';
import { Link } from '../link.tsx';
import { Prose } from '../../ui/prose.tsx';
import { LessonPage } from './page.tsx';
import { words } from './words.ts';
import './lessons.css';

export function Lessons() {
  useEffect(() => {
    void readLessons();
  }, [language.value]);
  const w = words.value;
  const list = introductions.value;
  const open = openLesson.value;
  if (open) return <LessonPage lesson={open} />;
  return (
    <>
      <div class="top">
        <h1>{w.title}</h1>
        <p class="sub intro" role="status">
          {list ? w.intro : w.loading}
        </p>
      </div>
      <ol class="lesson-list">
        {(list ?? []).map(({ name, title, question }) => (
          <li key={name}>
            <Link to={{ lesson: name }}>{title}</Link>
            <p>
              <Prose text={question} />
            </p>
          </li>
        ))}
      </ol>
    </>
  );
}
