import assert from 'node:assert/strict';
import { DynobotError, type RemoteError } from '../../../src/index.js';
import type { Row } from './row.js';

class NetworkError extends TypeError {
  readonly retry = { after: new Date(1) };
}

class LateError extends NetworkError {
  override get name(): string { return 'Late'; }
}

function coded(): Error {
  const error = new LateError('no answer', { cause: new RangeError('inner', { cause: 'a string' }) });
  return Object.assign(error, { code: 'E_LATE', errno: -5 });
}

function checkCoded(arrived: unknown): void {
  assert.ok(arrived instanceof TypeError);
  const error = arrived as LateError & { code: string; errno: number } & RemoteError;
  assert.deepEqual([error.constructor.name, Object.getPrototypeOf(error.constructor).name], ['LateError', 'NetworkError']);
  assert.deepEqual([error.name, error.message, error.code, error.errno], ['Late', 'no answer', 'E_LATE', -5]);
  assert.deepEqual(error.retry, { after: new Date(1) });
  assert.ok(error.cause instanceof RangeError);
  assert.deepEqual([error.cause.message, error.cause.cause], ['inner', 'a string']);
  assert.deepEqual(Object.keys(error).sort(), ['code', 'errno', 'retry']);
  assert.match(error.remoteStack, /coded/);
  assert.ok(String(error.stack).includes('no answer'));
}

export const errors: readonly Row[] = [
  {
    kind: '`Error` and its built-in subclasses', how: 'copied', kept: 'class, `message`, `name`', lost: 'the stack becomes `remoteStack`; `stack` is that of who waited for it',
    make: () => [Error, EvalError, RangeError, ReferenceError, SyntaxError, TypeError, URIError].map((Class) => new Class(Class.name)),
    check: (arrived) => {
      for (const error of arrived as Error[]) {
        const Class = Reflect.get(globalThis, error.message) as ErrorConstructor;
        assert.equal(Object.getPrototypeOf(error), Class.prototype);
        assert.deepEqual([error.name, Object.keys(error)], [error.message, []]);
      }
    },
  },
  {
    kind: 'error of a class of your own', how: 'copied', kept: 'names of its classes; `code`, `cause` and all enumerable own properties; `instanceof` its built-in class',
    lost: 'its methods and accessors; `instanceof` its own class', make: coded, check: checkCoded,
  },
  {
    kind: '`AggregateError`', how: 'copied', kept: '`errors` too',
    make: () => new AggregateError([new TypeError('one'), 2], 'both'),
    check: (arrived) => {
      assert.ok(arrived instanceof AggregateError);
      const [one, two] = arrived.errors as [unknown, unknown];
      assert.ok(one instanceof TypeError);
      assert.deepEqual([arrived.message, one.message, two, Object.keys(arrived)], ['both', 'one', 2, []]);
    },
  },
  {
    kind: '`DOMException`', how: 'copied', kept: '`name`, `message`, `code`, `cause`',
    make: () => [new DOMException('stop', 'AbortError'), AbortSignal.abort().reason as unknown],
    check: (arrived) => {
      for (const error of arrived as DOMException[]) {
        assert.ok(error instanceof DOMException);
        assert.deepEqual([error.name, error.code], ['AbortError', 20]);
      }
    },
  },
  {
    kind: '`DynobotError`', how: 'copied', kept: 'class, `code`, `kind`', make: () => new DynobotError('ERR_DYNOBOT_DENIED', 'no', { cause: 1 }),
    check: (arrived) => {
      assert.ok(arrived instanceof DynobotError);
      assert.deepEqual([arrived.code, arrived.kind, arrived.message, arrived.cause], ['ERR_DYNOBOT_DENIED', 'refused', 'no', 1]);
    },
  },
];
