// SPDX-License-Identifier: Apache-2.0
import type { TemplateFunction } from "../values.ts";
import { type CryptoPort, cryptoFunctions } from "./crypto.ts";
import { defaultFunctions } from "./defaults.ts";
import { dictFunctions } from "./dicts.ts";
import { encodingFunctions } from "./encodings.ts";
import { listFunctions } from "./lists.ts";
import { mathFunctions } from "./math.ts";
import { pathFunctions } from "./paths.ts";
import { type RandomBytes, randomFunctions } from "./random.ts";
import { regexFunctions } from "./regex.ts";
import { semverFunctions } from "./semver.ts";
import { stringFunctions } from "./strings.ts";
import { dateFunctions } from "./time.ts";
import { urlFunctions } from "./urls.ts";

/** What Sprig asks of the world. */
export interface SprigPorts {
  /** Nanoseconds since 1970. */
  readonly now: () => bigint;
  readonly random: RandomBytes;
  /** The zone that dates are shown in where none is named; "UTC" when left out. */
  readonly timeZone?: string;
  /** Keys, certificates, ciphers and bcrypt. Functions that need it fail without. */
  readonly crypto?: CryptoPort;
}

/**
 * The functions of Sprig 3.3, less those of JSON, which Helm replaces, and less `env`, `expandenv`, `getHostByName` and
 * `fail`, which Helm takes away or makes its own.
 *
 * @see https://masterminds.github.io/sprig/
 */
export function sprigFunctions({ now, random, timeZone = "UTC", crypto }: SprigPorts): Map<string, TemplateFunction> {
  return new Map([
    ...stringFunctions(),
    ...listFunctions(),
    ...dictFunctions(),
    ...mathFunctions(),
    ...defaultFunctions(),
    ...encodingFunctions(),
    ...pathFunctions(),
    ...regexFunctions(),
    ...semverFunctions(),
    ...urlFunctions(),
    ...dateFunctions({ now, timeZone }),
    ...randomFunctions(random),
    ...cryptoFunctions(crypto),
  ]);
}
