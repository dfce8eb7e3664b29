// SPDX-License-Identifier: Apache-2.0

/** What can be done with the objects of a kind, besides creating them. */
export type Verb = "get" | "export" | "suspend" | "resume" | "reconcile" | "delete";

/** Kinds that share a word: `flux get sources git`, `flux suspend image policy`. */
export type KindGroup = "source" | "image" | "artifact";

/** What the groups are about. */
export const groupTopics: Readonly<Record<KindGroup, string>> = {
  source: "sources",
  image: "image automation",
  artifact: "artifact generators",
};

/** What a kind is called on the command line. No code: the tree of commands is made of it before anything is loaded. */
export interface KindNames {
  readonly apiVersion: string;
  readonly kind: string;
  readonly group?: KindGroup;
  /** The command below most verbs: `flux delete kustomization`. */
  readonly name: string;
  readonly aliases: readonly string[];
  /** The command below `get`. */
  readonly listName: string;
  readonly listAliases: readonly string[];
  /** In sentences: `suspending source git app`. */
  readonly humanName: string;
  readonly verbs: readonly Verb[];
}

const SOURCE = "source.toolkit.fluxcd.io/v1";
const NOTIFICATION = "notification.toolkit.fluxcd.io";
const IMAGE = "image.toolkit.fluxcd.io/v1";

const ALL: readonly Verb[] = ["get", "export", "suspend", "resume", "reconcile", "delete"];
const STATIC: readonly Verb[] = ["get", "export", "suspend", "resume", "delete"];
const READ: readonly Verb[] = ["get", "export"];

function grouped(group: KindGroup, apiVersion: string, kind: string, name: string, humanName: string, verbs = ALL): KindNames {
  return { apiVersion, kind, group, name, aliases: [], listName: name, listAliases: [], humanName, verbs };
}

/** A kind with a command of its own: `kustomization`, in lists `kustomizations`. */
function single(apiVersion: string, kind: string, name: string, short: string | undefined, humanName: string, verbs = ALL): KindNames {
  const aliases = short === undefined ? [] : [short];
  return { apiVersion, kind, name, aliases, listName: `${name}s`, listAliases: [...aliases, name], humanName, verbs };
}

/** Every kind, in the order in which `flux get all` prints them. */
export const kindNames: readonly KindNames[] = [
  grouped("source", SOURCE, "OCIRepository", "oci", "source oci"),
  grouped("source", SOURCE, "Bucket", "bucket", "source bucket"),
  grouped("source", SOURCE, "GitRepository", "git", "source git"),
  grouped("source", SOURCE, "HelmRepository", "helm", "source helm"),
  grouped("source", SOURCE, "HelmChart", "chart", "source chart"),
  grouped("source", SOURCE, "ExternalArtifact", "external", "source external-artifact", READ),
  grouped("image", IMAGE, "ImageRepository", "repository", "image repository"),
  grouped("image", IMAGE, "ImagePolicy", "policy", "image policy"),
  grouped("image", IMAGE, "ImageUpdateAutomation", "update", "image update automation"),
  single("helm.toolkit.fluxcd.io/v2", "HelmRelease", "helmrelease", "hr", "helmrelease"),
  single("kustomize.toolkit.fluxcd.io/v1", "Kustomization", "kustomization", "ks", "kustomization"),
  single(`${NOTIFICATION}/v1`, "Receiver", "receiver", undefined, "receiver"),
  single(`${NOTIFICATION}/v1beta3`, "Provider", "alert-provider", undefined, "alert provider", STATIC),
  single(`${NOTIFICATION}/v1beta3`, "Alert", "alert", undefined, "alert", STATIC),
  {
    ...grouped("artifact", "source.extensions.fluxcd.io/v1beta1", "ArtifactGenerator", "generator", "artifactgenerator", READ),
    listName: "generators",
    listAliases: ["generator"],
  },
];

/** @throws {Error} for a kind that is none of Flux' */
export function namesOf(kind: string): KindNames {
  const names = kindNames.find((one) => one.kind === kind);
  if (names === undefined) throw new Error(`Flux has no kind ${kind}`);
  return names;
}
