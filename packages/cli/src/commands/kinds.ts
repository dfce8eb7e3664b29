// SPDX-License-Identifier: Apache-2.0
// A table: what the commands must know of each kind beyond its names.
import type { Condition, KubeObject, ObjectRef } from "@flux-ts/kube-core";
import { truncateHex } from "../output/truncate-hex.ts";
import type { KindNames } from "./kind-names.ts";
import { kindNames } from "./kind-names.ts";

interface Reference {
  readonly kind?: string;
  readonly name?: string;
  readonly namespace?: string;
}

interface Artifact {
  readonly revision?: string;
}

/** The fields of all kinds that the commands read. The server has checked their types. */
export interface FluxObject extends KubeObject {
  readonly spec?: {
    readonly suspend?: boolean;
    readonly type?: string;
    readonly url?: string;
    readonly path?: string;
    readonly image?: string;
    readonly endpoint?: string;
    readonly bucketName?: string;
    readonly address?: string;
    readonly channel?: string;
    readonly sourceRef?: Reference;
    readonly chartRef?: Reference;
    readonly secretRef?: Reference;
    readonly providerRef?: Reference;
    readonly imageRepositoryRef?: Reference;
    readonly chart?: string | { readonly spec?: { readonly chart?: string; readonly version?: string; readonly sourceRef?: Reference } };
    readonly version?: string;
    readonly dependsOn?: readonly Reference[];
  };
  readonly status?: {
    readonly conditions?: readonly Condition[];
    readonly observedGeneration?: number;
    readonly lastHandledReconcileAt?: string;
    readonly artifact?: Artifact;
    readonly lastAppliedRevision?: string;
    readonly lastAttemptedRevision?: string;
    readonly history?: readonly { readonly chartVersion?: string }[];
    readonly lastScanResult?: { readonly scanTime?: string; readonly tagCount?: number };
    readonly latestRef?: { readonly name?: string; readonly tag?: string; readonly digest?: string };
    readonly lastAutomationRunTime?: string;
    readonly webhookPath?: string;
  };
}

/** A column of `flux get`, between NAME and the end. */
export interface Column {
  readonly header: string;
  readonly cell: (object: FluxObject) => string;
}

/** How `--with-source` finds what an object is made from. */
export interface SourceOf {
  readonly kind: string;
  readonly name: string;
  readonly namespace: string;
}

/** One row: all that commands of one definition for all kinds need to tell kinds apart. */
export interface FluxKind extends KindNames {
  readonly columns: readonly Column[];
  /** More columns with `-o wide`. */
  readonly wideColumns: readonly Column[];
  /** Whether nothing reconciles the object: it is ready as it stands. */
  readonly isStatic: (object: FluxObject) => boolean;
  /** What `--status-selector` looks at. */
  readonly conditions: (object: FluxObject) => readonly Pick<Condition, "type" | "status">[];
  /** Where the objects come from, with `--show-source`. */
  readonly source?: (object: FluxObject) => SourceOf | undefined;
  /** What is said at the end of a reconcile. */
  readonly successMessage: (object: FluxObject) => string;
  readonly isSuspended: (object: FluxObject) => boolean;
}

const isSuspended = (object: FluxObject): boolean => object.spec?.suspend === true;
const titleCase = (value: boolean): string => (value ? "True" : "False");

function readyOf(object: FluxObject): { readonly status: string; readonly message: string } {
  const ready = object.status?.conditions?.find(({ type }) => type === "Ready");
  return ready ?? { status: "False", message: "waiting to be reconciled" };
}

const suspended: Column = { header: "Suspended", cell: (object) => titleCase(isSuspended(object)) };
const ready: Column = { header: "Ready", cell: (object) => readyOf(object).status };
const message: Column = { header: "Message", cell: (object) => readyOf(object).message };
const shortMessage: Column = { header: "Message", cell: (object) => truncateHex(readyOf(object).message) };
const artifactRevision = (object: FluxObject): string => object.status?.artifact?.revision ?? "";
const revision = (of: (object: FluxObject) => string): Column => ({ header: "Revision", cell: of });
const time = (header: string, of: (object: FluxObject) => string | undefined): Column => ({ header, cell: (object) => of(object) ?? "" });
const spec = (header: string, of: (spec: NonNullable<FluxObject["spec"]>) => string | undefined): Column => ({
  header,
  cell: (object) => of(object.spec ?? {}) ?? "",
});
const fixed = (text: string): readonly Column[] => [
  { header: "Ready", cell: () => "True" },
  { header: "Message", cell: () => text },
];

