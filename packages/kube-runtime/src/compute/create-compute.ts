// SPDX-License-Identifier: Apache-2.0
import { deserialize, serialize } from "node:v8";
import type { ResourceLimits, Worker } from "node:worker_threads";
import type { Clock } from "@flux-ts/kube-core";
import { ComputeError } from "./compute-error.ts";
import type { Compute, ComputeJob, ComputeOptions } from "./compute.ts";
import type { JobAnswer, JobRequest } from "./serve-jobs.ts";
import { startWorker } from "./start-worker.ts";

/** The workers, and what a job may take. */
export interface ComputeConfig {
  readonly clock: Clock;
  /** The worker's main file, which calls `serveJobs`: of the bundle, or a source. */
  readonly workerUrl: URL;
  /** Smaller work runs in line. Default 64 KiB. */
  readonly inlineBytes?: number;
  /** Workers at once. Default 2. */
  readonly workers?: number;
  /** Of one job, without its wait for a worker and that worker's start. Default 60 s. */
  readonly timeoutMs?: number;
  /** Of one worker. Default 512 MiB. */
  readonly heapMb?: number;
  /** Default 64 MiB. */
  readonly maxOutputBytes?: number;
  /** Jobs that may wait. Default 1000. */
  readonly maxQueued?: number;
  /** A worker without work ends after so long. Default 30 s. */
  readonly idleMs?: number;
}

/** Workers that are started as they are needed. */
export interface ComputePool extends AsyncDisposable {
  readonly compute: Compute;
  /** Workers that are alive. */
  readonly size: number;
  close(): Promise<void>;
}

interface Task {
  readonly request: JobRequest;
  readonly resolve: (output: unknown) => void;
  readonly reject: (error: unknown) => void;
  readonly signal: AbortSignal | undefined;
}

/**
 * Runs jobs in line when they are small, else in worker threads: whatever a job does, leases are renewed, probes are
 * answered and other objects reconciled. A job that takes too long, needs too much memory or is aborted is killed with
 * its worker, and told by a clear error.
 *
 * What goes in and out is copied; objects of classes arrive as plain ones, so send text.
 */
export function createCompute(config: ComputeConfig): ComputePool {
  const { inlineBytes = 64 * 1024, workers: limit = 2, maxOutputBytes = 64 * 1024 * 1024, maxQueued = 1000 } = config;
  const waiting: Task[] = [];
  const seats = new Set<Seat>();
  let isClosed = false;

  const next = (): void => {
    while (waiting.length > 0) {
      const seat = [...seats].find((candidate) => candidate.isFree) ?? (seats.size < limit ? open() : undefined);
      if (seat === undefined) return;
      const task = waiting.shift();
      if (task !== undefined) seat.run(task);
    }
  };

  const open = (): Seat => {
    const seat = new Seat(config, {
      free: next,
      gone: () => {
        seats.delete(seat);
        if (!isClosed) next();
      },
    });
    seats.add(seat);
    return seat;
  };

  const compute: Compute = async <In, Out>(job: ComputeJob<In, Out>, input: In, options: ComputeOptions): Promise<Out> => {
    options.signal?.throwIfAborted();
    if (options.sizeBytes <= inlineBytes) return job.run(input);
    if (isClosed || waiting.length >= maxQueued)
      throw new ComputeError("BUSY", `${job.name}: ${isClosed ? "the workers were stopped" : `${maxQueued} jobs wait already`}`);
    const request: JobRequest = { name: job.name, input: serialize(input), maxOutputBytes: options.maxOutputBytes ?? maxOutputBytes };
    const output = await new Promise((resolve, reject) => {
      const { signal } = options;
      const task: Task = { request, resolve, reject, signal };
      const abort = (): void => {
        const at = waiting.indexOf(task);
        if (at < 0) return;
        waiting.splice(at, 1);
        reject(signal?.reason as Error);
      };
      signal?.addEventListener("abort", abort, { once: true });
      waiting.push(task);
      next();
    });
    // What the job of this name returns.
    return output as Out;
  };

  const close = async (): Promise<void> => {
    isClosed = true;
    for (const task of waiting.splice(0)) task.reject(new ComputeError("BUSY", `${task.request.name}: the workers were stopped`));
    await Promise.all([...seats].map((seat) => seat.end()));
  };

  return {
    compute,
    get size() {
      return seats.size;
    },
    close,
    [Symbol.asyncDispose]: close,
  };
}

/** What a worker may take to start. */
const START_MS = 30_000;

