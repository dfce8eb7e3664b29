// SPDX-License-Identifier: Apache-2.0

/** Who points at what: the reverse of what `refs` of a watch tells. Keys are `namespace/name`. */
export class Referrers {
  readonly #targetsOf = new Map<string, ReadonlySet<string>>();
  readonly #referrersOf = new Map<string, Set<string>>();

  /** Replaces what a referrer points at. */
  set(referrer: string, targets: Iterable<string>): void {
    this.delete(referrer);
    const set = new Set(targets);
    if (set.size === 0) return;
    this.#targetsOf.set(referrer, set);
    for (const target of set) {
      const referrers = this.#referrersOf.get(target);
      if (referrers === undefined) this.#referrersOf.set(target, new Set([referrer]));
      else referrers.add(referrer);
    }
  }

  delete(referrer: string): void {
    for (const target of this.#targetsOf.get(referrer) ?? []) {
      const referrers = this.#referrersOf.get(target);
      referrers?.delete(referrer);
      if (referrers?.size === 0) this.#referrersOf.delete(target);
    }
    this.#targetsOf.delete(referrer);
  }

  of(target: string): ReadonlySet<string> {
    return this.#referrersOf.get(target) ?? new Set();
  }
}
