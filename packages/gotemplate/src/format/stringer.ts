// SPDX-License-Identifier: Apache-2.0
import { Int, Struct, type Value } from "../values.ts";
import { formatDuration } from "./duration.ts";

const MONTHS = ["January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"];
const WEEKDAYS = ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"];

/** What the String method of a value gives; undefined when its type has none. */
export function stringOf(value: Value): string | undefined {
  if (value instanceof Struct) return value.text?.();
  if (!(value instanceof Int)) return undefined;
  switch (value.type) {
    case "time.Duration":
      return formatDuration(value.value);
    case "time.Month":
      return MONTHS[Number(value.value) - 1];
    case "time.Weekday":
      return WEEKDAYS[Number(value.value)];
    default:
      return undefined;
  }
}
