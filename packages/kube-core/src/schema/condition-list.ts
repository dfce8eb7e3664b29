// SPDX-License-Identifier: Apache-2.0
import type { Condition } from "../object.ts";
import { array, integer, object, oneOf, optional, string, time } from "./build.ts";
import type { Typed } from "./infer.ts";

const TYPE = "^([a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*/)?(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])$";
const REASON = "^[A-Za-z]([A-Za-z0-9_,:]*[A-Za-z0-9_])?$";

/** A list of conditions. @see apimachinery meta/v1 Condition */
export function conditionList(description = "What is true of the object now, one entry for each type."): Typed<readonly Condition[]> {
  return array(
    object(
      {
        type: string({ description: "What the condition is about, in CamelCase.", maxLength: 316, pattern: TYPE }),
        status: oneOf(["True", "False", "Unknown"], { description: "Whether it holds." }),
        reason: string({ description: "Why, in one word for programs.", minLength: 1, maxLength: 1024, pattern: REASON }),
        message: string({ description: "Why, in a sentence for people.", maxLength: 32768 }),
        lastTransitionTime: time({ description: "When the status last changed." }),
        observedGeneration: optional(integer({ description: "The generation that this was found at.", format: "int64", minimum: 0 })),
      },
      { description: "One aspect of the object's state." },
    ),
    { description },
  );
}
