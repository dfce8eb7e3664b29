// SPDX-License-Identifier: Apache-2.0
import { spawn } from "node:child_process";
import type { Clock } from "@flux-ts/kube-core";
import { getKey, isJsonObject, parseJson } from "@flux-ts/kube-core";
import { KubeClientError } from "../kube-client-error.ts";
import type { ExecConfig, KubeconfigCluster } from "../kubeconfig/kubeconfig.ts";

/** What a plugin gave. */
export interface ExecCredential {
  readonly token?: string;
  /** PEM. */
  readonly cert?: string;
  readonly key?: string;
  /** Milliseconds since 1970; absent: for as long as the process runs, or until a 401. */
  readonly expiresAt?: number;
}

/** What a plugin runs with. */
export interface ExecPorts {
  readonly clock: Clock;
  /** The environment that the plugin inherits. */
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly isInteractive: boolean;
}

const timeoutMs = 60_000;
const maxOutputBytes = 1024 * 1024;
/** Renewed so long before it expires: clocks differ, and requests take time. */
const marginMs = 10_000;
const versions = ["client.authentication.k8s.io/v1", "client.authentication.k8s.io/v1beta1"];

/** Runs an exec plugin when its credential is needed, and keeps what it gave until it expires. */
export class ExecPlugin {
  readonly #config: ExecConfig;
  readonly #cluster: KubeconfigCluster;
  readonly #caData: Uint8Array | undefined;
  readonly #ports: ExecPorts;
  #credential: Promise<ExecCredential> | undefined;
  #expiresAt = Infinity;

  constructor(config: ExecConfig, cluster: KubeconfigCluster, caData: Uint8Array | undefined, ports: ExecPorts) {
    this.#config = config;
    this.#cluster = cluster;
    this.#caData = caData;
    this.#ports = ports;
  }

  /** @throws {KubeClientError} EXEC_FAILED */
  credential(): Promise<ExecCredential> {
    if (this.#credential !== undefined && this.#ports.clock.now() < this.#expiresAt - marginMs) return this.#credential;
    const asked = this.#run().then(
      (credential) => {
        this.#expiresAt = credential.expiresAt ?? Infinity;
        return credential;
      },
      (error: unknown) => {
        this.#credential = undefined;
        throw error;
      },
    );
    this.#expiresAt = Infinity;
    this.#credential = asked;
    return asked;
  }

  forget(): void {
    this.#credential = undefined;
  }

  async #run(): Promise<ExecCredential> {
    const { apiVersion, command, args, env, interactiveMode, installHint } = this.#config;
    if (!versions.includes(apiVersion))
      throw this.#failed(`its apiVersion ${JSON.stringify(apiVersion)} is none of ${versions.join(", ")}`);
    const isInteractive = interactiveMode !== "Never" && this.#ports.isInteractive;
    if (interactiveMode === "Always" && !isInteractive) throw this.#failed("it needs a terminal and there is none");
    const info = {
      apiVersion,
      kind: "ExecCredential",
      spec: { interactive: isInteractive, ...(this.#config.provideClusterInfo ? { cluster: this.#clusterInfo() } : {}) },
    };
    const output = await this.#spawn(
      command,
      args,
      { ...this.#ports.env, ...env, KUBERNETES_EXEC_INFO: JSON.stringify(info) },
      isInteractive,
      installHint,
    );
    return this.#parse(output, apiVersion);
  }

  #clusterInfo(): Record<string, unknown> {
    const { server, tlsServerName, insecureSkipTlsVerify, proxyUrl, disableCompression, execExtension } = this.#cluster;
    return {
      server,
      ...(tlsServerName === undefined ? {} : { "tls-server-name": tlsServerName }),
      ...(insecureSkipTlsVerify ? { "insecure-skip-tls-verify": true } : {}),
      ...(this.#caData === undefined ? {} : { "certificate-authority-data": Buffer.from(this.#caData).toString("base64") }),
      ...(proxyUrl === undefined ? {} : { "proxy-url": proxyUrl }),
      ...(disableCompression ? { "disable-compression": true } : {}),
      config: execExtension ?? null,
    };
  }

  #spawn(
    command: string,
    args: readonly string[],
    env: Record<string, string | undefined>,
    isInteractive: boolean,
    installHint: string | undefined,
  ): Promise<string> {
    return new Promise((resolve, reject) => {
      const child = spawn(command, args, { env, stdio: [isInteractive ? "inherit" : "ignore", "pipe", "inherit"], shell: false });
      const chunks: Buffer[] = [];
      let size = 0;
      const cancel = this.#ports.clock.after(timeoutMs, () => {
        child.kill("SIGKILL");
        reject(this.#failed(`it did not end within ${timeoutMs / 1000} s`));
      });
      child.stdout?.on("data", (chunk: Buffer) => {
        size += chunk.length;
        if (size <= maxOutputBytes) chunks.push(chunk);
        else child.kill("SIGKILL");
      });
      child.on("error", (error) => {
        cancel();
        reject(this.#failed(`${error.message}${installHint === undefined ? "" : `\n\n${installHint}`}`, error));
      });
      child.on("close", (code, signal) => {
        cancel();
        if (size > maxOutputBytes) reject(this.#failed(`it wrote more than ${maxOutputBytes} bytes`));
        else if (code === 0) resolve(Buffer.concat(chunks).toString("utf8"));
        else reject(this.#failed(signal === null ? `it ended with exit code ${code}` : `it was ended by ${signal}`));
      });
    });
  }

  /** The output is never quoted: it holds the credential. */
  #parse(output: string, apiVersion: string): ExecCredential {
    let answer: unknown;
    try {
      answer = parseJson(output);
    } catch {
      throw this.#failed("what it wrote is not JSON");
    }
    if (!isJsonObject(answer) || getKey(answer, "kind") !== "ExecCredential") throw this.#failed("what it wrote is no ExecCredential");
    if (getKey(answer, "apiVersion") !== apiVersion)
      throw this.#failed(`it answered with another apiVersion than ${JSON.stringify(apiVersion)}`);
    const status = getKey(answer, "status");
    if (!isJsonObject(status)) throw this.#failed("its ExecCredential has no status");
    const text = (key: string): string | undefined => {
      const value = getKey(status, key);
      return typeof value === "string" && value !== "" ? value : undefined;
    };
    const [token, cert, key, expires] = [text("token"), text("clientCertificateData"), text("clientKeyData"), text("expirationTimestamp")];
    if (token === undefined && cert === undefined) throw this.#failed("its ExecCredential has neither a token nor a certificate");
    if ((cert === undefined) !== (key === undefined)) throw this.#failed("its ExecCredential has a certificate or a key without the other");
    const expiresAt = expires === undefined ? NaN : Date.parse(expires);
    return {
      ...(token === undefined ? {} : { token }),
      ...(cert === undefined || key === undefined ? {} : { cert, key }),
      ...(Number.isNaN(expiresAt) ? {} : { expiresAt }),
    };
  }

  #failed(why: string, cause?: unknown): KubeClientError {
    return new KubeClientError(
      "EXEC_FAILED",
      `exec plugin ${JSON.stringify(this.#config.command)}: ${why}`,
      cause === undefined ? {} : { cause },
    );
  }
}
