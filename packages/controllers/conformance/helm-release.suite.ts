// SPDX-License-Identifier: Apache-2.0
// What upstream's helm-controller sees in stored releases and snapshots of them, against ours.
import type { HelmRelease, ReleaseSnapshot } from "@flux-ts/flux-api";
import { HelmError } from "@flux-ts/helm";
import { type ReleaseRecord, ReleaseStorage } from "@flux-ts/helm/release";
import type { JsonObject } from "@flux-ts/kube-core";
import type { Suite } from "@flux-ts/testbed";
import { type Call, type Case, caseSuite, Several, type StepHandler } from "@flux-ts/testbed/call-cases";
import { Holder, isResult } from "@flux-ts/testbed/call-expressions";
import { algorithmNamed } from "@flux-ts/toolkit/artifact";
import { commonMetadataDigest, postRenderersDigest } from "../src/helm/helm-release/digests.ts";
import { isTested, latestOf, newest, previousOf, sortedHistory, truncated } from "../src/helm/helm-release/history.ts";
import { isTest, observationDigest, observe, snapshotOf, testHooksOf } from "../src/helm/helm-release/observation.ts";
import { stateOfRecord } from "../src/helm/helm-release/release-state.ts";
import { shortName, targetChange } from "../src/helm/helm-release/release-target.ts";
import { annotationRequest, requestThrough, type RequestKind, resetReason } from "../src/helm/helm-release/reset-failures.ts";
import { changeOf, verifyRecord, verifySnapshot } from "../src/helm/helm-release/verify-release.ts";
import { type Go, goHook, goInfo, goMetadata, goRelease, goSnapshot, hookOf, metadataOf, recordOf, snapshotFrom } from "./go-release.ts";
import { knownFailures } from "./helm-release.known-failures.ts";
import { memoryCluster } from "./memory-cluster.ts";

const FOLDER = "helm-controller";
const API = `${FOLDER}/api/v2`;
const BETA = `${FOLDER}/api/v2beta2`;
const ACTION = `${FOLDER}/internal/action`;
const RELEASE = `${FOLDER}/internal/release`;
const STORAGE = "helm.sh/helm/v4/pkg/storage";

/** An observation keeps the release that it is of. */
class GoObservation {
  readonly record: ReleaseRecord;
  readonly fields: Go;

  constructor(record: ReleaseRecord, fields: Go) {
    this.record = record;
    this.fields = fields;
  }
}

/** Helm's storage of releases, and what an observer of it is told. */
class GoStorage {
  readonly storage: ReleaseStorage;
  readonly cluster: ReturnType<typeof memoryCluster>;
  /** The same, for expressions of Go. */
  readonly Driver: GoStorage;

  constructor(cluster = memoryCluster(), onWritten?: () => void) {
    this.cluster = cluster;
    this.storage = new ReleaseStorage({ cluster, namespace: "default", clock: { now: () => 0 }, ...(onWritten && { onWritten }) });
    this.Driver = this;
  }
}

const held = (value: unknown): unknown => (value instanceof Holder ? value.current : value);
const goOf = (value: unknown): Go => (held(value) ?? {}) as Go;

/** The release that an argument is; from then on the argument reads as a whole release of Go's. */
function releaseOf(argument: unknown): ReleaseRecord {
  const record = recordOf(goOf(argument));
  if (argument instanceof Holder) argument.current = goRelease(record);
  return record;
}

function storageOf(value: unknown): ReleaseStorage {
  const found = held(value);
  if (found instanceof GoStorage) return found.storage;
  const inner = (found as { readonly Releases?: unknown; readonly Driver?: unknown } | undefined) ?? {};
  return storageOf(inner.Releases ?? inner.Driver);
}

/** `name.v1`, as upstream's tests call a stored release, or what Helm calls it. */
function partsOf(key: unknown): [name: string, version: number] {
  const [, name = "", version = "0"] = /^(?:sh\.helm\.release\.v1\.)?(.*)\.v(\d+)$/.exec(String(key)) ?? [];
  return [name, Number(version)];
}

function snapshotsOf(on: unknown): readonly ReleaseSnapshot[] {
  return (held(on) ?? []) as readonly ReleaseSnapshot[];
}

