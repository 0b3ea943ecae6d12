import { text } from './check.js';
import type { Kind } from './kind.js';

interface Head {
  type: string;
  bubbles: boolean;
  cancelable: boolean;
  composed: boolean;
}

type Body = [target: unknown, properties: Record<string, unknown>];

/** What the commonest subclasses keep in accessors. */
const CARRIED = ['detail', 'data', 'origin', 'lastEventId', 'code', 'reason', 'wasClean', 'message', 'error'];

/** What an EventTarget hands its listeners. It is copied; its target is a reference. */
export const event: Kind<Event, Head, Body> = {
  tag: 'Event',
  is: (value) => typeof Event === 'function' && value instanceof Event,
  head: ({ type, bubbles, cancelable, composed }) => ({ type, bubbles, cancelable, composed }),
  create: ({ type, bubbles, cancelable, composed }) => new Event(text(type), { bubbles: bubbles === true, cancelable: cancelable === true, composed: composed === true }),
  body: (value) => {
    const properties: Record<string, unknown> = {};
    for (const key of CARRIED) if (key in value) properties[key] = Reflect.get(value, key);
    for (const key of Object.keys(value)) if (key !== 'isTrusted') properties[key] = Reflect.get(value, key);
    return [value.target, properties];
  },
  fill: (value, [target, properties]) => {
    const all = { ...properties, target, currentTarget: target };
    for (const [key, property] of Object.entries(all)) {
      Object.defineProperty(value, key, { value: property, writable: true, enumerable: true, configurable: true });
    }
  },
};
