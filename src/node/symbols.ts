import { errorMonitor } from 'node:events';
import { shareSymbol } from '../values/symbol.js';

// An event's name, by which an emitter knows who only looks on.
shareSymbol('events.errorMonitor', errorMonitor);
