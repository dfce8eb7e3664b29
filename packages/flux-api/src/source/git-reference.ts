// SPDX-License-Identifier: Apache-2.0
import { object, optional, string } from "@flux-ts/kube-core/schema";

/** @see source-controller api/v1 GitRepositoryRef */
export const gitReference = (description: string) =>
  object(
    {
      branch: optional(string({ description: "Branch; `master` when no field is given." })),
      commit: optional(
        string({ description: "Full SHA of a commit; wins over every other field. With `branch`, it must be reachable from there." }),
      ),
      name: optional(string({ description: "Full reference, such as `refs/pull/420/head`; wins over branch, tag and semver." })),
      semver: optional(string({ description: "Version range; the highest tag within it." })),
      tag: optional(string({ description: "Tag; wins over branch." })),
    },
    { description },
  );
