// SPDX-License-Identifier: Apache-2.0
import type { Inspect } from "../walk.ts";
import { found, NOTHING, subjectOf } from "../finding.ts";
import { refTo } from "../kinds.ts";
import { textAt } from "../read-object.ts";
import { notFound } from "./missing.ts";
import { terminating } from "./terminating.ts";

/** A claim of a volume: bound, or why not. */
export const inspectClaim: Inspect = (ref, walk) => {
  const look = walk.get(ref);
  if (look.is === "unknown") return NOTHING;
  if (look.is === "absent") return { links: [], findings: [notFound(ref, "pods", undefined)] };
  const { object } = look;
  const gone = terminating(object, ref, "pods", walk);
  const phase = textAt(object, "status", "phase") || "Pending";
  if (gone.length > 0 || phase === "Bound") {
    return { links: gone.length > 0 ? [] : [{ stage: "pods", state: "ok", object: subjectOf(ref), text: phase }], findings: gone };
  }
  const className = textAt(object, "spec", "storageClassName");
  const storage = refTo("StorageClass", undefined, className);
  const missing = className !== "" && walk.isAbsent(storage) ? [notFound(storage, "pods", ref)] : [];
  const [newest] = walk.eventsOf(ref);
  if (missing.length === 0 && newest?.reason === "WaitForFirstConsumer") {
    const { reason, message } = newest;
    return { links: [], findings: [found({ weight: "hold", stage: "pods", ref, reason, message })] };
  }
  const event = walk.eventsOf(ref).find(({ reason }) => ["ProvisioningFailed", "FailedBinding", "VolumeMismatch"].includes(reason));
  const message =
    event?.message ?? (className === "" ? "it has no storage class, and no volume fits" : `no volume of the class ${className} fits`);
  return { links: [], findings: [...missing, found({ stage: "pods", ref, reason: phase, message })] };
};
