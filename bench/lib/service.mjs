import { EventEmitter } from 'node:events';

/** What every system hosts. */
export class Service extends EventEmitter {
  kept = [];

  add(a, b) {
    return a + b;
  }

  echo(value) {
    return value;
  }

  /** A callback that is not needed after the call. */
  take(_callback) {}

  /** A callback that is. */
  keep(callback) {
    this.kept.push(callback);
  }
}

/** An event of the size that a chat message has. */
export function eventNumber(n) {
  return {
    nick: 'alice',
    ident: '~alice',
    hostname: 'user/alice',
    target: '#dynobot',
    message: 'good morning, has anybody seen the release notes?',
    n,
  };
}
