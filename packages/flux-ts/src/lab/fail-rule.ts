// SPDX-License-Identifier: Apache-2.0
import { KubeCoreError, parseDuration } from "@flux-ts/kube-core";
import type { PodRule } from "@flux-ts/kube-server";
import { LabError } from "./lab-error.ts";

const OUTCOMES = ["image-pull-error", "crash-loop", "never-ready", "pending", "fail", "complete", "ready"] as const;

/**
 * Reads how some pods are to fail: `image=TEXT` (part of an image), `namespace=NAME`, `label=KEY=VALUE`, and what becomes of
 * them: `outcome=` (default `image-pull-error`), `exit-code=`, `after=` (a duration), separated by commas.
 *
 * @throws {LabError} BAD_RULE
 */
export function parseFailRule(text: string): PodRule {
  const labels = new Map<string, string>();
  let rule: PodRule = { outcome: "image-pull-error" };
  for (const part of text.split(",")) {
    const equals = part.indexOf("=");
    const [key, value] = equals < 0 ? [part, ""] : [part.slice(0, equals).trim(), part.slice(equals + 1).trim()];
    if (value === "") throw bad(text, `${JSON.stringify(part)} has no value`);
    if (key === "label") addLabel(labels, value, text);
    else rule = { ...rule, ...readPart(key, value, text) };
  }
  if (labels.size > 0) rule = { ...rule, labels: Object.fromEntries(labels) };
  if (rule.imageContains === undefined && rule.namespace === undefined && labels.size === 0) throw bad(text, "it does not say which pods");
  return rule;
}

function readPart(key: string, value: string, text: string): PodRule {
  switch (key) {
    case "image":
      return { imageContains: value };
    case "namespace":
      return { namespace: value };
    case "outcome": {
      const outcome = OUTCOMES.find((known) => known === value);
      if (outcome === undefined) throw bad(text, `outcome is one of ${OUTCOMES.join(", ")}`);
      return { outcome };
    }
    case "exit-code":
      if (!/^\d{1,3}$/.test(value)) throw bad(text, `exit-code is a number from 0 to 255`);
      return { exitCode: Number(value) };
    case "after":
      try {
        return { afterMs: parseDuration(value) };
      } catch (error) {
        if (error instanceof KubeCoreError) throw bad(text, error.message);
        throw error;
      }
    default:
      throw bad(text, `it knows image, namespace, label, outcome, exit-code and after, not ${JSON.stringify(key)}`);
  }
}

function addLabel(labels: Map<string, string>, value: string, text: string): void {
  const equals = value.indexOf("=");
  if (equals < 1) throw bad(text, "a label is KEY=VALUE");
  labels.set(value.slice(0, equals), value.slice(equals + 1));
}

function bad(text: string, why: string): LabError {
  return new LabError("BAD_RULE", `Cannot use --fail ${JSON.stringify(text)}: ${why}. An example: --fail 'image=podinfo'`);
}