function isOciHelmRepository(object: FluxObject): boolean {
  return object.spec?.type === "oci";
}

/** The version of the chart that was released last, else the one that was tried. */
export function releaseRevision({ status }: FluxObject): string {
  const newest = status?.history?.[0];
  return newest === undefined ? (status?.lastAttemptedRevision ?? "") : (newest.chartVersion ?? "");
}

function referred(reference: Reference | undefined, object: FluxObject): SourceOf | undefined {
  if (reference === undefined) return undefined;
  const { kind = "", name = "", namespace = "" } = reference;
  return { kind, name, namespace: namespace === "" ? (object.metadata.namespace ?? "") : namespace };
}

function releaseSource(object: FluxObject): SourceOf | undefined {
  const { chartRef, chart } = object.spec ?? {};
  return referred(chartRef ?? (typeof chart === "object" ? chart.spec?.sourceRef : undefined), object);
}

const dependsOn = spec("Depends-On", ({ dependsOn: list = [] }) =>
  list.map(({ namespace, name = "" }) => (namespace === undefined || namespace === "" ? name : `${namespace}/${name}`)).join(","),
);

const sourceColumn = (source: (object: FluxObject) => SourceOf | undefined): Column => ({
  header: "Source",
  cell: (object) => formatSource(source(object)),
});

/** `GitRepository/flux-system/app` */
export function formatSource(source: SourceOf | undefined): string {
  return source === undefined ? "" : `${source.kind}/${source.namespace}/${source.name}`;
}

/** What `--status-selector` sees of kinds that nothing reconciles. */
const ALWAYS_READY: readonly Pick<Condition, "type" | "status">[] = [{ type: "Ready", status: "True" }];

type Behaviour = Partial<Omit<FluxKind, keyof KindNames>>;

const fetched = (object: FluxObject): string => `fetched revision ${artifactRevision(object)}`;
const kustomizationSource = (object: FluxObject): SourceOf | undefined => referred(object.spec?.sourceRef, object);
const chartSource = (object: FluxObject): SourceOf | undefined => {
  const source = referred(object.spec?.sourceRef, object);
  return source === undefined ? undefined : { ...source, namespace: object.metadata.namespace ?? "" };
};

function imageReference({ status }: FluxObject): string {
  const { name = "", tag = "", digest = "" } = status?.latestRef ?? {};
  return `${name}${tag === "" ? "" : `:${tag}`}${digest === "" ? "" : `@${digest}`}`;
}

