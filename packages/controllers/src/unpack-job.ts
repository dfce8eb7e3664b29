// SPDX-License-Identifier: Apache-2.0
import { ComputeError, type Compute, type ComputeJob } from "@flux-ts/kube-runtime";
import type { ArchiveReader, ArtifactErrorCode, PackedTree, UnpackLimits } from "@flux-ts/toolkit/artifact";
import { ArtifactError, packForThread, unpackFromThread, unpackTree } from "@flux-ts/toolkit/artifact";

interface UnpackInput {
  readonly archive: Uint8Array;
  readonly limits: UnpackLimits;
}

/** Unpacks an archive in a worker thread. */
export const unpackJob: ComputeJob<UnpackInput, PackedTree> = {
  name: "unpack",
  run: async ({ archive, limits }) => packForThread(await unpackTree(archive, limits)),
};

/** Of a tree on its way back, beyond its files' own bytes: paths. */
const MAX_PATHS_BYTES = 128 * 1024 * 1024;
const MAX_TAR_BYTES = 512 * 1024 * 1024;

/** A job that needed more than it may have. */
const KILLED: ReadonlySet<ComputeError["code"]> = new Set<ComputeError["code"]>(["TIMEOUT", "OUT_OF_MEMORY", "OUTPUT_TOO_LARGE"]);

/** A reader that leaves the work to `compute`: a large archive of one tenant keeps nobody else waiting. */
export function unpackWith(compute: Compute): ArchiveReader {
  return async (archive, limits) => {
    try {
      // Its size says little of what is in it: whoever asks has seen that it is large.
      const options = { sizeBytes: Number.MAX_SAFE_INTEGER, maxOutputBytes: (limits.maxBytes ?? MAX_TAR_BYTES) + MAX_PATHS_BYTES };
      return unpackFromThread(await compute(unpackJob, { archive, limits }, options));
    } catch (error) {
      if (!(error instanceof ComputeError)) throw error;
      if (KILLED.has(error.code)) throw new ArtifactError("TOO_LARGE", error.message, { cause: error });
      // Busy or crashed workers say nothing of the archive.
      if (error.code !== "FAILED") throw error;
      // What the job threw reads as if it had been thrown here. It throws ArtifactErrors.
      throw new ArtifactError((error.jobCode as ArtifactErrorCode | undefined) ?? "INVALID_ARCHIVE", error.message, { cause: error });
    }
  };
}
