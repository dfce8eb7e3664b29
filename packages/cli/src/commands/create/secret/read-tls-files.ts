// SPDX-License-Identifier: Apache-2.0
import type { FlagValues } from "../../../flags.ts";
import type { Io } from "../../../io.ts";
import { readGivenFile } from "./read-given-file.ts";
import type { TlsFiles } from "./tls-secret-content.ts";

/** The files that `--ca-crt-file`, `--tls-crt-file` and `--tls-key-file` name. @throws {CommandError} for those that cannot be read */
export function readTlsFiles(flags: FlagValues, io: Io): TlsFiles {
  const read = (flag: string, what: string): string => (flags.string(flag) === "" ? "" : readGivenFile(io, flags.string(flag), what));
  return {
    ca: read("ca-crt-file", "unable to read TLS CA file"),
    cert: read("tls-crt-file", "failed to read cert file"),
    key: read("tls-key-file", "failed to read key file"),
  };
}
