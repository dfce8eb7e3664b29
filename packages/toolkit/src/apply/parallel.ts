// SPDX-License-Identifier: Apache-2.0

/** How one piece of work ended. */
export type Outcome<T> = { readonly value: T } | { readonly error: unknown };

/**
 * Runs the work for every item, at most `limit` at a time, begun in order. After a failure nothing new is begun.
 * @returns one outcome for each item that was begun, in the order of the items; undefined for those that were not
 */
export async function runParallel<In, Out>(
  items: readonly In[],
  limit: number,
  work: (item: In, index: number) => Promise<Out>,
): Promise<readonly (Outcome<Out> | undefined)[]> {
  const outcomes: (Outcome<Out> | undefined)[] = items.map(() => undefined);
  let next = 0;
  let hasFailed = false;
  const worker = async (): Promise<void> => {
    for (;;) {
      const index = next;
      const item = items[index];
      if (hasFailed || index >= items.length || item === undefined) return;
      next += 1;
      try {
        outcomes[index] = { value: await work(item, index) };
      } catch (error) {
        outcomes[index] = { error };
        hasFailed = true;
      }
    }
  };
  await Promise.all(Array.from({ length: Math.max(1, Math.min(limit, items.length)) }, worker));
  return outcomes;
}
