import type { EventEmitter } from 'node:events';

export function makeServices(): { services: Record<string, object>; emitter: EventEmitter; jobs: EventEmitter; kept: Set<unknown> };
