import type { ErrorCode } from '../errors.js';

/** A call needs so many words of the stack: 16 KiB for its frames and ours below it. */
const FOR_CALL = words(2 * 1024);
/**
 * With calls below it that must be answered, whatever happens: 128 KiB. V8 refuses to compile a function that is called for the
 * first time if there are less than 40.
 */
const FOR_NESTED = words(16 * 1024);

function words(count: number): readonly number[] {
  return new Array<number>(count).fill(0);
}

const nothing = (): void => {};

/**
 * A stack that overflows in the middle of a call would leave that half made. So there is room for it, or it is not begun.
 *
 * @throws RangeError ERR_DYNOBOT_LIMIT_STACK
 */
export function mustHaveRoom(isNested: boolean): void {
  try {
    Reflect.apply(nothing, undefined, isNested ? FOR_NESTED : FOR_CALL);
  } catch {
    const code: ErrorCode = 'ERR_DYNOBOT_LIMIT_STACK';
    throw Object.assign(new RangeError('Maximum call stack size exceeded: calls are nested too deeply, here or by way of the host'), { code });
  }
}
