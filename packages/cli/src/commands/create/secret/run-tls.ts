// SPDX-License-Identifier: Apache-2.0
import { labelsOf } from "../creation.ts";
import { readTlsFiles } from "./read-tls-files.ts";
import { createSecret } from "./run-secret.ts";
import { tlsSecretContent } from "./tls-secret-content.ts";

/** `flux create secret tls`. @see cmd/flux/create_secret_tls.go */
export const runCreateSecretTls = createSecret({
  noun: "tls secret",
  endsWithEmptyLine: false,
  content: ({ flags, io }) => ({ labels: labelsOf(flags), ...tlsSecretContent(readTlsFiles(flags, io)) }),
});
