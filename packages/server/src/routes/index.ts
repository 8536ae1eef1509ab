// The table of routes. A route is a file with its schema and a line here; the router, the checks and GET /openapi.json follow.

import { chat } from './chat.ts';
import { completions } from './completions.ts';
import { embeddings } from './embeddings.ts';
import { ollamaChat } from './ollama/chat.ts';
import { embed, embeddingsOfOld } from './ollama/embed.ts';
import { generate } from './ollama/generate.ts';
import { ollamaVersion, ps, show, tags } from './ollama/models.ts';
import { models, oneModel } from './openai-models.ts';
import { health, metrics, openapi, ready } from './operations.ts';
import { page, pageScript, pageStyle } from './page.ts';
import type { Route } from './route.ts';
import { studio, studioAsset, studioCheckpoint, studioFile, studioPage, studioRun } from './studio.ts';
import { caption } from './tasks/caption.ts';
import { classify } from './tasks/classify.ts';
import { forecast } from './tasks/forecast.ts';
import { series } from './tasks/series.ts';
import { tag } from './tasks/tag.ts';
import { tensors } from './tasks/tensors.ts';
import { translate } from './tasks/translate.ts';
import { video } from './tasks/video.ts';
import { vqa } from './tasks/vqa.ts';

export const routes: readonly Route[] = [
  models,
  oneModel,
  completions,
  chat,
  embeddings,
  classify,
  tag,
  translate,
  caption,
  vqa,
  video,
  forecast,
  series,
  tensors,
  generate,
  ollamaChat,
  tags,
  show,
  ollamaVersion,
  ps,
  embed,
  embeddingsOfOld,
  health,
  ready,
  metrics,
  openapi,
  page,
  pageStyle,
  pageScript,
  studio,
  studioPage,
  studioFile,
  studioAsset,
  studioRun,
  studioCheckpoint,
];
