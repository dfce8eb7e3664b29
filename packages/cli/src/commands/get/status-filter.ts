// SPDX-License-Identifier: Apache-2.0
import { CommandError } from "../../command.ts";
import type { FluxKind, FluxObject } from "../kinds.ts";

/**
 * What `--status-selector` keeps: `type=status`, or `type!=status`, in any case; an object without the condition matches no status.
 * @throws {CommandError} when there is no `=`
 */
export function statusFilter(selector: string, kind: FluxKind): (object: FluxObject) => boolean {
  if (selector === "") return () => true;
  const separator = selector.includes("!=") ? "!=" : "=";
  const at = selector.indexOf(separator);
  if (at < 0) {
    throw new CommandError(`expected status selector in type=status or type!=status format, but found: ${selector}`);
  }
  const type = selector.slice(0, at).toLowerCase();
  const status = selector.slice(at + separator.length).toLowerCase();
  return (object) => {
    const condition = kind.conditions(object).findLast((one) => one.type.toLowerCase() === type);
    return (condition?.status.toLowerCase() === status) === (separator === "=");
  };
}
