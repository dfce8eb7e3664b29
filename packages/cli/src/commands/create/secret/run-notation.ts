// SPDX-License-Identifier: Apache-2.0
import { basename } from "node:path";
import { parseJson } from "@flux-ts/kube-core";
import { CommandError } from "../../../command.ts";
import type { Io } from "../../../io.ts";
import { labelsOf } from "../creation.ts";
import { readGivenFile } from "./read-given-file.ts";
import { createSecret } from "./run-secret.ts";
import { trustPolicyProblem } from "./trust-policy.ts";

/** `flux create secret notation`: authorities and a trust policy. @see cmd/flux/create_secret_notation.go */
export const runCreateSecretNotation = createSecret({
  noun: "notation configuration secret",
  content: ({ flags, io }) => {
    const paths = flags.strings("ca-cert-file");
    const policyPath = flags.string("trust-policy-file");
    if (paths.length === 0) throw new CommandError("--ca-cert-file is required");
    if (policyPath === "") throw new CommandError("--trust-policy-file is required");
    const labels = labelsOf(flags);
    const policy = readGivenFile(io, policyPath, "unable to read trust policy file");
    const problem = trustPolicyProblem(readJson(policy, policyPath));
    if (problem !== undefined) throw new CommandError(`invalid trust policy: ${problem}`);
    return { labels, stringData: { ...Object.fromEntries(readAuthorities(paths, io)), "trustpolicy.json": policy } };
  },
});

function readJson(text: string, path: string): unknown {
  try {
    return parseJson(text);
  } catch (error) {
    throw new CommandError(`failed to unmarshal trust policy ${path}: ${(error as Error).message}`, { cause: error });
  }
}

/** By the name of the file. Everything that is wrong is told at once. */
function readAuthorities(paths: readonly string[], io: Io): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  const wrong: string[] = [];
  for (const path of paths) {
    const name = basename(path);
    if (!/\.(crt|pem)$/.test(name)) {
      wrong.push(`${name} must end with either .crt or .pem`);
      continue;
    }
    try {
      found.set(name, readGivenFile(io, path, "unable to read TLS CA file"));
    } catch (error) {
      wrong.push((error as Error).message);
    }
  }
  if (wrong.length > 0) throw new CommandError(wrong.join("\n"));
  return found;
}
