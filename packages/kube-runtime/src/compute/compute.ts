// SPDX-License-Identifier: Apache-2.0

/** A pure function with a name, so that a worker thread can be asked for it. Input and output are structured-cloneable. */
export interface ComputeJob<In, Out> {
  readonly name: string;
  run(input: In): Out | Promise<Out>;
}

/** Of one job. */
export interface ComputeOptions {
  /** Of the input, in bytes: small work runs in line. */
  readonly sizeBytes: number;
  readonly signal?: AbortSignal;
  /** How large what the job makes may be, in place of the limit that holds for all. */
  readonly maxOutputBytes?: number;
}

/** Runs jobs in line when small, in a worker thread with time, heap and output limits otherwise. */
export interface Compute {
  <In, Out>(job: ComputeJob<In, Out>, input: In, options: ComputeOptions): Promise<Out>;
}

/** Everything in line: for tests, and where there are no worker threads. */
export const computeInLine: Compute = async (job, input, options) => {
  options.signal?.throwIfAborted();
  return job.run(input);
};
