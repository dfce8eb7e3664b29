// SPDX-License-Identifier: Apache-2.0
import { isJsonObject } from "@flux-ts/kube-core";
import type { KindBehaviour } from "../kind-behaviour.ts";
import { immutable } from "../validation/immutable.ts";
import { problemsOf } from "../validation/problems.ts";
import { nonNegative } from "../validation/scalars.ts";
import { controllerRevisionTable } from "./tables.ts";

/** apps/v1 ControllerRevision. */
export const controllerRevision: KindBehaviour = {
  printer: controllerRevisionTable,
  strategy: {
    metadataOnUpdate: { asChange: 1, asWhole: 1 },
    validate: (object) =>
      problemsOf((problems) => {
        nonNegative(object, "", problems, "revision");
        const { data } = object;
        if (data === undefined || data === null) problems.required("data", "data is mandatory");
        else if (!isJsonObject(data)) problems.required("data", "data must be a valid JSON object");
      }),
    validateUpdate: (object, old) =>
      problemsOf((problems) => {
        nonNegative(object, "", problems, "revision");
        immutable(object, old, "", problems, "data");
      }),
  },
};