/** A HelmRelease of the corpus, its history read out of what calls gave. */
function helmReleaseOf(argument: unknown): HelmRelease {
  const release = { spec: {}, metadata: {}, ...goOf(argument) } as unknown as HelmRelease;
  const history = release.status?.history?.map((entry) => snapshotFrom(entry as unknown as Go));
  return history === undefined ? release : { ...release, status: { ...release.status, history } };
}

function annotated(kind: RequestKind): Call {
  return ([argument]) => {
    const release = helmReleaseOf(argument);
    const { isAsked, lastHandled } = annotationRequest(release, kind);
    const field = kind === "force" ? "lastHandledForceAt" : "lastHandledResetAt";
    if (argument instanceof Holder) argument.current = { ...release, status: { ...release.status, [field]: lastHandled } };
    return isAsked;
  };
}

function goObservation(record: ReleaseRecord): Go {
  const { name, version, info, chartMetadata, config, manifest, hooks, namespace } = observe(record);
  const fields = {
    name,
    version,
    info: goInfo(info),
    chartMetadata: goMetadata(chartMetadata),
    config,
    manifest,
    hooks: hooks.map(goHook),
    namespace,
  };
  return { ...fields, observation: new GoObservation(record, fields) };
}

function snapshotCall([argument]: readonly unknown[]): Go {
  const { observation, Action: action } = goOf(argument);
  if (!(observation instanceof GoObservation)) throw new Error("no observation of a release");
  return goSnapshot(snapshotOf(observe(observation.record), typeof action === "string" ? action : undefined));
}

const problem = (text: string | undefined): void => {
  if (text !== undefined) throw new Error(text);
};

/** Methods of a list of snapshots, in the package of one version of the API. */
function snapshotCalls(api: string): Readonly<Record<string, Call>> {
  const replace =
    (change: (list: readonly ReleaseSnapshot[], ignoresTests: boolean) => readonly ReleaseSnapshot[]): Call =>
    ([ignoresTests], on, run) => {
      const holder = [...run.variables.values()].find((value) => value instanceof Holder && value.current === on);
      if (holder instanceof Holder) holder.current = change(snapshotsOf(on), ignoresTests === true);
    };
  return {
    [`${api}.Snapshot.GetAction`]: (_, on) => goOf(on)["action"],
    [`${api}.Snapshot.HasBeenTested`]: (_, on) => isTested(goOf(on) as unknown as ReleaseSnapshot),
    [`${api}.Snapshots.Latest`]: (_, on) => latestOf(snapshotsOf(on)),
    [`${api}.Snapshots.Previous`]: ([ignoresTests], on) => previousOf(snapshotsOf(on), ignoresTests === true),
    [`${api}.Snapshots.SortByVersion`]: replace((list) => sortedHistory(list)),
    [`${api}.Snapshots.Truncate`]: replace(truncated),
    [`${api}.Snapshots.TruncateIgnoringPreviousSnapshots`]: replace((list) => newest(list)),
    [`${api}.ShouldHandleResetRequest`]: annotated("reset"),
    [`${api}.ShouldHandleForceRequest`]: annotated("force"),
    [`${api}.handleRequest`]: ([release, annotation, last]) => {
      const before = held(last);
      const request = requestThrough(String(annotation), typeof before === "string" ? before : undefined, helmReleaseOf(release));
      if (last instanceof Holder) last.current = request.lastHandled;
      return request.isAsked;
    },
  };
}

/** Assigns a field of what a call gave; other names are variables. */
const set: StepHandler = async (step, run, _text, resolve) => {
  const path = String(step["set"]);
  const value = await resolve(step["value"]);
  const [, name = "", field = ""] = /^(r\d+)\.(\w+)$/.exec(path) ?? [];
  const result = run.variables.get(name);
  const [target] = isResult(result) ? result.values : [];
  if (isResult(result) && typeof target === "object" && target !== null && !(target instanceof GoStorage)) {
    const lower = field.charAt(0).toLowerCase() + field.slice(1);
    const changed = { ...target, [field in target || !(lower in target) ? field : lower]: value };
    run.variables.set(name, { values: [changed, ...result.values.slice(1)] });
  } else if (!(target instanceof GoStorage)) run.variables.set(path, value);
  return undefined;
};

