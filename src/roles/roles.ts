import { DynobotError, protocolError } from '../errors.js';
import type { Staging } from '../listeners/ledger.js';
import type { RolePost } from '../peer/role-end.js';
import type { Member } from './member.js';
import type { HandoverNews, Who } from './news.js';
import { completeRoleOptions, LONGEST_ROLE, type RoleOptions } from './options.js';
import type { RoleReport } from './report.js';
import { Role } from './role.js';
import type { RoleHost } from './role-host.js';

/** A session's part in a role, as its host sees it. */
export interface Part {
  readonly member: Member;
  /** How its listeners are attached. */
  readonly staging: Staging;
  left(reason: DynobotError | undefined): void;
}

/** All roles of one host. A role begins when a process comes for it, and ends when nothing of it is left. */
export class Roles {
  readonly #roles = new Map<string, Role>();

  constructor(
    private readonly host: RoleHost,
    private readonly options: Readonly<Record<string, RoleOptions>>,
    private readonly most: number,
  ) {}

  /** @throws a protocol error for what is no role, ERR_DYNOBOT_LIMIT if there are too many */
  join(greeting: unknown, who: Who, post: RolePost): Part {
    const { name, instance } = mustBeRole(greeting);
    const role = this.#role(name);
    const { member, staging } = role.join(who, instance, post);
    return {
      member, staging,
      left: (reason) => {
        role.left(member, reason);
        if (this.#roles.get(name) !== role) return;
        if (role.isIdle) this.#roles.delete(name);
        else if (role.isDeserted && role.patience < Infinity) role.callOff = this.host.platform.after(role.patience, () => void this.forget(name));
      },
    };
  }

  /**
   * Ends a role that no process comes for any more. Returns whether there was one.
   *
   * @throws DynobotError ERR_DYNOBOT_ROLE
   */
  forget(name: string): boolean {
    const role = this.#roles.get(name);
    if (role === undefined) return false;
    if (!role.isDeserted) throw new DynobotError('ERR_DYNOBOT_ROLE', `there are processes in the role ${name}: only one without any can be forgotten`);
    this.#roles.delete(name);
    role.close();
    return true;
  }

  /** How each process that has a turn has got it. */
  turns(): HandoverNews[] {
    return [...this.#roles.values()].flatMap((role) => role.turns());
  }

  report(): RoleReport[] {
    return [...this.#roles.values()].map((role) => role.report());
  }

  /** The host closes, and its sessions have ended: nothing of any role stays on its objects. */
  close(): void {
    for (const role of this.#roles.values()) role.close();
    this.#roles.clear();
  }

  #role(name: string): Role {
    let role = this.#roles.get(name);
    if (role !== undefined) return role;
    if (this.#roles.size >= this.most) throw new DynobotError('ERR_DYNOBOT_LIMIT', `no more than ${this.most} roles (limits.roles)`);
    const declared = Object.keys(this.options);
    const isDeclared = declared.includes(name);
    const options = completeRoleOptions(isDeclared ? this.options[name] : undefined);
    this.#roles.set(name, (role = new Role(name, options, this.host, isDeclared || declared.length === 0 ? undefined : declared)));
    return role;
  }
}

function mustBeRole(greeting: unknown): { name: string; instance: string } {
  const { name, instance } = (greeting ?? {}) as { name?: unknown; instance?: unknown };
  if (typeof name !== 'string' || name === '' || typeof instance !== 'string' || Math.max(name.length, instance.length) > LONGEST_ROLE) {
    throw protocolError('it comes for what is no role');
  }
  return { name, instance };
}
