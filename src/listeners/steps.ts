import { inCourse, type Course } from '../proxies/course.js';
import { answeredLater, outcomeMeant } from '../proxies/outcome.js';

type Step = () => unknown;

/**
 * Takes the steps of one call one after the other, each when who stands still for the call has heard what the step before
 * emitted: as locally, where a listener has returned before the emitter goes on. Returns what the last step returns.
 */
export function inSteps(course: Course | undefined, steps: readonly Step[]): unknown {
  let result: unknown;
  for (let i = 0; i < steps.length; i++) {
    result = steps[i]!();
    if (course === undefined || i === steps.length - 1) continue;
    if (course.hasCalledBack || outcomeMeant(result) !== undefined) return answeredLater(afterwards(course, result, steps.slice(i + 1)));
  }
  return result;
}

async function afterwards(course: Course, pending: unknown, steps: readonly Step[]): Promise<unknown> {
  await pending;
  await course.calledBackDone();
  return inCourse(course, () => inSteps(course, steps));
}
