// SPDX-License-Identifier: Apache-2.0
import type { Infer } from "@flux-ts/kube-core";
import { integer, mapOf, object, optional, string, time } from "@flux-ts/kube-core/schema";

/** What a source produced. @see fluxcd/pkg apis/meta Artifact */
export const artifact = (description: string) =>
  object(
    {
      digest: string({
        description: "Digest of the file, `<algorithm>:<hex>`.",
        pattern: "^[a-z0-9]+(?:[.+_-][a-z0-9]+)*:[a-zA-Z0-9=_-]+$",
      }),
      lastUpdateTime: time({ description: "When it was stored." }),
      metadata: optional(mapOf(string(), { description: "What the origin tells of it, such as the annotations of an OCI artifact." })),
      path: string({ description: "Path of the file in the controller's storage." }),
      revision: string({
        description: "Where it comes from, for people and programs: `main@sha1:…`, a chart version, an OCI tag and digest.",
      }),
      size: optional(integer({ description: "Size of the file in bytes.", format: "int64" })),
      url: string({ description: "Where other controllers download the file." }),
    },
    { description },
  );

export type Artifact = Infer<ReturnType<typeof artifact>>;