/** One worker thread, and the job it works on. */
class Seat {
  readonly #config: ComputeConfig;
  readonly #tell: { readonly free: () => void; readonly gone: () => void };
  readonly #worker: Worker;
  #task: Task | undefined;
  #cancelTimer: (() => void) | undefined;
  #isReady = false;
  #isGone = false;

  constructor(config: ComputeConfig, tell: { readonly free: () => void; readonly gone: () => void }) {
    this.#config = config;
    this.#tell = tell;
    const { heapMb = 512 } = config;
    const resourceLimits: ResourceLimits = {
      maxOldGenerationSizeMb: heapMb,
      maxYoungGenerationSizeMb: Math.max(16, Math.floor(heapMb / 8)),
    };
    // Nothing of ours to read: no environment.
    this.#worker = startWorker(config.workerUrl, { resourceLimits, env: {} });
    this.#worker.unref();
    this.#worker.on("message", (answer: JobAnswer) => {
      if ("ready" in answer) this.#ready();
      else this.#answered(answer);
    });
    this.#worker.on("error", (error) => this.#failed(toComputeError(error, this.#task?.request.name ?? "a worker", heapMb)));
    this.#worker.on("exit", () =>
      this.#failed(new ComputeError("CRASHED", `${this.#task?.request.name ?? "a worker"}: the worker ended without an answer`)),
    );
  }

  get isFree(): boolean {
    return this.#task === undefined && !this.#isGone;
  }

  run(task: Task): void {
    this.#task = task;
    this.#worker.ref();
    task.signal?.addEventListener("abort", this.#aborted, { once: true });
    this.#limit(task, this.#isReady ? 0 : START_MS);
    this.#worker.postMessage(task.request);
  }

  /** Loading its code is no job's time. */
  #ready(): void {
    this.#isReady = true;
    if (this.#task !== undefined) this.#limit(this.#task, 0);
  }

  #limit(task: Task, extraMs: number): void {
    const { timeoutMs = 60_000 } = this.#config;
    this.#cancelTimer?.();
    this.#cancelTimer = this.#config.clock.after(timeoutMs + extraMs, () => {
      this.#failed(new ComputeError("TIMEOUT", `${task.request.name} took longer than ${timeoutMs / 1000} s and was killed`));
    });
  }

  async end(): Promise<void> {
    this.#failed(new ComputeError("BUSY", "the workers were stopped"));
    await this.#worker.terminate();
  }

  readonly #aborted = (): void => {
    this.#failed(this.#task?.signal?.reason);
  };

  #finish(): Task | undefined {
    const task = this.#task;
    this.#task = undefined;
    task?.signal?.removeEventListener("abort", this.#aborted);
    this.#cancelTimer?.();
    this.#cancelTimer = undefined;
    return task;
  }

  #answered(answer: Exclude<JobAnswer, { readonly ready: true }>): void {
    const task = this.#finish();
    if (task === undefined) return;
    const { name } = task.request;
    if ("output" in answer) task.resolve(deserialize(answer.output));
    else if ("tooLarge" in answer) {
      task.reject(
        new ComputeError(
          "OUTPUT_TOO_LARGE",
          `${name} made ${answer.tooLarge} bytes, more than the ${task.request.maxOutputBytes} that it may`,
        ),
      );
    } else if ("unknown" in answer)
      task.reject(new ComputeError("UNKNOWN_JOB", `The worker has no job ${JSON.stringify(name)}; add it to those it serves`));
    else {
      const { message, code, stack } = answer.failure;
      task.reject(new ComputeError("FAILED", message, { ...(code === undefined ? {} : { jobCode: code }), cause: stack }));
    }
    this.#worker.unref();
    this.#cancelTimer = this.#config.clock.after(this.#config.idleMs ?? 30_000, () => void this.end());
    this.#tell.free();
  }

  #failed(error: unknown): void {
    this.#finish()?.reject(error);
    if (this.#isGone) return;
    this.#isGone = true;
    void this.#worker.terminate();
    this.#tell.gone();
  }
}

function toComputeError(error: unknown, name: string, heapMb: number): ComputeError {
  const code = error instanceof Error && "code" in error ? error.code : undefined;
  if (code === "ERR_WORKER_OUT_OF_MEMORY")
    return new ComputeError("OUT_OF_MEMORY", `${name} needed more than ${heapMb} MiB of memory and was killed`, { cause: error });
  return new ComputeError("CRASHED", `${name}: ${error instanceof Error ? error.message : String(error)}`, { cause: error });
}
