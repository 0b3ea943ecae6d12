import { eventNumber } from './service.mjs';

/**
 * Emits events from a host: `burst` in each turn of the event loop, never more than `window` ahead of what the client
 * has said it received, until `count` or until the time is up.
 */
export class Emission {
  #service;
  #acknowledged = 0;
  #resume;

  constructor(service) {
    this.#service = service;
  }

  acknowledge(count) {
    this.#acknowledged = count;
    this.#resume?.();
  }

  run({ count, milliseconds, burst, window = Infinity }) {
    const end = performance.now() + milliseconds;
    this.#acknowledged = 0;
    let sent = 0;
    return new Promise((resolve) => {
      const turn = () => {
        this.#resume = undefined;
        for (let i = 0; i < burst && sent < count; i++) this.#service.emit('event', eventNumber(sent++));
        if (sent >= count || performance.now() > end) resolve(sent);
        else if (sent - this.#acknowledged + burst <= window) setImmediate(turn);
        else this.#resume = turn;
      };
      turn();
    });
  }
}
