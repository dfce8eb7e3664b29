// SPDX-License-Identifier: Apache-2.0
import type { KubeObject } from "@flux-ts/kube-core";

/**
 * One thing that is done to the fleet (see fleet-files.ts): two Kustomizations `infra` and `apps` of one GitRepository `fleet`,
 * in `flux-system`; `apps` depends on `infra` and waits for what it applies, in `default`.
 */
export type FaultStep =
  // In texts: {git}, {gits} and {ssh} are addresses of git servers that serve the repository, the last two over TLS and SSH.
  /** Paths of the repository; null removes one. */
  | { readonly do: "commit"; readonly files: Readonly<Record<string, string | null>> }
  /** Server-side apply; what has no namespace goes to `default`. */
  | { readonly do: "apply"; readonly objects: readonly KubeObject[] }
  /** A merge patch, of a subresource where one is named. `object` is `Kind/namespace/name`. */
  | { readonly do: "patch"; readonly object: string; readonly with: Readonly<Record<string, unknown>>; readonly subresource?: "status" }
  | { readonly do: "delete"; readonly object: string }
  /** The git server asks for a password, or answers with a status. */
  | { readonly do: "protect"; readonly username: string; readonly password: string }
  | { readonly do: "break-git"; readonly status: number }
  /** A Kubernetes Event of the type Warning about an object. */
  | { readonly do: "warn"; readonly object: string; readonly reason: string; readonly message: string }
  /** Asks for a reconcile. */
  | { readonly do: "request"; readonly object: string }
  | { readonly do: "advance"; readonly duration: string }
  /** Every controller of Flux stops. */
  | { readonly do: "stop-flux" };

/** A fault, where it is put in, and what must be found when somebody asks. */
export interface Fault {
  readonly name: string;
  readonly kind:
    | "source"
    | "artifact"
    | "build"
    | "dependency"
    | "apply"
    | "health"
    | "pods"
    | "suspended"
    | "controller"
    | "deletion"
    | "release";
  /** Done before the objects of the fleet are applied. */
  readonly before?: readonly FaultStep[];
  /** Done after the fleet is healthy. */
  readonly steps?: readonly FaultStep[];
  /** What is asked about: `Kind/namespace/name`; a name that ends with `*` is the newest of that beginning. */
  readonly ask: string;
  /** What must be told first. */
  readonly culprit: {
    /** `Kind/namespace/name`, without the namespace where there is none; a `*` at the end stands for anything. */
    readonly object: string;
    readonly reason: string;
    /** Part of the message. */
    readonly says?: string;
    /** From the root of the repository. */
    readonly file?: string;
  };
}
