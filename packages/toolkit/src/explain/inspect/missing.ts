// SPDX-License-Identifier: Apache-2.0
import type { ObjectRef } from "@flux-ts/kube-core";
import type { Stage } from "../explanation.ts";
import type { Finding } from "../finding.ts";
import { formatSubject, found } from "../finding.ts";
import type { Walk } from "../walk.ts";

/** An object that somebody refers to, and that is not there. */
export function notFound(ref: ObjectRef, stage: Stage, because: ObjectRef | undefined): Finding {
  const who = because === undefined ? "" : `, and ${formatSubject(because)} refers to it`;
  return found({
    stage,
    ref,
    reason: "NotFound",
    message: `${formatSubject(ref)} is not there${who}`,
    ...(because === undefined ? {} : { because }),
  });
}

/** Those of the objects that are known not to be there. */
export function missing(refs: readonly ObjectRef[], stage: Stage, because: ObjectRef, walk: Walk): readonly Finding[] {
  return refs.filter((ref) => walk.isAbsent(ref)).map((ref) => notFound(ref, stage, because));
}