const behaviour: Readonly<Record<string, Behaviour>> = {
  GitRepository: { wideColumns: [spec("URL", ({ url }) => url)] },
  OCIRepository: { wideColumns: [spec("URL", ({ url }) => url)] },
  Bucket: { wideColumns: [spec("Endpoint", ({ endpoint }) => endpoint), spec("Bucket", ({ bucketName }) => bucketName)] },
  HelmRepository: {
    columns: [
      revision((object) => truncateHex(artifactRevision(object))),
      suspended,
      { header: "Ready", cell: (object) => (isOciHelmRepository(object) ? "True" : readyOf(object).status) },
      {
        header: "Message",
        cell: (object) => (isOciHelmRepository(object) ? "Helm repository is Ready" : truncateHex(readyOf(object).message)),
      },
    ],
    wideColumns: [spec("URL", ({ url }) => url)],
    isStatic: isOciHelmRepository,
    successMessage: (object) => (isOciHelmRepository(object) ? readyMessageOf(object) : fetched(object)),
  },
  HelmChart: {
    // The revision is a version, which may hold what looks like a commit.
    columns: [revision(artifactRevision), suspended, ready, shortMessage],
    source: chartSource,
    wideColumns: [
      spec("Chart", ({ chart }) => (typeof chart === "string" ? chart : undefined)),
      spec("Version", ({ version }) => version),
      sourceColumn(chartSource),
    ],
  },
  ExternalArtifact: {
    columns: [
      revision((object) => truncateHex(artifactRevision(object))),
      {
        header: "Source",
        // The namespace stands as it is written, which may be not at all.
        cell: ({ spec: { sourceRef } = {} }) =>
          sourceRef === undefined ? "" : `${sourceRef.kind ?? ""}/${sourceRef.namespace ?? ""}/${sourceRef.name ?? ""}`,
      },
      ready,
      shortMessage,
    ],
  },
  ImageRepository: {
    columns: [time("Last scan", ({ status }) => status?.lastScanResult?.scanTime), suspended, ready, message],
    wideColumns: [spec("Image", ({ image }) => image)],
    successMessage: ({ status }) => `scan fetched ${status?.lastScanResult?.tagCount ?? 0} tags`,
  },
  ImagePolicy: {
    columns: [
      { header: "Image", cell: ({ status }) => status?.latestRef?.name ?? "" },
      { header: "Tag", cell: ({ status }) => status?.latestRef?.tag ?? "" },
      ready,
      message,
    ],
    wideColumns: [spec("Image repository", ({ imageRepositoryRef }) => imageRepositoryRef?.name)],
    successMessage: (object) => `selected ref ${imageReference(object)}`,
  },
  ImageUpdateAutomation: {
    columns: [time("Last run", ({ status }) => status?.lastAutomationRunTime), suspended, ready, message],
    wideColumns: [sourceColumn(kustomizationSource)],
    successMessage: (object) => {
      const last = object.status?.lastAutomationRunTime;
      return readyMessageOf(object) || (last === undefined ? "automation not yet run" : `last run ${last}`);
    },
  },
  Kustomization: {
    columns: [revision(({ status }) => truncateHex(status?.lastAppliedRevision ?? "")), suspended, ready, shortMessage],
    wideColumns: [spec("Path", ({ path }) => path), sourceColumn(kustomizationSource), dependsOn],
    source: kustomizationSource,
    successMessage: ({ status }) => `applied revision ${status?.lastAppliedRevision ?? ""}`,
  },
  HelmRelease: {
    columns: [revision(releaseRevision), suspended, ready, message],
    wideColumns: [
      spec("Chart", ({ chart }) => (typeof chart === "object" ? chart.spec?.chart : undefined)),
      sourceColumn(releaseSource),
      dependsOn,
    ],
    source: releaseSource,
    successMessage: (object) => `applied revision ${releaseRevision(object)}`,
  },
  Receiver: {
    columns: [suspended, ready, message],
    wideColumns: [spec("Type", ({ type }) => type), { header: "Path", cell: ({ status }) => status?.webhookPath ?? "" }],
    successMessage: () => "Receiver reconciliation completed",
  },
  Provider: {
    columns: fixed("Provider is Ready"),
    wideColumns: [spec("Type", ({ type }) => type), spec("Channel", ({ channel }) => channel), spec("Address", ({ address }) => address)],
    isStatic: () => true,
    conditions: () => ALWAYS_READY,
    successMessage: () => "Provider reconciliation completed",
  },
  Alert: {
    columns: [suspended, ...fixed("Alert is Ready")],
    wideColumns: [spec("Provider", ({ providerRef }) => providerRef?.name)],
    isStatic: () => true,
    conditions: () => ALWAYS_READY,
    successMessage: () => "Alert reconciliation completed",
  },
  ArtifactGenerator: {
    columns: [{ header: "Suspended", cell: (object) => titleCase(isDisabled(object)) }, ready, message],
    isSuspended: isDisabled,
  },
};

function readyMessageOf({ status }: FluxObject): string {
  return status?.conditions?.find(({ type }) => type === "Ready")?.message ?? "";
}

/** An ArtifactGenerator has no `suspend`: an annotation disables it. */
function isDisabled({ metadata }: FluxObject): boolean {
  return metadata.annotations?.["source.extensions.fluxcd.io/reconcile"]?.toLowerCase() === "disabled";
}

/** Every kind, in the order of `flux get all`. */
export const commandKinds: readonly FluxKind[] = kindNames.map((names) => {
  const own = behaviour[names.kind] ?? {};
  const isStatic = own.isStatic ?? (() => false);
  return {
    ...names,
    columns: [revision((object) => truncateHex(artifactRevision(object))), suspended, ready, shortMessage],
    wideColumns: [],
    isStatic,
    isSuspended,
    conditions: ({ status }) => status?.conditions ?? [],
    successMessage: fetched,
    ...own,
  };
});

/** @throws {Error} for a kind that is none of Flux' */
export function kindOf(kind: string): FluxKind {
  const found = commandKinds.find((one) => one.kind === kind);
  if (found === undefined) throw new Error(`Flux has no kind ${kind}`);
  return found;
}

/** Names an object of a kind. */
export function referTo(kind: FluxKind, namespace: string, name: string): ObjectRef {
  return { apiVersion: kind.apiVersion, kind: kind.kind, namespace, name };
}
