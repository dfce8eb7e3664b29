// SPDX-License-Identifier: Apache-2.0
import { labelsOf } from "../creation.ts";
import { helmSecretContent } from "./helm-secret-content.ts";
import { createSecret } from "./run-secret.ts";
import { readTlsFiles } from "./read-tls-files.ts";

/** `flux create secret helm`. @see cmd/flux/create_secret_helm.go */
export const runCreateSecretHelm = createSecret({
  noun: "helm secret",
  content: ({ flags, io }) => {
    const labels = labelsOf(flags);
    const credentials = { username: flags.string("username"), password: flags.string("password") };
    return { labels, ...helmSecretContent({ ...credentials, ...readTlsFiles(flags, io) }) };
  },
});
