// SPDX-License-Identifier: Apache-2.0
import type { KubeObject } from "@flux-ts/kube-core";
import type { Suite } from "@flux-ts/testbed";
import type { JsonChange, Selector } from "../src/apply/index.ts";
import {
  compileSelector,
  diffContent,
  diffMetadata,
  isImmutableError,
  isJob,
  jobsWithTtl,
  maskChanges,
  maskData,
  normalize,
  parseGroupKinds,
  readObjects,
  roundTrip,
} from "../src/apply/index.ts";
import { withoutBadCaBundle } from "../src/apply/ca-bundle.ts";
import type { Call } from "./apply-cases.ts";
import { callSuite } from "./apply-cases.ts";
import { knownFailures } from "./ssa-pure.known-failures.ts";

/** A value that the call changes in place upstream; ours returns the changed one. */
interface Holder {
  current: unknown;
}

const held = (value: unknown): unknown => (isHolder(value) ? value.current : value);
const objectOf = (value: unknown): KubeObject => {
  const object = held(value) as KubeObject;
  return { ...object, metadata: (object as { metadata?: object }).metadata ?? {} };
};

const change =
  (how: (object: KubeObject) => KubeObject): Call =>
  ([holder]) => {
    if (!isHolder(holder)) throw new Error("the case does not say what is changed");
    holder.current = how(objectOf(holder));
    return undefined;
  };

/** What Flux' package for server-side apply does without a cluster. */
export const suite: Suite = callSuite({
  name: "ssa-pure",
  files: [
    "pkg/ssa/errors/immutable.jsonl",
    "pkg/ssa/jsondiff/diff.jsonl",
    "pkg/ssa/jsondiff/mask.jsonl",
    "pkg/ssa/jsondiff/selector.jsonl",
    "pkg/ssa/normalize/normalize.jsonl",
    "pkg/ssa/sanitize.jsonl",
    "pkg/ssa/utils/cert_validation.jsonl",
    "pkg/ssa/utils/job.jsonl",
    "pkg/ssa/utils/meta.jsonl",
    "pkg/ssa/utils/object.jsonl",
  ],
  knownFailures,
  calls: {
    "pkg/ssa/errors.IsImmutableError": ([error]) =>
      isImmutableError(new Error(String((error as Record<string, unknown>)["$error"] ?? error))),
    "pkg/ssa/jsondiff.DiffSet.HasType": ([type], _case, on) => typesOf(on).includes(type),
    "pkg/ssa/jsondiff.DiffSet.HasChanges": (_args, _case, on) => typesOf(on).some((type) => type === "create" || type === "update"),
    "pkg/ssa/jsondiff.MaskSecretPatchData": ([patch]) => maskChanges((patch as Operation[]).map(toChange)).map(toOperation),
    "pkg/ssa/jsondiff.DiffUnstructured": ([x, y]) => diffContent(objectOf(x), objectOf(y)).map(toOperation),
    "pkg/ssa/jsondiff.diffUnstructuredMetadata": ([x, y]) => diffMetadata(objectOf(x), objectOf(y)).map(toOperation),
    "pkg/ssa/jsondiff.NewSelectorRegex": ([selector]) => held(selector),
    MatchAnnotationSelector: ([annotations], _case, on) => matcher(on, { metadata: { annotations } }),
    MatchLabelSelector: ([labels], _case, on) => matcher(on, { metadata: { labels } }),
    MatchName: ([name], _case, on) => matcher(on, { metadata: { name } }),
    MatchNamespace: ([namespace], _case, on) => matcher(on, { metadata: { namespace } }),
    MatchGVK: ([group, version, kind], _case, on) =>
      matcher(on, { apiVersion: group === "" ? version : `${String(group)}/${String(version)}`, kind }),
    MatchUnstructured: ([object], _case, on) => matcher(on, objectOf(object)),
    "pkg/ssa/normalize.FromUnstructured": ([object]) => {
      const typed = roundTrip(held(object) as Record<string, unknown>);
      if (typed === undefined) throw new Error("no kind is registered");
      return typed;
    },
    "pkg/ssa/normalize.Unstructured": change(normalize),
    "pkg/ssa.SanitizeUnstructuredData": ([before, after]) => {
      const { before: old, after: now } = maskData(dataOf(before), dataOf(after));
      for (const [holder, data] of [
        [before, old],
        [after, now],
      ] as const) {
        if (isHolder(holder) && dataOf(holder) !== undefined) holder.current = { ...(holder.current as object), data };
      }
      return undefined;
    },
    "pkg/ssa/utils.RemoveCABundleFromCRD": change(withoutBadCaBundle),
    "pkg/ssa/utils.ExtractJobsWithTTL": ([objects]) => jobsWithTtl((objects as unknown[]).map(objectOf)),
    "pkg/ssa/utils.IsJob": ([object]) => isJob(objectOf(object)),
    "pkg/ssa/utils.ParseGroupKindSet": ([text]) =>
      Object.fromEntries(
        [...parseGroupKinds(String(text))].map((item) => {
          const slash = item.indexOf("/");
          return [`{"Group": "${item.slice(0, slash)}", "Kind": "${item.slice(slash + 1)}"}`, true];
        }),
      ),
    "pkg/ssa/utils.ReadObjects": ([text]) => readObjects(String(text)),
  },
});

/** As the corpus writes an operation of a JSON patch. */
interface Operation {
  readonly Type: { readonly $: string } | string;
  readonly Path: string;
  readonly Value?: unknown;
  readonly OldValue?: unknown;
}

const NAMES: Readonly<Record<JsonChange["op"], string>> = { add: "OperationAdd", remove: "OperationRemove", replace: "OperationReplace" };

function toChange({ Type, Path, Value, OldValue }: Operation): JsonChange {
  const name = typeof Type === "string" ? Type : Type.$;
  const op = name.endsWith("Add") ? "add" : name.endsWith("Remove") ? "remove" : "replace";
  return { op, path: Path, value: Value, oldValue: OldValue };
}

function toOperation({ op, path, value, oldValue }: JsonChange): unknown {
  return { Type: `github.com/wI2L/jsondiff.${NAMES[op]}`, Path: path, Value: value, OldValue: oldValue };
}

function typesOf(on: unknown): readonly unknown[] {
  return (held(on) as { Type: unknown }[]).map(({ Type }) => Type);
}

function matcher(selector: unknown, object: unknown): boolean {
  if (selector === null || selector === undefined) return true;
  const parts = Object.entries(selector).map(([name, value]) => [name.charAt(0).toLowerCase() + name.slice(1), value as unknown]);
  return compileSelector(Object.fromEntries(parts) as Selector)({ apiVersion: "", kind: "", metadata: {}, ...(object as object) });
}

function dataOf(value: unknown): Readonly<Record<string, unknown>> | undefined {
  const object = held(value) as Record<string, unknown> | null | undefined;
  return object?.["data"] as Record<string, unknown> | undefined;
}

function isHolder(value: unknown): value is Holder {
  return typeof value === "object" && value !== null && "current" in value;
}
