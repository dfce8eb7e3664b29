// SPDX-License-Identifier: Apache-2.0
import { createHash } from "node:crypto";
import type { Clock, KubeObject } from "@flux-ts/kube-core";
import { getKey, isAlreadyExists, isConflict, isJsonObject, sleep } from "@flux-ts/kube-core";
import type { Client } from "@flux-ts/kube-client";
import type { Logger } from "../logger.ts";

/** Which lease, who wants it, and how long each step takes. */
export interface LeaderElectionOptions {
  readonly client: Client;
  readonly clock: Clock;
  readonly random: () => number;
  readonly log: Logger;
  readonly namespace: string;
  /** `kustomize-controller-leader-election`, see {@link leaseName}. */
  readonly lease: string;
  /** Who we are: differs from every other candidate's. */
  readonly identity: string;
  /** `--leader-election-lease-duration`: others wait so long after our last renewal. Default 35 s. */
  readonly leaseDurationMs?: number;
  /** `--leader-election-renew-deadline`: we give up so long after our last renewal. Default 30 s. */
  readonly renewDeadlineMs?: number;
  /** `--leader-election-retry-period`: between tries. Default 5 s. */
  readonly retryPeriodMs?: number;
  /** `--leader-election-release-on-cancel`: whether `release` gives the lease back, or lets it run out. Default true. */
  readonly releaseOnCancel?: boolean;
}

/** A lease that is ours. */
export interface Leadership {
  /** Aborts when the lease is lost, or given back. */
  readonly signal: AbortSignal;
  /** Renews it no more, and gives it back, so that another need not wait. */
  release(): Promise<void>;
}

/** What is said of a lease: who holds it, since when, how long. */
interface LeaseSpec {
  readonly holderIdentity?: string;
  readonly leaseDurationSeconds?: number;
  readonly acquireTime?: string;
  readonly renewTime?: string;
  readonly leaseTransitions?: number;
}

/**
 * The name of a controller's lease: with a shard's selector each shard has one of its own.
 *
 * @param shardSelector `--watch-label-selector`
 */
export function leaseName(component: string, shardSelector = ""): string {
  const base = `${component}-leader-election`;
  return shardSelector === "" ? base : leaseId(base, shardSelector);
}

/** A name, and eight digits of a hash of what makes it differ. @see fluxcd/pkg runtime/leaderelection GenerateID */
export function leaseId(base: string, ...additions: readonly string[]): string {
  if (base === "" || additions.length === 0) return base;
  return `${base}-${createHash("sha256").update(additions.join("")).digest("hex").slice(0, 8)}`;
}

/**
 * Waits until the lease is ours, then keeps it. A lease that somebody else holds is ours when its record has not
 * changed for its duration, by our own clock: clocks of others are not trusted.
 *
 * Renewal has timers and requests of its own; no work of controllers delays it. It is lost when it could not be
 * renewed within the deadline, or when somebody else took it.
 *
 * @throws the signal's reason when it aborts before the lease is ours
 * @see client-go tools/leaderelection
 */
export async function acquireLeadership(options: LeaderElectionOptions, signal: AbortSignal): Promise<Leadership> {
  const { clock, random, log, lease, identity, retryPeriodMs = 5000 } = options;
  const candidate = new Candidate(options);
  log.info(`attempting to acquire leader lease ${options.namespace}/${lease}...`);
  for (;;) {
    signal.throwIfAborted();
    try {
      if ((await candidate.tryAcquireOrRenew(signal)) === "ours") break;
    } catch (error) {
      signal.throwIfAborted();
      log.error("error retrieving resource lock", { lease, error });
    }
    await sleep(clock, retryPeriodMs * (1 + 1.2 * random()), signal);
  }
  log.info(`successfully acquired lease ${options.namespace}/${lease}`, { identity });
  return keep(candidate, options);
}

function keep(candidate: Candidate, options: LeaderElectionOptions): Leadership {
  const { clock, log, lease, renewDeadlineMs = 30_000, retryPeriodMs = 5000, releaseOnCancel = true } = options;
  const lost = new AbortController();
  let renewedAt = clock.now();
  let isReleased = false;
  const renewal = (async (): Promise<void> => {
    while (!lost.signal.aborted) {
      try {
        await sleep(clock, retryPeriodMs, lost.signal);
      } catch {
        return;
      }
      // A request that hangs must not outlive the deadline.
      const tried = new AbortController();
      const cancel = clock.after(Math.max(renewedAt + renewDeadlineMs - clock.now(), 0), () =>
        tried.abort(new Error("the renewal took too long")),
      );
      try {
        const outcome = await candidate.tryAcquireOrRenew(AbortSignal.any([tried.signal, lost.signal]));
        if (outcome === "ours") renewedAt = clock.now();
        else if (outcome === "theirs") lost.abort(new Error(`the lease ${lease} was taken by somebody else`));
      } catch (error) {
        if (!isReleased) log.error("failed to renew lease", { lease, error });
      } finally {
        cancel();
      }
      if (!lost.signal.aborted && clock.now() - renewedAt >= renewDeadlineMs)
        lost.abort(new Error(`the lease ${lease} could not be renewed within ${renewDeadlineMs / 1000} s`));
    }
  })();
  return {
    signal: lost.signal,
    async release() {
      if (isReleased) return;
      isReleased = true;
      const wasOurs = !lost.signal.aborted;
      lost.abort(new Error("the lease was given back"));
      await renewal;
      if (wasOurs && releaseOnCancel)
        await candidate.release().catch((error: unknown) => log.error("failed to release lease", { lease, error }));
    },
  };
}