/** Where a test asks for a namespace it asks for a cluster too; releases are kept in memory, and nothing else is looked at. */
const createNamespace: StepHandler = async (_step, run) => {
  run.variables.set("testEnv", { Manager: { GetConfig: () => ({}), GetRESTMapper: () => ({}) } });
  return undefined;
};

const determine: Call = async ([config, request]) => {
  const { Object: object, Chart: chart, Values: values } = goOf(request);
  const release = helmReleaseOf(object);
  const name = shortName(release.spec.releaseName ?? "");
  const { Metadata: chartMetadata } = goOf(chart);
  const wanted = { ...(values as JsonObject | undefined) };
  delete wanted["$type"];
  const last = await storageOf(config)
    .last(name)
    .catch((error: unknown) => {
      if (error instanceof HelmError && error.code === "RELEASE_NOT_FOUND") return undefined;
      throw error;
    });
  const { state, reason } = stateOfRecord({
    release,
    last,
    chart: chartMetadata === undefined ? undefined : metadataOf(chartMetadata as Go),
    values: wanted,
  });
  return { Status: state, Reason: reason };
};

export const suite: Suite = caseSuite({
  name: "helm-release",
  files: [
    "api/v2/snapshot_types",
    "api/v2/annotations",
    "api/v2beta2/snapshot_types",
    "api/v2beta2/annotations",
    "internal/digest/digest",
    "internal/action/reset",
    "internal/action/verify",
    "internal/release/name",
    "internal/release/observation",
    "internal/release/util",
    "internal/reconcile/state",
    "internal/storage/observer",
  ].map((file) => `${FOLDER}/${file}.jsonl`),
  knownFailures,
  skip: skipReason,
  steps: { set, createNamespace },
  calls: {
    ...snapshotCalls(API),
    ...snapshotCalls(BETA),
    [`${FOLDER}/internal/digest.AlgorithmForName`]: ([name]) => {
      const algorithm = algorithmNamed(String(name));
      return algorithm === "blake3" ? "github.com/opencontainers/go-digest.BLAKE3" : algorithm;
    },
    [`${RELEASE}.ShortenName`]: ([name]) => shortName(String(name)),
    [`${RELEASE}.IsHookForEvent`]: ([hook, event]) => hookOf(goOf(hook)).events.includes(String(event)),
    [`${RELEASE}.GetTestHooks`]: ([release]) =>
      Object.fromEntries(
        recordOf({ Info: {}, ...goOf(release) })
          .hooks.filter(isTest)
          .map((hook) => [hook.name, goHook(hook)]),
      ),
    [`${RELEASE}.TestHooksFromRelease`]: ([release, ...filters]) =>
      testHooksOf(releaseOf(release), filters as Parameters<typeof testHooksOf>[1]),
    [`${RELEASE}.IgnoreHookTestEvents`]: ([observation]) => {
      const fields = goOf(observation);
      const seen = observe(recordOf({ Info: {}, Hooks: fields["hooks"] }));
      if (observation instanceof Holder) observation.current = { ...fields, hooks: seen.hooks.map(goHook) };
    },
    [`${RELEASE}.ObserveRelease`]: ([release]) => goObservation(releaseOf(release)),
    [`${RELEASE}.ObservedToSnapshot`]: snapshotCall,
    [`${RELEASE}.Digest`]: ([algorithm, observation]) => {
      const { name = "", version = 0, namespace = "" } = goOf(observation);
      const record = recordOf({ Info: {}, Name: name, Version: version, Namespace: namespace });
      return observationDigest(observe(record), algorithmNamed(String(algorithm)));
    },
    [`${FOLDER}/internal/postrender.Digest`]: ([, postRenderers]) =>
      postRenderersDigest(held(postRenderers) as Parameters<typeof postRenderersDigest>[0]),
    [`${FOLDER}/internal/postrender.CommonMetadataDigest`]: ([, metadata]) =>
      commonMetadataDigest(held(metadata) as Parameters<typeof commonMetadataDigest>[0]),
    [`${ACTION}.MustResetFailures`]: ([release, chart, values]) => {
      const reason = resetReason(helmReleaseOf(release), metadataOf(goOf(chart)).version, goOf(values));
      return new Several(reason ?? "", reason !== undefined);
    },
    [`${ACTION}.ReleaseTargetChanged`]: ([release, chartName]) => {
      const change = targetChange(helmReleaseOf(release), String(chartName));
      return new Several(change ?? "", change !== undefined);
    },
    [`${ACTION}.VerifyRelease`]: ([release, snapshot, chart, values]) => {
      if (held(release) === null || held(release) === undefined) throw new Error("no release found");
      const wanted = held(chart) === null || held(chart) === undefined ? undefined : metadataOf(goOf(chart));
      problem(changeOf(releaseOf(release), snapshotFrom(goOf(snapshot)), { chart: wanted, values: goOf(values) }));
    },
    [`${ACTION}.VerifyReleaseObject`]: ([snapshot, release]) => problem(verifyRecord(snapshotFrom(goOf(snapshot)), releaseOf(release))),
    [`${ACTION}.VerifySnapshot`]: async ([config, snapshot]) => {
      const given = held(snapshot);
      const found = await verifySnapshot(storageOf(config), given === null || given === undefined ? undefined : snapshotFrom(given as Go));
      if ("problem" in found) throw new Error(found.problem);
      return goRelease(found.record);
    },
    [`${ACTION}.WithStorage`]: () => ({}),
    [`${ACTION}.NewConfigFactory`]: () => new GoStorage(),
    "k8s.io/client-go/discovery.NewDiscoveryClientForConfig": () => ({}),
    "k8s.io/client-go/discovery/cached/memory.NewMemCacheClient": () => ({}),
    [`${FOLDER}/internal/reconcile.DetermineReleaseState`]: determine,
    [`${STORAGE}/driver.NewMemory`]: () => new GoStorage(),
    [`${STORAGE}.Init`]: ([storage]) => held(storage),
    [`${FOLDER}/internal/storage.NewObserver`]: ([storage], _, run) =>
      new GoStorage((held(storage) as GoStorage).cluster, () => void run.variables.set("called", true)),
    Create: ([first, second], on) => storageOf(on).create(releaseOf(second ?? first)),
    Update: ([, release], on) => storageOf(on).update(releaseOf(release)),
    Get: async ([key], on) => goRelease(await storageOf(on).get(...partsOf(key))),
    Delete: async ([key], on) => goRelease(await storageOf(on).delete(...partsOf(key))),
    List: async (_, on) => (await storageOf(on).list()).map(goRelease),
    Query: async ([labels], on) => {
      const { status } = labels as { readonly status?: string };
      return (await storageOf(on).list()).filter(({ info }) => status === undefined || info.status === status).map(goRelease);
    },
    SetTestHooks: ([hooks], on, run) => {
      for (const [name, value] of run.variables) {
        if (isResult(value) && value.values[0] === on) run.variables.set(name, { values: [{ ...goOf(on), testHooks: held(hooks) }] });
      }
    },
    [`${RELEASE}.Observation.Targets`]: ([name, namespace, version], on) => {
      const seen = goOf(on);
      return seen["name"] === name && seen["namespace"] === namespace && (version === 0 || seen["version"] === version);
    },
    Equal: ([other], on) => (held(on) ?? "") === (held(other) ?? ""),
  },
});

/** Why a case cannot be run. */
function skipReason(test: string, { steps = [] }: Case): string | undefined {
  const text = JSON.stringify(steps);
  if (text.includes("DeepCopy()")) return "the corpus does not tell which of several changed copies the case is about";
  if (test === "TestObserveRelease") return "the corpus holds neither the releases that are observed nor what upstream's tests fill in";
  if (text.includes("tt.")) return "the case calls a method of Go's nil";
  if (test === "TestDetermineReleaseState_DriftDetection" && !text.includes('"driftDetection":{"mode":"disabled"}'))
    return "drift is found by comparing with a cluster";
  if (test === "TestObservation_Encode") return "the case has a buffer of Go's; digests are made of the same text";
  return undefined;
}
