// What the routes of the tasks share. They speak the pipelines' names: options as `predict` and `translate` have them, answers as they return them.

import type { TaskName } from 'unrolled/pipelines';
import type { EngineModel, TaskResult } from '../../engine/engine.ts';
import { eventStream } from '../../http/event-stream.ts';
import { findModel } from '../find-model.ts';
import { type Call, json } from '../route.ts';

interface Asked {
  readonly inputs: readonly unknown[];
  readonly options?: Readonly<Record<string, unknown>>;
  readonly stream?: boolean | null;
  readonly state?: boolean | string | null;
}

/** Only what was given: null is the same as absence. */
export function given(options: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== null && value !== undefined));
}

/** `{ object: 'list', model, data }`, and `state` where it was asked for; or its pieces as they come. */
export async function answerTask(
  call: Call,
  task: TaskName,
  name: string | null | undefined,
  asked: (served: EngineModel) => Asked | Promise<Asked>,
): Promise<Response> {
  const { engine, limits, states } = call.server;
  const served = findModel(call, name, [task]);
  const { inputs, options = {}, stream, state } = await asked(served);
  const from = await states.read(served, state);
  const request = {
    model: served.id,
    task,
    inputs,
    options: given(options),
    ...(from.bytes ? { state: from.bytes } : {}),
    ...(from.wanted ? { wantState: true } : {}),
  };
  const limit = { signal: call.signal, deadline: Math.max(1, limits.deadlineMs - call.elapsed()) };
  const body = async (result: TaskResult) => ({
    object: 'list',
    model: served.id,
    data: result.outputs,
    ...(result.state ? { state: await states.write(served, result.state) } : {}),
  });
  if (stream !== true) return json(await body(await engine.call(request, limit)));
  return call.stream(eventStream, frames());

  async function* frames() {
    let isFirst = true;
    for await (const next of engine.stream(request, limit)) {
      if (isFirst) call.firstText(served.id);
      isFirst = false;
      yield JSON.stringify(
        'piece' in next
          ? { object: 'piece', model: served.id, piece: next.piece, done: false }
          : { ...(await body(next.done)), done: true },
      );
    }
  }
}
