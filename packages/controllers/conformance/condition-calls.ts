// SPDX-License-Identifier: Apache-2.0
import { isNotFound } from "@flux-ts/kube-core";
import { member } from "./go-expression.ts";

type Json = Readonly<Record<string, unknown>>;

interface ConditionLike {
  readonly type: string;
  readonly status: string;
  readonly reason: string;
  readonly message: string;
  readonly observedGeneration?: number;
}

function conditionsOf(value: unknown): readonly ConditionLike[] {
  const list = Array.isArray(value) ? value : (member(member(value, "Status"), "Conditions") ?? []);
  return list as ConditionLike[];
}

/** Flux' functions that look at conditions and errors. */
export function judge(call: string, [first, second]: readonly unknown[]): unknown {
  const name = call.slice(call.lastIndexOf(".") + 1);
  const found = conditionsOf(first instanceof Error ? undefined : first).find(({ type }) => type === second);
  const status = (type: string): string | undefined => conditionsOf(first).find((condition) => condition.type === type)?.status;
  switch (name) {
    case "IsNotFound":
      return isNotFound(first);
    case "FindStatusCondition":
    case "Get":
      return found;
    case "Has":
      return found !== undefined;
    case "IsTrue":
    case "IsStatusConditionTrue":
      return found?.status === "True";
    case "IsFalse":
    case "IsStatusConditionFalse":
      return found?.status === "False";
    case "IsUnknown":
      return found === undefined || found.status === "Unknown";
    case "IsReady":
      return status("Ready") === "True";
    case "IsStalled":
      return status("Stalled") === "True";
    case "IsReconciling":
      return status("Reconciling") === "True";
    case "GetReason":
      return found?.reason;
    case "GetMessage":
      return found?.message;
    case "GetObservedGeneration":
      return found?.observedGeneration;
    case "FieldOwner":
      return first;
    case "RawPatch":
      return { type: first, body: second };
    case "String":
      return "now";
    case "ReconcileAnnotationValue": {
      const value = (first as Json | undefined)?.["reconcile.fluxcd.io/requestedAt"];
      return { out: value ?? "", 1: value !== undefined };
    }
    case "UnstructuredToObjMetadata":
      return undefined;
    case "CheckErr":
      return checkConditions(first);
    default:
      throw new Error(`no counterpart of ${call}`);
  }
}

/** What kstatus asks of an object: an abnormal condition and Ready=True exclude each other, and the generation is observed. */
function checkConditions(object: unknown): undefined {
  const conditions = conditionsOf(object);
  const isTrue = (type: string): boolean => conditions.some((condition) => condition.type === type && condition.status === "True");
  if (isTrue("Ready") && (isTrue("Reconciling") || isTrue("Stalled"))) throw new Error("Ready and Reconciling or Stalled at once");
  if (isTrue("Reconciling") && isTrue("Stalled")) throw new Error("Reconciling and Stalled at once");
  if (isTrue("Ready") && member(member(object, "Status"), "ObservedGeneration") !== member(object, "Generation"))
    throw new Error("Ready, and an older generation observed");
  return undefined;
}
