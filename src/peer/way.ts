import { isCarrier } from '../values/carrier.js';
import { SETTLED } from '../values/promise.js';
import type { Export } from './exports.js';
import { refusedBy } from './paths.js';
import type { Policy } from './policy.js';

/** Where a value was handed out: the service with its policy, and the path from there. */
export class Way {
  constructor(
    readonly service: string,
    readonly policy: Policy,
    readonly path = '',
    /** The path without the names of plain objects, if there are some in it. */
    private readonly shorter?: string,
    /** What is handed out are the steps of an iteration: the value is in an object of ours. */
    readonly inSteps = false,
  ) {}

  /** The paths of a member: it is allowed, and denied, by each. */
  to(name: string | 0): [path: string] | [path: string, shorter: string] {
    return this.shorter === undefined ? [join(this.path, name)] : [join(this.path, name), join(this.shorter, name)];
  }

  /** Where what a call of `name` hands out is. */
  step(name: string | 0): Way {
    return name === 0 ? this : new Way(this.service, this.policy, ...this.to(name));
  }

  /** Where what a plain object holds is that was handed out. */
  within(name: string): Way {
    return new Way(this.service, this.policy, join(this.path, name), this.shorter ?? this.path);
  }

  /** The same way, for the values that come in steps, or for the steps. */
  ofValues(): Way {
    return this.inSteps ? new Way(this.service, this.policy, this.path, this.shorter) : this;
  }

  ofSteps(): Way {
    return new Way(this.service, this.policy, this.path, this.shorter, true);
  }

  get isDenied(): boolean {
    const { deny } = this.policy;
    return deny !== undefined && this.to(0).some((path) => refusedBy(deny, path, 'get'));
  }
}

function join(path: string, name: string | 0): string {
  if (name === 0) return path;
  return path === '' ? name : `${path}.${name}`;
}

/** Where what `name` of an export hands out is. What a promise, a stream or an iterator hands out is where itself is. */
export function wayFrom({ value, way }: Export, name: string | 0): Way | undefined {
  if (!isCarrier(value)) return way?.step(name);
  return name === SETTLED ? way : way?.ofSteps();
}
