/** Roles that a host's options do not declare, while they declare others. Each is remarked upon once. */
export class Strays {
  readonly #told = new Set<string>();

  remark(role: string, declared: readonly string[] | undefined): string | undefined {
    if (declared === undefined || this.#told.has(role)) return undefined;
    this.#told.add(role);
    return `the host's options say nothing of a role ${role}; they declare ${declared.join(', ')}`;
  }
}
