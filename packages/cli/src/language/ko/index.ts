// Korean: the catalogue by parts, and the particles.

import { type Particle, withParticle } from 'unrolled/lessons';
import { Translator } from '../translator.ts';
import { errorsCommands } from './errors-commands.ts';
import { errorsFiles } from './errors-files.ts';
import { errorsTasks } from './errors-tasks.ts';
import { helpCommands } from './help-commands.ts';
import { helpTraining } from './help-training.ts';
import { libraryChecks } from './library-checks.ts';
import { libraryData } from './library-data.ts';
import { libraryModels } from './library-models.ts';
import { screensCommands } from './screens-commands.ts';
import { screensData } from './screens-data.ts';
import { screensPages } from './screens-pages.ts';
import { screensTasks } from './screens-tasks.ts';

/** Sentences that are printed where they are written, by part. */
export const screens = { screensCommands, screensTasks, screensData, screensPages };

/** Texts that are made in one place and printed in another, by part. */
export const messages = {
  helpTraining,
  helpCommands,
  errorsCommands,
  errorsFiles,
  errorsTasks,
  libraryChecks,
  libraryData,
  libraryModels,
};

/** What an error is, above a message that has no translation: errors for programmers stay English. */
const kinds: Readonly<Record<string, string>> = {
  OptionError: '쓸 수 없는 옵션이나 인수입니다:',
  MissingError: '그런 파일이나 폴더가 없습니다:',
  ShapeError: '모양이 맞지 않습니다:',
  TensorError: '텐서를 이렇게 쓸 수 없습니다:',
  BackendError: '백엔드를 쓸 수 없습니다:',
  MpiError: '프로세스가 함께 학습할 수 없습니다:',
  NonFiniteError: '손실이나 기울기가 유한한 수가 아닙니다:',
  ConvertError: '모델 파일을 변환할 수 없습니다:',
  FormatError: '읽을 수 없는 형식입니다:',
  DataError: '학습할 수 없는 데이터입니다:',
  RunFolderError: '실행 폴더를 쓸 수 없습니다:',
  WriteError: '파일을 쓸 수 없습니다:',
  RefusedFile: '파일을 열 수 없습니다:',
  Error: '오류입니다:',
};

export const korean = new Translator(
  { screens: Object.values(screens), messages: Object.values(messages) },
  kinds,
  (text, pair) => withParticle(text, pair as Particle).slice(text.length),
);