/** One that wants the lease, and what it saw of it. */
class Candidate {
  readonly #options: LeaderElectionOptions;
  readonly #ref: { readonly apiVersion: string; readonly kind: string; readonly namespace: string; readonly name: string };
  #seen: { readonly record: string; readonly at: number } | undefined;

  constructor(options: LeaderElectionOptions) {
    this.#options = options;
    this.#ref = { apiVersion: "coordination.k8s.io/v1", kind: "Lease", namespace: options.namespace, name: options.lease };
  }

  /** @returns whose the lease is; `contended` when somebody wrote it at the same time */
  async tryAcquireOrRenew(signal: AbortSignal): Promise<"ours" | "theirs" | "contended"> {
    const { client, clock, identity, leaseDurationMs = 35_000 } = this.#options;
    const now = clock.now();
    const mine: LeaseSpec = {
      holderIdentity: identity,
      leaseDurationSeconds: Math.round(leaseDurationMs / 1000),
      acquireTime: microTime(now),
      renewTime: microTime(now),
      leaseTransitions: 0,
    };
    const lease = await client.find(this.#ref, { signal });
    try {
      if (lease === undefined) {
        const { apiVersion, kind, namespace, name } = this.#ref;
        await client.create({ apiVersion, kind, metadata: { namespace, name }, spec: mine }, { signal });
        return "ours";
      }
      const spec = specOf(lease);
      const record = JSON.stringify(spec);
      if (this.#seen?.record !== record) this.#seen = { record, at: now };
      const isMine = spec.holderIdentity === identity;
      const heldForMs = (spec.leaseDurationSeconds ?? 0) * 1000;
      if (spec.holderIdentity && !isMine && this.#seen.at + heldForMs > now) return "theirs";
      await client.update(
        {
          ...lease,
          spec: {
            ...(isJsonObject(lease["spec"]) ? lease["spec"] : {}),
            ...mine,
            acquireTime: isMine ? (spec.acquireTime ?? mine.acquireTime) : mine.acquireTime,
            leaseTransitions: (spec.leaseTransitions ?? 0) + (isMine ? 0 : 1),
          },
        },
        { signal },
      );
      return "ours";
    } catch (error) {
      if (isConflict(error) || isAlreadyExists(error)) return "contended";
      throw error;
    }
  }

  /** An empty holder and a duration of a second: the next candidate takes it at once. */
  async release(): Promise<void> {
    const { client, clock, identity } = this.#options;
    const lease = await client.find(this.#ref);
    if (lease === undefined || specOf(lease).holderIdentity !== identity) return;
    const now = microTime(clock.now());
    const { leaseTransitions = 0 } = specOf(lease);
    await client.update({
      ...lease,
      spec: { holderIdentity: "", leaseDurationSeconds: 1, acquireTime: now, renewTime: now, leaseTransitions },
    });
  }
}

function specOf(lease: KubeObject): LeaseSpec {
  const spec = lease["spec"];
  if (!isJsonObject(spec)) return {};
  const text = (key: string): string | undefined => {
    const value = getKey(spec, key);
    return typeof value === "string" ? value : undefined;
  };
  const count = (key: string): number | undefined => {
    const value = getKey(spec, key);
    return typeof value === "number" ? value : undefined;
  };
  return {
    ...present("holderIdentity", text("holderIdentity")),
    ...present("leaseDurationSeconds", count("leaseDurationSeconds")),
    ...present("acquireTime", text("acquireTime")),
    ...present("renewTime", text("renewTime")),
    ...present("leaseTransitions", count("leaseTransitions")),
  };
}

function present<K extends string, V>(key: K, value: V | undefined): { readonly [P in K]?: V } {
  return value === undefined ? {} : ({ [key]: value } as { readonly [P in K]?: V });
}

/** `2026-01-01T00:00:00.000000Z`. @see apimachinery meta/v1 MicroTime */
function microTime(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, 23)}000Z`;
}
