// SPDX-License-Identifier: Apache-2.0
import type { Clock, Transport } from "@flux-ts/kube-core";
import type { FlagValues } from "./flags.ts";

/** A way to an API server. Closed when the command is done. */
export interface Cluster extends AsyncDisposable {
  readonly transport: Transport;
  /** The namespace that the context of the kubeconfig names, `""` when it names none. */
  readonly contextNamespace: string;
}

/** Everything a command touches outside itself. The program gives the real ones, a test its own. */
export interface Io {
  stdout(text: string): void;
  stderr(text: string): void;
  /** All of standard input, at most `maxBytes`. @throws {Error} when it is longer */
  stdin(maxBytes?: number): Promise<string>;
  /** Asks on the terminal and reads one line. @throws {Error} when there is nobody to answer */
  ask(question: string): Promise<string>;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
  /** The home folder of the user. */
  readonly home: string;
  readonly clock: Clock;
  /** Whether standard output is a terminal, and how wide. */
  readonly terminal: { readonly isTty: boolean; readonly columns: number };
  readonly signal: AbortSignal;
  /** What this build calls itself, without `v`. Absent: the Flux release whose commands it speaks. */
  readonly version?: string;
  /** Reaches the cluster that the global flags name. Absent: through the kubeconfig. */
  readonly cluster?: (flags: FlagValues) => Promise<Cluster>;
  /**
   * The lines of `known_hosts` for the host keys that an SSH server shows.
   * @param host without a port; absent: it is asked with `ssh-keyscan`
   */
  readonly scanHostKeys?: (host: string, port: number) => Promise<string>;
}
