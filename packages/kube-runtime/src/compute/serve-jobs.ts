// SPDX-License-Identifier: Apache-2.0
import { deserialize, serialize } from "node:v8";
import type { MessagePort } from "node:worker_threads";
import type { ComputeJob } from "./compute.ts";

/** What a worker is asked. */
export interface JobRequest {
  readonly name: string;
  /** Made by `serialize` of node:v8. */
  readonly input: Uint8Array;
  readonly maxOutputBytes: number;
}

/** What it answers. */
export type JobAnswer =
  /** Not an answer: it has loaded its code, and begins with the first job. */
  | { readonly ready: true }
  | { readonly output: Uint8Array }
  | { readonly failure: { readonly message: string; readonly code: string | undefined; readonly stack: string | undefined } }
  | { readonly tooLarge: number }
  | { readonly unknown: true };

/** Answers requests for jobs, one at a time: the whole of a worker's main file. */
export function serveJobs(port: Pick<MessagePort, "on" | "postMessage">, jobs: readonly ComputeJob<never, unknown>[]): void {
  const table = new Map(jobs.map((job) => [job.name, job]));
  port.postMessage({ ready: true } satisfies JobAnswer);
  port.on("message", (request: JobRequest) => {
    void answer(table, request).then((given) => {
      port.postMessage(given, "output" in given ? [given.output.buffer as ArrayBuffer] : []);
    });
  });
}

async function answer(
  table: ReadonlyMap<string, ComputeJob<never, unknown>>,
  request: JobRequest,
): Promise<Exclude<JobAnswer, { readonly ready: true }>> {
  const job = table.get(request.name);
  if (job === undefined) return { unknown: true };
  try {
    const serialized = serialize(await job.run(deserialize(request.input) as never));
    if (serialized.byteLength > request.maxOutputBytes) return { tooLarge: serialized.byteLength };
    // A buffer of its own: that of a pool cannot be handed over.
    return { output: new Uint8Array(serialized) };
  } catch (error) {
    const code = error instanceof Error && "code" in error ? String(error.code) : undefined;
    return {
      failure: {
        message: error instanceof Error ? error.message : String(error),
        code,
        stack: error instanceof Error ? error.stack : undefined,
      },
    };
  }
}
