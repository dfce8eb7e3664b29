// SPDX-License-Identifier: Apache-2.0
import type { KubeObject } from "@flux-ts/kube-core";

/** A recorded scenario. @see scenarios/README.md of the corpus */
export interface Scenario {
  readonly name: string;
  readonly area: string;
  readonly ns?: string;
  readonly extraNs?: readonly string[];
  readonly needs?: readonly string[];
  readonly decisions?: readonly string[];
  readonly commits?: readonly ScenarioCommit[];
  readonly steps: readonly Step[];
  readonly [other: string]: unknown;
}

export interface ScenarioCommit {
  readonly repo?: string;
  readonly branch?: string;
  readonly from?: string;
  readonly files?: Readonly<Record<string, string | null>>;
  readonly message?: string;
}

export interface Step {
  readonly apply?: readonly KubeObject[];
  readonly manager?: string;
  readonly patch?: string;
  readonly with?: unknown;
  readonly sub?: string;
  readonly delete?: string | readonly string[];
  readonly request?: string | readonly string[];
  readonly handled?: boolean;
  readonly commit?: ScenarioCommit;
  readonly wait?: string;
  readonly ready?: string;
  readonly reason?: string;
  readonly settled?: boolean;
  readonly gone?: boolean;
  readonly until?: Readonly<Record<string, unknown>>;
  readonly timeout?: number;
  readonly sleep?: number;
  readonly snap?: readonly Check[];
  readonly want?: readonly unknown[];
  readonly quiet?: number;
}

export interface Check {
  readonly status?: string;
  readonly ready?: string;
  readonly events?: string;
  readonly live?: string;
  readonly field?: string;
  readonly paths?: readonly string[];
  readonly exists?: readonly string[];
  readonly list?: string;
  readonly selector?: string;
  readonly secret?: string;
}
