// SPDX-License-Identifier: Apache-2.0
import type { TransportRequest } from "@flux-ts/kube-core";
import { badRequest } from "../status-errors.ts";

/** The query of a request: several values of one name are kept, the first counts. */
export class Query {
  readonly #values: TransportRequest["query"];

  constructor(values: TransportRequest["query"]) {
    this.#values = values;
  }

  /** The first value; undefined when the name does not occur. */
  first(name: string): string | undefined {
    const values = this.#values;
    if (!values || !Object.hasOwn(values, name)) return undefined;
    const value = values[name];
    return typeof value === "string" || value === undefined ? value : value[0];
  }

  all(name: string): readonly string[] {
    const values = this.#values;
    if (!values || !Object.hasOwn(values, name)) return [];
    const value = values[name];
    return value === undefined ? [] : typeof value === "string" ? [value] : value;
  }

  /** As conversion from URL values does: an empty value is true; absent, `0` and `false` are false. */
  flag(name: string): boolean {
    const value = this.first(name);
    return value !== undefined && value !== "0" && value.toLowerCase() !== "false";
  }

  /** @throws {ApiError} 400 when it is no integer */
  integer(name: string): number | undefined {
    const value = this.first(name);
    if (value === undefined || value === "") return undefined;
    if (!/^[+-]?\d+$/.test(value)) throw badRequest(`strconv.ParseInt: parsing ${JSON.stringify(value)}: invalid syntax`);
    return Number(value);
  }
}
