// All that the library gives, at every one of its doors.

import * as main from 'unrolled';
import * as analysis from 'unrolled/analysis';
import * as data from 'unrolled/data';
import * as graph from 'unrolled/graph';
import * as io from 'unrolled/io';
import * as layers from 'unrolled/layers';
import * as lessons from 'unrolled/lessons';
import * as metrics from 'unrolled/metrics';
import * as pipelines from 'unrolled/pipelines';
import * as world from 'unrolled/world';

export const everyDoor = {
  ...analysis,
  ...data,
  ...graph,
  ...io,
  ...layers,
  ...lessons,
  ...metrics,
  ...pipelines,
  ...world,
  ...main,
};
