import { EventEmitter, getMaxListeners, setMaxListeners } from 'node:events';
import type { MaxListeners } from '../platform.js';

function hasLimit(target: object): target is EventEmitter {
  return target instanceof EventEmitter || target instanceof EventTarget;
}

/** Emitters in the image of Node's (eventemitter3) have no limit. */
export const nodeMaxListeners: MaxListeners = {
  get: (target) => (hasLimit(target) ? getMaxListeners(target) : undefined),
  set: (target, most) => {
    if (hasLimit(target)) setMaxListeners(most, target);
  },
};
