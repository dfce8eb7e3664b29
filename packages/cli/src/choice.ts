// SPDX-License-Identifier: Apache-2.0
import type { Flag } from "./command.ts";

/** What a flag with few values says of others. */
export interface Choice {
  readonly values: readonly string[];
  readonly usage: string;
  /** After `no`, when nothing is given. */
  readonly missing: string;
  readonly unsupported: (value: string) => string;
  readonly default?: string;
  readonly typeLabel?: string;
}

/** A flag that takes few values and says so in words of its own, as upstream has them for each. */
export function choice(name: string, { values, usage, missing, unsupported, ...rest }: Choice): Flag {
  return {
    name,
    type: "string",
    choices: values,
    usage,
    typeLabel: rest.typeLabel ?? values.join("|"),
    ...(rest.default === undefined ? {} : { default: rest.default }),
    check: (value) => {
      if (value.trim() === "") return missing;
      return values.includes(value) ? undefined : unsupported(value);
    },
  };
}

const LOG_LEVELS = ["debug", "info", "error"];

/** A flag that names a level of logs. @see flux2 internal/flags/log_level.go */
export function logLevel(name: string, usage: string): Flag {
  return choice(name, {
    values: LOG_LEVELS,
    usage,
    missing: `no log level given, must be one of: ${LOG_LEVELS.join(", ")}`,
    unsupported: (value) => `unsupported log level '${value}', must be one of: ${LOG_LEVELS.join(", ")}`,
  });
}
