import { abortSignal } from './abort-signal.js';
import { boxed } from './boxed.js';
import { arrayBuffer, buffer, bufferView } from './bytes.js';
import { date } from './date.js';
import { domException, dynobotError, error } from './error.js';
import { event } from './event.js';
import { iterator, iteratorMethod } from './iterator.js';
import type { AnyKind } from './kind.js';
import { map } from './map.js';
import { promise } from './promise.js';
import { regexp } from './regexp.js';
import { set } from './set.js';
import { url, urlSearchParams } from './url.js';
import { readableStream, transformStream, writableStream } from './web-streams.js';

/** The kinds that every platform has. The last ones are asked first. */
export const builtInKinds: readonly AnyKind[] = [
  boxed, transformStream, writableStream, readableStream, event, url, urlSearchParams, regexp, iteratorMethod, iterator, abortSignal,
  arrayBuffer, bufferView, buffer, error, domException, dynobotError, promise, set, map, date,
];
