interface Condition {
  isMet(): boolean;
  then(): void;
}

/** What somebody waits for on one connection. Whoever may have met some of it says `look`. */
export class Conditions {
  #all: Condition[] = [];

  when(isMet: () => boolean, then: () => void): void {
    if (isMet()) then();
    else this.#all.push({ isMet, then });
  }

  look(): void {
    if (this.#all.length === 0) return;
    const all = this.#all;
    this.#all = [];
    for (const { isMet, then } of all) this.when(isMet, then);
  }
}
