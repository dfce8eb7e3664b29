// SPDX-License-Identifier: Apache-2.0
import { compareQuantities, labelKeyProblems, tryParseQuantity, type JsonObject } from "@flux-ts/kube-core";
import type { StrategyContext } from "../../resource.ts";
import type { KindBehaviour } from "../kind-behaviour.ts";
import { hasAt, objectAt, objectsAt, textAt } from "../shape.ts";
import { problemsOf, type Problems } from "../validation/problems.ts";
import { containerResourceName, isNative, resourceName } from "../validation/resource-requirements.ts";

const TYPES: ReadonlySet<string> = new Set(["Pod", "Container", "PersistentVolumeClaim"]);

/** v1 LimitRange. */
export const limitRange: KindBehaviour = {
  strategy: {
    metadataOnUpdate: { asChange: 0, asWhole: 1 },
    prepareCreate: (object, context) =>
      object.metadata.name || object.metadata.generateName
        ? object
        : { ...object, metadata: { ...object.metadata, name: randomUuid(context) } },
    validate: (object) => problemsOf((problems) => limits(objectAt(object, "spec"), problems)),
  },
};

/** A limit range without a name gets a random one. */
function randomUuid({ random }: StrategyContext): string {
  const digits = Array.from({ length: 32 }, () => Math.floor(random() * 16).toString(16)).join("");
  const variant = "89ab"[Math.floor(random() * 4)] ?? "8";
  return [digits.slice(0, 8), digits.slice(8, 12), `4${digits.slice(13, 16)}`, `${variant}${digits.slice(17, 20)}`, digits.slice(20)].join(
    "-",
  );
}

function limits(spec: JsonObject, problems: Problems): void {
  const seen = new Set<string>();
  objectsAt(spec, "limits").forEach((limit, index) => {
    const path = `spec.limits[${index}]`;
    const type = textAt(limit, "type");
    const details = labelKeyProblems(type);
    problems.invalidFor(`${path}.type`, type, details);
    if (details.length === 0 && !type.includes("/") && !TYPES.has(type))
      problems.invalid(`${path}.type`, type, "must be a standard limit type or fully qualified");
    if (seen.has(type)) problems.duplicate(`${path}.type`, type);
    seen.add(type);
    const nameCheck = type === "Pod" || type === "Container" ? containerResourceName : resourceName;
    const lists = ["max", "min", ...(type === "Pod" ? [] : ["default", "defaultRequest"]), "maxLimitRequestRatio"];
    if (type === "Pod") {
      for (const key of ["default", "defaultRequest"])
        if (Object.keys(objectAt(limit, key)).length > 0) problems.forbidden(`${path}.${key}`, "may not be specified when `type` is 'Pod'");
    }
    for (const list of lists) for (const name of Object.keys(objectAt(limit, list))) nameCheck(name, `${path}.${list}[${name}]`, problems);
    if (type === "PersistentVolumeClaim" && !hasAt(objectAt(limit, "min"), "storage") && !hasAt(objectAt(limit, "max"), "storage")) {
      problems.required(`${path}.limits`, "either minimum or maximum storage value is required, but neither was provided");
    }
    for (const name of new Set(lists.flatMap((list) => Object.keys(objectAt(limit, list))))) order(limit, type, name, path, problems);
  });
}

/** For one resource: min ≤ defaultRequest ≤ default ≤ max, and a ratio that can be kept. */
function order(limit: JsonObject, type: string, name: string, path: string, problems: Problems): void {
  const at = (list: string): unknown => (type === "Pod" && list.startsWith("default") ? undefined : objectAt(limit, list)[name]);
  const rule = (low: string, high: string, shown: string, list: string, texts: readonly [string, string]): void => {
    const [left, right] = [tryParseQuantity(at(low)), tryParseQuantity(at(high))];
    if (left && right && compareQuantities(left, right) > 0) {
      problems.invalid(
        `${path}.${list}[${name}]`,
        at(shown),
        `${texts[0]} value ${String(at(low))} is greater than ${texts[1]} value ${String(at(high))}`,
      );
    }
  };
  rule("min", "max", "min", "min", ["min", "max"]);
  rule("min", "defaultRequest", "defaultRequest", "defaultRequest", ["min", "default request"]);
  rule("defaultRequest", "max", "defaultRequest", "defaultRequest", ["default request", "max"]);
  rule("defaultRequest", "default", "defaultRequest", "defaultRequest", ["default request", "default limit"]);
  rule("min", "default", "min", "default", ["min", "default"]);
  rule("default", "max", "max", "default", ["default", "max"]);
  ratio(limit, name, path, problems);
  const [limitDefault, requestDefault] = [tryParseQuantity(at("default")), tryParseQuantity(at("defaultRequest"))];
  const overcommits = isNative(name) && !name.startsWith("hugepages-");
  if (!overcommits && limitDefault && requestDefault && compareQuantities(limitDefault, requestDefault) !== 0) {
    const text = `default value ${String(at("default"))} must equal to defaultRequest value ${String(at("defaultRequest"))} in ${name}`;
    problems.invalid(`${path}.defaultRequest[${name}]`, at("defaultRequest"), text);
  }
}

function ratio(limit: JsonObject, name: string, path: string, problems: Problems): void {
  const own = objectAt(limit, "maxLimitRequestRatio")[name];
  const quantity = tryParseQuantity(own);
  if (!quantity) return;
  const field = `${path}.maxLimitRequestRatio[${name}]`;
  if (quantity.nanos < 1_000_000_000n) problems.invalid(field, own, `ratio ${String(own)} is less than 1`);
  const [min, max] = [tryParseQuantity(objectAt(limit, "min")[name]), tryParseQuantity(objectAt(limit, "max")[name])];
  if (!min || !max || min.nanos === 0n) return;
  const most = Number(max.nanos) / Number(min.nanos);
  if (Number(quantity.nanos) / 1e9 > most)
    problems.invalid(field, own, `ratio ${String(own)} is greater than max/min = ${most.toFixed(6)}`);
}
