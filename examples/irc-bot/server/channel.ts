import type { User } from './user.js';

/** A channel: it begins with its first member, who becomes its operator, and ends with its last. */
export class Channel {
  topic = '';
  /** `n`: only members may speak. `t`: only operators may set the topic. */
  readonly modes = new Set(['n', 't']);
  readonly members = new Set<User>();
  readonly operators = new Set<User>();

  constructor(readonly name: string) {}

  add(user: User): void {
    if (this.members.size === 0) this.operators.add(user);
    this.members.add(user);
    user.channels.add(this);
  }

  remove(user: User): void {
    this.members.delete(user);
    this.operators.delete(user);
    user.channels.delete(this);
  }

  /** The nick as NAMES and WHO show it: operators have an `@` before it. */
  prefix(user: User): string {
    return this.operators.has(user) ? '@' : '';
  }

  send(source: string, command: string, ...params: string[]): void {
    for (const member of this.members) member.send(source, command, ...params);
  }

  sendToOthers(speaker: User, command: string, ...params: string[]): void {
    for (const member of this.members) {
      if (member !== speaker) member.send(speaker.mask, command, ...params);
    }
  }
}
