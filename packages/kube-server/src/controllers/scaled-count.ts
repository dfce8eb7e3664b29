// SPDX-License-Identifier: Apache-2.0

/** A number as it is, or a percentage of a total, rounded. @see apimachinery intstr GetScaledValueFromIntOrPercent */
export function scaledCount(value: number | string, total: number, rounding: "up" | "down"): number {
  if (typeof value === "number") return value;
  const percent = /^(\d+)%$/.exec(value)?.[1];
  if (percent === undefined) return 0;
  const scaled = (Number(percent) * total) / 100;
  return rounding === "up" ? Math.ceil(scaled) : Math.floor(scaled);
}
