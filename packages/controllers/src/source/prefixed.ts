// SPDX-License-Identifier: Apache-2.0
import { Cancelled, Failure } from "@flux-ts/kube-runtime";

/** Runs work and, when it throws, says before the message what was attempted. Failures and cancellations pass through. */
export async function prefixed<T>(what: string, work: () => T | Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof Failure || error instanceof Cancelled || !(error instanceof Error)) throw error;
    throw new Error(`${what}: ${error.message}`, { cause: error });
  }
}
