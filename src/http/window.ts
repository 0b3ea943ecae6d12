import { limitError, type DynobotError } from '../errors.js';

/** How far one side may be ahead of the other, in bytes. As much is held, at most, of what nobody takes. */
export const WINDOW = 128 * 1024;
/** What was taken is told in steps of so many bytes: less than the window, so that the other side never waits for it. */
export const ACKNOWLEDGED = 32 * 1024;

/**
 * Who sends more when it is so far ahead does not keep to the window. An honest one may seem to be ahead by more than the window:
 * by a piece, by what is left of the response before on the same connection, and a body is read as fast as the fastest reader does.
 */
const FARTHEST = 4 * WINDOW;

/** What to end the session with if the other side sends more, although it is `ahead` by so much. */
export function beyondWindow(ahead: number): DynobotError | undefined {
  return ahead < FARTHEST ? undefined : limitError('WINDOW', `it does not wait until what it sends is taken: more than ${FARTHEST} bytes`);
}
