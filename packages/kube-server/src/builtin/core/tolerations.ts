// SPDX-License-Identifier: Apache-2.0
import { labelValueProblems, type JsonObject } from "@flux-ts/kube-core";
import { hasAt, objectsAt, textAt } from "../shape.ts";
import { labelName } from "../validation/labels.ts";
import { at, type Problems } from "../validation/problems.ts";

/** What a taint may do, in the order in which messages name it. */
export const TAINT_EFFECTS: readonly string[] = ["NoSchedule", "PreferNoSchedule", "NoExecute"];
const ANY_KEY = 'operator must be Exists when `key` is empty, which means "match all values and all keys"';

/** `tolerations` of a pod or RuntimeClass. */
export function tolerations(owner: JsonObject, path: string, problems: Problems): void {
  objectsAt(owner, "tolerations").forEach((toleration, index) => {
    const own = `${at(path, "tolerations")}[${index}]`;
    const [key, operator, value, effect] = [
      textAt(toleration, "key"),
      textAt(toleration, "operator"),
      textAt(toleration, "value"),
      textAt(toleration, "effect"),
    ];
    if (key !== "") labelName(key, at(own, "key"), problems);
    else if (operator !== "Exists") problems.invalid(at(own, "operator"), operator, ANY_KEY);
    if (hasAt(toleration, "tolerationSeconds") && effect !== "NoExecute") {
      problems.invalid(at(own, "effect"), effect, "effect must be 'NoExecute' when `tolerationSeconds` is set");
    }
    if (operator === "" || operator === "Equal") {
      const details = labelValueProblems(value);
      if (details.length > 0) problems.invalid(at(own, "operator"), value, details.join(";"));
    } else if (operator === "Exists") {
      if (value !== "") problems.invalid(at(own, "operator"), value, "value must be empty when `operator` is 'Exists'");
    } else if (operator === "Lt" || operator === "Gt")
      problems.notSupported(at(own, "operator"), operator, ["Equal", "Exists", "Lt", "Gt"]);
    else problems.notSupported(at(own, "operator"), operator, ["Equal", "Exists"]);
    if (effect !== "" && !TAINT_EFFECTS.includes(effect)) problems.notSupported(at(own, "effect"), effect, TAINT_EFFECTS);
  });
}
